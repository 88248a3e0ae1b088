"""The company's rules for expenses, a table that it edits (TOML or Excel), asked of all receipts of a case; pure.

Each breach is a finding in the rule's own words. Purpose and person are fields of a receipt where it has them; a person
may also be known from the statement row that the receipt belongs to.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import InvalidOperation
from pathlib import Path
from typing import Any

from workbench.domain.errors import SettingsError
from workbench.domain.model import Finding, Receipt, Severity
from workbench.pipeline.validation.policy_rules import JUDGES, PERIODS, Asked, Facts

DEFAULT = Path(__file__).with_name("policy.toml")
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
            Asked(receipt, words, person(receipt.id))
            for receipt in receipts
            if receipt.status not in ("waiting", "failed") and receipt.kind != "not_receipt"
        ]
        found: dict[str, list[Finding]] = defaultdict(list)
        for name, judge in JUDGES.items():
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
    probe = Asked(_PROBE, lambda _: "", "")
    try:
        list(JUDGES[rule](one, [probe, probe]))
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
