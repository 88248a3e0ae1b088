"""A paper's name says what it is: tidy, unique, and fit for Windows."""

import re
import unicodedata
from collections.abc import Sequence
from pathlib import PurePosixPath

from workbench.domain.model import Receipt

# Names of devices: Windows opens no file called so, whatever its ending.
DEVICES = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)")
LONGEST, MOST_BYTES = 80, 180
"""Letters, and bytes in UTF-8: Linux and macOS unpack no name of more than 255 bytes."""


def tidy_name(receipts: Sequence[Receipt]) -> str:
    """2025-10-03_가나마트_60000; _외2 behind it for a file of three receipts; the old name where nothing is known."""
    first = receipts[0]
    day, merchant, total = ((first.value(name) or "") for name in ("issued_at", "merchant", "total"))
    if day or merchant or total:
        name = f"{day[:10] or '날짜없음'}_{safe_name(merchant) or '상호없음'}_{total or '금액없음'}"
    else:
        name = safe_name(PurePosixPath(first.file.replace("\\", "/")).stem) or first.id
    return f"{name}_외{len(receipts) - 1}" if len(receipts) > 1 else name


def safe_name(text: str) -> str:
    """The text as part of a file name: no separators, nothing Windows refuses, not too long."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(" " if unicodedata.category(c)[0] in "CZ" or c in '<>:"/\\|?*' else c for c in text)
    text = " ".join(text.split()).strip(". ")[:LONGEST].encode()[:MOST_BYTES].decode(errors="ignore").strip(". ")
    return f"_{text}" if DEVICES.match(text) else text


class Names:
    """Hands out names within one ZIP, each once; Windows does not tell upper from lower case."""

    def __init__(self, *taken: str) -> None:
        self._taken = {name.casefold() for name in taken}
        self._last: dict[str, int] = {}

    def new(self, name: str, ending: str) -> str:
        """`name` and `ending`, with _2, _3 ... between them where that is taken."""
        key = (name + ending).casefold()
        candidate = name + ending
        number = self._last.get(key, 1)  # many papers of one name would else count up from 1 each time
        while candidate.casefold() in self._taken:
            number += 1
            candidate = f"{name}_{number}{ending}"
        self._last[key] = number
        self._taken.add(candidate.casefold())
        return candidate
