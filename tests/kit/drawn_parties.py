# ruff: noqa: E501, SIM905  (rows of print and lists of words read best as they stand)
"""Papers that name others beside the seller, or other days beside the sale's: each a family, its words and order drawn.

Made as such papers are: a mall's logo over its tenant, a slogan over the firm, a notice with the label's own words, a
copy printed later, a bill with its due date, a loyalty partner's number beside the card's. Every shop is invented.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.kit.drawn_papers import LOGOS, Printed

SLOGANS = "행복을 나누는 하루|언제나 처음처럼 정성껏|고객과 함께 걷는 길|신선함이 가득한 곳|날마다 새로운 즐거움|가까운 곳에 큰 기쁨".split(
    "|"
)
THANKS = "찾아주셔서 감사합니다|저희 매장을 이용해 주셔서 감사합니다|항상 최선을 다하겠습니다|좋은 하루 되세요".split(
    "|"
)
NOTICES = (
    ("가맹점명, 가맹점 주소가", "실제와 다른 경우 신고 안내"),
    ("상호, 대표자명이 실제와", "다르면 국세청 126으로 신고"),
    ("가맹점명이 다를 경우 신고", "포상금을 드립니다"),
)
HEADINGS = "신용카드 매출전표|IC신용승인|카드 영수증|매출 전표 (고객용)|[ 영 수 증 ]".split("|")
PARTNERS = "보기멤버십 하늘포인트 누리패스 가온클럽".split()


def _sums(s: Any) -> list[str]:
    return [f"과세물품가액|{s.supply:,}", f"부 가 세|{s.vat:,}", f"합 계|{s.total:,}"]


def _paid(s: Any) -> list[str]:
    return [f"카드종류|{s.card}", f"카드번호|{s.mask}", f"승인번호|{s.approval}"]


def _moved(s: Any, days: int) -> str:
    """Another day, as the slip prints days."""
    sign = s.day[4]
    return f"{date.fromisoformat(s.iso) + timedelta(days):%Y-%m-%d}".replace("-", sign)


def _mall(s: Any) -> Printed:
    """A mall's logo, its tenant below, the number in the tenant's row or under it."""
    r = s.rng
    number = [f"{s.name} {s.number}"] if r.random() < 0.4 else [s.name, f"{s.number} {s.owner}"]
    rows = [f"#^{r.choice(LOGOS)}", *number, s.address, f"T.{s.tel}", f"{s.day} {s.seconds}", *s.goods(), *_sums(s), *_paid(s)]  # fmt: skip
    return rows, s.truth(), ("pos_receipt", "card_slip")


def _tenant(s: Any) -> Printed:
    """A mall's form: its logo, the number, owner and address, and the tenant under a label of one word."""
    r = s.rng
    shop = r.choice([s.name, s.name.split()[0], s.name.split()[1].removesuffix("점")])
    head = [f"사업자번호: {s.number}", f"대표: {s.owner}", f"주소: {s.address}"]
    tenant = [f"{_one(r, '매장 점포 입점 브랜드 코너')}{r.choice([': ', ' : ', '|: '])}{shop}", f"TEL. {s.tel}"]
    rows = [f"#^{r.choice(LOGOS)}", *head, *tenant, *r.sample(THANKS, 1), f"구매 {s.day} {s.seconds}", *s.goods(), *_sums(s), *_paid(s)]  # fmt: skip
    return rows, s.truth(merchant=shop), ("pos_receipt", "card_slip")


def _slogan(s: Any) -> Printed:
    """A slogan or thanks above, between or below the firm's rows."""
    r = s.rng
    said = r.choice(SLOGANS + THANKS)
    head = [f"#^{s.name}", f"사업자번호 {s.number} 대표 {s.owner}"]
    head.insert(r.randrange(2), f"^{said}")
    rows = [*head, s.address, f"전화 {s.tel}", f"판매일시 {s.day} {s.seconds}", *s.goods(), *_sums(s), *_paid(s), f"^{r.choice(THANKS)}"]  # fmt: skip
    return rows, s.truth(), ("pos_receipt", "card_slip")


