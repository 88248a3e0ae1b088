"""How far the fields can be trusted: `python -m benchmarks.fields [FOLDER] [--export OUT.json] [--lines]`.

FOLDER holds receipts and `truth.json` (default: `../shared/receipts` if it is there, else `data/sample`). Prints, per
field: right, wrong, missing, silent errors (wrong, confidence 0.95 or more, and no finding names the field), KIEval's
TP / (TP + errors), and the share of right values that are flagged all the same; then how often each band of confidence
is right. `--export` reads a case's JSON instead of reading the pictures again; `--lines` draws lines instead, with a
reader's mistakes, and needs no pictures at all.
"""

import argparse
import json
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise, permutations
from pathlib import Path

from rapidfuzz.distance import Indel

from tests.kit.drawn_lines import draw
from tests.kit.drawn_rough import roughened
from workbench.domain.model import Receipt
from workbench.pipeline.extraction import extract
from workbench.pipeline.validation.checks import SURE, check

FIELDS = ("merchant", "business_number", "issued_at", "total", "supply", "vat", "exempt", "approval_number")
BANDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99, 1.01)
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Read:
    """One field as read: its value, confidence, and whether a finding names it."""

    value: str
    confidence: float
    named: bool

    @property
    def flagged(self) -> bool:
        """Whether a reviewer is told to look."""
        return self.named or self.confidence < SURE


Record = dict[str, Read]
Truth = dict[str, str]


def of_export(path: Path) -> dict[str, list[Record]]:
    """File name -> records, from a case's JSON export."""
    found: dict[str, list[Record]] = defaultdict(list)
    for receipt in json.loads(path.read_text("utf-8-sig")):
        # What the tax service says (or that it was not asked) is no doubt about the reading.
        doubts = [f for f in receipt["findings"] if not f.get("code", "").startswith("tax-")]
        named = {name for finding in doubts for name in finding["fields"]}
        record = {
            name: Read(str(field["value"]), field["confidence"], name in named)
            for name, field in receipt["fields"].items()
            if field["value"] is not None
        }
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


def record_of(receipt: Receipt, findings: Iterable[object]) -> Record:
    """The fields of a receipt that has not been in a case."""
    named = {name for finding in findings for name in finding.fields}  # type: ignore[attr-defined]
    return {f.name: Read(f.read, f.confidence, f.name in named) for f in receipt.fields if f.read is not None}


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


def same(name: str, got: str, want: str) -> bool:
    """Whether a value is the true one: names by four fifths of their letters, times to the minute, the rest exactly."""
    if name == "merchant":
        first, second = ("".join(c for c in text if c.isalnum()).lower() for text in (got, want))
        return len(first) <= 2 * len(second) + 6 and Indel.distance(first, second) <= max(
            len(first) - len(second), 0
        ) + 0.4 * len(second)
    return got[:16].replace("T", " ") == want[:16] if name == "issued_at" else got == want


def paired(records: list[Record], truths: list[Truth]) -> Iterator[tuple[Record, Truth]]:
    """Records beside truths so that most agree; a receipt that was lost is an empty record."""
    padded = [*records, *({} for _ in range(len(truths) - len(records)))][: max(len(truths), 6)]

    def agreement(order: Iterable[Record]) -> int:
        return sum(
            name in record and same(name, record[name].value, value)
            for record, truth in zip(order, truths, strict=True)
            for name, value in truth.items()
        )

    yield from zip(max(permutations(padded, len(truths)), key=agreement), truths, strict=True)


def drawn(count: int, mistakes: float, rough: float) -> Iterator[tuple[Record, Truth]]:
    """Lines drawn by the tests' generator, read by `extract` with a second reader that errs less."""
    for seed in range(count):
        page = draw(seed, mistakes=mistakes)
        page = roughened(page, random.Random(seed), rough) if rough else page
        found = extract(page.lines, page.size, page.again(random.Random(seed), mistakes / 10))
        receipt = Receipt(
            "", "", "", 1, 1, "read", found.kind, fields=found.fields, items=found.items, read_findings=found.findings
        )
        yield record_of(receipt, check(receipt, date(2027, 1, 1))), page.truth


def report(pairs: Iterable[tuple[Record, Truth]]) -> str:
    """The two tables."""
    count: dict[str, Counter[str]] = {name: Counter() for name in FIELDS}
    bands: dict[float, Counter[bool]] = defaultdict(Counter)
    for record, truth in pairs:
        for name in FIELDS:
            read, want = record.get(name), truth.get(name)
            if want is None:
                count[name]["invented"] += read is not None and read.value not in ("", "0")
                continue
            count[name]["all"] += 1
            right = read is not None and same(name, read.value, want)
            count[name]["right" if right else "missing" if read is None else "wrong"] += 1
            if read is not None:
                count[name]["flagged"] += right and read.flagged
                count[name]["silent"] += not right and not read.flagged
                if name != "merchant":
                    bands[max(b for b in BANDS if b <= read.confidence)][right] += 1
    rows = [f"{'field':<16}{'right':>13}{'wrong':>7}{'missing':>9}{'silent':>8}{'KIEval':>8}{'flagged':>9}{'extra':>7}"]
    for name, c in count.items():
        if c["all"]:
            errors = c["wrong"] + c["missing"]
            rows.append(
                f"{name:<16}{c['right']:>5}/{c['all']:<4}{c['right'] / c['all']:>4.0%}{c['wrong']:>7}{c['missing']:>9}"
                f"{c['silent']:>8}{c['right'] / (c['right'] + errors):>8.1%}{c['flagged'] / max(c['right'], 1):>9.0%}"
                f"{c['invented']:>7}"
            )
    rows += ["", "confidence (merchant aside)   right"]
    for low, high in pairwise(BANDS):
        seen = bands[low].total()
        if seen:
            rows.append(f"{low:.2f} to {min(high, 1):.2f}{seen:>10}{bands[low][True] / seen:>12.1%}")
    shown = sum((bands[b] for b in BANDS if b >= SURE), Counter())
    rows.append(f"all from {SURE}{shown.total():>9}{shown[True] / max(shown.total(), 1):>12.1%}")
    return "\n".join(rows)


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
    print(report(pair for name, wants in truths.items() for pair in paired(records.get(name, []), wants)))
    lost = [name for name in truths if name not in records]
    print("files without a row:", len(lost), *lost)


if __name__ == "__main__":
    main()
