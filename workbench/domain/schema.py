"""Which fields a receipt has; extraction, table, editor, suggestions, checks and exports follow this list.

A value has three faces: what a person types (`parse` reads it generously), the canonical text that records keep, and
the Python value (`value_of`): int won, datetime, str. Money is never a float.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from workbench.domain import lexicon
from workbench.domain.check_digit import is_valid
from workbench.domain.errors import WrongValue
from workbench.domain.visible import printable


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field, all that a new one takes: its name in Python, its Korean label, its kind, and how it is known.

    kind: text, number (of a business), time, won or digits. `canonical` makes a person's text canonical and raises
    WrongValue with what is expected; `printed` finds a value within a line; both are the kind's own where None.
    `labels` are printed before the value: a field without a rule of its own in `extraction` is found by them alone.
    `check` says in a Korean sentence what speaks against a canonical value, or "". `expected`: its absence is worth a
    word on any paper; `filled`: people fill it in, nothing printed is looked for. `width` is the table's column in px,
    `letters` that of a workbook.
    """

    name: str
    label: str
    kind: str
    canonical: Callable[[str], str] | None = None
    printed: re.Pattern[str] | None = None
    labels: tuple[str, ...] = ()
    check: Callable[[str], str] | None = None
    expected: bool = False
    filled: bool = False
    width: int = 96
    letters: int = 12


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", printable(text)).strip()


def _text(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", printable(text)).split())


def _won(text: str) -> str:
    bare = re.sub(r"[,\s₩￦\\원]", "", _plain(text))
    bare = re.sub(r"^[-−–△▲(]+(?=\d)", "-", bare).rstrip(")")
    # Won have no decimals: a dot before exactly three digits is a misread thousands mark, ".00" is nothing.
    bare = re.sub(r"\.(?=\d{3}(?:\D|$))", "", bare)
    bare = re.sub(r"\.0{1,2}$", "", bare)
    if not re.fullmatch(r"-?[0-9]{1,13}", bare):
        raise WrongValue(f"금액은 12,500처럼 숫자로 적어 주세요: {text!r}")
    return str(int(bare))


def _business_number(text: str) -> str:
    digits = re.sub(r"[\s\-–—.·]", "", _plain(text))
    if not re.fullmatch(r"[0-9]{10}", digits):
        raise WrongValue(f"사업자번호는 숫자 10자리로 적어 주세요 (예: 123-45-67891): {text!r}")
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"


_TIME = re.compile(
    r"(?P<y>[0-9]{4}|[0-9]{2})[\s년./-]+(?P<m>[0-9]{1,2})[\s월./-]+(?P<d>[0-9]{1,2})일?\.?(?:\([월화수목금토일]\))?"
    r"(?:[\sT]*(?P<half>오전|오후|AM|PM)?\s*(?P<H>[0-9]{1,2})[:시]\s*(?P<M>[0-9]{1,2})(?:분|:)?\s*(?:(?P<S>[0-9]{1,2})초?)?)?",
    re.IGNORECASE,
)
_COMPACT_TIME = re.compile(
    r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?:[\sT]*(?P<H>[0-9]{2}):?(?P<M>[0-9]{2})(?::?(?P<S>[0-9]{2}))?)?"
)


def _time(text: str) -> str:
    plain = _plain(text)
    match = _COMPACT_TIME.fullmatch(plain) or _TIME.fullmatch(plain)
    if match is None:
        raise WrongValue(f"날짜는 2025-10-03 또는 2025-10-03 15:26처럼 적어 주세요: {text!r}")
    part = match.groupdict()
    year = int(part["y"]) + (2000 if len(part["y"]) == 2 else 0)
    hour = int(part["H"] or 0)
    half = (part.get("half") or "").upper()
    if half in ("오후", "PM") and hour < 12:
        hour += 12
    elif half in ("오전", "AM") and hour == 12:
        hour = 0
    try:
        moment = datetime(year, int(part["m"]), int(part["d"]), hour, int(part["M"] or 0), int(part["S"] or 0))
    except ValueError:
        raise WrongValue(f"달력에 없는 날짜나 시각입니다: {text!r}") from None
    day = f"{moment.year:04d}-{moment:%m-%d}"  # strftime("%Y") does not pad years below 1000
    if part["H"] is None:
        return day
    return f"{day} {moment:%H:%M}" if part["S"] is None else f"{day} {moment:%H:%M:%S}"


def _card_number(text: str) -> str:
    plain = re.sub(r"\s", "", _plain(text))
    if not re.fullmatch(r"[0-9Xx*●•\-]{4,30}", plain):
        raise WrongValue(f"카드번호는 숫자와 *로 적어 주세요 (예: 4265-86**-****-****): {text!r}")
    return plain


def _digits(text: str) -> str:
    plain = re.sub(r"[\s\-]", "", _plain(text))
    if not re.fullmatch(r"[0-9A-Za-z]{4,30}", plain):
        raise WrongValue(f"번호는 숫자로 적어 주세요: {text!r}")
    return plain


def _currency(text: str) -> str:
    code = _plain(text).upper()
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise WrongValue(f"통화는 USD, JPY처럼 영문 세 글자로 적어 주세요: {text!r}")
    return code


