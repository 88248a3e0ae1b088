"""Receipt review workbench: a pile of Korean receipts becomes a table that an auditor can defend."""

from workbench.case import Case

__all__ = ["Case", "__version__"]
__version__ = "0.1.0"
