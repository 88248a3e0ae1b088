"""Sums as tills, terminals, car parks, order pages and bills print them: discounts, refunds, several ways to pay.

Each function draws one family for `drawn_lines.draw`: words, order and layout differ from seed to seed.
"""

import random
from typing import Any

from tests.kit.drawn_papers import Printed, spaced

MINUS = ("-{}", "-{}", "- {}", "△{}", "▲{}", "−{}", "{}-", "-{}원", "({})", "₩-{}", "-₩{}")
"""How a cancelled amount is marked."""


def _head(s: Any, paper: str = "") -> list[str]:
    """A shop's head, as tills set it."""
    rows = [f"^{s.name}", f"사업자번호: {s.number}", f"TEL: {s.tel}", f"거래일시: {s.day} {s.seconds}"]
    return ([f"^{paper}"] if paper else []) + rows


def _foot(s: Any) -> list[str]:
    r = s.rng
    return [
        f"카드번호: {s.mask}",
        f"승인번호: {s.approval}",
        r.choice(["감사합니다", "교환/환불은 7일 이내 영수증 지참", "결제취소는 결제카드 지참 필수"]),
    ]


def _parts(r: random.Random, whole: int, exempt: int = 0) -> tuple[list[str], int, int]:
    """Rows of supply, VAT and exempt that make up `whole`."""
    supply = round((whole - exempt) / 1.1)
    vat = whole - exempt - supply
    labels = r.choice(
        [
            ("과세물품가액", "부가세", "면세물품가액"),
            ("공급가액", "부가가치세", "면세금액"),
            ("과세물품", "부 가 세", "면세물품"),
        ]
    )
    rows = [f"{labels[0]}|{supply:,}", f"{labels[1]}|{vat:,}"]
    free = [f"{labels[2]}|{exempt:,}"] if exempt else []
    return (free + rows if r.random() < 0.5 else rows + free), supply, vat


def discount_after_sum(s: Any) -> Printed:
    """The sum, what was taken off it, and what was paid: under a label of its own, or as the card's row."""
    r = s.rng
    whole = s.total + r.randrange(10, 60) * 100
    exempt = r.choice([0, 0, r.randrange(1, 8) * 100])
    cuts = [r.randrange(1, 9) * 100 for _ in range(r.choice([1, 1, 2, 3]))]
    paid = whole - sum(cuts)
    before = r.random() < 0.5  # whether the taxes are reckoned on the sum or on what was paid
    parts, supply, vat = _parts(r, whole if before else paid, exempt)
    names = r.sample(
        [
            "할인금액",
            "회원할인",
            "쿠폰할인",
            "행사할인",
            "에누리",
            "제휴할인",
            "카드즉시할인",
            "멤버십 할인",
            "임직원할인",
        ],
        len(cuts),
    )
    sign = r.choice(["-{:,}", "-{:,}", "{:,}", "△{:,}"])
    off = [f"{name}|{sign.format(cut)}" for name, cut in zip(names, cuts, strict=True)]
    if len(cuts) > 1 and r.random() < 0.4:
        off.append(f"할인합계|{sign.format(sum(cuts))}")
    gross = r.choice(
        [
            "총구매액",
            "총구매금액",
            "합계",
            "총액",
            "상품계",
            "판매합계",
            "소계",
            "주문금액",
            "총 금 액",
            "TOTAL",
            "총매출액",
            "구매금액",
        ]
    )
    label = r.choice(["결제금액", "받을금액", "결제대상금액", "최종결제금액", "총결제금액", "청구금액", "할인후금액"])
    ladder = [f"{gross}|{whole:,}", *off]
    pay = r.choice(
        [
            [f"{label}|{paid:,}"],
            [f"{spaced(r, '신용카드')}|{paid:,}"],
            [f"카드결제|{paid:,}"],
            [f"{label}|{paid:,}", f"신용카드|{paid:,}"],
            [f"{label}|{paid:,}", f"승인금액|{paid:,}"],
        ]
    )
    rows = [
        *_head(s),
        *s.goods()[: r.choice([0, 3])],
        *(parts + ladder + pay if r.random() < 0.5 else ladder + pay + parts),
        *_foot(s),
    ]
    return rows, s.truth(total=paid, supply=supply, vat=vat), ("card_slip", "pos_receipt")


