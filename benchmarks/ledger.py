"""How well and how fast receipts find their rows: python -m benchmarks.ledger [pairs | speed | coverage | memory]."""

import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from tests.kit.drawn_statements import LAYOUTS, Purchase, drawn, number, receipts
from workbench.domain.model import Field, Receipt
from workbench.pipeline.ledger.bounds import upper_rate
from workbench.pipeline.ledger.readers import read_sheets
from workbench.pipeline.ledger.reconciler import Reconciler
from workbench.pipeline.ledger.sampling import draw, judge
from workbench.pipeline.ledger.statements import Statement
from workbench.pipeline.ledger.understanding import understand
from workbench.pipeline.storage.fingerprints import Fingerprints

Layout = Callable[[list[Purchase]], tuple[str, bytes]]


def pairs(seeds: int = 5) -> None:
    """Every layout with 200 drawn purchases: pairs right, wrong, and left open though both sides are there."""
    print(f"{'layout':<14}{'right':>7}{'wrong':>7}{'open':>6}{'missed':>8}")
    for layout in LAYOUTS:
        right = wrong = left_open = missed = 0
        for seed in range(seeds):
            r, w, o, m = judged(layout, drawn(200, seed), seed)
            right, wrong, left_open, missed = right + r, wrong + w, left_open + o, missed + m
        print(f"{layout.__name__:<14}{right:>7}{wrong:>7}{left_open:>6}{missed:>8}")


def judged(layout: Layout, purchases: list[Purchase], seed: int = 1) -> tuple[int, int, int, int]:
    """(right, wrong, open, missed) pairs of one list; a receipt without a row that got one is wrong.

    Twins that the list itself cannot tell apart (same day, shop and amount, no approval number, no time) stand for one
    another.
    """
    name, data = layout(purchases)
    statement = understand(read_sheets(data, name), name)
    found = Reconciler().update(receipts(purchases, seed), {"s": statement})
    right = wrong = left_open = missed = 0
    for one in purchases:
        if one.receipt is None:
            continue
        rows = {row for _, row in found.rows_of(one.receipt)}
        wanted = set(one.rows) if one.listed else set()
        twins = [p for p in purchases if p.listed and _twins(p, one)]
        if rows - wanted and any(set(p.rows) == rows for p in twins) and not _tells(statement, rows):
            wanted = rows
        right += bool(rows) and rows == wanted
        wrong += bool(rows - wanted)
        left_open += bool(wanted) and not rows and one.receipt in found.open
        missed += bool(wanted) and not rows and one.receipt not in found.open
    return right, wrong, left_open, missed


def _twins(one: Purchase, other: Purchase) -> bool:
    return (one.moment.date(), one.number, one.amount) == (other.moment.date(), other.number, other.amount)


def _tells(statement: Statement, rows: set[int]) -> bool:
    """Whether a list shows more of its rows than day, shop and amount."""
    listed = zip(statement.numbers, statement.payments, strict=True)
    return any(p.approval or p.minute is not None for row, p in listed if row in rows)


def many(count: int, amounts: int, seed: int = 1) -> tuple[list[Receipt], bytes]:
    """As many receipts as rows, of `amounts` different amounts."""
    rng = random.Random(seed)
    made, lines = [], ["이용일시,가맹점명,이용금액,승인번호"]
    for n in range(count):
        moment = datetime(2026, 1, 1) + timedelta(minutes=rng.randrange(365 * 1440))
        amount, approval, shop = 1000 + 100 * rng.randrange(amounts), f"{rng.randrange(10**8):08}", f"가게{n % 300}호점"
        values = {"merchant": shop, "issued_at": f"{moment:%Y-%m-%d %H:%M}", "total": str(amount)}
        values["business_number"] = number(n % 300)
        if n % 3:
            values["approval_number"] = approval
        fields = tuple(Field(k, v, confidence=1.0) for k, v in values.items())
        made.append(Receipt(f"r{n}", f"{n}.jpg", str(n), 1, 1, "read", "card_slip", fields=fields))
        lines.append(f"{moment:%Y-%m-%d %H:%M},{shop},{amount},{approval}")
    return made, "\n".join(lines).encode()


def speed(count: int = 5000) -> None:
    """Seconds of one core to understand and to reconcile, and to take in one receipt more."""
    for amounts in (3000, 300, 30):
        ours, data = many(count, amounts)
        began = time.process_time()
        statement = understand(read_sheets(data, "a.csv"), "a.csv")
        read = time.process_time()
        reconciler = Reconciler()
        found = reconciler.update(ours[:-1], {"s": statement})
        first = time.process_time()
        reconciler.update(ours, {"s": statement})
        again = time.process_time()
        print(
            f"{count:,} x {count:,}, {amounts} amounts: understood {read - began:.2f} s,"
            f" reconciled {first - read:.2f} s ({len(found.links):,} linked), one more {1000 * (again - first):.0f} ms"
        )


def coverage(populations: int = 10_000) -> None:
    """How often the true rate, and the true overstatement, of drawn populations lies under the limit of a sample."""
    rng = np.random.default_rng(1)
    for size in (25, 59, 149):
        rates = rng.uniform(0, 0.15, populations)
        errors = rng.binomial(size, rates)
        limits = {k: upper_rate(int(k), size) for k in np.unique(errors)}
        held = np.mean([limits[k] >= rate for k, rate in zip(errors, rates, strict=True)])
        print(f"attribute, n = {size}: {held:.2%} of {populations:,} populations under the limit")
    dice, held = random.Random(1), 0
    for trial in range(populations):
        share = dice.uniform(0, 0.15)
        books = {f"r{n}": int(dice.lognormvariate(9.6, 1)) + 1 for n in range(150)}
        wrong = {name: dice.choice((1.0, dice.random())) for name in books if dice.random() < share}
        sample = draw(books, method="money", size=40, seed=trial)
        read = {n: {"total": str(round(books[n] * (1 - wrong.get(n, 0))))} for n in sample.chosen}
        result = judge(sample, read, {n: {"total": str(books[n])} for n in sample.chosen})
        held += (result.upper_won or 0) >= sum(books[n] - round(books[n] * (1 - taint)) for n, taint in wrong.items())
    print(f"money unit (Stringer), n = 40: {held / populations:.2%} of {populations:,} populations under the limit")


def memory(old: int = 100_000, new: int = 200) -> None:
    """Milliseconds to look for one new receipt among the fingerprints of many old ones."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "old").mkdir()
        (Path(folder) / "new").mkdir()
        ours, _ = many(old, 3000)
        Fingerprints(Path(folder) / "old").keep(ours)
        began = time.perf_counter()
        prints = Fingerprints(Path(folder) / "new")
        found = sum(bool(prints.seen(receipt)) for receipt in ours[:1])
        first = time.perf_counter()
        found += sum(bool(prints.seen(receipt)) for receipt in ours[1:new])
        each = 1000 * (time.perf_counter() - first) / (new - 1)
        print(f"{old:,} old: first {1000 * (first - began):.1f} ms, then {each:.2f} ms each, {found} of {new} found")


if __name__ == "__main__":
    for what in sys.argv[1:] or ("pairs", "speed"):
        globals()[what]()
