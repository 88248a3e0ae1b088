"""What other papers say of a receipt: which of its values they confirm, offer, or contradict; pure.

Nothing is filled in: a value that is missing is offered in a finding, a value that agrees loses its warning, and one
that does not becomes an error.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.domain import schema
from workbench.domain.check_digit import is_valid
from workbench.domain.model import Finding, Receipt
from workbench.domain.vat import tenth
from workbench.pipeline.ledger.pairing import (
    APPROVED,
    APPROVED_OTHER_DAY,
    SAME_DAY,
    SUM,
    TIMED,
    UNLIKE,
    bare_name,
    unlikeness,
)
from workbench.pipeline.ledger.payments import Payment
from workbench.pipeline.ledger.reconciler import Link, RowKey, Told
from workbench.pipeline.ledger.statements import row_of
from workbench.pipeline.ledger.vendors import Vendors

SETTLED_BY_EVIDENCE = frozenset({"unsure", "doubt", "repaired"})
"""Codes of warnings that say "compare with the picture": what another paper confirms was compared."""
FACTS_BY_EVIDENCE = frozenset({"old"})
"""Codes of warnings that a day may be misread: where another paper has the same day, they stay as something to know."""
LABELS = {
    "total": "합계",
    "issued_at": "거래일",
    "approval_number": "승인번호",
    "merchant": "상호",
    "business_number": "사업자번호",
    "supply": "공급가액",
    "vat": "부가세",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is confirmed, by field and by what; the findings to show; how strictly a statement agrees, and which row."""

    confirmed: Mapping[str, str]
    findings: tuple[Finding, ...] = ()
    offers: tuple[tuple[str, str], ...] = ()
    level: int = 0
    row: str = ""
    note: str = ""

    def applied(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """`findings` without the warnings that are settled, and with what this evidence tells."""
        kept = [after for finding in findings if (after := self._weighed(finding)) is not None]
        order = {"error": 0, "warning": 1, "info": 2}
        return tuple(sorted((*kept, *self.findings), key=lambda finding: order[finding.severity]))

    def _weighed(self, finding: Finding) -> Finding | None:
        """What is left of a finding; None where it is settled."""
        confirmed = bool(finding.fields) and all(name in self.confirmed for name in finding.fields)
        if finding.severity != "warning" or not confirmed:
            return finding
        if finding.code in FACTS_BY_EVIDENCE:
            return replace(finding, severity="info")
        return None if finding.code in SETTLED_BY_EVIDENCE else finding


def row_words(name: str, row: int) -> str:
    """A row of a statement as people name it."""
    return f"{name} {row_of(row)}행"


def evidence_of(
    receipt: Receipt,
    links: Sequence[Link],
    rows: Mapping[RowKey, tuple[str, Payment]],
    vendors: Vendors,
    told: Told | None = None,
) -> Evidence | None:
    """What the rows that `receipt` belongs to, and the vendors, say of it; None where they say nothing.

    `rows` gives the name of the statement and the payment of each row.
    """
    confirmed: dict[str, str] = {}
    findings: list[Finding] = []
    offers: list[tuple[str, str]] = []
    level, place, note = 0, "", ""
    for link in links:
        if link.row not in rows:
            continue
        name, payment = rows[link.row]
        place = ", ".join(filter(None, (place, row_words(name, link.row[1]))))
        level, note = link.level, note or link.note
        if link.level < SUM and len(links) == 1:
            _by_row(receipt, link, payment, row_words(name, link.row[1]), confirmed, findings, offers)
    if told is not None and told.row in rows:
        findings.append(_other_amount(receipt, told, rows[told.row]))
    _by_vendors(receipt, vendors, confirmed, findings, offers)
    if note:
        findings.append(Finding("warning", f"{note} ({place}).", ("total",), "statement-cancelled"))
    if "total" in confirmed:
        _confirm(receipt, confirmed, confirmed["total"], *_adding_up(receipt))
    if confirmed:
        findings.append(_said(confirmed))
    if not (confirmed or findings or place):
        return None
    return Evidence(confirmed, tuple(findings), tuple(dict.fromkeys(offers)), level, place, note)


def _by_row(
    receipt: Receipt, link: Link, payment: Payment, where: str, confirmed: dict[str, str],
    findings: list[Finding], offers: list[tuple[str, str]],
) -> None:  # fmt: skip
    same_number = bool(payment.number) and payment.number == receipt.value("business_number")
    if link.level == APPROVED:
        _confirm(receipt, confirmed, where, "total", "issued_at", "approval_number")
    elif link.level == APPROVED_OTHER_DAY:
        _confirm(receipt, confirmed, where, "total", "approval_number")
        if link.days and receipt.value("issued_at") and abs(link.days) > 7:
            findings.append(_error(f"거래일이 명세서와 {abs(link.days)}일 다릅니다 ({where}).", "issued_at"))
    elif link.level == TIMED:
        _confirm(receipt, confirmed, where, "total", "issued_at")
    elif link.level == SAME_DAY and same_name(receipt.value("merchant") or "", payment.merchant):
        _confirm(receipt, confirmed, where, "total", "issued_at", "merchant")
    if link.level > TIMED:
        return  # agreeing in amount and day alone may be chance
    if same_number:
        _confirm(receipt, confirmed, where, "business_number")
    elif payment.number and is_valid(payment.number):
        _number_of_row(receipt, payment, where, findings, offers)
    if payment.merchant:
        _name(receipt, payment.merchant, where, confirmed, findings, offers)
    if link.level == TIMED and payment.approval and not receipt.value("approval_number"):
        whole = payment.approval.zfill(8) if payment.approval.isdigit() else payment.approval
        offers.append(("approval_number", whole))  # card companies give eight digits, spreadsheets lose zeros in front


def _number_of_row(
    receipt: Receipt, payment: Payment, where: str, findings: list[Finding], offers: list[tuple[str, str]]
) -> None:
    ours = receipt.value("business_number")
    offers.append(("business_number", payment.number))
    if ours is None:
        findings.append(_offer(f"명세서의 가맹점 사업자번호는 {payment.number}입니다 ({where}).", "business_number"))
    else:
        message = (
            f"사업자번호 {ours}이(가) 명세서의 {payment.number}와(과) 다릅니다 ({where})."
            " 결제대행사나 본사의 번호일 수 있습니다."
        )
        findings.append(_error(message, "business_number"))


def _name(
    receipt: Receipt, listed: str, where: str, confirmed: dict[str, str], findings: list[Finding],
    offers: list[tuple[str, str]],
) -> None:  # fmt: skip
    ours = receipt.value("merchant")
    if ours is None:
        offers.append(("merchant", listed))
        findings.append(_offer(f"상호는 ‘{listed}’(으)로 보입니다 ({where}).", "merchant"))
    elif same_name(ours, listed):
        _confirm(receipt, confirmed, where, "merchant")
    elif (unlikeness(ours, listed) or 0) < UNLIKE:
        offers.append(("merchant", listed))


def same_name(one: str, other: str) -> bool:
    """Whether two names are one, perhaps cut short or with a branch: the shorter stands whole in the longer."""
    ours, theirs = sorted((bare_name(one), bare_name(other)), key=len)
    return len(ours) >= 2 and (ours == theirs or (len(ours) >= 3 and ours in theirs))


def _other_amount(receipt: Receipt, told: Told, row: tuple[str, Payment]) -> Finding:
    name, payment = row
    where = row_words(name, told.row[1])
    if payment.partial:
        return Finding(
            "warning", f"승인번호가 같은 명세서 거래는 부분취소되어 {told.amount:,}원입니다 ({where}).", ("total",),
            "statement-amount",
        )  # fmt: skip
    return Finding(
        "error",
        f"승인번호가 같은 명세서 거래의 금액은 {told.amount:,}원입니다 ({where}).",
        ("total",),
        "statement-amount",
    )


def _by_vendors(
    receipt: Receipt, vendors: Vendors, confirmed: dict[str, str], findings: list[Finding],
    offers: list[tuple[str, str]],
) -> None:  # fmt: skip
    number, ours = receipt.value("business_number"), receipt.value("merchant")
    known = vendors.names.get(number or "", {})
    if known:
        alike = next((name for name in known if ours and same_name(ours, name)), None)
        if alike is not None:
            _confirm(receipt, confirmed, known[alike], "business_number", "merchant")
            return
        name, source = next(iter(known.items()))
        offers.append(("merchant", name))
        if ours is None:
            findings.append(_offer(f"{source}: {number}의 이름은 ‘{name}’입니다.", "merchant"))
        elif "merchant" not in confirmed and (unlikeness(ours, name) or 0) >= UNLIKE:
            message = f"{source}에는 {number}이(가) ‘{name}’(으)로 되어 있습니다. 상호나 번호를 확인해 주세요."
            findings.append(Finding("warning", message, ("merchant", "business_number"), "vendor-name"))
    elif ours and len(numbers := vendors.numbers.get(bare_name(ours), frozenset())) == 1:
        (other,) = numbers
        source = next(iter(vendors.names[other].values()))
        offers.append(("business_number", other))
        if number is None:
            findings.append(_offer(f"{source}: ‘{ours}’의 사업자번호는 {other}입니다.", "business_number"))


def _adding_up(receipt: Receipt) -> tuple[str, ...]:
    """Which of supply and VAT follow from the total: both add up to it, or the one alone leaves the other's tenth."""
    names = ("total", "supply", "vat", "exempt", "service_charge")
    total, supply, vat, exempt, service = (schema.value_of(name, receipt.value(name)) for name in names)
    if not isinstance(total, int):
        return ()
    beside = sum(won for won in (exempt, service) if isinstance(won, int))
    if isinstance(supply, int) and isinstance(vat, int):
        return ("supply", "vat") if supply + vat + beside == total and tenth(supply, vat) else ()
    if isinstance(vat, int) and vat and not beside:
        return ("vat",) if tenth(total - vat, vat) else ()
    if isinstance(supply, int) and supply and not beside:
        return ("supply",) if tenth(supply, total - supply) else ()
    return ()


def _confirm(receipt: Receipt, confirmed: dict[str, str], by: str, *names: str) -> None:
    for name in names:
        if receipt.value(name) is not None:
            confirmed.setdefault(name, by)


def _said(confirmed: Mapping[str, str]) -> Finding:
    by: dict[str, list[str]] = {}
    for name, source in confirmed.items():
        by.setdefault(source, []).append(LABELS[name])
    parts = (f"{'·'.join(names)} ({source})" for source, names in by.items())
    return Finding("info", f"다른 자료와 맞음: {', '.join(parts)}.", (), "confirmed")


def _offer(message: str, name: str) -> Finding:
    return Finding("info", message, (name,), "offer")


def _error(message: str, name: str) -> Finding:
    return Finding("error", message, (name,), "statement-differs")
