"""Which printed amounts are total, supply, VAT, exempt and service charge: one joint choice.

A label may be bent, and an amount may stand alone; but supply + VAT + exempt + service charge = total, and VAT is a
tenth of supply. The choice is the assignment that labels and arithmetic together support best (see `choose`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from workbench.pipeline.extraction.amounts.breakdown import PARTS, Amounts, Parts, breakdowns
from workbench.pipeline.extraction.amounts.printed import Amount
from workbench.pipeline.extraction.amounts.settlement import Settlement, settle, ways_to_pay

TOTAL_WEIGHT = {
    "paid": 6, "total": 5, "amount": 3, "tender": 3, "subtotal": 2, "received": 1, "": 1, "cancelled": 1, "exempt": 1,
    "supply": 0, "other": -1, "rest": -1, "added": -1, "points": -1, "prepaid": -1, "service_charge": -2,
    "discount": -4, "change": -4, "vat": -4,
}  # fmt: skip
"""How much a label speaks for its amount being the total of the sale."""

SETTLED = 6
"""What arithmetic from the sum over its reductions to the payment is worth, in the weights of TOTAL_WEIGHT."""

SHARED_OUT = 5
"""What it is worth that the ways to pay add up to the total."""

MOST_TOTALS = 14


@dataclass(frozen=True, slots=True)
class Split:
    """One reading of the amounts: won or None where not printed, `score` to compare, and which rules agree.

    `settlement`: how the total follows from a larger sum; None where nothing was taken off.
    """

    total: int | None = None
    supply: int | None = None
    vat: int | None = None
    exempt: int | None = None
    service_charge: int | None = None
    score: float = 0.0
    proofs: frozenset[str] = frozenset()
    reasons: tuple[str, ...] = ()
    settlement: Settlement | None = None

    @property
    def proven(self) -> bool:
        """Whether arithmetic leaves no room for a misread digit: the parts add up, and VAT is a tenth."""
        return {"sum", "tenth"} <= self.proofs


@dataclass(slots=True)
class _Page(Amounts):
    """The amounts, and what settlement and ways to pay say of the total."""

    settlement: Settlement | None = None
    shared_out: frozenset[int] = frozenset()


def choose(amounts: Iterable[Amount], only: frozenset[int] = frozenset()) -> tuple[Split, Split | None]:
    """The best reading of the page's amounts, and the best one with another total (None: there is no other).

    `only`: the total is one of these, if there are any.
    """
    amounts = tuple(amounts)
    if not any(a.role in _LABELLED for a in amounts):  # what nothing is added to is the sale: a toll
        amounts = tuple(
            replace(a, label=replace(a.label, role="paid")) if a.label and a.role == "added" else a for a in amounts
        )
    settlement = None if only else settle(amounts)
    if settlement and not settlement.paid:  # nothing was left to pay: there are no parts of it
        return Split(0, score=SETTLED, proofs=SETTLEMENT, reasons=(settlement.sentence,), settlement=settlement), None
    labelled = {a.value for a in amounts if a.role in ("paid", "total", "amount", "subtotal") and a.value > 0}
    shared_out = frozenset(value for value in labelled if ways_to_pay(amounts, value))
    page = _Page(
        tuple(a for a in amounts if a.value > 0 or a.role in PARTS), settlement=settlement, shared_out=shared_out
    )
    best_by_total: dict[int, Split] = {}
    for total, weight in _totals(page, only):
        for split in _splits(page, total, weight):
            kept = best_by_total.get(total)
            if kept is None or split.score > kept.score:
                best_by_total[total] = split
    ranked = sorted(best_by_total.values(), key=lambda s: (-s.score, -(s.total or 0)))
    if not ranked:
        return _nothing(amounts), None
    best = ranked[0]
    if not only and not any(a.role in _LABELLED for a in page.values[best.total or 0]):
        best = replace(nothing, score=best.score) if (nothing := _nothing(amounts)).total == 0 else best
    return best, ranked[1] if len(ranked) > 1 else None


SETTLEMENT = frozenset({"settled", "label"})
_LABELLED = frozenset({"paid", "total", "amount", "tender", "subtotal", "received"})


def _nothing(amounts: tuple[Amount, ...]) -> Split:
    """A total of 0 where that is all that the labels of a payment say, and twice: a lone 0 may be a speck."""
    zero = sum(a.role in ("paid", "total") and a.value == 0 and a.is_money and not a.second for a in amounts) > 1
    return Split(0, proofs=frozenset({"label"}), reasons=("합계 표시 옆에 0원으로 인쇄됨",)) if zero else Split()


def _totals(page: _Page, only: frozenset[int]) -> list[tuple[int, float]]:
    weights = []
    for value, places in page.values.items():
        if value <= 0 or (only and value not in only):
            continue
        labelled = (a for a in places if a.marked or a.label)
        each = [TOTAL_WEIGHT[a.role] * (a.label.score if a.label else 1) * a.confidence for a in labelled]
        if each:
            best, *more = sorted(each, reverse=True)
            best += SETTLED if page.settlement and value == page.settlement.paid else 0
            best += SHARED_OUT if value in page.shared_out else 0
            weights.append((value, best + sum(w for w in more[:3] if w > 0) / 3))
    weights.sort(key=lambda pair: (-pair[1], -pair[0]))
    return weights[:MOST_TOTALS]


def _splits(page: _Page, total: int, weight: float) -> Iterator[Split]:
    """Every way to break `total` down that the page supports, the bare total among them."""
    base, proofs, reasons = weight, set[str](), list[str]()
    kinds = {a.role for a in page.values[total]} & _LABELLED
    # 금액 alone may stand before the net amount too (VAN slips): no proof of a total.
    if kinds & {"paid", "total"} or ("amount" in kinds and len(page.values[total]) > 1):
        proofs.add("label")
        reasons.append("합계 표시 옆에 인쇄됨")
    if len(page.values[total]) > 1:
        proofs.add("repeated")
        reasons.append(f"같은 금액이 {len(page.values[total])}곳에 있음")
    settled = page.settlement if page.settlement and total == page.settlement.paid else None
    if settled:
        proofs |= SETTLEMENT if settled.exact else {"label"}
        reasons.append(settled.sentence)
    bare = Split(total, score=base, proofs=frozenset(proofs), reasons=tuple(reasons), settlement=settled)
    yield bare
    for found in breakdowns(page, total):
        yield _split(bare, found)
    if settled:
        # Parts printed before the reductions make up the sum from which those were taken.
        for found in breakdowns(page, settled.before):
            if "tenth" in found.rules or {"sum", "exempt"} <= found.rules:
                yield _split(bare, replace(found, rules=found.rules | {"before"}, sentence=f"할인 전 {found.sentence}"))


def _split(bare: Split, found: Parts) -> Split:
    supply, vat, exempt, service = (found.parts.get(name) for name in PARTS)
    score, proofs, reasons = bare.score + found.gain, bare.proofs | found.rules, (*bare.reasons, found.sentence)
    return Split(bare.total, supply, vat, exempt, service, score, proofs, reasons, bare.settlement)
