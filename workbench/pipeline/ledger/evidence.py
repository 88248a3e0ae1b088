"""What other papers say of a receipt: which of its values they confirm, offer, or contradict; pure.

Nothing is filled in: a value that is missing is offered in a finding, a value that agrees loses its warning, and one
that does not becomes an error.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from workbench.domain import schema
from workbench.domain.check_digit import is_valid
from workbench.domain.model import Finding, Receipt
from workbench.domain.vat import tenth
from workbench.pipeline.ledger.levels import APPROVED, APPROVED_OTHER_DAY, SAME_DAY, SUM, TIMED
from workbench.pipeline.ledger.links import Link, RowKey, Told
from workbench.pipeline.ledger.payment import Payment
from workbench.pipeline.ledger.shop_likeness import UNLIKE, bare_name, same_name, unlikeness
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


@dataclass(frozen=True, slots=True)
class _Gathered:
    """What is being gathered on one receipt; a field is confirmed by the paper that says so first."""

    receipt: Receipt
    confirmed: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    offers: list[tuple[str, str]] = field(default_factory=list)

    def confirm(self, by: str, *names: str) -> None:
        """The paper `by` has the same values in those of the fields that hold any."""
        for name in names:
            if self.receipt.value(name) is not None:
                self.confirmed.setdefault(name, by)

    def offer(self, name: str, value: str, message: str = "") -> None:
        """A value that the field may hold; with a message, a finding says so."""
        self.offers.append((name, value))
        if message:
            self.findings.append(Finding("info", message, (name,), "offer"))

    def differs(self, name: str, message: str) -> None:
        """The field holds something else than the paper."""
        self.findings.append(Finding("error", message, (name,), "statement-differs"))


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
    gathered = _Gathered(receipt)
    level, place, note = 0, "", ""
    for link in links:
        if link.row not in rows:
            continue
        name, payment = rows[link.row]
        place = ", ".join(filter(None, (place, row_words(name, link.row[1]))))
        level, note = link.level, note or link.note
        if link.level < SUM and len(links) == 1:
            _by_row(gathered, link, payment, row_words(name, link.row[1]))
    if told is not None and told.row in rows:
        gathered.findings.append(_other_amount(told, rows[told.row]))
    _by_vendors(gathered, vendors)
    confirmed, findings = gathered.confirmed, gathered.findings
    if note:
        findings.append(Finding("warning", f"{note} ({place}).", ("total",), "statement-cancelled"))
    if "total" in confirmed:
        gathered.confirm(confirmed["total"], *_adding_up(receipt))
    if confirmed:
        findings.append(_said(confirmed))
    if not (confirmed or findings or place):
        return None
    return Evidence(confirmed, tuple(findings), tuple(dict.fromkeys(gathered.offers)), level, place, note)


def _by_row(gathered: _Gathered, link: Link, payment: Payment, where: str) -> None:
    receipt = gathered.receipt
    if link.level == APPROVED:
        gathered.confirm(where, "total", "issued_at", "approval_number")
    elif link.level == APPROVED_OTHER_DAY:
        gathered.confirm(where, "total", "approval_number")
        if link.days and receipt.value("issued_at") and abs(link.days) > 7:
            gathered.differs("issued_at", f"거래일이 명세서와 {abs(link.days)}일 다릅니다 ({where}).")
    elif link.level == TIMED:
        gathered.confirm(where, "total", "issued_at")
    elif link.level == SAME_DAY and same_name(receipt.value("merchant") or "", payment.merchant):
        gathered.confirm(where, "total", "issued_at", "merchant")
    if link.level > TIMED:
        return  # agreeing in amount and day alone may be chance
    if payment.number and payment.number == receipt.value("business_number"):
        gathered.confirm(where, "business_number")
    elif payment.number and is_valid(payment.number):
        _number_of_row(gathered, payment.number, where)
    if payment.merchant:
        _name(gathered, payment.merchant, where)
    if link.level == TIMED and payment.approval and not receipt.value("approval_number"):
        whole = payment.approval.zfill(8) if payment.approval.isdigit() else payment.approval
        gathered.offer("approval_number", whole)  # cards have eight digits, spreadsheets lose zeros in front


def _number_of_row(gathered: _Gathered, listed: str, where: str) -> None:
    ours = gathered.receipt.value("business_number")
    if ours is None:
        gathered.offer("business_number", listed, f"명세서의 가맹점 사업자번호는 {listed}입니다 ({where}).")
        return
    gathered.offer("business_number", listed)
    gathered.differs(
        "business_number",
        f"사업자번호 {ours}이(가) 명세서의 {listed}와(과) 다릅니다 ({where}). 결제대행사나 본사의 번호일 수 있습니다.",
    )


def _name(gathered: _Gathered, listed: str, where: str) -> None:
    ours = gathered.receipt.value("merchant")
    if ours is None:
        gathered.offer("merchant", listed, f"상호는 ‘{listed}’(으)로 보입니다 ({where}).")
    elif same_name(ours, listed):
        gathered.confirm(where, "merchant")
    elif (unlikeness(ours, listed) or 0) < UNLIKE:
        gathered.offer("merchant", listed)


def _other_amount(told: Told, row: tuple[str, Payment]) -> Finding:
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


def _by_vendors(gathered: _Gathered, vendors: Vendors) -> None:
    number, ours = gathered.receipt.value("business_number"), gathered.receipt.value("merchant")
    known = vendors.names.get(number or "", {})
    if known:
        alike = next((name for name in known if ours and same_name(ours, name)), None)
        if alike is not None:
            gathered.confirm(known[alike], "business_number", "merchant")
            return
        name, source = next(iter(known.items()))
        gathered.offer("merchant", name, "" if ours is not None else f"{source}: {number}의 이름은 ‘{name}’입니다.")
        if ours and "merchant" not in gathered.confirmed and (unlikeness(ours, name) or 0) >= UNLIKE:
            message = f"{source}에는 {number}이(가) ‘{name}’(으)로 되어 있습니다. 상호나 번호를 확인해 주세요."
            gathered.findings.append(Finding("warning", message, ("merchant", "business_number"), "vendor-name"))
    elif ours and len(numbers := vendors.numbers.get(bare_name(ours), frozenset())) == 1:
        (other,) = numbers
        source = next(iter(vendors.names[other].values()))
        message = "" if number is not None else f"{source}: ‘{ours}’의 사업자번호는 {other}입니다."
        gathered.offer("business_number", other, message)


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


def _said(confirmed: Mapping[str, str]) -> Finding:
    by: dict[str, list[str]] = {}
    for name, source in confirmed.items():
        by.setdefault(source, []).append(LABELS[name])
    parts = (f"{'·'.join(names)} ({source})" for source, names in by.items())
    return Finding("info", f"다른 자료와 맞음: {', '.join(parts)}.", (), "confirmed")
