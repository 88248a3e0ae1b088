"""Every way to break a total down into supply, VAT, exempt and service charge that the page's amounts support."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from workbench.domain.vat import tenth
from workbench.pipeline.extraction.amounts.printed import Amount

PARTS = ("supply", "vat", "exempt", "service_charge")

ROUNDED_ROWS = 4
"""Items whose VAT may have been rounded one by one: so many won may supply and VAT be apart from a tenth."""

NO_PART = frozenset({"discount", "change", "other", "cancelled", "rest", "added", "points", "prepaid"})
"""Labels whose amount is no exempt sum, however well it would add up."""

MOST_PARTS = 30


@dataclass(slots=True)
class Amounts:
    """What the search asks again and again: the page's amounts by value and by role."""

    amounts: tuple[Amount, ...]
    support: dict[str, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    values: dict[int, list[Amount]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for amount in self.amounts:
            self.values[amount.value].append(amount)
            held = self.support[amount.role]
            held[amount.value] = max(held.get(amount.value, 0), amount.label.score if amount.label else 0)

    def says(self, role: str, value: int) -> float:
        """How well a label of `role` stands before `value`, 0..1."""
        return self.support[role].get(value, 0)


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts of a total in won, the gain in score, the rules that hold, and the sentence that says so."""

    parts: dict[str, int]
    gain: float
    rules: frozenset[str]
    sentence: str


def breakdowns(page: Amounts, total: int) -> Iterator[Parts]:
    """Every way to break `total` down."""
    exempts = {*page.support["exempt"], *_rests(page, total)}
    for exempt in (None, *(v for v in exempts if 0 <= v <= total)):
        for service in (None, *(v for v in page.support["service_charge"] if 0 <= v < total)):
            apart = {k: v for k, v in (("exempt", exempt), ("service_charge", service)) if v is not None}
            rest = total - sum(apart.values())
            yield from _both(page, rest, apart)
            yield from _one(page, rest, apart)


def _rests(page: Amounts, total: int) -> set[int]:
    """What supply and VAT under clear labels leave of the total, if it is printed: exempt, whatever it is called."""
    pairs = ((s, v) for s in page.support["supply"] for v in page.support["vat"] if tenth(s, v))
    rests = {total - s - v for s, v in pairs if page.says("supply", s) + page.says("vat", v) > 1}
    return {rest for rest in rests if any(a.role not in NO_PART for a in page.values.get(rest, ()))}


def _both(page: Amounts, rest: int, apart: dict[str, int]) -> Iterator[Parts]:
    """Supply and VAT as its tenth, which make up what the parts that stand apart leave."""
    extra = "".join(
        f" + {word}" for part, word in (("exempt", "면세"), ("service_charge", "봉사료")) if apart.get(part)
    )
    bases = sorted((v for v in page.values if 0 < v < rest), key=lambda v: (-page.says("supply", v), v))
    for supply in bases[:MOST_PARTS]:
        vat = rest - supply
        if vat not in page.values:
            continue
        named = page.says("supply", supply) + page.says("vat", vat)
        taxed = (supply, supply + apart.get("service_charge", 0))  # hotels tax their service, too
        exact = any(tenth(base, vat) for base in taxed)
        # An item of 10,000 and one of 1,000 are no supply and VAT; a till that rounds row by row drifts by a won each.
        if (exact and (named or supply % 100)) or (page.says("vat", vat) and tenth(supply, vat, ROUNDED_ROWS)):
            rules = frozenset({"sum", "tenth", *(["named"] if named else [])})
            gain = 6 + exact + bool(named) + 3 * named + 2 * sum(page.says(k, v) for k, v in apart.items())
            yield Parts({"supply": supply, "vat": vat, **apart}, gain, rules, f"공급가액 + 부가세{extra} = 합계")


def _one(page: Amounts, rest: int, apart: dict[str, int]) -> Iterator[Parts]:
    """All that is left is exempt, or only one of supply and VAT is printed."""
    bonus = 2 * sum(page.says(k, v) for k, v in apart.items())
    if apart.get("exempt") and rest == 0:
        zeros = {name: 0 for name in ("supply", "vat") if 0 in page.support[name]}
        yield Parts({**zeros, **apart}, 6 + bonus + len(zeros), frozenset({"sum", "exempt"}), "면세 금액 = 합계")
    for vat in (v for v in page.support["vat"] if 0 <= v < rest):
        if not vat:
            yield Parts({"vat": 0, **apart}, 1, frozenset(), "부가세 0원으로 인쇄됨")
            if not apart and any(a.role in ("amount", "supply") for a in page.values[rest]):
                # A slip prints the amount, no VAT on it, and the sum, which then is the same.
                yield Parts({"supply": rest, "vat": 0}, 2, frozenset({"untaxed"}), "금액 + 부가세 0원 = 합계")
        elif abs(11 * vat - rest) <= 11:
            gain = 4 + bonus + 3 * page.says("vat", vat)
            yield Parts({"vat": vat, **apart}, gain, frozenset({"tenth"}), "부가세가 합계의 11분의 1")
        elif vat * 11 < rest:
            yield Parts({"vat": vat, **apart}, 2 * page.says("vat", vat), frozenset(), "부가세 표시 옆에 인쇄됨")
    for supply in (v for v in page.values if 0 < v < rest and (page.says("supply", v) or v % 100)):
        if abs(11 * supply - 10 * rest) <= 11:
            gain = 3 + bonus + 4 * page.says("supply", supply)
            yield Parts({"supply": supply, **apart}, gain, frozenset({"tenth"}), "공급가액이 합계의 11분의 10")
