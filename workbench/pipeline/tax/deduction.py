"""A merchant's standing on the day becomes a candidate for input VAT and findings, each with its reason; pure.

Rules: 부가가치세법 §26, §38, §39, §46③ and 시행령 §88. The workbench sorts, a person decides: labels are candidates,
whatever is not known for sure asks for a look, and no answer never means yes.
"""

from workbench.domain.model import Finding, Receipt, Severity, TaxFailure, TaxRecord
from workbench.domain.schema import value_of
from workbench.pipeline.tax.purpose_hints import purpose_hint, trade_hint
from workbench.pipeline.tax.status_on import (
    CLASS_NAMES,
    Standing,
    answer_for,
    as_of,
    asked_text,
    day_of,
    tax_label,
    tax_status,
)

__all__ = ["CANDIDATE", "LOOK", "NO_CANDIDATE", "as_of", "deduction", "tax_findings", "tax_label", "tax_status"]

CANDIDATE = "공제 후보"
NO_CANDIDATE = "불공제 후보"
LOOK = "확인 필요"

NEVER = {
    "taxi": "택시 요금(여객운송)은 영수증으로 공제되지 않습니다(부가가치세법 시행령 §88⑤)",
    "transport": "승차권·항공권(여객운송)은 영수증으로 공제되지 않습니다(부가가치세법 시행령 §88⑤)",
    "simple_receipt": "간이영수증으로는 매입세액을 공제받을 수 없습니다",
}
"""Kinds of paper (see `extraction.document_type`) that give no input VAT whoever issued them."""
DOUBTFUL = {
    "order_slip": "주문서·배달전표는 증빙이 아니어서 확인이 필요합니다",
    "app_screen": "앱 화면은 증빙이 아니어서 확인이 필요합니다",
    "quotation": "견적서는 증빙이 아니어서 확인이 필요합니다",
    "bill": "청구서·고지서는 낸 증빙이 아니어서 확인이 필요합니다",
    "delivery_note": "거래명세서는 적격증빙이 아니어서 확인이 필요합니다",
    "preauthorisation": "가승인은 매출이 아니어서 확인이 필요합니다",
    "medical_detail": "진료비 세부내역은 증빙이 아니어서 확인이 필요합니다",
    "boarding_pass": "탑승권은 증빙이 아니어서 확인이 필요합니다",
    "voucher": "상품권·교환권 구매는 쓴 때의 증빙을 보아야 하므로 확인이 필요합니다",
    "not_receipt": "영수증이 아닌 문서로 보여 확인이 필요합니다",
    "foreign": "해외 영수증으로 보여 확인이 필요합니다",
    "cancelled": "취소 전표이므로 원래 거래와 함께 확인이 필요합니다",
    "cash_receipt_personal": "소득공제용 현금영수증은 지출증빙용으로 바꾸어야 하므로 확인이 필요합니다",
    "cash_receipt": "현금영수증의 용도가 지출증빙인지 확인이 필요합니다",
}
"""Kinds of paper that prove a deductible purchase only after a look."""
PROOF = ("card_slip", "cash_receipt_business", "tax_invoice")
EVIDENCE_FIELDS = ("card_issuer", "card_number", "approval_number")
CORPORATE = {"81", "82", "84", "85", "86", "87", "88"}
"""Digits 4 and 5 of a corporation's number; a corporation cannot be 간이과세자."""
STATES = {
    "unregistered": (NO_CANDIDATE, "미등록 번호의 영수증은 매입세액 공제와 비용 증빙이 모두 어렵습니다"),
    "closed": (NO_CANDIDATE, "폐업한 뒤의 거래는 공제되지 않으며 위장·가공거래인지 살펴야 합니다"),
    "merged": (LOOK, "통합된 사업자번호로 발급되었어야 하는지 확인이 필요합니다"),
    "suspended": (LOOK, "거래일에 영업 중이었는지 확인이 필요합니다"),
    "unclear": (LOOK, "거래일의 과세유형을 확정할 수 없어 확인이 필요합니다"),
}
CLASSES = {
    "UNKNOWN": (LOOK, "거래일의 과세유형을 알 수 없어 확인이 필요합니다"),
    "SIMPLIFIED": (
        NO_CANDIDATE,
        "세금계산서를 발급하지 않는 간이과세자의 영수증은 부가세가 적혀 있어도 공제되지 않습니다",
    ),
    "SPECIAL_LEGACY": (NO_CANDIDATE, "과세특례자(폐지된 유형)의 영수증은 공제되지 않습니다"),
    "EXEMPT": (NO_CANDIDATE, "면세사업자의 영수증에는 공제할 매입세액이 없습니다"),
    "NON_PROFIT": (LOOK, "비영리·고유번호 단체는 부가세를 받지 않는 것이 보통이라 확인이 필요합니다"),
}


