# ruff: noqa: E501  (rows of print read best as they stand)
"""Forms that nothing was tuned to, for `drawn_lines.draw`: slips in two languages, invoices in two halves, folios, apps.

Each stands for a kind of fault met on papers nobody had looked at: a label in two languages or alone in its cell, a day
that looks like an approval, a number that the other reader joins to what stands beside it.
"""

from typing import Any

from tests.kit.drawn_papers import Printed


def _taxes(s: Any) -> list[str]:
    net, tax = s.rng.choice([("공급가액", "부가세"), ("과세금액", "부가세"), ("과세가액", "세액"), ("공급가", "VAT")])
    return [f"{net}|{s.supply:,}", f"{tax}|{s.vat:,}"]


def bilingual(s: Any) -> Printed:
    """An old terminal's slip: each label in two languages."""
    r = s.rng
    rows = [
        "^신용카드매출전표(고객용)", f"단말기번호 TERMINAL ID|{r.randrange(10**7, 10**8)}", f"카드종류 CARD TYPE|{s.card}", f"카드번호 CARD NO.|{s.mask}", f"거래일시 TRANS DATE|{s.day} {s.seconds}", f"금액 AMOUNT|{s.supply:,}", f"세금 TAXES|{s.vat:,}", "봉사료 TIPS|0",
        f"합계 TOTAL|{s.total:,}", f"승인번호 APPROVAL NO.|{s.approval}", f"가맹점명 MERCHANT|{s.name}", f"대표자 {s.owner}|TEL {s.tel}", f"사업자등록번호|{s.number}", f"가맹점번호 MERCHANT NO.|{r.randrange(10**8, 10**9)}", s.address,
    ]  # fmt: skip
    return rows, s.truth(), ("card_slip",)


def metered(s: Any) -> Printed:
    """A taxi that prints when the ride began and ended, and no other time."""
    name = f"{s.name.split()[0]}교통(주)"
    rows = [
        "^[택시 영수증]", f"사업자 : {s.number}", f"상호명 : {name}", f"승차시각 : {s.iso} 05:12", f"하차시각 : {s.iso} {s.time}", f"미터요금 : {s.total:,} 원", f"결제금액 : {s.total:,} 원", f"결제수단 : {s.card}", s.mask, f"승인 NO : {s.approval}",
    ]  # fmt: skip
    return rows, s.truth("supply", "vat", merchant=name, issued_at=f"{s.iso} {s.time}"), ("taxi",)


def beside_the_mask(s: Any) -> Printed:
    """Approval and card in one row: the other reader joins their digits."""
    rows = [
        s.name, f"사업자번호 {s.number}", f"{s.day} {s.seconds}", *_taxes(s), f"결제금액|{s.total:,}", s.rng.choice(["** 카드승인 **", "카드승인내역"]), s.card, s.rng.choice([f"승인번호 {s.approval}  {s.mask}", f"{s.approval}  {s.total:,}", f"{s.card} {s.mask} {s.approval}"]),
    ]  # fmt: skip
    return rows, s.truth(), ("card_slip", "pos_receipt", "receipt")


def halves(s: Any) -> Printed:
    """A tax invoice: the seller in the left half, the buyer in the right one."""
    name, buyer = s.name.split()[0], f"{s.rng.choice(['구매', '매입'])}보기(주)"
    rows = [
        "^전자세금계산서", s.rng.choice(["공급자|공급받는자", "문서번호 12"]), f"등록번호|{s.number}|등록번호|{s.other}", f"상호(법인명)|{name}|상호(법인명)|{buyer}", f"성명|{s.owner}|성명|박견본", "작성일자|공급가액|세액", f"{s.iso}|{s.supply:,}|{s.vat:,}", "합계금액|현금|수표|외상미수금", f"{s.total:,}|{s.total:,}",
    ]  # fmt: skip
    return rows, s.truth("approval_number", merchant=name, issued_at=s.iso), ("tax_invoice",)


def pump_number(s: Any) -> Printed:
    """Something with digits right behind the time."""
    rows = [
        f"^{s.name}", f"{s.number} / {s.owner}", f"{s.day} {s.seconds} 주유기 {s.rng.randrange(1, 9):02}", *_taxes(s), f"결제금액|{s.total:,} 원", f"{s.card} {s.mask}", f"승인번호 {s.approval}",
    ]  # fmt: skip
    return rows, s.truth(), ("card_slip", "pos_receipt", "receipt")


