# ruff: noqa: E501  (rows of print read best as they stand)
"""Invented papers in foreign money with known currency, amount and day; shops, places and numbers are made up."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tests.kit.drawn_pdfs import Paper, Text, reportlab

DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
NANUM = Path("/usr/share/fonts/truetype/nanum/NanumGothic.ttf")
MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905


@dataclass(frozen=True)
class ForeignPaper:
    """Rows of cells ("left|right"), and what a reader has to find; `won`: the won amount printed, "" for none.

    `certain`: the print leaves one reading of the day. `cjk`: written in kana or Chinese.
    """

    name: str
    rows: tuple[str, ...]
    currency: str
    amount: str
    day: date
    merchant: str
    won: str = ""
    certain: bool = True
    cjk: bool = False


def _money(rng: random.Random, low: int = 5, high: int = 900) -> tuple[Decimal, Decimal, Decimal]:
    """Net, tax and total in cents."""
    net = Decimal(rng.randrange(low * 100, high * 100)) / 100
    tax = (net * Decimal("0.08")).quantize(Decimal("0.01"))
    return net, tax, net + tax


def _day(rng: random.Random) -> date:
    return date(2026, rng.randrange(1, 11), rng.randrange(1, 28))


def _comma(value: Decimal) -> str:
    return f"{value:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")


def subscription(rng: random.Random) -> ForeignPaper:
    net, tax, total = _money(rng, 10, 90)
    day = _day(rng)
    due = date(2026, 11, rng.randrange(1, 29))
    words = f"{MONTHS[day.month - 1]} {day.day}, {day.year}"
    rows = (
        "Invoice|", f"Invoice number|IN-{rng.randrange(10000, 99999)}", f"Date of issue|{words}",
        f"Date due|{MONTHS[due.month - 1]} {due.day}, {due.year}", "Northwind Cloud, Inc.|Bill to",
        "500 Example Street|Hangang Audit", "San Francisco, CA 94107|Seoul, South Korea", "United States|",
        f"${total:,.2f} USD due {MONTHS[due.month - 1]} {due.day}, {due.year}|", "Description|Amount",
        f"Pro plan|${net:,.2f}", f"Subtotal|${net:,.2f}", f"Sales tax|${tax:,.2f}", f"Total|${total:,.2f}",
        f"Amount due|${total:,.2f} USD",
    )  # fmt: skip
    return ForeignPaper("subscription", rows, "USD", f"{total:.2f}", day, "Northwind Cloud, Inc.")


def paid_receipt(rng: random.Random) -> ForeignPaper:
    net, tax, total = _money(rng, 10, 400)
    day = _day(rng)
    words = f"{MONTHS[day.month - 1][:3]} {day.day}, {day.year}"
    vat = rng.randrange(1000, 9000)
    rows = (
        "Receipt|", f"Receipt number|{rng.randrange(1000, 9999)}-{rng.randrange(1000, 9999)}", f"Date paid|{words}",
        "Bill from:|", "Paperplane Labs LLC|", "Bill to:|", "Hangang Audit|", f"Team seats|${net:,.2f}",
        f"Subtotal|${net:,.2f}", f"VAT - South Korea (10%)|${tax:,.2f} (₩{vat:,})", f"Total|${total:,.2f}",
        f"Amount paid|${total:,.2f} USD",
    )  # fmt: skip
    return ForeignPaper("paid_receipt", rows, "USD", f"{total:.2f}", day, "Paperplane Labs LLC", won="")


def us_till(rng: random.Random) -> ForeignPaper:
    net, tax, total = _money(rng, 3, 80)
    day = _day(rng)
    rows = (
        "BLUE HERON DINER|", "88 Elm St, Portland, OR 97201|", f"{day.month:02}/{day.day:02}/{day.year} 07:22 PM|",
        f"Burger|{net:,.2f}", f"Subtotal|${net:,.2f}", f"Sales Tax|${tax:,.2f}", f"TOTAL|${total:,.2f}",
        f"Visa ****1234|${total:,.2f}", "THANK YOU|",
    )  # fmt: skip
    return ForeignPaper("us_till", rows, "USD", f"{total:.2f}", day, "BLUE HERON DINER")


def dollars_alone(rng: random.Random) -> ForeignPaper:
    _, _, total = _money(rng, 3, 80)
    day = date(2026, rng.randrange(1, 11), rng.randrange(1, 12))
    rows = ("PELICAN COFFEE|", f"Date {day.month:02}/{day.day:02}/{day.year}|", f"Latte|${total:,.2f}",
            f"Total|${total:,.2f}", "Thanks for stopping by our place|")  # fmt: skip
    return ForeignPaper("dollars_alone", rows, "USD", f"{total:.2f}", day, "PELICAN COFFEE", certain=False)


def uk_till(rng: random.Random) -> ForeignPaper:
    net, tax, total = _money(rng, 3, 120)
    day = _day(rng)
    rows = (
        "The Copper Kettle Ltd|", "14 Mill Lane, London|", "VAT No: GB 123 4567 89|",
        f"{day.day:02}/{day.month:02}/{day.year}  13:05|", f"Lunch|£{net:.2f}", f"VAT|£{tax:.2f}",
        f"Total to pay|£{total:.2f}", "Cash|£200.00", f"Change|£{200 - total:.2f}",
    )  # fmt: skip
    return ForeignPaper("uk_till", rows, "GBP", f"{total:.2f}", day, "The Copper Kettle Ltd")


def german_bill(rng: random.Random) -> ForeignPaper:
    net, tax, total = _money(rng, 50, 3000)
    day = _day(rng)
    rows = (
        "Musterwerk GmbH|", "Lindenweg 3, 10115 Berlin, Deutschland|", f"Rechnung Nr. {rng.randrange(1000, 9999)}|",
        f"Rechnungsdatum: {day.day:02}.{day.month:02}.{day.year}|", f"Beratung|{_comma(net)} €",
        f"Zwischensumme|{_comma(net)} €", f"MwSt 8 %|{_comma(tax)} €", f"Gesamtbetrag|{_comma(total)} €",
    )  # fmt: skip
    return ForeignPaper("german_bill", rows, "EUR", f"{total:.2f}", day, "Musterwerk GmbH")


def french_ticket(rng: random.Random) -> ForeignPaper:
    net, tax, total = _money(rng, 5, 90)
    day = _day(rng)
    rows = (
        "BOULANGERIE DU PONT|", "2 rue Exemple, Paris, France|", f"Le {day.day:02}/{day.month:02}/{day.year} 08:41|",
        f"Sandwich|{_comma(net)} EUR", f"TVA|{_comma(tax)} EUR", f"TOTAL TTC|{_comma(total)} EUR", "Merci|",
    )  # fmt: skip
    return ForeignPaper("french_ticket", rows, "EUR", f"{total:.2f}", day, "BOULANGERIE DU PONT")


def swiss_hotel(rng: random.Random) -> ForeignPaper:
    net, tax, total = _money(rng, 1000, 3000)
    day = _day(rng)
    quoted = f"{total:,.2f}".replace(",", "'")
    rows = (
        "Hotel Seeblick AG|", "Zürich, Schweiz|", f"Datum: {day.day}. {MONTHS[day.month - 1]} {day.year}|",
        f"Zimmer|CHF {net:.2f}", f"MwSt|CHF {tax:.2f}", f"Total|CHF {quoted}",
    )  # fmt: skip
    return ForeignPaper("swiss_hotel", rows, "CHF", f"{total:.2f}", day, "Hotel Seeblick AG")


def japanese_till(rng: random.Random) -> ForeignPaper:
    total = rng.randrange(400, 9000)
    day = _day(rng)
    paid = (total // 1000 + 1) * 1000
    rows = (
        "北野食堂|", "大阪市中央1-2-3|", f"{day.year}年{day.month:02}月{day.day:02}日 19:22|", f"小計|¥{total - total // 11:,}",
        f"合計|¥{total:,}", f"お預り|¥{paid:,}", f"お釣り|¥{paid - total:,}",
    )  # fmt: skip
    return ForeignPaper("japanese_till", rows, "JPY", str(total), day, "北野食堂", cjk=True)


def japanese_era(rng: random.Random) -> ForeignPaper:
    total = rng.randrange(1000, 90000)
    day = _day(rng)
    rows = (
        "山川商店|", f"令和{day.year - 2018}年{day.month}月{day.day}日|", f"文具|{total - total // 11:,}円",
        f"合計|{total:,}円", "上記正に領しました|",
    )  # fmt: skip
    return ForeignPaper("japanese_era", rows, "JPY", str(total), day, "山川商店", cjk=True)


def chinese_slip(rng: random.Random) -> ForeignPaper:
    total = Decimal(rng.randrange(1000, 90000)) / 100
    day = _day(rng)
    rows = (
        "北京金山酒店|", "北京市中山路 18 号|", f"日期: {day.year}-{day.month:02}-{day.day:02} 12:30|", f"房費|¥{total:.2f}",
        f"合計|¥{total:.2f}", "人民币|",
    )  # fmt: skip
    return ForeignPaper("chinese_slip", rows, "CNY", f"{total:.2f}", day, "北京金山酒店", cjk=True)


def hong_kong(rng: random.Random) -> ForeignPaper:
    net, tax, total = _money(rng, 20, 900)
    day = _day(rng)
    rows = (
        "Golden Pearl Restaurant|", "8 Sample Road, Wan Chai, Hong Kong|", f"{day.day:02}/{day.month:02}/{day.year} 20:11|",
        f"Dinner set|HK${net:,.2f}", f"Service charge|HK${tax:,.2f}", f"Grand Total|HK${total:,.2f}",
    )  # fmt: skip
    return ForeignPaper("hong_kong", rows, "HKD", f"{total:.2f}", day, "Golden Pearl Restaurant")


def singapore_dcc(rng: random.Random) -> ForeignPaper:
    _, _, total = _money(rng, 20, 200)
    day = _day(rng)
    won = int(total * 1062)
    rows = (
        "MARINA GRILL|", "12 PIER ROAD, SINGAPORE|", f"DATE {day.day:02}/{day.month:02}/{day.year}  TIME 20:14|",
        f"TOTAL SGD|{total:.2f}", "EXCHANGE RATE 1 SGD = 1,062.50 KRW|", f"TRANSACTION AMOUNT KRW|{won:,}",
        "CARDHOLDER HAS CHOSEN KRW|",
    )  # fmt: skip
    return ForeignPaper("singapore_dcc", rows, "SGD", f"{total:.2f}", day, "MARINA GRILL", won=str(won))


def vietnam(rng: random.Random) -> ForeignPaper:
    total = rng.randrange(40, 3000) * 1000
    day = _day(rng)
    dotted = f"{total:,}".replace(",", ".")
    rows = (
        "Nha hang Sen Vang|", "12 Le Loi, Ho Chi Minh, Vietnam|", f"Ngay {day.day:02}/{day.month:02}/{day.year} 18:40|",
        f"Pho bo|{dotted} VND", f"Total|{dotted} VND",
    )  # fmt: skip
    return ForeignPaper("vietnam", rows, "VND", str(total), day, "Nha hang Sen Vang")


def australian(rng: random.Random) -> ForeignPaper:
    net, tax, total = _money(rng, 20, 500)
    day = _day(rng)
    rows = (
        "TAX INVOICE|", "Banksia Books Pty Ltd|", "ABN 12 345 678 901|", "Sydney NSW 2000, Australia|",
        f"Invoice date: {day.day} {MONTHS[day.month - 1][:3]} {day.year}|", f"Books|${net:,.2f}", f"GST|${tax:,.2f}",
        f"Total (AUD)|${total:,.2f}",
    )  # fmt: skip
    return ForeignPaper("australian", rows, "AUD", f"{total:.2f}", day, "Banksia Books Pty Ltd")


def korean_slip(rng: random.Random) -> ForeignPaper:
    """A Korean card company's slip of a purchase abroad, without won."""
    _, _, total = _money(rng, 10, 2000)
    day = _day(rng)
    rows = (
        "해외이용 매출전표|", "가맹점명: CLOUD HOST INC|", f"거래일시: {day} 03:11:20|",
        "카드번호: 4579-73**-****-2210 신한카드|", f"이용금액|USD {total:,.2f}",
        f"승인번호: {rng.randrange(10**7, 10**8)}|",
    )  # fmt: skip
    return ForeignPaper("korean_slip", rows, "USD", f"{total:.2f}", day, "CLOUD HOST INC")


