"""Pictures for the screen, told from swapped ones: the journal binds the SHA-256 of each that was drawn.

They lie in `pictures/`, may be missing, and are drawn anew from the original then.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from workbench.pipeline.storage.migrations import sha

FOLDER = "pictures"
BOUND = (
    "SELECT action, detail FROM journal WHERE receipt = ? AND action IN ('read', 'draw', 'take-over') ORDER BY seq DESC"
)
"""The entries of one receipt that may bind a picture, newest first."""


def path_of(case: Path, receipt: str) -> Path:
    """Where the picture of a receipt lies, if there is one."""
    return case / FOLDER / f"{receipt}.jpg"


def told(bound: Iterable[tuple[Any, ...]]) -> str | None:
    """SHA-256 of the picture of the last reading, by the rows of BOUND; "" where none was drawn for it yet.

    None where an earlier program read the receipt, which bound no picture.
    """
    read = False
    for action, detail in bound:
        facts = json.loads(detail or "{}")
        if "picture" in facts:
            return facts["picture"] or ""
        read = read or action == "read" or facts.get("reading") is not None
    return None if read else ""


def trusted(case: Path, receipt: str, bound: Iterable[tuple[Any, ...]]) -> bytes | None:
    """The picture as it lies there; None where there is none, or another than the one that was drawn."""
    try:
        kept = path_of(case, receipt).read_bytes()
    except FileNotFoundError:
        return None
    known = told(bound)
    return kept if known is None or known == sha(kept) else None