def _foreign(text: str) -> str:
    bare = re.sub(r"[\s']", "", _plain(text))
    bare = re.sub(r"^[-−–△▲(]+(?=\d)", "-", bare).rstrip(")")
    comma, dot = bare.rfind(","), bare.rfind(".")
    if comma > dot and re.search(r",\d{1,2}$", bare) and bare.count(",") == 1:  # 1.234,56
        bare = bare.replace(".", "").replace(",", ".")
    bare = bare.replace(",", "")
    if not re.fullmatch(r"-?[0-9]{1,13}(\.[0-9]{1,3})?", bare):
        raise WrongValue(f"외화 금액은 22.00처럼 숫자로 적어 주세요: {text!r}")
    whole, _, cents = bare.lstrip("-").partition(".")
    sign = "-" if bare.startswith("-") and int(whole + cents) else ""
    return f"{sign}{int(whole)}.{cents}" if cents else f"{sign}{int(whole)}"


_CANONICAL = {"text": _text, "number": _business_number, "time": _time, "won": _won, "digits": _digits}
_CODE = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")
_DECIMAL = re.compile(r"-?\d{1,3}(?:[,.']\d{3})+(?:[.,]\d{1,2})?|-?\d+(?:[.,]\d{1,2})?")
_MASKED = re.compile(r"[0-9*xX●•]{4}[-\s]?[0-9*xX●•]{2,4}[-\s]?[0-9*xX●•]{2,4}[-\s]?[0-9*xX●•]{0,4}")


def _check_digit(number: str) -> str:
    return "" if is_valid(number) else f"사업자번호 {number}의 검증번호가 맞지 않습니다. 그림과 비교해 주세요."


def _labels(name: str) -> tuple[str, ...]:
    return lexicon.words(f"fields.{name}")


FIELDS: tuple[FieldSpec, ...] = (
    FieldSpec("merchant", "상호", "text", labels=_labels("merchant"), expected=True, width=122, letters=18),
    FieldSpec("business_number", "사업자번호", "number", labels=_labels("business_number"), check=_check_digit,
              expected=True, width=108, letters=13),
    FieldSpec("issued_at", "거래일시", "time", labels=_labels("issued_at"), expected=True, width=104, letters=18),
    FieldSpec("total", "합계", "won", labels=_labels("total"), expected=True, width=78, letters=11),
    FieldSpec("supply", "공급가액", "won", labels=_labels("supply"), width=84, letters=11),
    FieldSpec("vat", "부가세", "won", labels=_labels("vat"), width=76, letters=10),
    FieldSpec("exempt", "면세", "won", labels=_labels("exempt"), width=76, letters=9),
    FieldSpec("service_charge", "봉사료", "won", labels=_labels("service_charge"), width=76, letters=9),
    FieldSpec("card_issuer", "카드사", "text", labels=_labels("card_issuer"), letters=10),
    FieldSpec("card_number", "카드번호", "digits", _card_number, _MASKED, _labels("card_number"),
              width=156, letters=19),
    FieldSpec("approval_number", "승인번호", "digits", labels=_labels("approval_number"), letters=11),
    FieldSpec("card_amount", "카드결제액", "won", width=84, letters=11),
    FieldSpec("company", "회사명", "text", labels=_labels("company"), letters=18),
    FieldSpec("currency", "통화", "text", _currency, _CODE, width=60, letters=6),
    FieldSpec("foreign_total", "외화금액", "text", _foreign, _DECIMAL, width=84, letters=11),
    FieldSpec("person", "사용자", "text", filled=True, letters=10),
    FieldSpec("purpose", "용도", "text", filled=True, letters=16),
    FieldSpec("account", "계정과목", "text", filled=True, letters=12),
    FieldSpec("note", "비고", "text", filled=True, width=140, letters=24),
)  # fmt: skip
BY_NAME = {spec.name: spec for spec in FIELDS}
FILLED = tuple(spec.name for spec in FIELDS if spec.filled)
"""Fields that no paper shows."""


def spec(name: str) -> FieldSpec:
    """The field of that name; WrongValue names the fields there are."""
    try:
        return BY_NAME[name]
    except KeyError:
        raise WrongValue(f"{name!r}이라는 항목은 없습니다. 항목: {', '.join(BY_NAME)}") from None


def parse(name: str, text: str) -> str:
    """The canonical text of what a person typed; "" stays "" (the person says there is none)."""
    asked = spec(name)
    canonical = asked.canonical or _CANONICAL[asked.kind]
    return canonical(text) if text.strip() else ""


def value_of(name: str, canonical: str | None) -> str | int | datetime | None:
    """The Python value of a canonical text: int won, datetime, else the text."""
    kind = spec(name).kind
    if canonical is None or canonical == "":
        return None
    if kind == "won":
        return int(canonical)
    return datetime.fromisoformat(canonical) if kind == "time" else canonical


def render(name: str, canonical: str | None) -> str:
    """The text for a person: won with thousands marks, the rest as it is; "" for nothing."""
    if canonical is None or canonical == "":
        return ""
    return f"{int(canonical):,}" if spec(name).kind == "won" else canonical
