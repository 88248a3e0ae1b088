"""Originals, pictures and tables become one ZIP, entry by entry on the disk, with a list of what is what."""

import csv
import io
import shutil
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import IO

from workbench.domain.errors import WorkbenchError
from workbench.domain.model import Receipt
from workbench.pipeline.export.annotated_image import annotated
from workbench.pipeline.export.escaping import csv_text
from workbench.pipeline.export.file_names import Names, tidy_name
from workbench.pipeline.export.papers import Papers, Progress, why
from workbench.pipeline.storage.atomic import replacing

ORIGINALS, PICTURES, LIST = "원본/", "표시/", "목록.csv"
HEADINGS = ("ZIP 안의 이름", "영수증ID", "처음 파일명", "쪽", "구역", "비고")
# A JPEG or PNG does not get smaller: packing it again only takes time.
PACKED = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"}

Part = tuple[str, Callable[[IO[bytes]], None]]
"""A table in the ZIP: its name, and what writes it to a stream."""


def archive(
    receipts: Sequence[Receipt],
    path: Path,
    papers: Papers,
    *,
    originals: bool = False,
    pictures: bool = False,
    full: bool = False,
    tables: Iterable[Part] = (),
) -> Iterator[Progress]:
    """Write what was asked for to a ZIP at `path`; raises ExportFailed. Leaving off early leaves no file.

    `full` pictures have each pixel that was read. A paper that cannot be had is named in the list with the reason, and
    the others go on.
    """
    files: dict[str, list[Receipt]] = {}
    for receipt in receipts:
        files.setdefault(receipt.file_hash, []).append(receipt)
    total = len(files) * originals + len(receipts) * pictures
    folders = (ORIGINALS, PICTURES) if originals and pictures else ("", "")
    names = Names(LIST)
    rows: list[tuple[object, ...]] = []
    with replacing(path) as draft, zipfile.ZipFile(draft, "x", zipfile.ZIP_DEFLATED) as target:
        for name, save in tables:
            with _entry(target, name) as stream:
                save(stream)
        for done, group in enumerate(files.values() if originals else (), 1):
            name, note = _add_original(target, group, papers, names, folders[0])
            rows += [_row(name, receipt, note) for receipt in group]
            yield Progress(done, total)
        for done, receipt in enumerate(receipts if pictures else (), total - len(receipts) + 1):
            name, note = _add_picture(
                target, receipt, papers.full_picture_of if full else papers.picture_of, names, folders[1]
            )
            rows.append(_row(name, receipt, note))
            yield Progress(done, total)
        with _entry(target, LIST) as stream, closing(io.TextIOWrapper(stream, "utf-8-sig", newline="")) as text:
            csv.writer(text).writerows([HEADINGS, *rows])


def _add_original(
    target: zipfile.ZipFile, group: Sequence[Receipt], papers: Papers, names: Names, folder: str
) -> tuple[str, str]:
    try:
        source = papers.file_of(group[0].id)
        original = source.open("rb")
    except (OSError, WorkbenchError) as error:
        return "", f"원본을 열 수 없습니다: {why(error)}"
    with original:
        name = names.new(folder + tidy_name(group), source.suffix.lower())
        with _entry(target, name) as stream:
            shutil.copyfileobj(original, stream, 1 << 20)
    return name, ""


def _add_picture(
    target: zipfile.ZipFile, receipt: Receipt, picture_of: Callable[[str], bytes], names: Names, folder: str
) -> tuple[str, str]:
    try:
        picture = annotated(picture_of(receipt.id), receipt)
    except (OSError, WorkbenchError) as error:
        return "", f"그림이 없습니다: {why(error)}"
    name = names.new(folder + tidy_name([receipt]), ".jpg")
    with _entry(target, name) as stream:
        stream.write(picture)
    return name, ""


def _row(name: str, receipt: Receipt, note: str) -> tuple[object, ...]:
    return csv_text(name), receipt.id, csv_text(receipt.file), receipt.page, receipt.region, csv_text(note)


def _entry(target: zipfile.ZipFile, name: str) -> IO[bytes]:
    """A stream into the ZIP. zipfile marks names beyond ASCII as UTF-8, which Windows shows right."""
    now = time.localtime()[:6]
    # A ZIP knows no year before 1980, and a machine with an empty battery may believe in 1970.
    entry = zipfile.ZipInfo(name, now if now[0] >= 1980 else (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_STORED if Path(name).suffix in PACKED else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16  # without it, unzip makes files that nobody may read
    return target.open(entry, "w", force_zip64=True)
