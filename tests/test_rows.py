"""Printed rows out of boxes."""

from workbench.domain.model import Box, Line
from workbench.pipeline.layout.rows import rows_of, tilt_of


def line(text: str, left: float, top: float, wide: float = 100, high: float = 24, angle: float = 0.0) -> Line:
    return Line(text, 0.99, Box(left, top, left + wide, top + high), angle)


def texts(*lines: Line) -> list[str]:
    return [row.text for row in rows_of(lines)]


def test_cells_of_a_row_join_left_to_right() -> None:
    assert texts(line("11,000", 500, 2), line("합 계", 20, 0), line("부가세", 20, 40)) == ["합 계 11,000", "부가세"]


def test_curled_paper_keeps_label_and_amount_together() -> None:
    """Labels lean by four degrees, amounts at the right do not: no single tilt fits, rows still do."""
    lines = []
    for index, (label, amount) in enumerate(
        [("공급가액", "10,000"), ("부가세", "1,000"), ("합계", "11,000"), ("카드", "11,000")]
    ):
        lines.append(line(label, 20, 60 * index, 120, 30, 4.0))
        lines.append(line(amount, 560, 60 * index + 22, 100, 26))
    assert texts(*lines) == ["공급가액 10,000", "부가세 1,000", "합계 11,000", "카드 11,000"]


def test_tall_print_joins_its_small_label() -> None:
    assert texts(line("합계", 20, 10, 60, 24), line("25,500", 400, 0, 200, 44)) == ["합계 25,500"]


def test_tilt_is_the_median_of_wide_lines() -> None:
    found = [line("긴 줄", 0, 40 * i, 400, 30, 2.0) for i in range(5)] + [line("점", 0, 0, 10, 10, -80.0)]
    assert tilt_of(found) == 2.0


def test_a_span_has_its_part_of_the_box() -> None:
    (row,) = rows_of([line("AB 12,500", 0, 0, 90)])
    box = row.box(3, 9)
    assert (box.left, box.right) == (30, 90)


def test_boxes_that_are_none_are_left_out() -> None:
    assert (
        rows_of([Line("글", 0.9, Box(5, 5, 5, 5)), Line("글", 0.9, Box(float("nan"), 0, 1, 1)), line("  ", 0, 0)]) == ()
    )


def test_rows_of_a_curled_part_lean_further_than_the_page() -> None:
    page = []
    for index in range(18):
        y, lift = 40 + 28 * index, 24 - 1.2 * index  # px by which the amount stands above its label
        page.append(Line(f"표시{index}", 0.99, Box(150, y, 240, y + 22)))
        page.append(Line(f"{index + 1},000", 0.99, Box(550, y - lift, 640, y - lift + 22)))
    assert [row.text for row in rows_of(page)] == [f"표시{index} {index + 1},000" for index in range(18)]
