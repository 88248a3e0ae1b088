"""Purchases with known truth, and the lists that card companies, banks and 홈택스 would print of them.

All names, numbers and papers are invented. `drawn` makes purchases and the receipts of most of them; each of LAYOUTS
writes the list of most of them as a file. `truth` is kept in step: which receipt belongs to which row of the file.
"""

import io
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import openpyxl
import xlwt

from workbench.domain.model import Field, Receipt

SHOPS = (
    ("가람식당", "한들푸드 주식회사"),
    ("누리문구 본점", "누리문구"),
    ("다솜카페", "㈜다솜커피컴퍼니"),
    ("라온주유소", "라온에너지(주)"),
    ("마루약국", "마루약국"),
    ("바다횟집 부산점", "바다횟집"),
    ("새봄마트 서초점", "새봄마트"),
    ("아름꽃집", "아름꽃집"),
    ("자람서점", "주식회사 자람서점"),
    ("초록김밥 역삼점", "초록김밥"),
    ("큰별택시", "큰별교통"),
    ("하늘호텔", "하늘호텔 프론트"),
)
"""A shop's name on its paper and the one that the card company knows (some quite another, as in life)."""


def number(seed: int) -> str:
    """A business number whose check digit is right."""
    digits = [1, 2, 3] + [int(c) for c in f"{seed % 1_000_000:06}"]
    weights = (1, 3, 7, 1, 3, 7, 1, 3, 5)
    total = sum(w * d for w, d in zip(weights, digits, strict=True)) + 5 * digits[8] // 10
    text = "".join(map(str, [*digits, (10 - total % 10) % 10]))
    return f"{text[:3]}-{text[3:5]}-{text[5:]}"


@dataclass
class Purchase:
    """One payment: what the papers say of it, and how it stands in the list."""

    receipt: str | None
    moment: datetime
    amount: int
    paper_name: str
    listed_name: str
    number: str
    approval: str
    card: str = "9410-****-****-1234"
    person: str = "김하나"
    listed: bool = True
    cancelled: bool = False
    currency: str = ""
    foreign: str = ""
    rows: list = field(default_factory=list)


def drawn(count: int = 200, seed: int = 1) -> list[Purchase]:
    """Purchases of one month with cancellations, twins, foreign ones, and 10 % missing on either side."""
    rng = random.Random(seed)
    found = []
    begin = datetime(2026, 10, 1, 8)
    for n in range(count):
        paper, listed = SHOPS[rng.randrange(len(SHOPS))]
        moment = begin + timedelta(minutes=rng.randrange(30 * 24 * 60))
        amount = rng.choice((4500, 4500, 6000, 12000, rng.randrange(30, 900) * 100, rng.randrange(3000, 90000)))
        one = Purchase(
            f"r{n}",
            moment,
            amount,
            paper,
            listed[:12],
            number(SHOPS.index((paper, listed)) * 7919 + 11),
            f"{rng.randrange(10**7, 10**8):08}",
        )
        kind = rng.random()
        if kind < 0.05:
            one.currency, one.foreign = "USD", f"{rng.randrange(500, 20000) / 100:.2f}"
            one.amount = int(float(one.foreign) * 1390)
        elif kind < 0.10:
            found.append(
                Purchase(
                    f"r{n}-c",
                    moment + timedelta(hours=1),
                    -amount,
                    paper,
                    one.listed_name,
                    one.number,
                    one.approval,
                    cancelled=True,
                )
            )
        elif kind < 0.15:  # a twin: the same thing bought again at the same till on the same day
            found.append(
                Purchase(
                    f"r{n}-t",
                    moment + timedelta(minutes=9),
                    amount,
                    paper,
                    one.listed_name,
                    one.number,
                    f"{rng.randrange(10**7, 10**8):08}",
                )
            )
        found.append(one)
    for one in found:
        lost = rng.random()
        if lost < 0.10:
            one.receipt = None
        elif lost < 0.20:
            one.listed = False
    return sorted(found, key=lambda one: one.moment)