def nothing_paid(s: Any) -> Printed:
    """Parking that a shop paid for, a coupon for the whole, points for all of it."""
    r = s.rng
    whole = s.total
    parking = r.random() < 0.6
    label, off = r.choice(
        [("주차요금", "할인금액"), ("주차요금", "웹할인"), ("총주차요금", "방문할인"), ("이용요금", "100% 할인")]
        if parking
        else [("합계", "쿠폰할인"), ("주문금액", "할인"), ("합계금액", "포인트사용"), ("총액", "적립금 사용")]
    )
    sign = r.choice(["-{:,}", "{:,}", "-{:,}원"])
    paid = r.choice(["결제금액", "정산금액", "받을금액", "최종결제금액", "납부할 금액"])
    rows = [
        *_head(s),
        *([f"입차: {s.iso} 06:00", f"출차: {s.iso} {s.time}"] if parking else []),
        f"{label}|{whole:,}원",
        f"{off}|{sign.format(whole)}",
        f"{paid}|0{r.choice(['', '원'])}",
    ]
    return (
        rows,
        s.truth("supply", "vat", "approval_number", total=0),
        ("parking", "receipt", "card_slip", "pos_receipt"),
    )


HEADINGS = [
    "승인취소",
    "신용카드 매출취소",
    "신용승인 취소",
    "취소전표",
    "반품영수증",
    "환불영수증",
    "[취소]",
    "** 승인취소 **",
    "카드취소 (고객용)",
    "거래구분: 취소",
    "거래종류: 신용취소",
    "결제취소 내역",
]


def refunded(s: Any) -> Printed:
    """A cancellation in full: every amount marked in one way or another, or none at all."""
    r = s.rng
    form = r.choice([*MINUS, "{}"])
    plain = r.random() < 0.3
    parts = (
        []
        if plain
        else [(r.choice(["공급가액", "과세물품가액"]), s.supply), (r.choice(["부가세", "부가가치세"]), s.vat)]
    )
    total = r.choice(["합계", "결제금액", "승인금액", "취소금액", "환불금액", "취소 금액", "총 환불금액"])
    sums = [f"{label}|{form.format(f'{value:,}')}" for label, value in [*parts, (total, s.total)]]
    rows = [
        *_head(s),
        r.choice(["", "^"]) + r.choice(HEADINGS),
        *sums,
        *r.choice([[], [f"원승인번호: {s.approval}"], [f"원거래일시: {s.day} 01:00"]]),
        *_foot(s),
    ]
    minus = {"total": -s.total, "supply": -s.supply, "vat": -s.vat}
    return rows, s.truth(*(("supply", "vat") if plain else ()), **minus), ("cancelled",)


def struck_by_a_line(s: Any) -> Printed:
    """A sale with a stroke (a fold, a pen, a dash after the label) before one of its amounts."""
    r = s.rng
    sums = [("공급가액", s.supply), ("부가세", s.vat), ("합계", s.total), ("결제금액", s.total)]
    at = r.randrange(4)
    rows = [
        *_head(s, "신용카드 매출전표"),
        *(f"{label}|{r.choice(['-', '- ']) if n == at else ''}{value:,}" for n, (label, value) in enumerate(sums)),
        *_foot(s),
    ]
    return rows, s.truth(), ("card_slip",)