def _notice(s: Any) -> Printed:
    """A terminal's notice that uses the labels' own words, above or below the shop's block."""
    r = s.rng
    block = [
        f"{r.choice(['가맹점명', '가맹점', '상호'])}|{s.name}",
        f"사업자번호|{s.number}",
        f"대표자|{s.owner}",
        f"주소 {s.address}",
    ]
    notice = list(r.choice(NOTICES))
    body = [
        f"거래일시|{s.day} {s.seconds}",
        *_paid(s),
        f"판매금액|{s.supply:,}",
        f"부가세|{s.vat:,}",
        f"합계|{s.total:,}",
    ]
    parts = [notice, block, body] if r.random() < 0.5 else [block, body, notice]
    return [f"^{r.choice(HEADINGS)}", *(row for part in parts for row in part)], s.truth(), ("card_slip", "pos_receipt", "receipt")  # fmt: skip


def _owner(s: Any) -> Printed:
    """The owner in the number's row or right above it; the shop at the head."""
    r = s.rng
    near = r.choice(
        [[f"{s.owner} {s.number}"], [f"대표 {s.owner}", s.number], [f"대표자: {s.owner}", f"사업자: {s.number}"]]
    )
    rows = [f"^{r.choice(HEADINGS)}", s.name, *near, s.address, f"TEL {s.tel}", f"거래일시 {s.day} {s.seconds}", *s.goods(), *_sums(s), *_paid(s)]  # fmt: skip
    return rows, s.truth(), ("pos_receipt", "card_slip")


def _firm(s: Any) -> Printed:
    """Firm and shop are both printed, each under its label."""
    r = s.rng
    firm = f"{r.choice(['(주)', '주식회사 '])}{r.choice('모아 두루 한빛 새길'.split())}{r.choice('푸드 유통 컴퍼니'.split())}"
    pair = [f"상호: {firm}", f"매장명: {s.name}"]
    if r.random() < 0.5:
        pair.reverse()
    rows = [f"^{r.choice(HEADINGS)}", *pair, f"사업자번호: {s.number}", f"대표자: {s.owner}", f"주소: {s.address}", f"거래일시: {s.day} {s.seconds}", *s.goods(), *_sums(s), *_paid(s)]  # fmt: skip
    return rows, s.truth(), ("pos_receipt", "card_slip")


def _agent_first(s: Any) -> Printed:
    """The payment agent's block before the seller's, with name, number and telephone of its own."""
    r = s.rng
    agent = [
        f"{r.choice(['결제대행사 정보', '전자금융업자', '결제대행사'])}",
        "상호|(주)견본페이",
        f"사업자등록번호|{s.other}",
        f"대표자|{r.choice('최대행 정모의'.split())}",
    ]
    seller = ["판매자 정보", f"상호|{s.name}", f"사업자등록번호|{s.number}", f"대표자|{s.owner}", f"주소|{s.address}"]
    pay = [
        f"승인일시|{s.day} {s.seconds}",
        *_paid(s),
        f"공급가액|{s.supply:,}",
        f"부가세|{s.vat:,}",
        f"합계|{s.total:,}",
    ]
    parts = r.choice([[agent, seller, pay], [pay, agent, seller], [agent, pay, seller]])
    return ["^신용카드 매출전표", *(row for part in parts for row in part)], s.truth(), ("card_slip",)


def _reprint(s: Any) -> Printed:
    """A copy printed later: its own day and time beside the sale's, before or after it, with or without labels."""
    r = s.rng
    later, clock = _moved(s, r.randrange(1, 90)), f"{r.randrange(9, 20):02}:{r.randrange(60):02}"
    said = _one(r, "재발행일시 재발행 출력일시 재출력 인쇄일시 재인쇄 [재발행] *재출력* 재발행일자 출력일")
    stamp = f"{later} {clock}{r.choice(['', ':41'])}"
    copy = [f"{said}{r.choice([': ', '|', ' '])}{stamp}"] if r.random() < 0.7 else ["^*** 영수증 재발행 ***", stamp]
    label = r.choice(["거래일시", "판매일시", "승인일시", "", "", "결제일시"])
    sale = f"{label}{r.choice([': ', ' '])}{s.day} {s.seconds}".lstrip(" :")
    head = [s.name, f"사업자번호 {s.number}", s.address, f"TEL {s.tel}"]
    body = [sale, *s.goods(), *_sums(s), *_paid(s)]
    rows = r.choice([[*copy, *head, *body], [*head, *copy, *body], [*head, *body, *copy]])
    return rows, s.truth(), ("pos_receipt", "card_slip")


