"""Receipts become files, each whole or not at all; the ending of a file's name says which form it takes.

Everything a receipt record does not hold (original file, lines, picture) comes through `Papers`.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

from workbench.domain.errors import ExportFailed
from workbench.domain.model import Receipt
from workbench.pipeline.export.archive import archive
from workbench.pipeline.export.crops import crop_file
from workbench.pipeline.export.csv_file import losing, unwritable, write_csv
from workbench.pipeline.export.encodings import ENCODINGS
from workbench.pipeline.export.json_file import write_json
from workbench.pipeline.export.layouts.write import write_layout
from workbench.pipeline.export.papers import About, Options, Papers, Progress
from workbench.pipeline.export.xlsx import Links, write_xlsx

__all__ = ["ENDINGS", "About", "Options", "Papers", "Progress", "steps", "write", "write_csv", "write_json",
           "write_xlsx", "write_zip", "write_zip_originals", "write_zip_pictures"]  # fmt: skip

ENDINGS = (".csv", ".xlsx", ".json", ".zip", ".pdf")
PARTS = {"originals": (".zip",), "pictures": (".zip", ".pdf")}
"""What can be asked for instead of all, and the endings it comes with."""


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
    _check(kind, options)
    if options.layout:
        write_layout(receipts, path, options, about.made_at)
        yield Progress(1, 1)
        return
    refuse_ending(path)
    _tell_lost(receipts, kind, options)
    if kind == ".zip":
        yield from _zip(receipts, path, papers, about, options)
        return
    if kind == ".pdf":
        from workbench.pipeline.export.picture_book import write_picture_book  # what draws PDFs is large
        from workbench.pipeline.export.workpaper import write_workpaper

        made = write_picture_book(receipts, path, papers, about) if options.what else None
        yield from made or write_workpaper(receipts, path, papers, about, options)
        return
    if kind == ".csv":
        write_csv(receipts, path, options.encoding)
    elif kind == ".xlsx":
        links = Links(crop=crop_file(papers, "total")) if options.pictures else None
        write_xlsx(receipts, path, about, links)
    else:
        write_json(receipts, path, papers.lines_of)
    yield Progress(1, 1)


def refuse_ending(path: Path) -> None:
    """Raises for a name whose ending stands for no form."""
    if path.suffix.lower() not in ENDINGS:
        raise ExportFailed(f"내보낼 파일의 이름은 {', '.join(ENDINGS)} 가운데 하나로 끝나야 합니다: {path.name}")


def _check(kind: str, options: Options) -> None:
    """Raises for what was asked for and does not exist, before anything is written."""
    if options.what and kind not in PARTS.get(options.what, ()):
        said = ", ".join(f"{what} ({' '.join(endings)})" for what, endings in PARTS.items())
        raise ExportFailed(f"what={options.what!r}는 {kind or '이 이름'}으로 내보낼 수 없습니다. 쓸 수 있는 것: {said}")
    if options.encoding not in ENCODINGS:
        raise ExportFailed(f"{options.encoding!r} 글자는 쓸 수 없습니다. 쓸 수 있는 것: {', '.join(ENCODINGS)}")


def unshown(receipts: Sequence[Receipt], kind: str, options: Options) -> list[tuple[str, str, str]]:
    """Receipt id, heading and letters of each cell that loses letters in a file of that ending."""
    if kind == ".csv":
        return list(unwritable(receipts, options.encoding))
    if kind not in (".pdf", ".zip") or options.what:
        return []
    from workbench.pipeline.export.annotated_image import undrawable  # what draws is large

    return list(losing(receipts, undrawable))


def _tell_lost(receipts: Sequence[Receipt], kind: str, options: Options, most: int = 20) -> None:
    """Tells of the letters that the chosen encoding has no code for, or the workpaper's font no picture of."""
    where = options.encoding.upper() if kind == ".csv" else "조서의 글꼴"
    lost = unshown(receipts, kind, options)
    for receipt, heading, letters in lost[:most]:
        options.tell(f"{receipt}: {heading}: {where}에 없는 글자 {letters} 대신 ?를 씁니다.")
    if len(lost) > most:
        options.tell(f"그 밖에 {len(lost) - most:,}곳이 더 있습니다.")


def _zip(receipts: Sequence[Receipt], path: Path, papers: Papers, about: About, options: Options) -> Iterator[Progress]:
    if not options.what:
        from workbench.pipeline.export.package import write_package

        return write_package(receipts, path, papers, about, options)
    return archive(
        receipts, path, papers, about, originals=options.what == "originals", pictures=options.what == "pictures"
    )


def write_zip_originals(
    receipts: Sequence[Receipt], path: Path, papers: Papers, about: About | None = None
) -> Iterator[Progress]:
    """The files as they were added, each once, tidily named; yields its progress."""
    return archive(receipts, path, papers, about or About(), originals=True)


def write_zip_pictures(
    receipts: Sequence[Receipt], path: Path, papers: Papers, about: About | None = None
) -> Iterator[Progress]:
    """A picture of each receipt with the boxes of its fields; yields its progress."""
    return archive(receipts, path, papers, about or About(), pictures=True)


def write_zip(
    receipts: Sequence[Receipt], path: Path, papers: Papers, about: About | None = None
) -> Iterator[Progress]:
    """Everything, as a package that proves itself; yields its progress."""
    from workbench.pipeline.export.package import write_package

    return write_package(receipts, path, papers, about or About(), Options())
