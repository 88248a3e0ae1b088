"""A tax record becomes what the merchant was on the day of the receipt; pure.

The service answers as of the call and tells one earlier type at most, so a record is rewound only as far as it reaches.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from workbench.domain.korean import KST
from workbench.domain.model import Receipt, TaxFailure, TaxRecord
from workbench.domain.schema import value_of

State = Literal["open", "closed", "merged", "suspended", "unregistered", "unclear"]

CLASS_NAMES = {
    "GENERAL": "일반과세자",
    "SIMPLIFIED": "간이과세자",
    "SIMPLIFIED_INVOICE": "간이과세자(세금계산서 발급)",
    "SPECIAL_LEGACY": "과세특례자",
    "EXEMPT": "면세사업자",
    "NON_PROFIT": "비영리·고유번호",
    "NOT_REGISTERED": "미등록",
    "UNKNOWN": "유형 확인 필요",
}
FAILURE_NAMES = {
    "no-key": "인증키 없음",
    "wrong-key": "인증키 오류",
    "quota": "조회 한도 초과",
    "no-network": "연결 안 됨",
    "service-down": "서비스 장애",
    "bad-answer": "답 이상",
    "not-asked": "번호 오류로 조회 안 함",
}
INVOICE_REFORM = date(2021, 7, 1)
"""Before this day no 간이과세자 issued tax invoices (부가가치세법 개정)."""
MOCK = "모의"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a merchant was on a day: class code (see `TaxRecord.code`), state, a Korean clause on how we know."""

    code: str
    state: State
    note: str = ""


def as_of(record: TaxRecord, day: date | None) -> Standing:
    """The merchant's standing on `day`, rewound from today's answer; without a day today's class, state "unclear"."""
    if record.code == "NOT_REGISTERED":
        return Standing("NOT_REGISTERED", "unregistered", "국세청에 등록되지 않은 번호입니다")
    if day is None:
        return Standing(_known(record.code), "unclear", "거래일을 알 수 없어 조회일 현재의 유형만 압니다")
    code, note = _class_on(record, day)
    if record.closed_on is not None and day > record.closed_on:
        if record.merged:
            return Standing(code, "merged", f"{record.closed_on}에 사업자단위과세로 전환되며 폐업한 번호입니다")
        if record.status == "폐업자":
            return Standing(code, "closed", f"{record.closed_on}에 폐업한 사업자입니다")
        return Standing(code, "unclear", f"폐업일({record.closed_on})이 있으나 상태는 {record.status}입니다")
    if day > record.asked_at.astimezone(KST).date():
        return Standing(code, "unclear", "거래일이 조회일보다 뒤라 그날의 상태를 알 수 없습니다")
    if record.status == "폐업자" and record.closed_on is None:
        return Standing(code, "unclear", "폐업한 사업자이나 폐업일을 알 수 없습니다")
    if record.status == "휴업자":
        return Standing(code, "suspended", "휴업 중인 사업자이며 언제부터인지는 국세청이 알려 주지 않습니다")
    if record.closed_on is not None:
        note = "; ".join(filter(None, (f"폐업일({record.closed_on}) 이전의 거래입니다", note)))
    return Standing(code, "open", note)


def _class_on(record: TaxRecord, day: date) -> tuple[str, str]:
    code, note = _known(record.code), ""
    if record.changed_on is not None and day < record.changed_on:
        code = _known(record.previous_code)
        before = "알려지지 않은 유형" if code == "UNKNOWN" else CLASS_NAMES[code]
        note = f"{record.changed_on}에 과세유형이 바뀌었고 그 전에는 {before}입니다"
    if code == "SIMPLIFIED_INVOICE":
        start = max(INVOICE_REFORM, record.invoice_from or INVOICE_REFORM)
        if day < start:
            return "SIMPLIFIED", f"세금계산서 발급 적용일({start}) 이전이라 일반 간이과세자로 봅니다"
        if record.invoice_from is None:
            note = note or "세금계산서 발급 적용일이 없어 조회일 현재의 유형으로 봅니다"
    elif code == "SIMPLIFIED" and code == record.code and record.invoice_from and day >= record.invoice_from:
        return (
            "UNKNOWN",
            f"간이과세자이나 세금계산서 적용일({record.invoice_from})이 있어 유형이 분명하지 않습니다",
        )
    return code, note


def _known(code: str) -> str:
    return code if code in CLASS_NAMES else "UNKNOWN"


def answer_for(receipt: Receipt) -> TaxRecord | TaxFailure | None:
    """The answer that belongs to the receipt's number as it stands now; one to a number since corrected is none."""
    number = receipt.value("business_number")
    return receipt.tax if receipt.tax is not None and number is not None and receipt.tax.number == number else None


def day_of(receipt: Receipt) -> date | None:
    """The day of purchase; None where it was not read."""
    try:
        moment = value_of("issued_at", receipt.value("issued_at"))
    except ValueError:
        return None
    return moment.date() if isinstance(moment, datetime) else None


def tax_label(receipt: Receipt) -> str:
    """The class on the receipt's day for tables and exports; "" where nothing was asked yet.

    "(모의)" marks every answer of a stand-in, "(조회일 기준)" one that could not be rewound for want of a date.
    """
    answer = answer_for(receipt)
    if answer is None:
        return ""
    if isinstance(answer, TaxFailure):
        return f"조회 실패({FAILURE_NAMES.get(answer.code, '알 수 없는 까닭')})"
    day = day_of(receipt)
    standing = as_of(answer, day)
    undated = "(조회일 기준)" if day is None and standing.state == "unclear" else ""
    return f"{CLASS_NAMES[standing.code]}{undated}{_mock_mark(answer)}"


def tax_status(receipt: Receipt) -> str:
    """The status as answered: 계속사업자, 휴업자, 폐업자, 미등록, or why there is none; "" where nothing was asked."""
    answer = answer_for(receipt)
    if answer is None:
        return ""
    if isinstance(answer, TaxFailure):
        return f"조회 실패: {FAILURE_NAMES.get(answer.code, '알 수 없는 까닭')}"
    return f"{answer.status or '미등록'}{_mock_mark(answer)}"


def _mock_mark(record: TaxRecord) -> str:
    return "" if record.source == "nts" else f"({MOCK})"


def asked_text(record: TaxRecord) -> str:
    """When and whom we asked, for a sentence: "2026-11-22 17:30 조회", Korean time."""
    return f"{record.asked_at.astimezone(KST):%Y-%m-%d %H:%M} {MOCK + ' ' if record.source != 'nts' else ''}조회"