def _due(s: Any) -> Printed:
    """Days that are none of a sale: due, valid until, born, opened, to be returned by."""
    r = s.rng
    other = f"{_one(r, '납부기한 유효기간 교환기한 반품기한 쿠폰유효기간 예약일 이용종료 만기일 배송예정일 다음결제일')}{r.choice([': ', '|', ' '])}{_moved(s, r.randrange(5, 60))}{r.choice(['', ' 23:59', '까지'])}"
    sale = f"{r.choice(['거래일시', '판매일시', '결제일시'])} {s.day} {s.seconds}"
    pair = [other, sale] if r.random() < 0.5 else [sale, other]
    rows = [s.name, f"사업자번호 {s.number}", s.address, *pair, *s.goods(), *_sums(s), *_paid(s)]
    return rows, s.truth(), ("pos_receipt", "card_slip", "receipt")


def _partner(s: Any) -> Printed:
    """A loyalty partner's card and approval number beside the payment's."""
    r = s.rng
    number, who = f"{r.randrange(10**7, 10**9)}", r.choice(PARTNERS)
    shown = r.choice([
        [f"[{who} 적립]", f"카드번호|{r.randrange(1000, 9999)}****{r.randrange(1000, 9999)}", f"승인번호|{number}"],
        [f"{who} 승인번호 {number}", "적립포인트 120P 누적 3,210P"],
        [f"포인트 적립 승인번호 : {number}", f"{who} 회원 김*온"],
        [f"제휴사 승인번호|{number}", f"제휴사|{who}"],
    ])  # fmt: skip
    pay = ["[신용카드 승인정보]", *_paid(s), f"승인금액|{s.total:,}"]
    tail = [*shown, *pay] if r.random() < 0.5 else [*pay, *shown]
    rows = [s.name, f"사업자번호 {s.number}", s.address, f"{s.day} {s.seconds}", *s.goods(), *_sums(s), *tail]
    return rows, s.truth(), ("pos_receipt", "card_slip")


def _discount_card(s: Any) -> Printed:
    """A slip of the partner whose card lowered the price, with number, approval and amount, before the payment's."""
    r = s.rng
    off = r.randrange(1, 9) * 100
    number = f"{r.randrange(10**7, 10**8) if r.random() < 0.3 else r.randrange(10**11, 10**12)}"
    partner = [
        f"{_one(r, '제휴카드 통신사 제휴사')} {_one(r, '매출전표 전표 승인내역')}",
        f"[제 휴 사 명] {r.choice(PARTNERS)}",
        f"[카 드 번 호] {r.randrange(1000, 9999)}-{r.randrange(1000, 9999)}-****-{r.randrange(1000, 9999)}",
        f"[승 인 번 호] {number}",
        f"[{_one(r, '할인금액 차감금액')}] {off:,} 원",
    ]
    card = [f"[{s.card}] {s.mask}", f"[금액] {s.total:,} 원(일시불) [부가세]:{s.vat:,}"]
    shown = r.choice([[f"[{s.approval}] EDC 매출표"], [f"승인번호: {s.approval}"], [f"({s.approval}) 일시불"]])
    pay = ["신용카드 매출전표 [고객용]", *card, *shown]
    rows = [s.name, f"{s.number} TEL: {s.tel}", s.address, f"{s.day} {s.seconds}", *s.goods(), f"합 계|{s.total + off:,}", f"제휴할인|-{off:,}", f"받을금액|{s.total:,}"]  # fmt: skip
    return [*rows, *(partner + pay)], s.truth("supply", "vat"), ("pos_receipt", "card_slip")


def _one(rng: random.Random, words: str) -> str:
    return rng.choice(words.replace("|", " ").split())


PARTIES: dict[str, Callable[[Any], Printed]] = {
    f"by_{paper.__name__[1:]}": paper
    for paper in (
        _mall,
        _tenant,
        _slogan,
        _notice,
        _owner,
        _firm,
        _agent_first,
        _reprint,
        _due,
        _partner,
        _discount_card,
    )
}
