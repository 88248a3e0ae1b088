"""A package that proves itself: originals, pictures, tables, workpaper and journal in one ZIP, each with its SHA-256.

`manifest.json` lists every part and names the journal's head; the ZIP's comment seals all bytes before it. Whoever
changes a part and reckons everything anew is found out by the head that was printed elsewhere, or by a time stamp.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from workbench.domain.model import Receipt
from workbench.pipeline.export.archive import ORIGINALS, PICTURES, Archive, by_file
from workbench.pipeline.export.csv_file import save_csv
from workbench.pipeline.export.escaping import json_text
from workbench.pipeline.export.json_file import save_json
from workbench.pipeline.export.papers import About, Options, Papers, Progress
from workbench.pipeline.export.workpaper import Places, save_workpaper
from workbench.pipeline.export.xlsx import Links, save_xlsx
from workbench.pipeline.storage.atomic import replacing
from workbench.version import VERSION

CSV, XLSX, JSON = "영수증.csv", "영수증.xlsx", "영수증.json"
WORKPAPER, JOURNAL, MANIFEST = "조서.pdf", "기록.jsonl", "manifest.json"
FORM = "receipt-workbench package"
FORM_VERSION = 1
SEAL = b"sha256:"
"""Begins the ZIP's comment; 64 hex digits follow, of the SHA-256 of every byte before them."""
SEALED = 64


def write_package(
    receipts: Sequence[Receipt], path: Path, papers: Papers, about: About, options: Options
) -> Iterator[Progress]:
    """Writes the package to `path`, telling how far it is; leaving off early leaves no file."""
    files = by_file(receipts)
    total = len(files) + 2 * len(receipts)
    with replacing(path) as draft:
        with zipfile.ZipFile(draft, "x", zipfile.ZIP_DEFLATED) as target:
            made = Archive(target, papers, about.made_at, CSV, XLSX, JSON, WORKPAPER, JOURNAL, MANIFEST)
            for done, group in enumerate(files, 1):
                made.original(group, ORIGINALS)
                yield Progress(done, total)
            for done, receipt in enumerate(receipts, len(files) + 1):
                made.picture(receipt, papers.picture_of, PICTURES)
                yield Progress(done, total)
            for step in _tables(made, receipts, papers, about, options):
                yield Progress(len(files) + len(receipts) + step.done, total)
            made.listing()
            with made.entry(MANIFEST) as stream:
                stream.write(_manifest(made, receipts, about))
            target.comment = SEAL + b"0" * SEALED
        seal(draft)


def _tables(
    made: Archive, receipts: Sequence[Receipt], papers: Papers, about: About, options: Options
) -> Iterator[Progress]:
    """The workpaper first: the workbook links to its pages."""
    places = Places()
    with made.entry(WORKPAPER) as stream:
        yield from save_workpaper(receipts, stream, papers, about, options, places)
    with made.entry(XLSX) as stream:
        save_xlsx(receipts, stream, about, Links(made.pictures, places.page, WORKPAPER))
    with made.entry(CSV) as stream:
        save_csv(receipts, stream)
    with made.entry(JSON) as stream:
        save_json(receipts, stream, papers.lines_of)
    if about.journal is not None:
        with made.entry(JOURNAL) as stream:
            stream.writelines(f"{line}\n".encode() for line in about.journal({receipt.id for receipt in receipts}))


def _manifest(made: Archive, receipts: Sequence[Receipt], about: About) -> bytes:
    told = {
        "form": FORM,
        "version": FORM_VERSION,
        "program": VERSION,
        "case": about.case,
        "made_at": f"{about.made_at.isoformat()}+09:00",
        "made_by": about.made_by,
        "receipts": len(receipts),
        "chain": {"entries": about.chain_length, "head": about.chain_head},
        "parts": made.digests,
    }
    return json_text(json.dumps(told, ensure_ascii=False, indent=1)).encode()


def seal(path: Path) -> None:
    """Writes into the last bytes of the file the digest of all that stands before them."""
    with path.open("r+b") as stream:
        digest = digest_before_seal(path)
        stream.seek(-SEALED, 2)
        stream.write(digest.encode())


def digest_before_seal(path: Path) -> str:
    """SHA-256, in hex, of the file without its last SEALED bytes."""
    digest, left = hashlib.sha256(), path.stat().st_size - SEALED
    with path.open("rb") as stream:
        while left > 0 and (piece := stream.read(min(left, 1 << 20))):
            digest.update(piece)
            left -= len(piece)
    return digest.hexdigest()