def cancelled_in_part(s: Any) -> Printed:
    """A part of a sale is given back: its sum, the part, and what is left."""
    r = s.rng
    whole = s.total + r.randrange(10, 90) * 100
    part = r.randrange(1, whole // 100) * 100
    sign = r.choice(["{:,}", "-{:,}", "{:,}원"])
    first, given, rest = r.choice(
        [
            ("승인금액", "취소금액", "잔여금액"),
            ("원거래금액", "부분취소금액", "취소후금액"),
            ("원승인금액", "취소금액", "잔여승인금액"),
            ("결제금액", "환불금액", "남은금액"),
        ]
    )
    rows = [
        *_head(s),
        "^" + r.choice(["부분취소 전표", "부분취소", "신용카드 부분취소", "부분환불 영수증", "승인취소(부분)"]),
        f"{first}|{whole:,}",
        f"{given}|{sign.format(part)}",
        *([f"{rest}|{whole - part:,}"] if r.random() < 0.7 else []),
        *_foot(s),
    ]
    return rows, s.truth("supply", "vat", total=-part), ("cancelled",)


def refund_in_an_order(s: Any) -> Printed:
    """An order page: a dish was sold out and its price given back; the rest was paid."""
    r = s.rng
    fee = r.choice([0, 2000, 3000])
    back = s.items[0][2]
    whole = s.total + back + fee
    label = r.choice(["환불금액", "부분환불", "부분취소금액", "취소금액"])
    rows = [
        f"{s.name}",
        f"주문일시: {s.day} {s.seconds}",
        "메뉴|수량|금액",
        *[f"{n}|{q}|{q * p:,}원" for n, q, p in s.items],
        *([f"배달팁|{fee:,}원"] if fee else []),
        f"결제금액|{whole:,}원",
        f"{label}|-{back:,}원",
        f"{r.choice(['총 결제금액', '최종 결제금액', '최종결제금액'])}|{whole - back:,}원",
        "결제방법: 간편결제",
    ]
    return (
        rows,
        s.truth("supply", "vat", "business_number", "approval_number", total=whole - back),
        ("receipt", "pos_receipt", "order_slip", "card_slip"),
    )


def several_ways(s: Any) -> Printed:
    """Card and cash, points, a gift card: the sale is their sum; the card's slip shows its part."""
    r = s.rng
    card = r.randrange(1, s.total // 100 + 1) * 100
    whole = card
    ways = []
    for label in r.sample(
        ["현금", "포인트사용", "상품권", "적립금사용", "기프트카드", "선불카드"], r.choice([1, 1, 2])
    ):
        part = r.randrange(1, 90) * 100
        ways.append((label, part))
        whole += part
    ways.insert(r.randrange(len(ways) + 1), (r.choice(["신용카드", "카드", "신용카드결제", "체크카드"]), card))
    parts, supply, vat = _parts(r, whole)
    tender = [f"{label}|{value:,}" for label, value in ways]
    sums = [f"{r.choice(['합계', '총액', '합계금액', '결제금액'])}|{whole:,}"]
    rows = [
        *_head(s),
        *(parts + sums if r.random() < 0.6 else sums),
        *tender,
        *_foot(s),
        *r.choice([[f"승인금액|{card:,}"], []]),
    ]
    truth = s.truth(total=whole, supply=supply, vat=vat, card_amount=card)
    if len(rows) == len(_head(s)) + len(sums) + len(tender) + 3 or rows[4].startswith(sums[0]):
        truth = {k: v for k, v in truth.items() if k not in ("supply", "vat")}
    return rows, truth, ("card_slip", "pos_receipt", "receipt")


def celled(s: Any) -> Printed:
    """A form with a box for each digit."""
    r = s.rng
    cells = lambda value: "|".join(["₩"] * r.choice([0, 1]) + list(str(value)))  # noqa: E731
    rows = [
        "^신용카드 매출전표",
        f"가맹점명: {s.name}",
        f"사업자번호: {s.number}",
        f"거래일시: {s.day} {s.seconds}",
        f"승인번호: {s.approval}",
    ]
    sums = [("금액", s.supply), ("부가세", s.vat), (r.choice(["합계", "결제금액"]), s.total)]
    rows += [f"{label}|{cells(value)}" for label, value in sums]
    return rows, s.truth(), ("card_slip",)


def bill(s: Any) -> Printed:
    """A bill: what this month costs, what is still owed, and what is to be paid."""
    r = s.rng
    owed = r.choice([0, r.randrange(10, 900) * 100])
    month, kind = (
        r.randrange(1, 13),
        r.choice(["통신요금", "전기요금", "도시가스요금", "관리비", "상하수도요금", "인터넷 이용요금"]),
    )
    paid = r.choice(["납부하실 금액", "납부할 금액", "청구금액", "납기내 금액", "총 납부금액", "이번 달 납부하실 금액"])
    rows = [
        f"^{month}월 {kind} {r.choice(['청구서', '고지서', '납부고지서'])}",
        f"{s.name}|사업자등록번호 {s.number}",
        f"작성일자: {s.day}",
        f"납기일: {s.iso[:8]}28",
        f"{r.choice(['당월요금', '당월금액', '당월청구금액'])}|{s.total:,}",
    ]
    rows += (
        [f"부가가치세|{s.vat:,}"] * r.choice([0, 1])
        + ([f"{r.choice(['미납요금', '전월미납금액', '미납액'])}|{owed:,}"] if owed else [])
        + [f"{paid}|{s.total + owed:,}원", "아래 계좌로 입금하여 주시기 바랍니다"]
    )
    return rows, s.truth("supply", "vat", "approval_number", "issued_at", total=s.total + owed), ("bill",)


FAMILIES = (
    discount_after_sum,
    nothing_paid,
    refunded,
    struck_by_a_line,
    cancelled_in_part,
    refund_in_an_order,
    several_ways,
    celled,
    bill,
)
