"""How far the fields can be trusted: `python -m benchmarks.fields [FOLDER] [--export OUT.json] [--lines]`.

FOLDER holds receipts and `truth.json` (default: `../shared/receipts` if it is there, else `data/sample`). Prints, per
field: right; the least share right with one group of papers left out; sure (confidence 0.95 or more, and no warning or
error names it); silent (sure and wrong) with the exact 95 % upper limit of its rate; right but flagged. Then receipts
that are wholly right and that nobody need touch, why values were missed, and how often each band of confidence is
right. `--export` reads a case's JSON instead of reading the pictures again; `--lines` draws lines instead, with a
reader's mistakes, and needs no pictures at all.
"""

import argparse
import json
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import permutations
from pathlib import Path

from benchmarks.trust import FIELDS, Pair, Read, Record, Truth, report, same
from tests.kit.drawn_lines import draw
from tests.kit.drawn_rough import roughened
from workbench.domain.model import Finding, Receipt
from workbench.pipeline.extraction import extract
from workbench.pipeline.validation.checks import check

ROOT = Path(__file__).parents[1]


def of_export(path: Path) -> dict[str, list[Record]]:
    """File name -> records, from a case's JSON export."""
    found: dict[str, list[Record]] = defaultdict(list)
    for receipt in json.loads(path.read_text("utf-8-sig")):
        # What the tax service says (or that it was not asked), or that a paper is old, is no doubt about the reading.
        loud = [
            f
            for f in receipt["findings"]
            if f["severity"] != "info" and f.get("code") != "old" and not f.get("code", "").startswith("tax-")
        ]
        named = {name for finding in loud for name in finding["fields"]}
        fields = {
            name: Read(str(field["value"]), field["confidence"], name in named)
            for name, field in receipt["fields"].items()
            if field["value"] is not None
        }
        record = Record(fields, "\n".join(line["text"] for line in receipt["lines"]), bool(loud))
        found[Path(receipt["file"]).name].append(record)
    return found


def of_pictures(folder: Path) -> dict[str, list[Record]]:
    """File name -> records, by reading the folder as `workbench read` does."""
    from workbench.case import Case

    with tempfile.TemporaryDirectory() as place:
        case = Case.open(Path(place) / "case")
        case.add(folder)
        for _ in case.read():
            pass
        out = Path(place) / "out.json"
        case.export(str(out))
        case.close()
        return of_export(out)


def record_of(receipt: Receipt, findings: Iterable[Finding], text: str = "") -> Record:
    """A receipt that has not been in a case, with what was found of it and the text of its lines."""
    loud = [f for f in findings if f.severity != "info" and f.code != "old"]
    named = {name for finding in loud for name in finding.fields}
    fields = {f.name: Read(f.read, f.confidence, f.name in named) for f in receipt.fields if f.read is not None}
    return Record(fields, text, bool(loud))


def truths_of(path: Path) -> dict[str, list[Truth]]:
    """File name -> what the receipts on it say, as canonical values."""
    found = {}
    for entry in json.loads(path.read_text("utf-8")):
        found[entry["file"]] = [
            {
                name: str(value)
                for name, value in (
                    ("issued_at", one.get("datetime")),
                    ("approval_number", one.get("approval_no")),
                    *((name, one.get(name)) for name in FIELDS if name not in ("issued_at", "approval_number")),
                )
                if value is not None and (name, value) != ("exempt", 0)  # 0 may be printed or not
            }
            for one in entry.get("receipts") or [entry]
        ]
    return found


def groups_of(path: Path) -> dict[str, str]:
    """File name -> the group that it is of: papers of one shop, or of one batch."""
    return {entry["file"]: entry.get("group", "") for entry in json.loads(path.read_text("utf-8"))}


def paired(records: list[Record], truths: list[Truth]) -> Iterator[tuple[Record, Truth]]:
    """Records beside truths so that most agree; a receipt that was lost is an empty record."""
    padded = [*records, *(Record() for _ in range(len(truths) - len(records)))][: max(len(truths), 6)]

    def agreement(order: Iterable[Record]) -> int:
        return sum(
            name in record.fields and same(name, record.fields[name].value, value)
            for record, truth in zip(order, truths, strict=True)
            for name, value in truth.items()
        )

    yield from zip(max(permutations(padded, len(truths)), key=agreement), truths, strict=True)


def drawn(count: int, mistakes: float, rough: float) -> Iterator[Pair]:
    """Lines drawn by the tests' generator, read by `extract` with a second reader that errs less."""
    for seed in range(count):
        page = draw(seed, mistakes=mistakes)
        page = roughened(page, random.Random(seed), rough) if rough else page
        found = extract(page.lines, page.size, page.again(random.Random(seed), mistakes / 10))
        receipt = Receipt(
            "", "", "", 1, 1, "read", found.kind, fields=found.fields, items=found.items, read_findings=found.findings
        )
        text = "\n".join(line.text for line in page.lines)
        yield page.layout, record_of(receipt, check(receipt, date(2027, 1, 1)), text), page.truth


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    shared = ROOT.parent / "shared" / "receipts"
    parser.add_argument("folder", nargs="?", type=Path, default=shared if shared.is_dir() else ROOT / "data" / "sample")
    parser.add_argument("--export", type=Path, help="a case's JSON export of that folder")
    parser.add_argument("--lines", type=int, nargs="?", const=1000, help="so many drawn receipts instead of pictures")
    parser.add_argument("--mistakes", type=float, default=0.03, help="with --lines: chance of a wrong letter")
    parser.add_argument("--rough", type=float, default=0.0, help="with --lines: share of lines joined, cut or bent")
    given = parser.parse_args()
    if given.lines:
        print(report(drawn(given.lines, given.mistakes, given.rough)))
        return
    records = of_export(given.export) if given.export else of_pictures(given.folder)
    truths = truths_of(given.folder / "truth.json")
    groups = groups_of(given.folder / "truth.json")
    print(report((groups[name], *p) for name, wants in truths.items() for p in paired(records.get(name, []), wants)))
    lost = [name for name in truths if name not in records]
    print("files without a row:", len(lost), *lost)


if __name__ == "__main__":
    main()
