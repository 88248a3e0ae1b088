import random
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kit.drawn_lines import draw
from tests.kit.drawn_slips import below, cancelled_pair, card_slip_of_the_sale, two_sales
from workbench.domain.model import Box, Line
from workbench.pipeline.extraction import extract
from workbench.pipeline.layout.segmentation import split

PITCH = 30
HEIGHT = 20
WIDTH = 420


def line(text: str, x: float, y: float, width: float = 180) -> Line:
    return Line(text, 0.97, Box(x, y, x + width, y + HEIGHT))


def slip(n: int, x: float = 20, y: float = 40) -> list[Line]:
    """A receipt of 14 rows, `WIDTH` px wide, labels left and values right; `n` (0..9) makes it unlike the others."""
    rows = [
        ("견본상회", None),
        ("사업자번호", f"12{n}-45-6789{n}"),
        ("거래일시", f"2026-03-1{n} 12:3{n}:00"),
        *[(f"상품 {i}", f"{i + 1},000") for i in range(6)],
        ("부가세", "1,000"),
        ("합 계", f"{n + 10},000"),
        ("카드", "비씨"),
        ("승인번호", f"1234567{n}"),
        ("감사합니다", None),
    ]
    return [
        text
        for i, (label, value) in enumerate(rows)
        for text in (
            line(label, x, y + PITCH * i, 120),
            *([line(value, x + 240, y + PITCH * i)] if value else []),
        )
    ]


def cut(lines: Sequence[Line], width: int = 2400, height: int = 3000) -> list[list[str]]:
    return [[x.text for x in inside] for _, inside in split(lines, (width, height))]


def test_three_side_by_side() -> None:
    slips = [slip(n, 20 + 600 * n, 40 + 200 * n) for n in range(3)]
    found = split([x for s in slips for x in s], (1800, 1200))
    assert len(found) == 3
    for (box, inside), own in zip(found, slips, strict=True):
        assert box is not None
        assert sorted(x.text for x in inside) == sorted(x.text for x in own)
        assert {x.box.moved(box.left, box.top) for x in inside} == {x.box for x in own}
        assert all(x.box.left >= 0 and x.box.bottom <= box.height for x in inside)


def test_a_grid_of_four() -> None:
    slips = [slip(2 * row + column, 20 + 600 * column, 40 + 700 * row) for row in range(2) for column in range(2)]
    found = cut([x for s in slips for x in s])
    assert sorted(map(sorted, found)) == sorted(sorted(x.text for x in s) for s in slips)


def test_a_gutter_may_lean() -> None:
    lean = [
        Line(x.text, 0.9, x.box.moved(0.1 * x.box.top, 0), 0.0)
        for n in range(2)
        for x in slip(n, 20 + (WIDTH + 45) * n)
    ]
    assert len(cut(lean)) == 2


def test_two_of_one_merchant_beside_each_other() -> None:
    twice = [*slip(1), *slip(1, x=700)]
    assert len(cut(twice)) == 2


def test_label_and_value_far_apart_is_one() -> None:
    wide = [Line(x.text, 0.9, x.box.moved(900 if x.box.left > 200 else 0, 0)) for x in slip(3)]
    assert len(cut(wide)) == 1


def test_two_columns_of_one_slip_are_one() -> None:
    rows = slip(4)
    left = [x for x in rows if x.box.top < 200]
    right = [Line(x.text, 0.9, x.box.moved(700, -180)) for x in rows if x.box.top >= 200]
    assert len(cut([*left, *right])) == 1


def test_supplier_beside_buyer_on_a_tax_invoice_is_one() -> None:
    head = [line("공급자 등록번호 123-45-67891", 20, 40), line("공급받는자 등록번호 111-11-11119", 900, 40)]
    names = [line("상호 견본상회", 20, 70), line("상호 가나회사", 900, 70)]
    body = [line(f"상품 {i} 1,000", 20, 100 + 30 * i) for i in range(8)] + [line("합계금액 12,000", 900, 400)]
    assert len(cut([*head, *names, *body, line("작성 2026-03-04", 20, 500)])) == 1


def test_a_page_without_lines_is_one() -> None:
    assert split((), (300, 200)) == [(None, ())]


