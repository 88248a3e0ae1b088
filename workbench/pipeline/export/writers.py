"""Receipts become files, each whole or not at all; the ending of a file's name says which form it takes.

Everything a receipt record does not hold (original file, lines, picture) comes through `Papers`.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

from workbench.domain.errors import ExportFailed
from workbench.domain.model import Receipt
from workbench.pipeline.export.archive import Part, archive
from workbench.pipeline.export.csv_file import save_csv, write_csv
from workbench.pipeline.export.json_file import save_json, write_json
from workbench.pipeline.export.layouts.write import write_layout
from workbench.pipeline.export.papers import About, Options, Papers, Progress
from workbench.pipeline.export.picture_book import write_picture_book
from workbench.pipeline.export.workpaper import write_workpaper
from workbench.pipeline.export.xlsx import save_xlsx, write_xlsx

__all__ = ["ENDINGS", "About", "Options", "Papers", "Progress", "steps", "write", "write_csv", "write_json",
           "write_xlsx", "write_zip", "write_zip_originals", "write_zip_pictures"]  # fmt: skip

ENDINGS = (".csv", ".xlsx", ".json", ".zip", ".pdf")


def write(
    receipts: Sequence[Receipt],
    path: str | Path,
    papers: Papers,
    about: About | None = None,
    options: Options | None = None,
) -> Path:
    """Write `path` in the form its ending names and return it; raises ExportFailed with what stands in the way."""
    deque(steps(receipts, path, papers, about, options), maxlen=0)
    return Path(path)


def steps(
    receipts: Sequence[Receipt],
    path: str | Path,
    papers: Papers,
    about: About | None = None,
    options: Options | None = None,
) -> Iterator[Progress]:
    """As `write`, telling (done, of how many) as it goes; leaving off early leaves no file. A CSV is one step."""
    path, about, options = Path(path), about or About(), options or Options()
    kind = path.suffix.lower()
    if options.layout:
        write_layout(receipts, path, options, about.made_at)
        yield Progress(1, 1)
        return
    if kind == ".zip" and options.what:
        yield from (write_zip_originals if options.what == "originals" else write_zip_pictures)(receipts, path, papers)
        return
    if kind == ".zip":
        yield from write_zip(receipts, path, papers)
        return
    if kind == ".pdf":
        made = write_picture_book(receipts, path, papers, about) if options.what else None
        yield from made or write_workpaper(receipts, path, papers, about, options)
        return
    if kind == ".csv":
        write_csv(receipts, path, options.encoding)
    elif kind == ".xlsx":
        write_xlsx(receipts, path, about)
    elif kind == ".json":
        write_json(receipts, path, papers.lines_of)
    else:
        raise ExportFailed(f"내보낼 파일의 이름은 {', '.join(ENDINGS)} 가운데 하나로 끝나야 합니다: {path.name}")
    yield Progress(1, 1)


def write_zip_originals(receipts: Sequence[Receipt], path: Path, papers: Papers) -> Iterator[Progress]:
    """The files as they were added, each once, tidily named; yields its progress."""
    return archive(receipts, path, papers, originals=True)


def write_zip_pictures(receipts: Sequence[Receipt], path: Path, papers: Papers) -> Iterator[Progress]:
    """A picture of each receipt with the boxes of its fields; yields its progress."""
    return archive(receipts, path, papers, pictures=True, full=True)


def write_zip(receipts: Sequence[Receipt], path: Path, papers: Papers) -> Iterator[Progress]:
    """Everything: originals, pictures, and the three tables; yields its progress."""
    tables: tuple[Part, ...] = (
        ("영수증.csv", lambda stream: save_csv(receipts, stream)),
        ("영수증.xlsx", lambda stream: save_xlsx(receipts, stream)),
        ("영수증.json", lambda stream: save_json(receipts, stream, papers.lines_of)),
    )
    return archive(receipts, path, papers, originals=True, pictures=True, tables=tables)