def receipts(purchases: list[Purchase], seed: int = 1) -> list[Receipt]:
    """The receipts of those that kept theirs, as the machine would have read them: some names and numbers missing."""
    rng = random.Random(seed)
    made = []
    for one in purchases:
        if one.receipt is None:
            continue
        values = {
            "merchant": one.paper_name if rng.random() < 0.8 else None,
            "business_number": one.number if rng.random() < 0.9 else None,
            "issued_at": f"{one.moment:%Y-%m-%d %H:%M}",
            "total": None if one.currency else str(one.amount),
            "approval_number": one.approval if rng.random() < 0.8 else None,
            "card_number": one.card,
            "currency": one.currency or None,
            "foreign_total": one.foreign or None,
        }
        fields = tuple(Field(name, value, confidence=0.99) for name, value in values.items() if value)
        kind = "cancelled" if one.cancelled else "card_slip"
        made.append(Receipt(one.receipt, f"{one.receipt}.jpg", one.receipt, 1, 1, "read", kind, fields=fields))
    return made


def _listed(purchases):
    return [one for one in purchases if one.listed]


def _rows(purchases, first, cells):
    """Rows of the list, each noted with its number in the file in the purchase it speaks of."""
    made = []
    for row, one in enumerate(_listed(purchases), start=first):
        one.rows = [row]
        made.append(cells(one))
    return made


def _xlsx(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _xls(rows):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            if cell is not None:
                sheet.write(y, x, cell, day if isinstance(cell, datetime) else xlwt.Style.default_style)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _text(rows, mark=",", encoding="utf-8-sig"):
    def cell(value):
        text = "" if value is None else str(value)
        return f'"{text}"' if mark in text else text

    return "\r\n".join(mark.join(map(cell, row)) for row in rows).encode(encoding)


def card_a(purchases):
    """A card company: titles above, cancellations with a minus, a sum row, won and dollars in columns of their own."""
    heads = ["이용일시", "이용카드", "가맹점명", "이용금액(US$)", "이용금액(원)", "승인번호", "가맹점사업자번호"]
    rows = _rows(
        purchases,
        5,
        lambda p: [
            f"{p.moment:%Y.%m.%d %H:%M}",
            p.card,
            p.listed_name,
            p.foreign or None,
            f"{p.amount:,}원",
            p.approval,
            p.number,
        ],
    )
    total = sum(p.amount for p in _listed(purchases))
    return "카드A.xlsx", _xlsx(
        [
            ["법인카드 이용내역"],
            ["조회기간", "2026-10-01 ~ 2026-10-31"],
            [],
            heads,
            *rows,
            ["합계", None, None, None, f"{total:,}원"],
        ]
    )


def card_b(purchases):
    """Another one: CP949, a column that says 취소 while the amount stays positive, month and day alone."""
    heads = ["승인일", "승인시간", "카드번호", "이용하신곳", "승인금액", "승인번호", "승인구분", "이용자명"]
    rows = _rows(
        purchases,
        4,
        lambda p: [
            f"{p.moment:%m/%d}",
            f"{p.moment:%H:%M:%S}",
            p.card,
            p.listed_name,
            f"{abs(p.amount):,}",
            p.approval,
            "취소" if p.cancelled else "승인",
            p.person,
        ],
    )
    return "카드B.csv", _text(
        [["카드 승인내역", "", ""], ["출력일 2026-11-03", "", ""], heads, *rows], encoding="cp949"
    )


def card_c(purchases):
    """A third: Excel's day numbers, approval numbers that lost their digits, a row of its own for each cancellation."""
    heads = ["매출일자", "가맹점명", "금액", "승인번호", "취소여부", "가맹점사업자번호"]
    rows = _rows(
        purchases,
        2,
        lambda p: [
            (p.moment.date() - datetime(1899, 12, 30).date()).days,
            p.listed_name,
            abs(p.amount),
            f"{float(p.approval):.2E}",
            "Y" if p.cancelled else "N",
            int(p.number.replace("-", "")),
        ],
    )
    return "카드C.csv", _text([heads, *rows], mark="\t")


def bank_a(purchases):
    """A bank: money out and in in two columns, tabs, a remark below."""
    heads = ["거래일시", "적요", "기재내용", "찾으신금액", "맡기신금액", "거래후잔액", "거래점"]
    rows = _rows(
        purchases,
        3,
        lambda p: [
            f"{p.moment:%Y-%m-%d %H:%M:%S}",
            "체크",
            p.listed_name,
            f"{p.amount:,}" if p.amount > 0 else 0,
            f"{-p.amount:,}" if p.amount < 0 else 0,
            "1,234,567",
            "인터넷",
        ],
    )
    return "은행A.csv", _text([["계좌번호 : 110-***-123456"], heads, *rows, ["* 본 내역은 참고용입니다."]], mark="\t")


def bank_b(purchases):
    """An old .xls with real dates and numbers."""
    heads = ["거래일자", "거래시간", "출금액", "입금액", "내용", "카드번호"]
    rows = _rows(
        purchases,
        3,
        lambda p: [
            p.moment.replace(hour=0, minute=0),
            f"{p.moment:%H:%M}",
            p.amount if p.amount > 0 else 0,
            -p.amount if p.amount < 0 else 0,
            p.listed_name,
            p.card,
        ],
    )
    return "은행B.xls", _xls([["입출금 거래내역"], heads, *rows, ["합 계", None, 999999, 0, None, None]])


def bank_c(purchases):
    """A web page under the name of .xls, minus in brackets."""
    heads = ["이용일자", "이용가맹점", "이용금액", "승인번호"]
    rows = _rows(
        purchases,
        3,
        lambda p: [
            f"{p.moment:%Y%m%d}",
            p.listed_name,
            f"({-p.amount:,})" if p.amount < 0 else f"{p.amount:,}",
            p.approval.lstrip("0"),
        ],
    )
    body = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in [["이용대금 명세서"], heads, *rows]
    )
    return "은행C.xls", f"<html><meta charset='euc-kr'><table>{body}</table></html>".encode("cp949")


