"""What a card statement settles: `python -m benchmarks.settled [FOLDER] [--case CASE] [--seeds N]`.

FOLDER holds receipts and `truth.json` (default `../shared/receipts`). Statements are made from it as card companies
make them: names cut to ten letters, a quarter of the days off by one, with and without the merchants' numbers. Prints
how many receipts nobody need touch, before and after (and without counting that a paper is old), and sure values that
are wrong. `--case` is a case of that folder that was read already; it is copied, never changed.
"""

import argparse
import csv
import io
import json
import random
import shutil
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from benchmarks.fields import ROOT, of_export, paired, truths_of
from benchmarks.trust import FIELDS, same
from workbench.case import Case
from workbench.domain.model import Receipt
from workbench.settings import Settings

SHARE_OFF, LETTERS = 0.25, 10


def statement(truths: Path, numbers: bool, seed: int) -> bytes:
    """The list of all purchases of `truth.json`, as CSV."""
    dice, text = random.Random(seed), io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["이용일자", "가맹점명", "이용금액", "승인번호", *["가맹점사업자번호"][: int(numbers)]])
    for one in json.loads(truths.read_text("utf-8")):
        if not one.get("total") or not one.get("datetime"):
            continue
        off = dice.choice((-1, 1)) if dice.random() < SHARE_OFF else 0
        day = date.fromisoformat(one["datetime"][:10]) + timedelta(off)
        cells = [day, (one.get("merchant") or "")[:LETTERS], one["total"], one.get("approval_no") or ""]
        writer.writerow(cells + [one.get("business_number") or ""][: int(numbers)])
    return text.getvalue().encode()


def untouched(receipts: Sequence[Receipt]) -> tuple[int, int, int]:
    """Receipts without an error or warning, the same where a paper's age counts for nothing, and all."""
    read = [receipt for receipt in receipts if receipt.status not in ("waiting", "failed")]
    young = sum(all(finding.code == "old" for finding in receipt.open_findings) for receipt in read)
    return sum(not receipt.open_findings for receipt in read), young, len(read)


def silent(case: Case, truths: Path) -> int:
    """Values that are sure and wrong."""
    with tempfile.TemporaryDirectory() as folder:
        records = of_export(case.export(Path(folder) / "out.json"))
    pairs = [pair for name, wanted in truths_of(truths).items() for pair in paired(records.get(name, []), wanted)]
    return sum(
        not record.fields[name].flagged and not same(name, record.fields[name].value, truth[name])
        for record, truth in pairs
        for name in FIELDS
        if name in record.fields and truth.get(name) is not None
    )


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT.parent / "shared" / "receipts")
    parser.add_argument("--case", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    given = parser.parse_args()
    truths = given.folder / "truth.json"
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "read"
        if given.case:
            shutil.copytree(given.case, kept)
        else:
            case = Case.open(kept, Settings())
            case.add(given.folder)
            case.read().wait()
            case.close()
        for numbers in (True, False):
            for seed in range(1, given.seeds + 1):
                copy = Path(folder) / f"{numbers}{seed}"
                shutil.copytree(kept, copy)
                case = Case.open(copy, Settings())
                before, wrong = untouched(case.receipts()), silent(case, truths)
                case.add_statement(("카드.csv", statement(truths, numbers, seed)))
                after, wrong_after = untouched(case.receipts()), silent(case, truths)
                gain, what = 100 * (after[0] - before[0]) / before[2], "with" if numbers else "without"
                said = f"no touch {before[0]} -> {after[0]} of {before[2]} ({gain:+.1f} points)"
                aged = f"age apart {before[1]} -> {after[1]}; silent {wrong} -> {wrong_after}"
                print(f"{what} numbers, seed {seed}: {said}, {aged}", flush=True)
                case.close()


if __name__ == "__main__":
    main()
