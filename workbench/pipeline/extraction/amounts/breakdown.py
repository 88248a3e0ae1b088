"""Every way to break a total down into supply, VAT, exempt and service charge that the page's amounts support."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from workbench.domain.vat import tenth
from workbench.pipeline.extraction.amounts.printed import Amount

PARTS = ("supply", "vat", "exempt", "service_charge")
NO_PART = frozenset({"discount", "change", "other", "cancelled", "rest", "added", "points", "prepaid"})
"""Labels whose amount is no exempt sum, however well it would add up."""

ROUNDED_ROWS = 4
"""Items whose VAT may have been rounded one by one: so many won may supply and VAT be apart from a tenth."""

MOST_PARTS = 30
APART = (("exempt", "면세"), ("service_charge", "봉사료"))


@dataclass(slots=True)
class Amounts:
    """What the search asks again and again: the page's amounts by value and by role."""

    amounts: tuple[Amount, ...]
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


Parts = tuple[dict[str, int], float, frozenset[str], str]
"""Parts of a total, the gain in score, the rules that hold, and the sentence that says so."""


def breakdowns(page: Amounts, total: int) -> Iterator[Parts]:
    """Every way to break `total` down."""
    bases = sorted((v for v in page.values if 0 < v < total), key=lambda v: (-page.says("supply", v), v))[:MOST_PARTS]
    yield from _mixed(page, total, bases)
    exempts = [v for v in page.support["exempt"] if 0 <= v <= total]
    services = [v for v in page.support["service_charge"] if 0 <= v < total]
    for exempt in (None, *exempts):
        for service in (None, *services):
            apart = {k: v for k, v in (("exempt", exempt), ("service_charge", service)) if v is not None}
            rest = _Rest(page, total, apart, bases)
            yield from rest.both()
            yield from rest.exempt_alone()
            yield from rest.vat_alone()
            yield from rest.supply_alone()


@dataclass(slots=True)
class _Rest:
    """What is left of a total for supply and VAT once the parts that stand `apart` (exempt, service) are taken off."""

    page: Amounts
    total: int
    apart: dict[str, int]
    bases: list[int]
    value: int = 0
    bonus: float = 0.0
    vats: list[int] = field(default_factory=list)
    supplies: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.value = self.total - sum(self.apart.values())
        self.bonus = sum(1.2 * self.page.says(k, v) for k, v in self.apart.items())
        self.vats = [v for v in self.page.support["vat"] if 0 <= v < self.total]
        self.supplies = [v for v in self.page.support["supply"] if 0 <= v <= self.total]

    def said(self, supply: int, vat: int) -> float:
        return self.page.says("supply", supply) + self.page.says("vat", vat)

    def both(self) -> Iterator[Parts]:
        """Supply and VAT as its tenth, which make up what is left."""
        extra = (" + 면세" if self.apart.get("exempt") else "") + (
            " + 봉사료" if self.apart.get("service_charge") else ""
        )
        for supply in self.bases:
            vat = self.value - supply
            taxed = (supply, supply + self.apart.get("service_charge", 0))  # hotels tax their service, too
            if vat <= 0 or vat not in self.page.values or not any(tenth(base, vat) for base in taxed):
                continue
            named = self.said(supply, vat)
            if named == 0 and not _odd(supply, vat):
                continue  # an item of 10,000 and one of 1,000 are no supply and VAT
            rules = frozenset({"sum", "tenth"} | ({"named"} if named >= 0.6 else set()))
            gain = 4.0 + self.bonus + 1.5 * named
            yield {"supply": supply, "vat": vat, **self.apart}, gain, rules, f"공급가액 + 부가세{extra} = 합계"
        for vat in self.vats:  # a till that rounds row by row drifts by a won an item
            supply = self.value - vat
            if vat and supply in self.page.values and not tenth(supply, vat) and tenth(supply, vat, ROUNDED_ROWS):
                gain, rules = 3.2 + self.bonus + 1.5 * self.said(supply, vat), frozenset({"sum", "tenth", "named"})
                yield {"supply": supply, "vat": vat, **self.apart}, gain, rules, "공급가액 + 부가세 = 합계"

    def exempt_alone(self) -> Iterator[Parts]:
        """All of it is exempt."""
        if self.apart.get("exempt") and self.value == 0 and not self.apart.get("service_charge"):
            zero = {"vat": 0} if 0 in self.vats else {}
            zero |= {"supply": 0} if 0 in self.supplies else {}
            gain = 3.0 + self.bonus + 0.5 * len(zero)
            yield {**zero, **self.apart}, gain, frozenset({"sum", "exempt"}), "면세 금액 = 합계"

    def vat_alone(self) -> Iterator[Parts]:
        """VAT is printed and supply is not."""
        for vat in self.vats:
            if vat and abs(11 * vat - self.value) <= 11:
                gain = 2.0 + self.bonus + 1.5 * self.page.says("vat", vat)
                yield {"vat": vat, **self.apart}, gain, frozenset({"tenth"}), "부가세가 합계의 11분의 1"
            elif vat and vat * 11 < self.total:
                gain = 0.3 + self.page.says("vat", vat)
                yield {"vat": vat, **self.apart}, gain, frozenset(), "부가세 표시 옆에 인쇄됨"
            elif vat == 0:
                yield {"vat": 0, **self.apart}, 0.2, frozenset(), "부가세 0원으로 인쇄됨"
                if not self.apart and any(a.role in ("amount", "supply") for a in self.page.values[self.total]):
                    # A slip prints the amount, no VAT on it, and the sum, which then is the same.
                    yield {"supply": self.total, "vat": 0}, 0.4, frozenset({"untaxed"}), "금액 + 부가세 0원 = 합계"

    def supply_alone(self) -> Iterator[Parts]:
        """Supply is printed and VAT is not."""
        for supply in (s for s in self.bases if s in self.supplies or s % 100):
            if abs(11 * supply - 10 * self.value) <= 11:
                gain = 1.5 + self.bonus + 2.0 * self.page.says("supply", supply)
                yield {"supply": supply, **self.apart}, gain, frozenset({"tenth"}), "공급가액이 합계의 11분의 10"


def _mixed(page: Amounts, total: int, bases: list[int]) -> Iterator[Parts]:
    """Supply, VAT and exempt that stand under unreadable labels: three odd numbers that add up are no accident."""
    for supply in bases:
        for vat in {supply // 10, supply // 10 + 1, round(supply / 10)}:
            exempt = total - supply - vat
            if vat not in page.values or exempt <= 0 or exempt not in page.plain or exempt == supply:
                continue
            named = page.says("supply", supply) + page.says("vat", vat) + page.says("exempt", exempt)
            if tenth(supply, vat) and ((_odd(supply, vat) and exempt % 10) or named >= 1.2):
                gain = 3.4 + 1.2 * named
                rules = frozenset({"sum", "tenth"} | ({"named"} if named >= 0.6 else set()))
                parts = {"supply": supply, "vat": vat, "exempt": exempt}
                yield parts, gain, rules, "공급가액 + 부가세 + 면세 = 합계"


def _odd(supply: int, vat: int) -> bool:
    return bool(supply % 100 and vat % 100)
