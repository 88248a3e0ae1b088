"""The company's rules for expenses, a table that it edits (TOML or Excel), asked of all receipts of a case; pure.

Each breach is a finding in the rule's own words. Purpose and person are fields of a receipt where it has them; a person
may also be known from the statement row that the receipt belongs to.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import holidays

from workbench.domain import schema
from workbench.domain.errors import SettingsError
from workbench.domain.law import law
from workbench.domain.model import Finding, Receipt, Severity

DEFAULT = Path(__file__).with_name("policy.toml")
PROPER = frozenset({"card_slip", "tax_invoice", "cash_receipt_business", "e_receipt", "cancelled"})
"""Kinds of paper that are 적격증빙; others become so by a card's approval number."""
TAKEN_FOR_GRANTED = {
    "hours": ("from", "to", "severity", "say", "except"),
    "days": ("weekend", "holidays", "severity", "say"),
    "near_limit": ("limits", "within", "severity", "say"),
    "split": ("limit", "severity", "say"),
    "evidence": ("severity", "say"),
    "restricted": ("words", "severity", "say"),
    "limit": ("purpose", "person", "per", "won", "severity", "say"),
    "leave": ("person", "from", "to", "severity", "say"),
}
"""Every rule there is, and what can be said of it."""
PERIODS: dict[str, Callable[[date], object]] = {"day": lambda day: day, "month": lambda day: (day.year, day.month)}
Facts = Callable[[str], str]
"""Of a receipt's id: the person a statement names, or all words on the paper."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules as they were read: those that stand once, and lists of those that may stand several times."""

    name: str
    rules: Mapping[str, Any]

    def findings(
        self, receipts: Sequence[Receipt], words: Facts = lambda _: "", person: Facts = lambda _: ""
    ) -> dict[str, tuple[Finding, ...]]:
        """What the rules say of each receipt; `words` gives all text of a paper, `person` who a statement names."""
        asked = [
            _Asked(receipt, words, person(receipt.id))
            for receipt in receipts
            if receipt.status not in ("waiting", "failed") and receipt.kind != "not_receipt"
        ]
        found: dict[str, list[Finding]] = defaultdict(list)
        for name, judge in _JUDGES.items():
            given = self.rules.get(name)
            for rule in given if isinstance(given, list) else [given] if given else []:
                for receipt_id, facts in judge(rule, asked):
                    message = _said(str(rule["say"]), _Shown({**rule, **facts}))
                    severity: Severity = rule.get("severity", "warning")
                    found[receipt_id].append(Finding(severity, message, (), f"policy-{name.replace('_', '-')}"))
        return {receipt_id: tuple(said) for receipt_id, said in found.items()}


def _said(sentence: str, shown: "_Shown") -> str:
    """The sentence with each {word} filled in; no form of Python's beside, which could ask for a thousand million."""
    return re.sub(r"\{(\w+)\}", lambda found: str(shown[found[1]]), sentence)