def deduction(receipt: Receipt) -> tuple[str, str]:
    """The label (공제 후보, 불공제 후보, 확인 필요) and one Korean sentence: rule, receipt date, time of the query.

    ("", "") for a receipt that is still to be read or could not be.
    """
    if receipt.status in ("waiting", "failed"):
        return "", ""
    answer = answer_for(receipt)
    if answer is None:
        if receipt.value("business_number") is None:
            return LOOK, "사업자번호가 없어 국세청에 조회하지 못했으므로 공제 여부를 가릴 수 없습니다."
        return LOOK, "아직 국세청에 조회하지 않아 공제 여부를 가릴 수 없습니다."
    if isinstance(answer, TaxFailure):
        return LOOK, f"국세청 조회 실패로 공제 여부를 가릴 수 없습니다: {answer.message}"
    day = day_of(receipt)
    standing = as_of(answer, day)
    label, rule = _judge(receipt, standing)
    name = CLASS_NAMES[standing.code]
    name = "" if name in rule else f"{name}: "
    known = f"거래일 {day}" if day else "거래일 미상"
    note = f"{standing.note}; " if standing.note else ""
    return label, f"{name}{note}{rule} ({known}, {asked_text(answer)})."


def _judge(receipt: Receipt, standing: Standing) -> tuple[str, str]:
    if standing.state != "open":
        return STATES[standing.state]
    if _odd_number(receipt, standing):
        return LOOK, "사업자번호 가운데 두 자리와 과세유형이 어울리지 않아 확인이 필요합니다"
    if receipt.kind in NEVER:
        return NO_CANDIDATE, NEVER[receipt.kind]
    if standing.code in CLASSES:
        return CLASSES[standing.code]
    if receipt.kind in DOUBTFUL:
        return LOOK, DOUBTFUL[receipt.kind]
    if trade := trade_hint(receipt):
        return LOOK, f"상호로 보아 {trade}일 수 있고, 그러면 공제되지 않으므로 확인이 필요합니다(시행령 §88⑤)"
    total, vat = _won(receipt, "total"), _won(receipt, "vat")
    if total is not None and total < 0:
        return LOOK, DOUBTFUL["cancelled"]
    if vat is None:
        return LOOK, "부가세가 따로 적혀 있지 않아 확인이 필요합니다"
    if vat == 0:
        return NO_CANDIDATE, "부가세가 0원이라 공제할 매입세액이 없습니다"
    if receipt.kind not in PROOF and not any(receipt.value(name) for name in EVIDENCE_FIELDS):
        return LOOK, "카드전표·현금영수증(지출증빙)·세금계산서인지 드러나지 않아 확인이 필요합니다"
    return CANDIDATE, "부가세가 따로 적힌 결제 증빙은 사업용이면 공제 대상입니다(부가가치세법 §46③)"


