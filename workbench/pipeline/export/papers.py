"""What an export needs beyond the receipts' records: their papers, the case they come from, what was asked for."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol

import pandas as pd

from workbench.domain.errors import WorkbenchError
from workbench.domain.korean import KST
from workbench.domain.model import Line, Receipt


class Progress(NamedTuple):
    """How far an export is, in papers."""

    done: int
    total: int


class Papers(Protocol):
    """What holds the parts of a receipt that its record does not; a `Case` does.

    OSError or a WorkbenchError says that a receipt has no such part.
    """

    def file_of(self, receipt_id: str) -> Path:
        """The file as it was added."""
        ...

    def lines_of(self, receipt_id: str) -> Sequence[Line]:
        """What the engine read."""
        ...

    def picture_of(self, receipt_id: str) -> bytes:
        """The receipt as the engine saw it, perhaps smaller; a JPEG."""
        ...

    def full_picture_of(self, receipt_id: str) -> bytes:
        """The receipt as the engine saw it, each pixel; a JPEG."""
        ...


def now() -> datetime:
    """Korean time without a zone, whole seconds."""
    return datetime.now(KST).replace(tzinfo=None, microsecond=0)


@dataclass(frozen=True, slots=True)
class About:
    """The case behind an export: its name, when (Korean time) and by whom it was made, its journal, its chain's head.

    `journal` gives the lines of `storage.journal_file` for those receipts, up to entry `chain_length`; `reconciled` are
    tables by title, `sample` has a row per receipt drawn and `sampled` is its outcome in words.
    """

    case: str = ""
    made_at: datetime = field(default_factory=now)
    made_by: str = ""
    chain_head: str = ""
    chain_length: int = 0
    journal: Callable[[Collection[str]], Iterator[str]] | None = None
    reconciled: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    sample: pd.DataFrame | None = None
    sampled: str = ""


def _quiet(_: str) -> None:
    """Nobody asked to be told."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a person asks for beyond the file's ending.

    `what` is "" for all of it, "originals" or "pictures". `layout` is a name of ours or the path of a TOML, `facts` are
    the answers to what that layout asks for, `cards` the full numbers of the company's own cards (never written
    anywhere but into the file), `pictures` whole pictures in a workpaper and crops in a workbook, `tell` hears in words
    of what was cut, lost or left out.
    """

    what: str = ""
    layout: str = ""
    encoding: str = "utf-8-sig"
    pictures: bool = False
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)
    cards: Sequence[str] = field(default=(), repr=False)
    tell: Callable[[str], None] = _quiet


def why(error: OSError | WorkbenchError) -> str:
    """Why a paper cannot be had, without its path, which is nobody's business outside this machine."""
    return str(error) if isinstance(error, WorkbenchError) else error.strerror or type(error).__name__


def period(receipts: Sequence[Receipt]) -> str:
    """First to last day of purchase, "" where none is known."""
    days = sorted(text[:10] for receipt in receipts if (text := receipt.value("issued_at")))
    return "" if not days else days[0] if days[0] == days[-1] else f"{days[0]} ~ {days[-1]}"