def hometax_card(purchases):
    """홈택스 사업용신용카드: titles in row 1, no approval number."""
    heads = [
        "승인일자",
        "카드사",
        "카드번호",
        "가맹점사업자번호",
        "가맹점명",
        "공급가액",
        "세액",
        "봉사료",
        "합계",
        "가맹점유형",
        "업태",
        "업종",
        "공제여부결정",
        "비고",
    ]
    rows = _rows(
        purchases,
        3,
        lambda p: [
            f"{p.moment:%Y-%m-%d}",
            "가나카드",
            p.card,
            p.number,
            p.listed_name,
            round(p.amount / 1.1),
            p.amount - round(p.amount / 1.1),
            0,
            p.amount,
            "일반",
            "소매",
            "기타",
            "공제",
            "",
        ],
    )
    return "사업용신용카드.xlsx", _xlsx([["사업용 신용카드 매입세액 공제 확인/변경"], heads, *rows])


def hometax_cash(purchases):
    """홈택스 현금영수증 매입."""
    heads = [
        "매입일시",
        "가맹점사업자번호",
        "가맹점명",
        "공급가액",
        "부가세",
        "봉사료",
        "매입금액",
        "승인번호",
        "거래구분",
    ]
    rows = _rows(
        purchases,
        3,
        lambda p: [
            f"{p.moment:%Y-%m-%d %H:%M:%S}",
            p.number.replace("-", ""),
            p.listed_name,
            0,
            0,
            0,
            abs(p.amount),
            p.approval,
            "취소거래" if p.cancelled else "승인거래",
        ],
    )
    return "현금영수증.csv", _text([["현금영수증 매입내역"], heads, *rows], encoding="cp949")


LAYOUTS = (card_a, card_b, card_c, bank_a, bank_b, bank_c, hometax_card, hometax_cash)
