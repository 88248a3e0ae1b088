"""Drawn receipts with blank pictures: records as a reading leaves them, all of it invented, the same each time."""

import hashlib
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from workbench.case import Case
from workbench.domain.check_digit import WEIGHTS
from workbench.domain.model import Box, Field, Geometry, Item, Line, Reading, TaxFailure, TaxRecord
from workbench.pipeline.reading.worker import preview

SHOPS = 400
WORDS = ("가상", "견본", "연습", "보기", "시늉", "모형")
TRADES = ("상회", "분식", "커피", "문구", "주유소", "마트", "약국", "철물")
BLANK = preview(np.full((1600, 900, 3), 255, dtype=np.uint8))
CLASSES = (
    ("GENERAL", "부가가치세 일반과세자"),
    ("SIMPLIFIED", "부가가치세 간이과세자"),
    ("EXEMPT", "부가가치세 면세사업자"),
)


def business_number(serial: int) -> str:
    """An invented number whose check digit holds."""
    digits = [int(d) for d in f"{100 + serial % 800:03d}{10 + serial % 69:02d}{serial % 10_000:04d}"]
    total = sum(w * d for w, d in zip(WEIGHTS, digits, strict=True)) + 5 * digits[8] // 10
    text = "".join(map(str, digits)) + str((10 - total % 10) % 10)
    return f"{text[:3]}-{text[3:5]}-{text[5:]}"


def readings(count: int, seed: int = 7) -> Iterator[tuple[str, str, Reading]]:
    """`count` times: the hash of a file that does not exist, its name, and what was read from it (about 30 lines)."""
    dice = random.Random(seed)
    for n in range(count):
        shop = dice.randrange(SHOPS)
        merchant = f"{WORDS[shop % 6]}{TRADES[shop % 8]} {shop}"
        moment = datetime(2025, 1, 1) + timedelta(minutes=dice.randrange(365 * 24 * 60))
        goods = [(f"물건 {dice.randrange(90)}", dice.randint(1, 4), dice.randrange(5, 300) * 100) for _ in range(4)]
        total = sum(quantity * price for _, quantity, price in goods)
        values = {
            "merchant": merchant, "business_number": business_number(shop), "issued_at": f"{moment:%Y-%m-%d %H:%M}",
            "total": str(total), "supply": str(total - round(total / 11)), "vat": str(round(total / 11)),
            "card_issuer": "견본카드", "card_number": "4000-00**-****-1234", "approval_number": f"{n:08d}",
        }  # fmt: skip
        fields = tuple(
            Field(name, text, text, dice.uniform(0.93, 1), Box(40, 60 * place, 400, 60 * place + 40), ("견본",))
            for place, (name, text) in enumerate(values.items())
        )
        lines = tuple(
            Line(f"줄 {row} {dice.randrange(10**6)}", dice.uniform(0.8, 1), Box(40, 40 * row, 500, 40 * row + 30))
            for row in range(30)
        )
        items = tuple(Item(name, quantity, price, quantity * price) for name, quantity, price in goods)
        reading = Reading(
            Geometry(0, None, (900, 1600)), lines, fields=fields, items=items, engine="drawn", seconds=1.0,
            picture_hash=f"{dice.getrandbits(64):016x}",
        )  # fmt: skip
        yield hashlib.sha256(f"{seed}-{n}".encode()).hexdigest(), f"견본-{n:05d}.jpg", reading


def fill(case: Case, count: int, seed: int = 7) -> None:
    """Puts drawn receipts into a case as if read, and the tax service's invented answers."""
    for file_hash, name, reading in readings(count, seed):
        (first,), _ = case.store.add_file(file_hash, name, ".jpg", 1, 1)
        case.store.put_page(first, (reading,))
        case.keep_picture(first, BLANK)
    asked = datetime(2025, 12, 31, tzinfo=UTC)
    answers: dict[str, TaxRecord | TaxFailure] = {}
    for shop in range(SHOPS):
        code, sentence = CLASSES[shop % 3]
        number = business_number(shop)
        answers[number] = TaxRecord(number, "계속사업자", sentence, code, asked, "standin")
    case.store.put_tax(answers)
    case.refresh()
