"""Fields become findings: what an auditor should look at before approving a receipt, and which receipts are twins.

`check` judges the values that hold now (a person's word before the machine's reading). Tax findings are not here.
"""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from workbench.domain import schema
from workbench.domain.korean import DAYS, with_particle
from workbench.domain.law import law
from workbench.domain.model import SURE, Finding, Receipt
from workbench.domain.money import won, won_of
from workbench.domain.schema import BY_NAME, value_of
from workbench.domain.vat import tenth
from workbench.pipeline.extraction.amounts.judgement import BEFORE_DISCOUNT
from workbench.pipeline.extraction.document_type import KINDS, NO_EVIDENCE
from workbench.pipeline.validation.duplicates import duplicates

__all__ = ["SURE", "check", "duplicates"]

SHOWS_VAT = frozenset({"card_slip", "pos_receipt", "tax_invoice", "cash_receipt_business", "cash_receipt", "receipt"})
"""Kinds on which supply and VAT are commonly printed: their absence is worth a word."""

INFORMATION = frozenset({"card_issuer", "card_number", "company", "exempt", "service_charge"})
"""Fields that tell of the others: no journal entry hangs on them, so a doubtful one is no reason to stop."""

NAMELESS = frozenset({"business_number", "merchant"})
"""What papers that prove no purchase (an order's slip, an app's screen) do not print, as a rule."""

CODES = {"business_number": "checksum"}
"""Codes of the fields' own checks that are older than "field"."""

ASK_FOR = {
    "quotation": "거래가 이루어졌는지, 영수증이나 세금계산서가 있는지 확인해 주세요.",
    "bill": "낸 것을 보이는 영수증이나 이체 내역이 있는지 확인해 주세요.",
    "delivery_note": "세금계산서나 카드전표가 따로 있는지 확인해 주세요.",
    "preauthorisation": "나중에 취소되는 승인입니다. 실제로 결제된 전표를 확인해 주세요.",
    "medical_detail": "진료비 계산서·영수증이 따로 있는지 확인해 주세요.",
    "boarding_pass": "운임을 낸 영수증이 따로 있는지 확인해 주세요.",
}
"""What to look for beside a paper that proves no purchase."""

UNSEEN_ROWS = 3
"""Rows of goods to allow for at least, read or not: tills that round VAT row by row drift by a won a row."""

NIGHT = (23, 5)
"""Hours (from, to) whose use is worth a word."""


def check(receipt: Receipt, today: date) -> tuple[Finding, ...]:
    """Everything to know about one receipt by itself, gravest first; `today` decides what is future or too old.

    Findings of the reading are kept for fields that nobody has corrected since.
    """
    if receipt.kind == "blank":
        return (Finding("info", "빈 쪽입니다 (인쇄된 글이 없음). 영수증 수에서 빠집니다.", (), "blank"),)
    found = [*_from_reading(receipt), *_kind(receipt), *_by_field(receipt), *_sums(receipt), *_when(receipt, today)]
    found += [*_missing(receipt), *_card(receipt), *_items(receipt)]
    named = {name for finding in found for name in finding.fields if finding.severity != "info"}
    found += _unsure(receipt, named)
    order = {"error": 0, "warning": 1, "info": 2}
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda finding: order[finding.severity]))


def _moment(receipt: Receipt) -> datetime | None:
    value = value_of("issued_at", receipt.value("issued_at"))
    return value if isinstance(value, datetime) else None


def _from_reading(receipt: Receipt) -> Iterator[Finding]:
    for finding in receipt.read_findings:
        if not finding.fields or any(not receipt.field(name).corrected for name in finding.fields):
            yield finding


def _kind(receipt: Receipt) -> Iterator[Finding]:
    name = KINDS.get(receipt.kind, receipt.kind)
    if receipt.kind == "not_receipt":
        yield Finding("error", "영수증으로 보이지 않습니다. 다른 그림이면 지워 주세요.", (), "kind")
    elif receipt.kind in NO_EVIDENCE:
        ask = ASK_FOR.get(receipt.kind, "카드전표나 영수증이 따로 있는지 확인해 주세요.")
        yield Finding("warning", f"{name}: 지출 증빙이 아닙니다. {ask}", (), "kind")
    elif receipt.kind == "voucher":
        sentence = "상품권·교환권을 산 영수증입니다. 쓴 곳의 증빙이 따로 있어야 하는지 확인해 주세요."
        yield Finding("warning", sentence, (), "voucher")
    elif receipt.kind == "cancelled":
        yield Finding("warning", "취소된 거래입니다. 원래 거래와 짝이 맞는지 확인해 주세요.", ("total",), "cancelled")
    elif receipt.kind == "cash_receipt_personal":
        yield Finding(
            "warning", "현금영수증 용도가 소득공제입니다. 사업 경비는 지출증빙용이어야 합니다.", (), "personal-use"
        )
    elif receipt.kind == "simple_receipt":
        moment = value_of("issued_at", receipt.value("issued_at"))
        limit = int(law("simple_receipt_limit", moment.date() if isinstance(moment, datetime) else None).value)
        if won(receipt, "total") > limit:
            sentence = f"{limit:,}원이 넘는 간이영수증은 적격증빙이 아닙니다 (검토 필요)."
            yield Finding("warning", sentence, ("total",), "simple-receipt")
    elif receipt.kind == "foreign":
        code, amount = receipt.value("currency"), receipt.value("foreign_total")
        told = f" ({code} {Decimal(amount):,})" if code and amount else ""
        sentence = f"해외 영수증으로 보입니다{told}. 통화와 금액을 확인해 주세요."
        yield Finding("warning", sentence, ("currency", "foreign_total"), "foreign")


