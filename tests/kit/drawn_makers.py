# ruff: noqa: E501  (rows of print read best as they stand)
"""Papers as different makers print them, for `drawn_lines.draw`: terminals, offices, clinics, tax offices, wallets.

They were written before any rule was looked at, and are those whose values came back missing, wrong or doubted.
"""

from typing import Any

from tests.kit.drawn_papers import Printed

SLIP = ("card_slip", "pos_receipt", "receipt")


def office(s: Any) -> Printed:
    """A public office: its number is called 고유번호, the name stands over it with a telephone."""
    name = f"서울{s.name.split()[0][:2]}우체국"
    rows = [
        "^우편물 영수증", f"{name}  ☎1588-1300", f"고유번호 {s.number}", f"접수일시 {s.iso} {s.seconds}", f"소포 등기(익일)|{s.total:,}", f"총 요금 :|{s.total:,}원", f"수납금액 :|{s.total:,}원", f"카드 {s.card} {s.mask}", f"승인번호 {s.approval}",
    ]  # fmt: skip
    return rows, s.truth("supply", "vat", merchant=name), SLIP


def labels_in_cells(s: Any) -> Printed:
    """A tax invoice whose cells hold label and value together, the buyer's beside the seller's."""
    name = f"{s.name.split()[0]}산업"
    rows = [
        "#^전자세금계산서", "공급자|공급받는자", f"등록번호 {s.number}|등록번호 {s.other}", f"상호 {name}|상호 매입보기(주)", f"성명 {s.owner}|성명 박견본", "작성일자|공급가액|세액", f"{s.iso}|{s.supply:,}|{s.vat:,}", "합계금액|현금|어음|외상미수금", f"{s.total:,}|||{s.total:,}",
    ]  # fmt: skip
    return rows, s.truth("approval_number", merchant=name, issued_at=s.iso), ("tax_invoice",)


def bracketed(s: Any) -> Printed:
    """Each label in brackets, its letters set apart; the owner under the name, the terminal's own numbers at the foot."""
    name = f"{s.name.split()[0]} 판교R&D점"
    rows = [
        "^** 신용카드 전표 **", f"[상  호]|{s.name.split()[0]}|판교R&D점", f"[사업자] {s.number} [대표] {s.owner}", f"[카  드] {s.card}", f"[번  호] {s.mask}", f"[일  시] {s.iso} {s.seconds}", f"[승  인] {s.approval}", f"[금  액]|{s.supply:,}", f"[부가세]|{s.vat:,}", f"[합  계]|{s.total:,}", f"가맹점번호 {s.rng.randrange(10**8, 10**9)}", "알  림 : EDC매출표",
    ]  # fmt: skip
    return rows, s.truth(merchant=name), SLIP


def values_below(s: Any) -> Printed:
    """Two labels a row, their values in the row below."""
    rows = [
        "#^신용카드 매출전표", "카드종류|거래종류", f"{s.card}|신용승인", "카드번호|할부기간", f"{s.mask}|일시불", "거래일시|승인번호", f"{s.iso} {s.seconds}|{s.approval}", "공급가액|부가세", f"{s.supply:,}|{s.vat:,}", "봉사료|합계", f"0|{s.total:,}", "가맹점명|대표자명", f"{s.name}|{s.owner}", "사업자등록번호|가맹점번호", f"{s.number}|{s.rng.randrange(10**8, 10**9)}",
    ]  # fmt: skip
    return rows, s.truth(), SLIP


FORMS = (office, labels_in_cells, bracketed, values_below)
