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


def half_of_day(s: Any) -> Printed:
    """A day without noughts before a time with 오전 or 오후, which the other reader runs together; a card masked with blanks."""
    _, month, day = s.iso.split("-")
    moment = (
        f"{s.iso[:4]}.{int(month)}.{int(day)} {'오전' if s.hour < 12 else '오후'} {(s.hour - 1) % 12 + 1}:{s.minute:02}"
    )
    rows = [
        f"#^{s.name}", f"사업자번호 {s.number}", s.rng.choice([f"판매일시 : {moment}", moment]), f"과세물품|{s.supply:,}", f"부가세|{s.vat:,}", f"결제금액|{s.total:,}", f"카드|{s.rng.randrange(4000, 9999)} 12** **** {s.rng.randrange(1000, 9999)}", f"승인번호|{s.approval}",
    ]  # fmt: skip
    return rows, s.truth(issued_at=f"{s.iso} {s.time}"), SLIP


def lessons(s: Any) -> Printed:
    """A school's receipt, 정히 영수 and yet paid by card: the month of the lessons is no amount."""
    name = f"{s.name.split()[0]}학원"
    rows = [
        "#^수강료 영수증", f"과목 : 정규반 ({s.iso[:4]}년 {int(s.iso[5:7])}월분)", f"수 강 료 :|{s.total:,}원", f"합 계 :|{s.total:,}원", f"납부방법 : 카드({s.card})", f"승인번호 : {s.approval}", f"영수일시 : {s.iso} {s.seconds}", "위 금액을 정히 영수합니다.", f"학원명 : {name}", f"사업자번호 : {s.number}", f"원장 : {s.owner} (인)",
    ]  # fmt: skip
    return rows, s.truth("supply", "vat", merchant=name), ("card_slip",)


def ride_with_toll(s: Any) -> Printed:
    """A taxi's fare, the toll on the way, and what both come to."""
    rows = [
        "^카드결제 영수증", "상  호|모의운수(주)", f"사업자|{s.number}", f"승차시간|{s.iso[2:]} 05:10", f"하차시간|{s.iso[2:]} {s.time}", f"승차요금|{s.total - 1000:,}원", "통행료|1,000원", f"합계요금|{s.total:,}원", f"카드|{s.mask}", f"승인번호|{s.approval}", "택시 분실물 120",
    ]  # fmt: skip
    return rows, s.truth("supply", "vat", merchant="모의운수(주)", issued_at=f"{s.iso} {s.time}"), ("taxi",)


def plus_plus(s: Any) -> Printed:
    """A hotel that adds a tenth for its service, and the tax on both."""
    room = s.total // 100 * 100 + 20000
    service, vat = room // 10, (room + room // 10) // 10
    rows = [
        f"#^{s.name}", f"사업자등록번호 {s.number}", f"객실료|{room:,}", f"소 계|{room:,}", f"봉 사 료 (10%)|{service:,}", f"부 가 세 (10%)|{vat:,}", f"총 계|{room + service + vat:,}", f"신용카드|{room + service + vat:,}", f"카드번호 {s.mask}", f"승인번호 {s.approval}", f"발행일시 {s.iso} {s.seconds}",
    ]  # fmt: skip
    return rows, s.truth(total=room + service + vat, supply=room, vat=vat), SLIP


FORMS = (office, labels_in_cells, bracketed, values_below, half_of_day, lessons, ride_with_toll, plus_plus)