def tax_findings(receipt: Receipt) -> tuple[Finding, ...]:
    """What the tax answer says that a reviewer should know; codes all begin with "tax-"; () where nothing was asked."""
    answer = answer_for(receipt)
    if answer is None:
        return ()
    if isinstance(answer, TaxFailure):
        # The check digit has a finding of its own, and a missing key is no news on every single row.
        severity: Severity = "info" if answer.code in ("not-asked", "no-key") else "warning"
        return (Finding(severity, f"국세청 조회 실패: {answer.message}", NUMBER, f"tax-{answer.code}"),)
    day = day_of(receipt)
    standing = as_of(answer, day)
    found = [*_state_findings(answer, standing), *_class_findings(receipt, answer, standing)]
    if answer.source != "nts":
        found.append(Finding("info", "모의 국세청의 답이며 실제 조회 결과가 아닙니다.", NUMBER, "tax-standin"))
    return tuple(found)


NUMBER = ("business_number",)
DATED = ("business_number", "issued_at")


def _state_findings(record: TaxRecord, standing: Standing) -> list[Finding]:
    said = f"{standing.note} ({asked_text(record)})."
    match standing.state:
        case "unregistered":
            return [Finding("error", f"{said} 번호를 그림과 맞추어 보세요.", NUMBER, "tax-unregistered")]
        case "closed":
            return [Finding("error", f"폐업 뒤의 거래: {said}", DATED, "tax-closed")]
        case "merged":
            return [Finding("warning", said, DATED, "tax-merged")]
        case "suspended":
            return [Finding("warning", said, NUMBER, "tax-suspended")]
        case "unclear":
            return [Finding("warning", said, DATED, "tax-unclear")]
        case "open":
            return [Finding("info", said, DATED, "tax-rewound")] if standing.note else []


def _class_findings(receipt: Receipt, record: TaxRecord, standing: Standing) -> list[Finding]:
    vat = _won(receipt, "vat") or 0
    found = []
    if standing.code == "EXEMPT" and vat > 0:
        message = f"면세사업자인데 부가세 {vat:,}원이 적혀 있습니다. 번호와 금액을 확인해 주세요."
        found.append(Finding("error", message, ("business_number", "vat"), "tax-exempt-vat"))
    elif standing.code == "SIMPLIFIED":
        also = " 부가세가 적혀 있어도 공제 대상이 아닙니다." if vat > 0 else ""
        found.append(Finding("info", f"거래일에 간이과세자입니다.{also}", NUMBER, "tax-simplified"))
    elif standing.code in ("SPECIAL_LEGACY", "NON_PROFIT"):
        message = f"{CLASS_NAMES[standing.code]}입니다. 거래 내용을 확인해 주세요."
        found.append(Finding("warning", message, NUMBER, "tax-unusual"))
    elif standing.code == "UNKNOWN":
        message = f"거래일의 과세유형을 알 수 없습니다 (국세청의 답: {record.type or '없음'})."
        found.append(Finding("warning", message, NUMBER, "tax-type-unknown"))
    purpose = purpose_hint(receipt)
    if purpose and standing.code in ("GENERAL", "SIMPLIFIED_INVOICE"):
        message = f"{purpose}이면 공제되지 않습니다(부가가치세법 §39①). 용도를 확인해 주세요."
        found.append(Finding("info", message, (), "tax-purpose"))
    if _odd_number(receipt, standing):
        message = f"사업자번호 가운데 두 자리와 과세유형({CLASS_NAMES[standing.code]})이 어울리지 않습니다."
        found.append(Finding("warning", message, NUMBER, "tax-number-kind"))
    return found


def _odd_number(receipt: Receipt, standing: Standing) -> bool:
    """Whether digits 4 and 5 speak against the class: 90-99 are exempt persons, corporations are never 간이."""
    middle = (receipt.value("business_number") or "")[4:6]
    if standing.code == "GENERAL":
        return middle >= "90"
    return middle in CORPORATE and standing.code in ("SIMPLIFIED", "SIMPLIFIED_INVOICE")


def _won(receipt: Receipt, name: str) -> int | None:
    try:
        value = value_of(name, receipt.value(name))
    except ValueError:
        return None
    return value if isinstance(value, int) else None
