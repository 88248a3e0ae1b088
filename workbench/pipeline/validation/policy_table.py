"""Rules in an Excel sheet, one a row: columns 규칙, 알릴 말, 정도, and what each rule asks for."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from workbench.domain import schema
from workbench.domain.errors import SettingsError, WrongValue
from workbench.pipeline.validation.policy import Policy, checked

HEADS = {
    "규칙": "rule",
    "알릴 말": "say",
    "정도": "severity",
    "한도": "won",
    "기간": "per",
    "용도": "purpose",
    "사람": "person",
    "낱말": "words",
    "부터": "from",
    "까지": "to",
    "예외": "except",
    "이내": "within",
}
RULES = {
    "시간": "hours",
    "요일": "days",
    "한도 바로 아래": "near_limit",
    "나눈 결제": "split",
    "적격증빙": "evidence",
    "제한 업종": "restricted",
    "한도": "limit",
    "휴가": "leave",
}
SEVERITIES = {"오류": "error", "주의": "warning", "참고": "info"}
PERIODS = {"건": "receipt", "하루": "day", "한 달": "month"}


def policy_of_rows(rows: Sequence[Sequence[Any]], name: str) -> Policy:
    """The rules in a sheet's rows, the first of which are headings; SettingsError names the row that makes no sense."""
    heads = [HEADS.get(str(cell or "").strip()) for cell in rows[0]] if rows else []
    if "rule" not in heads or "say" not in heads:
        raise SettingsError(f"{name}: 첫 줄에 {', '.join(HEADS)} 제목이 있어야 합니다.")
    told: dict[str, Any] = {"name": name}
    for number, row in enumerate(rows[1:], start=2):
        given = {key: cell for key, cell in zip(heads, row, strict=False) if key and cell not in (None, "")}
        if not given:
            continue
        kind = RULES.get(str(given.pop("rule", "")).strip())
        if kind is None:
            raise SettingsError(f"{name} {number}행: 규칙은 {', '.join(RULES)} 가운데 하나입니다.")
        try:
            told.setdefault(kind, []).append(_rule(kind, given))
        except (WrongValue, ValueError) as error:
            raise SettingsError(f"{name} {number}행: 값을 이해할 수 없습니다. {error}") from None
    if len(told) == 1:
        raise SettingsError(f"{name}: 규칙이 한 줄도 없습니다. 제목 아래에 한 줄에 하나씩 적어 주세요.")
    return checked(told, name)


def _rule(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    rule = dict(given)
    if "severity" in rule:
        rule["severity"] = SEVERITIES.get(str(rule["severity"]), str(rule["severity"]))
    if "per" in rule:
        rule["per"] = PERIODS.get(str(rule["per"]), str(rule["per"]))
    for name in ("words", "except"):
        if name in rule:
            rule[name] = [word.strip() for word in str(rule[name]).split(",") if word.strip()]
    if "won" in rule:
        rule["won"] = _won(rule["won"])
    if kind == "hours":
        rule |= {name: _clock(rule[name]) for name in ("from", "to") if name in rule}
    if kind == "split" and "won" in rule:
        rule["limit"] = rule.pop("won")
    if kind == "near_limit":
        rule["limits"] = [rule.pop("won")] if "won" in rule else []
        rule.setdefault("within", "0.04")
    if kind == "days":
        rule |= {"weekend": True, "holidays": True}
    if kind == "leave":
        rule |= {name: date.fromisoformat(str(rule[name])[:10]) for name in ("from", "to") if name in rule}
    return rule


def _won(cell: Any) -> int:
    """An amount as people write it: 30,000원, 30000.0."""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    found = int(schema.parse("total", text) or 0)
    if found <= 0:
        raise ValueError(f"한도는 30,000처럼 0보다 큰 원으로 적어 주세요: {text}")
    return found


def _clock(cell: Any) -> str:
    """A time of day as people and Excel write it: 22:00, 22시 30분, 0.9375."""
    if isinstance(cell, int | float) and 0 <= cell < 1:
        minutes = round(cell * 1440)
        return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
    found = re.fullmatch(r"(\d{1,2})\s*(?:시|:)\s*(?:(\d{1,2})\s*분?)?(?::\d{2})?", str(cell).strip())
    if found is None or int(found[1]) > 24 or int(found[2] or 0) > 59:
        raise ValueError(f"시각은 22:00처럼 적어 주세요: {cell}")
    return f"{int(found[1]) % 24:02}:{int(found[2] or 0):02}"
