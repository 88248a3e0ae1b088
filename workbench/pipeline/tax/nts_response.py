"""One row of the National Tax Service's answer becomes a TaxRecord, or nothing where it makes no sense; pure."""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime

from workbench.domain.model import TaxRecord

CODES = {
    "01": "GENERAL",
    "02": "SIMPLIFIED",
    "03": "SPECIAL_LEGACY",
    "04": "EXEMPT",
    "05": "NON_PROFIT",
    "06": "NON_PROFIT",
    "07": "SIMPLIFIED_INVOICE",
}
STATUS_CODES = {"계속사업자": "01", "휴업자": "02", "폐업자": "03"}
# Order matters: 07 is a kind of 간이 too.
CLASSES = (
    ("간이.*세금계산서", "SIMPLIFIED_INVOICE"),
    ("간이", "SIMPLIFIED"),
    ("면세", "EXEMPT"),
    ("과세특례", "SPECIAL_LEGACY"),
    ("일반", "GENERAL"),
    ("비영리|고유번호|국가기관", "NON_PROFIT"),
)
NEEDED = ("b_no", "b_stt", "b_stt_cd", "tax_type", "tax_type_cd", "end_dt")
LATER = ("utcc_yn", "tax_type_change_dt", "invoice_apply_dt", "rbf_tax_type", "rbf_tax_type_cd")
"""Fields that older answers lack."""
MOST_RAW = 10_000
"""Letters of a row, which the case keeps as it came; a real one has some 400."""


def record_of(row: Mapping[str, object], number: str, asked_at: datetime, source: str) -> TaxRecord | None:
    """The record that a row tells of `number` ("123-45-67891"); None where the row is not to be trusted.

    A status, date or mark that the specification does not know makes the whole row worthless: reading it as "nothing"
    would show a closed business as open.
    """
    values = {name: row.get(name) for name in NEEDED} | {name: row.get(name, "") for name in LATER}
    text = {name: value.strip() for name, value in values.items() if isinstance(value, str)}
    if len(text) < len(values):
        return None
    raw = json.dumps(dict(row), ensure_ascii=True)  # a lone surrogate stays storable
    if len(raw) > MOST_RAW or any(unicodedata.category(c) in ("Cc", "Cf") for one in text.values() for c in one):
        return None
    if "등록되지 않은" in text["tax_type"]:
        if text["b_stt"] or text["b_stt_cd"] or text["tax_type_cd"]:
            return None
        return TaxRecord(number, "", _storable(text["tax_type"]), "NOT_REGISTERED", asked_at, source, raw=raw)
    try:
        closed_on, changed_on, invoice_from = (
            _day(text[name]) for name in ("end_dt", "tax_type_change_dt", "invoice_apply_dt")
        )
    except ValueError:
        return None
    if STATUS_CODES.get(text["b_stt"]) != text["b_stt_cd"] or text["utcc_yn"] not in ("Y", "N", ""):
        return None
    return TaxRecord(
        number=number,
        status=text["b_stt"],
        type=_storable(text["tax_type"]),
        code=classify(text["tax_type"], text["tax_type_cd"]),
        asked_at=asked_at,
        source=source,
        closed_on=closed_on,
        changed_on=changed_on,
        previous_code=previous(text["rbf_tax_type"], text["rbf_tax_type_cd"]),
        invoice_from=invoice_from,
        merged=text["utcc_yn"] == "Y",
        raw=raw,
    )


def classify(sentence: str, code: str) -> str:
    """The class of a tax type by its sentence; UNKNOWN where sentence and code do not say the same."""
    by_text = next((name for pattern, name in CLASSES if re.search(pattern, sentence)), "UNKNOWN")
    return by_text if CODES.get(code) == by_text else "UNKNOWN"


def previous(sentence: str, code: str) -> str:
    """The class before the last change; "" where the service tells of none ("해당없음")."""
    return "" if code in ("", "99") else classify(sentence, code)


def _day(text: str) -> date | None:
    if not text:
        return None
    if not re.fullmatch("[0-9]{8}", text):
        raise ValueError
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