def _by_field(receipt: Receipt) -> Iterator[Finding]:
    """What each field's own check says of its value."""
    for spec in schema.FIELDS:
        value = receipt.value(spec.name)
        if spec.check and value and (sentence := spec.check(value)):
            yield Finding("error", sentence, (spec.name,), CODES.get(spec.name, "field"))


def _sums(receipt: Receipt) -> Iterator[Finding]:
    total, supply, vat = (won_of(receipt, name) for name in ("total", "supply", "vat"))
    exempt, service = won(receipt, "exempt"), won(receipt, "service_charge")
    before = any(finding.code == BEFORE_DISCOUNT for finding in receipt.read_findings) and not receipt.corrected
    if total is not None and supply is not None and vat is not None and not before:
        parts = supply + vat + exempt + service
        if parts != total and supply + vat != total:
            yield Finding(
                "error",
                f"금액이 맞지 않습니다: 공급가액 + 부가세 + 면세 + 봉사료 = {parts:,}원, 합계 = {total:,}원.",
                ("total", "supply", "vat", *(n for n in ("exempt", "service_charge") if won(receipt, n))),
                "sum",
            )
    bases, drift = {abs(supply or 0), abs((supply or 0) + service)}, max(len(receipt.items), UNSEEN_ROWS)
    if supply and vat and not any(tenth(base, abs(vat), rows=drift) for base in bases):  # a hotel taxes its service too
        yield Finding(
            "warning", f"부가세 {vat:,}원이 공급가액 {supply:,}원의 10%가 아닙니다.", ("supply", "vat"), "vat-tenth"
        )
    if total is not None and supply is None and vat and abs(vat) * 11 > abs(total) + 11:
        yield Finding(
            "warning", f"부가세 {vat:,}원이 합계 {total:,}원의 11분의 1보다 큽니다.", ("total", "vat"), "vat-tenth"
        )
    if total == 0 and not any(finding.code == "nothing-paid" for finding in receipt.read_findings):
        yield Finding("warning", "합계가 0원입니다.", ("total",), "zero")


def _when(receipt: Receipt, today: date) -> Iterator[Finding]:
    moment = _moment(receipt)
    if moment is None:
        return
    day, years = moment.date(), int(law("years_kept", today).value)
    if day > today:
        yield Finding("error", f"거래일({day})이 오늘보다 뒤입니다.", ("issued_at",), "future")
    elif (today.year - day.year, -(day.month * 100 + day.day)) > (years, -(today.month * 100 + today.day)):
        yield Finding("warning", f"거래일({day})이 {years}년보다 오래되었습니다.", ("issued_at",), "old")
    if day.weekday() >= 5:
        yield Finding("info", f"주말에 사용했습니다 ({DAYS[day.weekday()]}요일).", (), "weekend")
    timed = len(receipt.value("issued_at") or "") > 10
    if timed and (moment.hour >= NIGHT[0] or moment.hour < NIGHT[1]):
        yield Finding("info", f"심야에 사용했습니다 ({moment:%H:%M}).", (), "night")


def _missing(receipt: Receipt) -> Iterator[Finding]:
    if receipt.kind == "not_receipt":
        return
    for spec in schema.FIELDS:
        if spec.expected and receipt.value(spec.name) is None and not _not_printed(receipt, spec.name):
            sentence = f"{with_particle(spec.label, '을', '를')} 찾지 못했습니다."
            yield Finding("warning", sentence, (spec.name,), "missing")
    if receipt.kind in SHOWS_VAT:
        exempt, total = won_of(receipt, "exempt"), won_of(receipt, "total")
        lacking = tuple(name for name in ("supply", "vat") if receipt.value(name) is None)
        if lacking and not (exempt and exempt == total):
            labels = "·".join(BY_NAME[name].label for name in lacking)
            yield Finding(
                "info",
                f"{with_particle(labels, '이', '가')} 인쇄되어 있지 않거나 읽히지 않았습니다.",
                lacking,
                "missing",
            )


def _not_printed(receipt: Receipt, name: str) -> bool:
    if receipt.kind == "foreign":
        return name == "business_number" or (name == "total" and receipt.value("foreign_total") is not None)
    return receipt.kind in NO_EVIDENCE and name in NAMELESS


def _card(receipt: Receipt) -> Iterator[Finding]:
    if receipt.kind == "card_slip" and receipt.value("approval_number") is None:
        yield Finding("warning", "카드전표인데 승인번호를 찾지 못했습니다.", ("approval_number",), "no-approval")


def _items(receipt: Receipt) -> Iterator[Finding]:
    amounts = [item.amount for item in receipt.items if item.amount is not None]
    total = won_of(receipt, "total")
    if len(amounts) >= 1 and len(amounts) == len(receipt.items) and total and sum(amounts) != total:
        yield Finding(
            "info",
            f"품목 금액의 합 {sum(amounts):,}원이 합계 {total:,}원과 다릅니다 (할인·배달비·인식 오류일 수 있음).",
            (),
            "items",
        )


def _unsure(receipt: Receipt, named: set[str]) -> Iterator[Finding]:
    for spec in schema.FIELDS:
        field = receipt.field(spec.name)
        if field.read is None or field.corrected or field.confidence >= SURE or spec.name in named:
            continue
        yield Finding(
            "info" if spec.name in INFORMATION or _not_printed(receipt, spec.name) else "warning",
            f"{spec.label}의 인식이 확실하지 않습니다 ({field.confidence:.0%}). 그림과 비교해 주세요.",
            (spec.name,),
            "unsure",
        )
