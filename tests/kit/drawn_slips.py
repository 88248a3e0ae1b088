# ruff: noqa: E501  (rows of print read best as they stand)
"""Several slips on one page, one below the other: which are sales of their own, and which papers of one sale.

A family each: two sales, an approval with its cancellation, a shop's slip with the card slip of the same sale, one
long slip with blank bands in it. Gaps between them are drawn; a pile laid on a scanner leaves hardly any.
"""

import random
from dataclasses import replace
from typing import Any

from tests.kit.drawn_lines import ROW, Drawn, draw
from workbench.domain.model import Line

SALES = [
    "van",
    "mart",
    "cafe",
    "store",
    "corner",
    "terminal_head",
    "discount_mart",
    "bracketed",
    "mixed",
    "cash_till",
    "columns",
]


def below(upper: Drawn, lower: Drawn, gap: float) -> Drawn:
    """Both on one page, `gap` rows apart."""
    last = max(line.box.bottom for line in upper.lines)
    down = last + gap * ROW - min(line.box.top for line in lower.lines)
    moved = [replace(line, box=line.box.moved(0, down)) for line in lower.lines]
    printed = upper.printed | {box.moved(0, down): text for box, text in lower.printed.items()}
    size = (max(upper.size[0], lower.size[0]), int(lower.size[1] + down))
    return replace(upper, lines=(*upper.lines, *moved), size=size, printed=printed)


def two_sales(seed: int, gap: float) -> Drawn:
    """Two shops, or two sales of one."""
    rng = random.Random(seed)
    return below(draw(seed, rng.choice(SALES)), draw(seed + 50_000, rng.choice(SALES)), gap)


def _cancelled(s: Any) -> Any:
    """An approval slip and, later, its cancellation: one shop, one total, its own heading and time."""

    def slip(heading: str, sign: str, time: str) -> list[str]:
        return [
            f"^{heading}", f"가맹점명|{s.name}", f"사업자번호|{s.number}", f"주소 {s.address}", f"카드번호|{s.mask}", f"거래일시|{s.day} {time}",
            f"승인번호|{s.approval}", f"공급가액|{sign}{s.supply:,}원", f"부가세|{sign}{s.vat:,}원", f"합계|{sign}{s.total:,}원", "^감사합니다",
        ]  # fmt: skip

    later = f"{min(s.hour + 1, 23):02}:{s.rng.randrange(60):02}:{s.rng.randrange(60):02}"
    parts = [slip("신용카드 매출전표", "", s.seconds), slip("신용카드 승인취소 전표", "-", later)]
    return [*parts[0], "=", *parts[1]], s.truth(), ("card_slip", "cancelled")


def _with_card_slip(s: Any) -> Any:
    """The shop's receipt, and the terminal's slip of the same sale."""
    r = s.rng
    shop = [
        s.name, f"{s.number} {s.owner}", s.address, f"TEL {s.tel}", f"판매일시 {s.day} {s.seconds}", *s.goods(), f"과세물품가액|{s.supply:,}",
        f"부가세|{s.vat:,}", f"합 계|{s.total:,}", f"신용카드|{s.total:,}", "^감사합니다",
    ]  # fmt: skip
    head = [f"가맹점명|{s.name}", f"사업자번호|{s.number}"] if r.random() < 0.7 else []
    minute = (s.minute + r.randrange(2)) % 60 if s.minute < 59 else s.minute
    seconds = f"{s.hour:02}:{minute:02}:{r.randrange(60):02}"
    slip = [
        "^신용카드 매출전표", *head, f"카드종류|{s.card}", f"카드번호|{s.mask}", f"거래일시|{s.day} {seconds}", f"승인번호|{s.approval}", f"승인금액|{s.total:,}원", "^고객용",
    ]  # fmt: skip
    return [*shop, "=", *slip], s.truth(), ("pos_receipt", "card_slip")


def _spread(page: Drawn, gap: float) -> Drawn:
    """The page with its row "=" made a blank band of that many rows."""
    (mark,) = [line for line in page.lines if line.text == "="]
    lines: list[Line] = []
    for line in page.lines:
        if line is not mark:
            lines.append(replace(line, box=line.box.moved(0, (gap - 1) * ROW)) if line.box.top > mark.box.top else line)
    return replace(page, lines=tuple(lines))


def cancelled_pair(seed: int, gap: float) -> Drawn:
    """Two receipts."""
    return _spread(draw(seed, _cancelled), gap)


def card_slip_of_the_sale(seed: int, gap: float) -> Drawn:
    """One receipt."""
    return _spread(draw(seed, _with_card_slip), gap)
