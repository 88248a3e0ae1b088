# ruff: noqa: E501  (rows of print read best as they stand)
"""Papers that are no receipts, or receipts of a particular sort, for `drawn_lines.draw`; titles, words and order vary."""

from collections.abc import Callable
from typing import Any

from tests.kit.drawn_papers import Printed

FOOTNOTES = (
    *("견적서 문의 02-000-0000", "청구서는 이메일로 보내 드립니다", "거래명세서가 필요하시면 말씀하세요"),
    *("환불 시 영수증을 지참해 주세요", "현금영수증 문의 126", "상품권 구매 시 현금만 가능", "재발행은 불가합니다"),
)


def _seller(s: Any) -> list[str]:
    r = s.rng
    return r.choice(
        [[f"공급자: {s.name}|등록번호 {s.number}"], [f"상호: {s.name}", f"사업자등록번호: {s.number}"],
         [f"상호 {s.name}|대표 {s.owner}", f"사업자번호 {s.number}", f"주소 {s.address}"]]
    )  # fmt: skip


def _goods(s: Any) -> list[str]:
    return ["품목|단가|수량|금액", *[f"{n}|{p:,}|{q}|{q * p:,}" for n, q, p in s.items]]


def _sums(s: Any) -> list[str]:
    taxes = [f"공급가액|{s.supply:,}", f"세액|{s.vat:,}"]
    return [*s.rng.choice([[], taxes]), f"{s.rng.choice(['합계', '합계금액', '총금액'])}|{s.total:,}"]


def _titled(kind: str, titles: str, *extra: str) -> Callable[[Any], Printed]:
    def paper(s: Any) -> Printed:
        title = s.rng.choice(titles.split("|"))
        rows = [s.rng.choice(["^", "#^", ""]) + title, *_seller(s), f"작성일자: {s.iso}", *_goods(s), *_sums(s)]
        return [*rows, *extra], s.truth("approval_number", "issued_at", "supply", "vat"), (kind,)

    paper.__name__ = kind
    return paper


quotation = _titled("quotation", "견적서|견 적 서|[견적서]|비교견적서|QUOTATION|사무용품 견적서", "견적 유효기간: 30일")
delivery_note = _titled("delivery_note", "거래명세서|거래명세표|거 래 명 세 표|납품서|거래명세서(공급받는자용)")
order = _titled("order_slip", "주문서|발주서|구매주문서|주문확인서|예약확인서")
demand = _titled("bill", "청구서|청 구 서|요금 청구서|납부고지서|관리비 고지서|대금청구서", "아래 계좌로 입금해 주세요")


def preauthorisation(s: Any) -> Printed:
    """A hotel or a car hire holds an amount that is given back later."""
    r = s.rng
    title = r.choice(
        ["보증금 승인(가승인)", "가승인 전표", "[가승인]", "신용카드 가승인", "선승인 전표", "가승인 (PRE-AUTH)"]
    )
    rows = [f"^{s.name}", f"사업자번호: {s.number}", r.choice(["", "^"]) + title, f"거래일시: {s.day} {s.seconds}",
            f"승인금액|{s.total:,}", "체크아웃 시 자동 취소됩니다", f"카드번호: {s.mask}", f"승인번호: {s.approval}"]  # fmt: skip
    return rows, s.truth("supply", "vat"), ("preauthorisation",)


def medical_detail(s: Any) -> Printed:
    """The list behind a hospital's receipt."""
    title = s.rng.choice(["진료비 세부내역서", "진료비 세부산정내역", "진료비 세부산정내역서"])
    rows = [f"^{title}", f"요양기관명: {s.name}", f"사업자번호: {s.number}", f"진료일: {s.iso}", "항목|금액",
            f"진찰료|{s.total - 500:,}", "투약료|500", f"합계|{s.total:,}"]  # fmt: skip
    return rows, s.truth("approval_number", "issued_at", "supply", "vat"), ("medical_detail",)


def voucher(s: Any) -> Printed:
    """Gift cards bought with a card."""
    r = s.rng
    count, worth = r.randrange(1, 6), r.choice([10_000, 50_000, 100_000])
    name = r.choice(["상품권", "백화점상품권", "문화상품권", "기프트카드", "모바일 교환권"])
    total = count * worth
    rows = [f"^{s.name}", f"사업자번호: {s.number}", f"{s.day} {s.time}", f"{name} {worth // 10_000}만원권 x {count}|{total:,}",
            f"합계|{total:,}", f"신용카드|{total:,}", f"카드번호: {s.mask}", f"승인번호: {s.approval}"]  # fmt: skip
    return rows, s.truth("supply", "vat", "issued_at", total=total), ("voucher",)


def uses(s: Any) -> Printed:
    """A month's tolls, rides or parking on one page, with their sum."""
    r = s.rng
    what = r.choice(["하이패스 통행료 사용내역", "통행료 이용내역서", "택시 이용내역", "주차 이용내역"])
    each = [r.randrange(9, 90) * 100 for _ in range(r.randrange(2, 7))]
    rows = [f"^{what}", f"상호: {s.name}", f"사업자번호: {s.number}", "이용일시|구간|금액"]
    rows += [f"{s.iso} {7 + n:02}:31|가상 - 보기|{fare:,}" for n, fare in enumerate(each)]
    rows += [
        r.choice(
            [f"합계 {len(each)}건|{sum(each):,}원", f"총 {len(each)}건 합계|{sum(each):,}", f"합계|{sum(each):,}원"]
        )
    ]
    truth = s.truth("supply", "vat", "approval_number", "issued_at", total=sum(each))
    return rows, truth, ("toll", "taxi", "parking", "receipt", "pos_receipt")


def plain_sale(s: Any) -> Printed:
    """A sale with a footnote that speaks of other papers."""
    rows = [f"^{s.name}", f"사업자번호: {s.number}", f"거래일시: {s.day} {s.seconds}", *s.goods(), f"과세물품|{s.supply:,}",
            f"부가세|{s.vat:,}", f"합계|{s.total:,}", f"카드번호: {s.mask}", f"승인번호: {s.approval}",
            s.rng.choice(FOOTNOTES)]  # fmt: skip
    return rows, s.truth(), ("pos_receipt", "card_slip")


FAMILIES = (
    quotation, delivery_note, order, demand, preauthorisation, medical_detail, voucher, uses, plain_sale,
)  # fmt: skip
