"""Receipt review workbench: a pile of Korean receipts becomes a table that an auditor can defend."""

__version__ = "0.1.0"
