"""Receipt review workbench: a pile of Korean receipts becomes a table that an auditor can defend.

`from workbench import Case, concat`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from workbench.version import VERSION

if TYPE_CHECKING:
    from workbench.case import Case
    from workbench.cases import concat

__all__ = ["Case", "concat"]
__version__ = VERSION

_HOMES = {"Case": "workbench.case", "concat": "workbench.cases"}


def __getattr__(name: str) -> Any:
    # Fetched when asked for: a worker that reads pictures needs neither pandas' start nor its memory.
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
