"""Which printed amounts are total, supply, VAT, exempt and service charge: one joint choice.

A label may be bent, and an amount may stand alone; but supply + VAT + exempt + service charge = total, and VAT is a
tenth of supply. The choice is the assignment that labels and arithmetic together support best (see `choose`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from workbench.domain.vat import tenth
from workbench.pipeline.extraction.amounts.printed import Amount
from workbench.pipeline.extraction.labels import likeness

TOTAL_WEIGHT = {
    "paid": 3.0, "total": 2.6, "amount": 1.6, "tender": 1.5, "subtotal": 1.0, "received": 0.7, "": 0.3,
    "supply": 0.1, "discount": -2.0, "change": -2.0, "vat": -2.0, "other": -0.6, "exempt": 0.4, "service_charge": -1.0,
}  # fmt: skip
"""How much a label speaks for its amount being the total of the sale."""

PARTS = ("supply", "vat", "exempt", "service_charge")
NO_PART = frozenset({"discount", "change", "other"})
"""Labels whose amount is no exempt sum, however well it would add up."""

MOST_ROWS_OFF = 6
"""Rows from a sum over its discounts to the payment."""

ROUNDED_ROWS = 4
"""Items whose VAT may have been rounded one by one: so many won may supply and VAT be apart from a tenth."""

MOST_TOTALS = 14
MOST_PARTS = 30


@dataclass(frozen=True, slots=True)
class Split:
    """One reading of the amounts: won or None where not printed, `score` to compare, and which rules agree."""

    total: int | None = None
    supply: int | None = None
    vat: int | None = None
    exempt: int | None = None
    service_charge: int | None = None
    score: float = 0.0
    proofs: frozenset[str] = frozenset()
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class _Page:
    """What the search asks again and again: amounts by value and by role."""

    amounts: tuple[Amount, ...]
    discounts: tuple[Amount, ...] = ()
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


def choose(amounts: Iterable[Amount]) -> tuple[Split, Split | None]:
    """The best reading of the page's amounts, and the best one with another total (None: there is no other)."""
    amounts = tuple(amounts)
    off = tuple(a for a in amounts if a.role == "discount" and a.value)
    page = _Page(tuple(a for a in amounts if a.value > 0 or a.role in PARTS), off)
    discounts = sorted({abs(a.value) for a in off})
    best_by_total: dict[int, Split] = {}
    everything: list[Split] = []
    for total, weight in _totals(page):
        for split in _splits(page, total, weight, discounts):
            everything.append(split)
            kept = best_by_total.get(total)
            if kept is None or split.score > kept.score:
                best_by_total[total] = split
    ranked = sorted(best_by_total.values(), key=lambda s: (-s.score, -(s.total or 0)))
    if not ranked:
        return Split(), None
    best = ranked[0]
    if any(_contradicts(best, split) for split in everything):
        best = replace(best, proofs=best.proofs | {"ambiguous"})
    return best, ranked[1] if len(ranked) > 1 else None


def _contradicts(best: Split, other: Split) -> bool:
    """Whether another reading of the same total is nearly as good and gives a part another value."""
    if other.total != best.total or other.score < best.score - 0.7:
        return False
    pairs = ((getattr(best, part), getattr(other, part)) for part in PARTS)
    return any(a is not None and b is not None and a != b for a, b in pairs)


def _totals(page: _Page) -> list[tuple[int, float]]:
    weights = []
    for value, places in page.values.items():
        if value <= 0:
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
            weights.append((value, each[0] + 0.35 * sum(w for w in each[1:4] if w > 0)))
    weights.sort(key=lambda pair: (-pair[1], -pair[0]))
    return weights[:MOST_TOTALS]


def _splits(page: _Page, total: int, weight: float, discounts: list[int]) -> Iterator[Split]:
    """Every way to break `total` down that the page supports, the bare total among them."""
    base, proofs, reasons = weight, set(), []
    kinds = {
        a.role for a in page.values[total] if a.role in ("paid", "total", "amount", "tender", "subtotal", "received")
    }
    # 금액 alone may stand before the net amount too (VAN slips): no proof of a total.
    if kinds & {"paid", "total"} or ("amount" in kinds and len(page.values[total]) > 1):
        proofs.add("label")
        reasons.append("합계 표시 옆에 인쇄됨")
    if len(page.values[total]) > 1:
        proofs.add("repeated")
        reasons.append(f"같은 금액이 {len(page.values[total])}곳에 있음")
    cuts = {sum(discounts), *discounts} - {0}
    undiscounted = [larger for larger in page.values if larger - total in cuts]
    if undiscounted:
        base += 1.2
        proofs.add("discount")
        reasons.append("할인 전 금액 - 할인 = 합계")
    common = frozenset(proofs)
    yield Split(total, score=base, proofs=common, reasons=tuple(reasons))
    for extra, gain, rule, sentence in _parts(page, total):
        yield _split(total, extra, base + gain, common | rule, (*reasons, sentence))
    if "paid" in kinds:
        yield from _before_discount(page, total, undiscounted, Split(total, score=base, proofs=common))


def _split(total: int, parts: dict[str, int], score: float, proofs: frozenset[str], reasons: tuple[str, ...]) -> Split:
    supply, vat, exempt, service = (parts.get(name) for name in PARTS)
    return Split(total, supply, vat, exempt, service, score, proofs, reasons)


def _before_discount(page: _Page, total: int, undiscounted: list[int], bare: Split) -> Iterator[Split]:
    """Parts printed before a discount at the till: they make up the sum from which it was taken."""
    for larger in undiscounted:
        if not _taken_off(page, larger, total):
            continue
        for extra, gain, rule, sentence in _parts(page, larger):
            if {"sum", "tenth"} <= rule:
                reasons = (f"할인 전 {sentence}", "할인 전 합계 - 할인 = 결제금액")
                yield _split(total, extra, bare.score + gain - 0.2, bare.proofs | rule | {"before"}, reasons)


def _taken_off(page: _Page, larger: int, total: int) -> bool:
    """Whether sum, discount and payment stand below each other; what is paid in two ways adds up to the sum as well."""
    if any(a.role in ("tender", "paid", "amount") for a in page.values.get(larger - total, ())):
        return False
    # A coupon without a minus may be one of the ways to pay.
    off = [a for a in page.discounts if abs(a.value) == larger - total and (a.value < 0 or "쿠폰" not in a.words)]
    sums = [a.row for a in page.values[larger] if a.role == "total"]
    paid = [a.row for a in page.values[total] if a.role == "paid"]
    return any(
        top <= a.row <= bottom <= top + MOST_ROWS_OFF and not any(top < b.row < a.row for b in page.values[total])
        for a in off
        for top in sums
        for bottom in paid
    )


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
