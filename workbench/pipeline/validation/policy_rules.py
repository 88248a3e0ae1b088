"""What each of the company's rules asks of receipts, and which of them break it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from workbench.domain.korean import DAYS
from workbench.domain.law import law
from workbench.domain.model import Receipt
from workbench.domain.money import won

if TYPE_CHECKING:
    import holidays

PROPER = frozenset({"card_slip", "tax_invoice", "cash_receipt_business", "e_receipt", "cancelled"})
"""Kinds of paper that are 적격증빙; others become so by a card's approval number."""
PERIODS: dict[str, Callable[[date], object]] = {"day": lambda day: day, "month": lambda day: (day.year, day.month)}
Facts = Callable[[str], str]
"""Of a receipt's id: the person a statement names, or all words on the paper."""


class Asked:
    """A receipt as rules see it."""

    def __init__(self, receipt: Receipt, words: Facts, person: str) -> None:
        self.receipt, self._words = receipt, words
        self.id = receipt.id
        self.total = won(receipt, "total")
        text = receipt.value("issued_at") or ""
        self.moment = datetime.fromisoformat(text) if text else None
        self.timed = len(text) > len("2026-01-01")
        self.day = self.moment.date() if self.moment else None
        self.person = receipt.value("person") or person
        self.purpose = receipt.value("purpose") or ""
        self.shop = receipt.value("business_number") or receipt.value("merchant") or ""

    def has(self, words: Sequence[str]) -> str:
        """The first of `words` that stands on the paper; "" for none."""
        paper = (self.receipt.value("merchant") or "") + "\n" + self._words(self.id)
        bare = "".join(paper.split())
        return next((word for word in words if "".join(word.split()) in bare), "")


Breach = tuple[str, dict[str, Any]]


def _hours(rule: Mapping[str, Any], asked: Sequence[Asked]) -> Iterator[Breach]:
    begin, end = time.fromisoformat(rule["from"]), time.fromisoformat(rule["to"])
    for one in asked:
        if one.moment is None or not one.timed:
            continue
        at = one.moment.time()
        inside = begin <= at < end if begin < end else at >= begin or at < end
        if inside and not one.has(rule.get("except", ())):
            yield one.id, {}


def _days(rule: Mapping[str, Any], asked: Sequence[Asked]) -> Iterator[Breach]:
    for one in asked:
        if one.day is None:
            continue
        feast = holiday(one.day) if rule.get("holidays") else ""
        if feast:
            yield one.id, {"day": f"공휴일({feast})"}
        elif rule.get("weekend") and one.day.weekday() >= 5:
            yield one.id, {"day": f"주말({DAYS[one.day.weekday()]}요일)"}


@cache
def _holidays(year: int) -> "holidays.HolidayBase":
    import holidays  # large, and few companies have such a rule

    return holidays.country_holidays("KR", years=year, language="ko")


def holiday(day: date) -> str:
    """The name of a Korean public holiday, substitute ones too; "" for any other day."""
    return str(_holidays(day.year).get(day) or "")


def _near_limit(rule: Mapping[str, Any], asked: Sequence[Asked]) -> Iterator[Breach]:
    within = Decimal(str(rule["within"]))
    for one in asked:
        limit = next((n for n in sorted(rule["limits"]) if n * (1 - within) <= one.total <= n), None)
        if limit is not None:
            yield one.id, {"limit": limit}


def _split(rule: Mapping[str, Any], asked: Sequence[Asked]) -> Iterator[Breach]:
    crowds: dict[tuple[date, str], list[Asked]] = defaultdict(list)
    for one in asked:
        if one.day and one.shop and 0 < one.total <= rule["limit"]:
            crowds[one.day, one.shop].append(one)
    for crowd in crowds.values():
        together = sum(one.total for one in crowd)
        if len(crowd) > 1 and together > rule["limit"]:
            for one in crowd:
                yield one.id, {"count": len(crowd), "sum": together, "day": one.day}


def _evidence(rule: Mapping[str, Any], asked: Sequence[Asked]) -> Iterator[Breach]:
    for one in asked:
        limit, rate = law("simple_receipt_limit", one.day).value, law("evidence_penalty", one.day).value
        proper = one.receipt.kind in PROPER or one.receipt.value("approval_number") or one.receipt.kind == "foreign"
        if one.total > limit and not proper:
            yield one.id, {"limit": limit, "penalty": int(one.total * rate)}


def _restricted(rule: Mapping[str, Any], asked: Sequence[Asked]) -> Iterator[Breach]:
    for one in asked:
        if word := one.has(rule["words"]):
            yield one.id, {"word": word}


def _limit(rule: Mapping[str, Any], asked: Sequence[Asked]) -> Iterator[Breach]:
    wanted = [
        one for one in asked
        if (not rule.get("purpose") or one.purpose == rule["purpose"])
        and (not rule.get("person") or one.person == rule["person"])
    ]  # fmt: skip
    facts = {"limit": rule["won"], "purpose": rule.get("purpose") or "건당"}
    if rule.get("per", "receipt") == "receipt":
        yield from (
            (one.id, facts | {"sum": one.total, "person": one.person}) for one in wanted if one.total > rule["won"]
        )
        return
    crowds: dict[object, list[Asked]] = defaultdict(list)
    for one in wanted:
        if one.day is not None:
            crowds[one.person, PERIODS[rule["per"]](one.day)].append(one)
    for crowd in crowds.values():
        together = sum(one.total for one in crowd)
        if together > rule["won"]:
            yield from ((one.id, facts | {"sum": together, "person": one.person}) for one in crowd)


def _leave(rule: Mapping[str, Any], asked: Sequence[Asked]) -> Iterator[Breach]:
    for one in asked:
        if one.day is not None and one.person == rule["person"] and rule["from"] <= one.day <= rule["to"]:
            yield one.id, {}


JUDGES: dict[str, Callable[[Mapping[str, Any], Sequence[Asked]], Iterator[Breach]]] = {
    "hours": _hours, "days": _days, "near_limit": _near_limit, "split": _split, "evidence": _evidence,
    "restricted": _restricted, "limit": _limit, "leave": _leave,
}  # fmt: skip
