"""Which printed amounts are total, supply, VAT, exempt and service charge: one joint choice.

A label may be bent, and an amount may stand alone; but supply + VAT + exempt + service charge = total, and VAT is a
tenth of supply. The choice is the assignment that labels and arithmetic together support best (see `choose`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from workbench.domain.vat import tenth
from workbench.pipeline.extraction.amounts.printed import Amount
from workbench.pipeline.extraction.amounts.settlement import Settlement, settle, ways_to_pay
from workbench.pipeline.extraction.labels import likeness

TOTAL_WEIGHT = {
    "paid": 3.0, "total": 2.6, "amount": 1.6, "tender": 1.5, "subtotal": 1.0, "received": 0.7, "": 0.3,
    "supply": 0.1, "discount": -2.0, "change": -2.0, "vat": -2.0, "other": -0.6, "exempt": 0.4, "service_charge": -1.0,
    "cancelled": 0.5, "rest": -0.6, "added": -0.6, "points": -0.6, "prepaid": -0.6,
}  # fmt: skip
"""How much a label speaks for its amount being the total of the sale."""

PARTS = ("supply", "vat", "exempt", "service_charge")
NO_PART = frozenset({"discount", "change", "other", "cancelled", "rest", "added", "points", "prepaid"})
"""Labels whose amount is no exempt sum, however well it would add up."""

ROUNDED_ROWS = 4
"""Items whose VAT may have been rounded one by one: so many won may supply and VAT be apart from a tenth."""

SETTLED = 3.0
"""What arithmetic from the sum over its reductions to the payment is worth, in the weights of TOTAL_WEIGHT."""

SHARED_OUT = 2.5
"""What it is worth that the ways to pay add up to the total."""

MOST_TOTALS = 14
MOST_PARTS = 30


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


@dataclass(slots=True)
class _Page:
    """What the search asks again and again: amounts by value and by role."""

    amounts: tuple[Amount, ...]
    settlement: Settlement | None = None
    shared_out: frozenset[int] = frozenset()
    support: dict[str, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    values: dict[int, list[Amount]] = field(default_factory=lambda: defaultdict(list))
    plain: set[int] = field(default_factory=set)
    """values that may be an exempt sum without saying so: money, and of no other use (a discount, change, points)"""

    def __post_init__(self) -> None:
        for amount in self.amounts:
            self.values[amount.value].append(amount)
            if amount.is_money and amount.role not in NO_PART:
                self.plain.add(amount.value)
            if amount.role in (*PARTS, "discount"):
                held = self.support[amount.role]
                held[amount.value] = max(held.get(amount.value, 0.0), amount.label.score if amount.label else 0.0)

    def says(self, role: str, value: int) -> float:
        """How well a label of `role` stands before `value`, 0..1."""
        return self.support[role].get(value, 0.0)

    def looks(self, role: str, value: int) -> float:
        """How much the words before `value`, readable or not, look like a label of `role`, 0..1."""
        return max((likeness(a.words, role) for a in self.values.get(value, ())), default=0.0)


def choose(amounts: Iterable[Amount], only: frozenset[int] = frozenset()) -> tuple[Split, Split | None]:
    """The best reading of the page's amounts, and the best one with another total (None: there is no other).

    `only`: the total is one of these, if there are any.
    """
    amounts = tuple(amounts)
    settlement = None if only else settle(amounts)
    if settlement and not settlement.paid:  # nothing was left to pay: there are no parts of it
        return Split(0, score=SETTLED, proofs=SETTLEMENT, reasons=(settlement.sentence,), settlement=settlement), None
    labelled = {a.value for a in amounts if a.role in ("paid", "total", "amount", "subtotal") and a.value > 0}
    shared_out = frozenset(value for value in labelled if ways_to_pay(amounts, value))
    page = _Page(tuple(a for a in amounts if a.value > 0 or a.role in PARTS), settlement, shared_out)
    best_by_total: dict[int, Split] = {}
    everything: list[Split] = []
    for total, weight in _totals(page, only):
        for split in _splits(page, total, weight):
            everything.append(split)
            kept = best_by_total.get(total)
            if kept is None or split.score > kept.score:
                best_by_total[total] = split
    ranked = sorted(best_by_total.values(), key=lambda s: (-s.score, -(s.total or 0)))
    if not ranked:
        return _nothing(amounts), None
    best = ranked[0]
    if not only and not any(a.role in _LABELLED for a in page.values[best.total or 0]):
        best = replace(nothing, score=best.score) if (nothing := _nothing(amounts)).total == 0 else best
    if any(_contradicts(best, split) for split in everything):
        best = replace(best, proofs=best.proofs | {"ambiguous"})
    return best, ranked[1] if len(ranked) > 1 else None


SETTLEMENT = frozenset({"settled", "label"})
_LABELLED = frozenset({"paid", "total", "amount", "tender", "subtotal", "received"})


def _nothing(amounts: tuple[Amount, ...]) -> Split:
    """A total of 0 where that is all that the labels of a payment say, and twice: a lone 0 may be a speck."""
    zero = sum(a.role in ("paid", "total") and a.value == 0 and a.is_money and not a.second for a in amounts) > 1
    return Split(0, proofs=frozenset({"label"}), reasons=("합계 표시 옆에 0원으로 인쇄됨",)) if zero else Split()


def _contradicts(best: Split, other: Split) -> bool:
    """Whether another reading of the same total is nearly as good and gives a part another value."""
    if other.total != best.total or other.score < best.score - 0.7:
        return False
    pairs = ((getattr(best, part), getattr(other, part)) for part in PARTS)
    return any(a is not None and b is not None and a != b for a, b in pairs)


def _totals(page: _Page, only: frozenset[int]) -> list[tuple[int, float]]:
    weights = []
    for value, places in page.values.items():
        if value <= 0 or (only and value not in only):
            continue
        each = sorted(
            (
                TOTAL_WEIGHT[a.role] * (a.label.score if a.label else 1.0) * (0.6 + 0.4 * a.confidence)
                for a in places
                if a.marked or a.label
            ),
            reverse=True,
        )
        if each:
            each[0] += SETTLED if page.settlement and value == page.settlement.paid else 0.0
            each[0] += SHARED_OUT if value in page.shared_out else 0.0
            weights.append((value, each[0] + 0.35 * sum(w for w in each[1:4] if w > 0)))
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
    for extra, gain, rule, sentence in _parts(page, total):
        yield _split(bare, extra, gain, rule, sentence)
    if settled:
        # Parts printed before the reductions make up the sum from which those were taken.
        for extra, gain, rule, sentence in _parts(page, settled.before):
            if "tenth" in rule or {"sum", "exempt"} <= rule:
                yield _split(bare, extra, gain - 0.2, rule | {"before"}, f"할인 전 {sentence}")


def _split(bare: Split, parts: dict[str, int], gain: float, rules: frozenset[str], sentence: str) -> Split:
    supply, vat, exempt, service = (parts.get(name) for name in PARTS)
    score, proofs, reasons = bare.score + gain, bare.proofs | rules, (*bare.reasons, sentence)
    return Split(bare.total, supply, vat, exempt, service, score, proofs, reasons, bare.settlement)


def _parts(page: _Page, total: int) -> Iterator[tuple[dict[str, int], float, frozenset[str], str]]:
    """Parts of `total`, the gain in score, the rules that hold, and the sentence that says so."""
    exempts = [v for v in page.support["exempt"] if 0 <= v <= total]
    services = [v for v in page.support["service_charge"] if 0 <= v < total]
    vats = [v for v in page.support["vat"] if 0 <= v < total]
    supplies = [v for v in page.support["supply"] if 0 <= v <= total]
    bases = sorted((v for v in page.values if 0 < v < total), key=lambda v: (-page.says("supply", v), v))[:MOST_PARTS]
    yield from _mixed(page, total, bases)
    for exempt in (None, *exempts):
        for service in (None, *services):
            rest = total - (exempt or 0) - (service or 0)
            apart = {k: v for k, v in (("exempt", exempt), ("service_charge", service)) if v is not None}
            bonus = sum(1.2 * page.says(k, v) for k, v in apart.items())
            for supply in bases:
                vat = rest - supply
                if vat > 0 and vat in page.values and tenth(supply, vat):
                    named = page.says("supply", supply) + page.says("vat", vat)
                    if named == 0 and not _odd(supply, vat):
                        continue  # an item of 10,000 and one of 1,000 are no supply and VAT
                    rules = {"sum", "tenth"} | ({"named"} if named >= 0.6 else set())
                    yield (
                        {"supply": supply, "vat": vat, **apart},
                        4.0 + bonus + 1.5 * named,
                        frozenset(rules),
                        "공급가액 + 부가세"
                        + (" + 면세" if exempt else "")
                        + (" + 봉사료" if service else "")
                        + " = 합계",
                    )
            for vat in vats:  # a till that rounds row by row drifts by a won an item
                supply = rest - vat
                if vat and supply in page.values and 10 < abs(10 * vat - supply) <= 10 * ROUNDED_ROWS:
                    yield (
                        {"supply": supply, "vat": vat, **apart},
                        3.2 + bonus + 1.5 * (page.says("supply", supply) + page.says("vat", vat)),
                        frozenset({"sum", "tenth", "named"}),
                        "공급가액 + 부가세 = 합계",
                    )
            if exempt and rest == 0 and not service:
                zero = {"vat": 0} if 0 in vats else {}
                zero |= {"supply": 0} if 0 in supplies else {}
                yield (
                    {**zero, **apart},
                    3.0 + bonus + 0.5 * len(zero),
                    frozenset({"sum", "exempt"}),
                    "면세 금액 = 합계",
                )
            for vat in vats:
                if vat and abs(11 * vat - rest) <= 11:
                    gain = 2.0 + bonus + 1.5 * page.says("vat", vat)
                    yield {"vat": vat, **apart}, gain, frozenset({"tenth"}), "부가세가 합계의 11분의 1"
                elif vat and vat * 11 < total:
                    yield (
                        {"vat": vat, **apart},
                        0.3 + page.says("vat", vat),
                        frozenset(),
                        "부가세 표시 옆에 인쇄됨",
                    )
                elif vat == 0:
                    yield {"vat": 0, **apart}, 0.2, frozenset(), "부가세 0원으로 인쇄됨"
                    if not apart and any(a.role in ("amount", "supply") for a in page.values[total]):
                        # A slip prints the amount, no VAT on it, and the sum, which then is the same.
                        yield {"supply": total, "vat": 0}, 0.4, frozenset(), "금액 + 부가세 0원 = 합계"
            for supply in (s for s in bases if s in supplies or s % 100):
                if supply and abs(11 * supply - 10 * rest) <= 11:
                    gain = 1.5 + bonus + 2.0 * page.says("supply", supply)
                    yield (
                        {"supply": supply, **apart},
                        gain,
                        frozenset({"tenth"}),
                        "공급가액이 합계의 11분의 10",
                    )
            for supply in supplies:
                for vat in vats:
                    if supply and vat and supply + vat == rest:
                        yield (
                            {"supply": supply, "vat": vat, **apart},
                            2.5 + bonus + page.says("supply", supply) + page.says("vat", vat),
                            frozenset({"sum"}),
                            "공급가액 + 부가세 = 합계",
                        )


def _mixed(page: _Page, total: int, bases: list[int]) -> Iterator[tuple[dict[str, int], float, frozenset[str], str]]:
    """Supply, VAT and exempt that stand under unreadable labels: three odd numbers that add up are no accident."""
    for supply in bases:
        for vat in {supply // 10, supply // 10 + 1, round(supply / 10)}:
            exempt = total - supply - vat
            if vat in page.values and exempt in page.plain and exempt > 0 and tenth(supply, vat) and exempt != supply:
                odd = _odd(supply, vat) and bool(exempt % 10)
                named = page.says("supply", supply) + page.says("vat", vat) + page.says("exempt", exempt)
                if odd or named >= 1.2:
                    yield (
                        {"supply": supply, "vat": vat, "exempt": exempt},
                        3.4 + 1.2 * named + 0.4 * (page.looks("supply", supply) + page.looks("exempt", exempt)),
                        frozenset({"sum", "tenth"} | ({"named"} if named >= 0.6 else set())),
                        "공급가액 + 부가세 + 면세 = 합계",
                    )


def _odd(supply: int, vat: int) -> bool:
    return bool(supply % 100 and vat % 100)