@given(
    slips=st.lists(st.integers(0, 9), min_size=1, max_size=4),
    gap=st.integers(0, 20),
    number=st.booleans(),
    columns=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 60)), max_size=40),
)
@settings(max_examples=30)
def test_one_strip_is_never_cut(slips: list[int], gap: int, number: bool, columns: list[tuple[int, int]]) -> None:
    """A long receipt: items in up to four columns, then parts that repeat number, date and total of the one sale."""
    lines = [line(f"{c},{r:03}", 20 + 130 * c, 40 + PITCH * r, 60 + 40 * (c == 0)) for c, r in set(columns)]
    y = 40 + PITCH * 62
    for n in slips:  # a sale's slips: other amounts and approvals, the same number
        part = [x for x in slip(n, y=y) if number or "45-6789" not in x.text]
        lines += [Line("121-45-67891" if "45-6789" in x.text else x.text, 0.9, x.box) for x in part]
        y += PITCH * (15 + gap)
    same_day = [Line("2026-03-11 12:30:00" if "2026" in x.text else x.text, 0.9, x.box) for x in lines]
    assert len(cut(same_day, 500, int(y))) == 1


@given(st.integers(2, 4), st.integers(45, 400), st.lists(st.integers(0, 900), min_size=4, max_size=4))
@settings(max_examples=15)
def test_side_by_side_is_always_cut(count: int, gutter: int, tops: list[int]) -> None:
    slips = [slip(n, 20 + (WIDTH + gutter) * n, tops[n]) for n in range(count)]
    found = cut([x for s in slips for x in s])
    # Far apart in height they are rows of a grid: each slip is whole, whatever the order.
    assert sorted(map(sorted, found)) == sorted(sorted(x.text for x in s) for s in slips)


def test_two_shops_above_each_other_are_two_and_a_slip_below_its_receipt_is_none() -> None:
    shops = [slip(1), slip(2, y=40 + PITCH * 20)]
    assert len(cut([x for s in shops for x in s], 500, 1400)) == 2
    below = [Line("121-45-67891" if "45-6789" in x.text else x.text, 0.9, x.box) for x in slip(2, y=40 + PITCH * 20)]
    same = [Line("11,000" if x.text == "12,000" else x.text, 0.9, x.box) for x in below]
    same = [Line("2026-03-11 12:31:00" if "2026" in x.text else x.text, 0.9, x.box) for x in same]
    assert len(cut([*slip(1), *same], 500, 1400)) == 1


def test_drawn_receipts_in_a_grid_come_apart_and_single_ones_stay_whole() -> None:
    dice, right = random.Random(5), 0
    for _ in range(12):
        drawn = [draw(dice.randrange(10**6)) for _ in range(4)]
        assert all(len(cut(d.lines, *d.size)) == 1 for d in drawn)
        wide, high = (max(d.size[n] for d in drawn) for n in (0, 1))
        page = [
            Line(line.text, 0.9, line.box.moved(wide * (n % 2), (high + 60) * (n // 2)))
            for n, d in enumerate(drawn)
            for line in d.lines
        ]
        right += len(cut(page, 2 * wide, 2 * high)) == 4
    assert right >= 11


def test_slips_laid_close_come_apart_and_papers_of_one_sale_stay_together() -> None:
    """Two sales, or a sale and its cancellation, are two; a shop's slip and the card slip of its sale are one."""
    for gap in (0.6, 3.0):
        parts = {
            family: [len(split(page.lines, page.size)) for page in (family(seed, gap) for seed in range(12))]
            for family in (two_sales, cancelled_pair, card_slip_of_the_sale)
        }
        assert parts[two_sales].count(2) >= 10
        assert parts[cancelled_pair] == [2] * 12
        assert parts[card_slip_of_the_sale] == [1] * 12


def test_close_slips_are_cut_over_the_second_shops_name() -> None:
    right = 0
    for seed in range(12):
        pages = draw(seed, "van"), draw(seed + 500, "bracketed")
        both = below(*pages, 0.6)
        parts = split(both.lines, both.size)
        for (_, lines), page in zip(parts, pages, strict=False):
            found = {field.name: field.read for field in extract(lines, both.size).fields}
            right += all(found.get(name) == page.truth[name] for name in ("business_number", "total", "merchant"))
    assert right >= 20