def folio(s: Any) -> Printed:
    """A hotel's folio in English; HOTEL ends as TEL does."""
    r = s.rng
    name = f"{r.choice(['GRAND', 'ROYAL', 'STAY'])} BOGI HOTEL"
    rows = [
        f"#^{name}", "^GUEST FOLIO", f"Business Reg. No. {s.number}", f"Tel. {s.tel}", f"Room No. {r.randrange(300, 2000)}|Guest KIM", f"Room Charge|{s.supply:,}", f"VAT|{s.vat:,}", f"TOTAL (KRW)|{s.total:,}", f"Card No. {s.mask}", f"Auth. No: {s.approval}", f"Date {s.iso} {s.seconds}",
    ]  # fmt: skip
    return rows, s.truth("supply", merchant=name), ("card_slip", "pos_receipt", "receipt")


def ordered(s: Any) -> Printed:
    """An app's order: the shop behind a label of one word in a cell of its own."""
    rows = [
        "주문 영수증", f"주문일시|{s.iso} {s.time}", f"{s.rng.choice(['가게', '구매처'])}|{s.name}", *[f"{n} {q}개|{q * p:,}원" for n, q, p in s.items], f"총 결제금액|{s.total:,}원", f"결제방법|{s.card} ({s.mask})", f"승인번호|{s.approval}", f"사업자번호|{s.number}",
    ]  # fmt: skip
    return rows, s.truth("supply", "vat", issued_at=f"{s.iso} {s.time}"), ("order_slip", "pos_receipt", "card_slip", "receipt")  # fmt: skip


def day_of_travel(s: Any) -> Printed:
    """A day behind a word that looks like the approval's."""
    rows = [
        "^승차권 영수증", f"승차일 {s.iso}", f"운임|{s.total:,}원", f"영수금액|{s.total:,}원", f"카드번호 {s.mask}", f"승인번호 {s.approval}", f"결제일시 {s.iso} {s.seconds}", f"상호 {s.name}", f"사업자번호 {s.number}",
    ]  # fmt: skip
    return rows, s.truth("supply", "vat"), ("transport",)


def two_approvals(s: Any) -> Printed:
    """The approval of points beside the card's, and what is left of the points under both."""
    points = s.total // 5 // 100 * 100 or 100
    rows = [
        f"#^{s.name}", f"{s.number} {s.owner}", f"{s.iso} {s.seconds}", *_taxes(s), f"합계|{s.total:,}", f"멤버십포인트|{points:,}", f"카드결제|{s.total - points:,}", f"[멤버십승인] {s.rng.randrange(10**8, 10**9)}", f"[카드승인] {s.approval} {s.card}", s.mask, f"잔여포인트 {s.rng.randrange(1000, 9999):,}",
    ]  # fmt: skip
    return rows, s.truth(), ("card_slip", "pos_receipt", "receipt")


def branch_below(s: Any) -> Printed:
    """A name that ends as its trade does, its branch in the row below."""
    brand, branch = s.name.split()
    rows = [
        f"#{brand}", branch, f"사업자등록번호 : {s.number}", f"판매시간 : {s.iso} {s.seconds}", *_taxes(s), f"판매합계|{s.total:,}", f"카드번호|{s.mask}", f"승인번호|{s.approval}",
    ]  # fmt: skip
    return rows, s.truth(), ("card_slip", "pos_receipt", "receipt")


def hired(s: Any) -> Printed:
    """A car hire: when the car was taken and brought back beside the payment, whose label is bent."""
    rows = [
        "^대여료 영수증", f"업체 : {s.name}", f"사업자등록번호 : {s.number}", f"대여 {s.iso} 02:00", f"반납 {s.iso} 04:00", f"총 결제액|{s.total:,}", f"{s.rng.choice(['결제일', '결지일'])} {s.iso} {s.seconds}", f"{s.card} {s.mask}", f"승인번호 {s.approval}",
    ]  # fmt: skip
    return rows, s.truth("supply", "vat"), ("card_slip", "pos_receipt", "receipt")


def agent_right(s: Any) -> Printed:
    """The seller's number left, the payment agent's right."""
    rows = [
        "^구매영수증(매출전표)", f"결제일|{s.iso} {s.seconds}", f"승인번호|{s.approval}", f"카드|{s.card} / {s.mask}", *_taxes(s), f"결제금액|{s.total:,}", "판매자|결제대행사", f"{s.number}|{s.other}", f"상호 : {s.name}",
    ]  # fmt: skip
    return rows, s.truth(), ("card_slip", "pos_receipt", "receipt")


FORMS = (
    hired, agent_right,
    bilingual, metered, beside_the_mask, halves, pump_number, folio, ordered, day_of_travel, two_approvals, branch_below,
)  # fmt: skip