class _Shown(dict[str, Any]):
    """Facts as a sentence shows them: won with thousands marks; a word that nobody knows stays as it is."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        super().__init__(
            {k: f"{v:,}" if isinstance(v, int) and not isinstance(v, bool) else v for k, v in facts.items()}
        )

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


class _Asked:
    """A receipt as rules see it."""

    def __init__(self, receipt: Receipt, words: Facts, person: str) -> None:
        self.receipt, self._words = receipt, words
        self.id = receipt.id
        total = schema.value_of("total", receipt.value("total"))
        self.total = total if isinstance(total, int) else 0
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


def _hours(rule: Mapping[str, Any], asked: Sequence[_Asked]) -> Iterator[Breach]:
    begin, end = time.fromisoformat(rule["from"]), time.fromisoformat(rule["to"])
    for one in asked:
        if one.moment is None or not one.timed:
            continue
        at = one.moment.time()
        inside = begin <= at < end if begin < end else at >= begin or at < end
        if inside and not one.has(rule.get("except", ())):
            yield one.id, {}


def _days(rule: Mapping[str, Any], asked: Sequence[_Asked]) -> Iterator[Breach]:
    for one in asked:
        if one.day is None:
            continue
        feast = holiday(one.day) if rule.get("holidays") else ""
        if feast:
            yield one.id, {"day": f"공휴일({feast})"}
        elif rule.get("weekend") and one.day.weekday() >= 5:
            yield one.id, {"day": f"주말({'월화수목금토일'[one.day.weekday()]}요일)"}


@cache
def _holidays(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("KR", years=year, language="ko")


def holiday(day: date) -> str:
    """The name of a Korean public holiday, substitute ones too; "" for any other day."""
    return str(_holidays(day.year).get(day) or "")


def _near_limit(rule: Mapping[str, Any], asked: Sequence[_Asked]) -> Iterator[Breach]:
    within = Decimal(str(rule["within"]))
    for one in asked:
        limit = next((n for n in sorted(rule["limits"]) if n * (1 - within) <= one.total <= n), None)
        if limit is not None:
            yield one.id, {"limit": limit}


def _split(rule: Mapping[str, Any], asked: Sequence[_Asked]) -> Iterator[Breach]:
    crowds: dict[tuple[date, str], list[_Asked]] = defaultdict(list)
    for one in asked:
        if one.day and one.shop and 0 < one.total <= rule["limit"]:
            crowds[one.day, one.shop].append(one)
    for crowd in crowds.values():
        together = sum(one.total for one in crowd)
        if len(crowd) > 1 and together > rule["limit"]:
            for one in crowd:
                yield one.id, {"count": len(crowd), "sum": together, "day": one.day}


def _evidence(rule: Mapping[str, Any], asked: Sequence[_Asked]) -> Iterator[Breach]:
    for one in asked:
        limit, rate = law("simple_receipt_limit", one.day).value, law("evidence_penalty", one.day).value
        proper = one.receipt.kind in PROPER or one.receipt.value("approval_number") or one.receipt.kind == "foreign"
        if one.total > limit and not proper:
            yield one.id, {"limit": limit, "penalty": int(one.total * rate)}


def _restricted(rule: Mapping[str, Any], asked: Sequence[_Asked]) -> Iterator[Breach]:
    for one in asked:
        if word := one.has(rule["words"]):
            yield one.id, {"word": word}


def _limit(rule: Mapping[str, Any], asked: Sequence[_Asked]) -> Iterator[Breach]:
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
    crowds: dict[object, list[_Asked]] = defaultdict(list)
    for one in wanted:
        if one.day is not None:
            crowds[one.person, PERIODS[rule["per"]](one.day)].append(one)
    for crowd in crowds.values():
        together = sum(one.total for one in crowd)
        if together > rule["won"]:
            yield from ((one.id, facts | {"sum": together, "person": one.person}) for one in crowd)


def _leave(rule: Mapping[str, Any], asked: Sequence[_Asked]) -> Iterator[Breach]:
    for one in asked:
        if one.day is not None and one.person == rule["person"] and rule["from"] <= one.day <= rule["to"]:
            yield one.id, {}


_JUDGES: dict[str, Callable[[Mapping[str, Any], Sequence[_Asked]], Iterator[Breach]]] = {
    "hours": _hours, "days": _days, "near_limit": _near_limit, "split": _split, "evidence": _evidence,
    "restricted": _restricted, "limit": _limit, "leave": _leave,
}  # fmt: skip


def read_policy(text: str, name: str = "policy.toml") -> Policy:
    """The rules in a TOML text; SettingsError says, in words, which rule makes no sense."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{name} 파일을 읽을 수 없습니다: {error}") from None
    return checked(told, name)


def checked(told: Mapping[str, Any], name: str) -> Policy:
    """Rules as tables, checked by asking them of a receipt; SettingsError names the rule that cannot be understood."""
    for rule, given in told.items():
        if rule == "name":
            continue
        if rule not in TAKEN_FOR_GRANTED:
            raise SettingsError(f"{name}: {rule!r}이라는 규칙은 없습니다. 규칙: {', '.join(TAKEN_FOR_GRANTED)}")
        for one in given if isinstance(given, list) else [given]:
            _check(rule, one, name)
    return Policy(str(told.get("name", name)), {rule: given for rule, given in told.items() if rule != "name"})


def _check(rule: str, one: Any, name: str) -> None:
    where = f"{name}의 [{rule}]"
    if not isinstance(one, dict) or not one.get("say"):
        raise SettingsError(f"{where}: 알릴 말(say)이 없습니다.")
    if unknown := [key for key in one if key not in TAKEN_FOR_GRANTED[rule]]:
        raise SettingsError(f"{where}: {unknown[0]!r}은(는) 쓸 수 없습니다. {', '.join(TAKEN_FOR_GRANTED[rule])}")
    if one.get("severity", "warning") not in ("error", "warning", "info"):
        raise SettingsError(f"{where}: severity는 error, warning, info 가운데 하나입니다.")
    if rule == "limit" and one.get("per", "receipt") not in ("receipt", *PERIODS):
        raise SettingsError(f"{where}: per는 receipt, day, month 가운데 하나입니다.")
    probe = _Asked(_PROBE, lambda _: "", "")
    try:
        list(_JUDGES[rule](one, [probe, probe]))
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise SettingsError(f"{where}: 값을 이해할 수 없습니다 ({error}).") from None


def _probe() -> Receipt:
    from workbench.domain.model import Field

    fields = (Field("total", "10000"), Field("issued_at", "2026-10-05 12:00"), Field("merchant", "견본"))
    return Receipt("probe", "probe", "", 1, 1, "read", "receipt", fields=fields)


_PROBE = _probe()


def default_policy() -> Policy:
    """The rules that come with the program."""
    return read_policy(DEFAULT.read_text("utf-8"), DEFAULT.name)
