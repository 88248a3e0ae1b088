"""How much of the disk a person's cases may take."""

import time
from pathlib import Path

from workbench.domain.errors import FileRefused

COUNT_EVERY = 5.0
"""Seconds between two looks at a folder: a drop of 5,000 files would else count 5,000 times 5,000."""


class DiskRoom:
    """Up to `most_mb` for each folder; what was let in since the last look counts as well."""

    def __init__(self, most_mb: int) -> None:
        self._most_mb = most_mb
        self._used: dict[Path, tuple[float, int]] = {}

    def check(self, folder: Path, more: int) -> None:
        """FileRefused if `more` bytes would be too much for that folder."""
        seen, used = self._used.get(folder, (0.0, 0))
        if time.monotonic() - seen > COUNT_EVERY:
            seen, used = time.monotonic(), sum(_size(path) for path in folder.rglob("*"))
        if used + more > self._most_mb * 1024 * 1024:
            raise FileRefused(
                f"한 사람이 쓸 수 있는 공간 {self._most_mb:,} MB가 찼습니다. 끝난 사건을 지운 뒤 다시 넣어 주세요."
            )
        self._used[folder] = seen, used + more


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # a file that was there a moment ago
        return 0
