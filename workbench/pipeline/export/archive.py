"""Originals, pictures and tables become one ZIP, entry by entry on the disk, with a list of what is what."""

import csv
import hashlib
import io
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from workbench.domain.errors import WorkbenchError
from workbench.domain.model import Receipt
from workbench.pipeline.export.annotated_image import annotated
from workbench.pipeline.export.escaping import csv_text
from workbench.pipeline.export.file_names import Names, tidy_name
from workbench.pipeline.export.papers import About, Papers, Progress, why
from workbench.pipeline.storage.atomic import replacing

ORIGINALS, PICTURES, LIST = "원본/", "표시/", "목록.csv"
HEADINGS = ("ZIP 안의 이름", "영수증ID", "처음 파일명", "쪽", "구역", "비고")
# A JPEG or PNG does not get smaller: packing it again only takes time.
PACKED = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".pdf", ".xlsx"}


class Archive:
    """A ZIP being written: each entry whole on the disk before the next, its size and SHA-256 kept for a manifest.

    A paper that cannot be had is named in the list with the reason, and the others go on.
    """

    def __init__(self, target: zipfile.ZipFile, papers: Papers, made_at: datetime, *taken: str) -> None:
        self._target, self._papers, self._made_at = target, papers, made_at
        self._names = Names(LIST, *taken)
        self._rows: list[tuple[object, ...]] = []
        self.digests: list[dict[str, object]] = []
        self.pictures: dict[str, str] = {}
        """Name in the ZIP of each receipt's marked picture."""

    def original(self, group: Sequence[Receipt], folder: str = "") -> None:
        """Adds the file that the receipts of `group` are on."""
        name = note = ""
        try:
            source = self._papers.file_of(group[0].id)
            original = source.open("rb")
        except (OSError, WorkbenchError) as error:
            note = f"원본을 열 수 없습니다: {why(error)}"
        else:
            with original:
                name = self._names.new(folder + tidy_name(group), source.suffix.lower())
                with self.entry(name) as stream:
                    shutil.copyfileobj(original, stream, 1 << 20)
        self._rows += [_row(name, receipt, note) for receipt in group]

    def picture(self, receipt: Receipt, picture_of: Callable[[str], bytes], folder: str = "") -> None:
        """Adds the marked picture of a receipt."""
        name = note = ""
        try:
            picture = annotated(picture_of(receipt.id), receipt)
        except (OSError, WorkbenchError) as error:
            note = f"그림이 없습니다: {why(error)}"
        else:
            name = self.pictures[receipt.id] = self._names.new(folder + tidy_name([receipt]), ".jpg")
            with self.entry(name) as stream:
                stream.write(picture)
        self._rows.append(_row(name, receipt, note))

    def listing(self) -> None:
        """Adds the list of what is what."""
        with self.entry(LIST) as stream, closing(io.TextIOWrapper(stream, "utf-8-sig", newline="")) as text:
            csv.writer(text).writerows([HEADINGS, *self._rows])

    @contextmanager
    def entry(self, name: str) -> Iterator[IO[bytes]]:
        """A stream into the ZIP. zipfile marks names beyond ASCII as UTF-8, which Windows shows right."""
        # A ZIP knows no year before 1980, and a machine with an empty battery may believe in 1970.
        moment = max(self._made_at, datetime(1980, 1, 1)).timetuple()[:6]
        entry = zipfile.ZipInfo(name, moment)
        entry.compress_type = zipfile.ZIP_STORED if Path(name).suffix in PACKED else zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16  # without it, unzip makes files that nobody may read
        with self._target.open(entry, "w", force_zip64=True) as stream:
            hashed = _Hashed(stream)
            yield cast(IO[bytes], hashed)
        self.digests.append({"name": name, "size": hashed.size, "sha256": hashed.digest.hexdigest()})


class _Hashed(io.BufferedIOBase):
    """Passes on what is written, and keeps its size and SHA-256."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.digest, self.size = hashlib.sha256(), 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.digest.update(data)
        self.size += len(data)
        return self._stream.write(data)


def archive(
    receipts: Sequence[Receipt],
    path: Path,
    papers: Papers,
    about: About,
    *,
    originals: bool = False,
    pictures: bool = False,
) -> Iterator[Progress]:
    """Write originals, or marked pictures with each pixel that was read, to a ZIP at `path`.

    Raises ExportFailed; leaving off early leaves no file.
    """
    files = by_file(receipts) if originals else []
    marked = receipts if pictures else ()
    total = len(files) + len(marked)
    with replacing(path) as draft, zipfile.ZipFile(draft, "x", zipfile.ZIP_DEFLATED) as target:
        made = Archive(target, papers, about.made_at)
        for done, group in enumerate(files, 1):
            made.original(group)
            yield Progress(done, total)
        for done, receipt in enumerate(marked, len(files) + 1):
            made.picture(receipt, papers.full_picture_of)
            yield Progress(done, total)
        made.listing()


def by_file(receipts: Sequence[Receipt]) -> list[list[Receipt]]:
    """The receipts of each file together, in the order of the files."""
    files: dict[str, list[Receipt]] = {}
    for receipt in receipts:
        files.setdefault(receipt.file_hash, []).append(receipt)
    return list(files.values())


def _row(name: str, receipt: Receipt, note: str) -> tuple[object, ...]:
    return csv_text(name), receipt.id, csv_text(receipt.file), receipt.page, receipt.region, csv_text(note)