FAMILIES: tuple[Callable[[random.Random], ForeignPaper], ...] = (
    subscription, paid_receipt, us_till, dollars_alone, uk_till, german_bill, french_ticket, swiss_hotel, japanese_till,
    japanese_era, chinese_slip, hong_kong, singapore_dcc, vietnam, australian, korean_slip,
)  # fmt: skip


def as_pdf(paper: ForeignPaper) -> bytes:
    """Born digital, on A4."""
    texts = []
    for k, row in enumerate(paper.rows):
        left, _, right = row.partition("|")
        texts += [Text(left, 50, 60 + 24 * k, 12)] + ([Text(right, 360, 60 + 24 * k, 12)] if right else [])
    return reportlab(Paper(tuple(texts), (595.0, 842.0), "", "", ""))


def as_picture(paper: ForeignPaper, width: int = 760) -> Image.Image:
    """As a picture of print, 40 px a row."""
    image = Image.new("RGB", (width, 80 + 46 * len(paper.rows)), "white")
    draw = ImageDraw.Draw(image)
    korean = any("가" <= c <= "힣" for row in paper.rows for c in row)
    face = ImageFont.truetype(str(NANUM if paper.cjk or korean or "₩" in "".join(paper.rows) else DEJAVU), 26)
    for k, row in enumerate(paper.rows):
        left, _, right = row.partition("|")
        draw.text((36, 40 + 46 * k), left, fill="black", font=face)
        draw.text((width - 36, 40 + 46 * k), right, fill="black", font=face, anchor="ra")
    return image
