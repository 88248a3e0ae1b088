"""One sheet of a workbook: headings, typed cells, row heights and print set-up; what XlsxWriter needs to be told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.url import Url
from xlsxwriter.utility import xl_col_to_name

from workbench.pipeline.export.escaping import could_run, excel_text

LINE_HEIGHT = 13.5
"""Points, for 10-point letters."""
FACE = {"font_name": "맑은 고딕", "font_size": 10, "valign": "top"}
WON = {"num_format": "#,##0;[Red]-#,##0"}
TEXT = {"num_format": "@", "align": "left", "indent": 1}  # else it touches the amount on its left
WRAP = TEXT | {"text_wrap": True}
BLUE = {"font_color": "#1557C0", "bold": True}
LOOKS: dict[str, dict[str, Any]] = {
    "head": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E5F", "align": "center", "valign": "vcenter",
             "text_wrap": True},
    "text": TEXT, "wrap": WRAP, "won": WON, "sum": WON | {"align": "left", "indent": 1},
    "number": {"num_format": "0", "align": "center"},
    "time": {"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left", "indent": 1},
    "date": {"num_format": "yyyy-mm-dd", "align": "left", "indent": 1},
    "share": {"num_format": "0%"}, "corrected": TEXT | BLUE, "corrected-won": WON | BLUE,
    "error": WRAP | {"bg_color": "#F9DEDC"}, "warning": WRAP | {"bg_color": "#FFF4CE"},
    "mock": WRAP | {"italic": True, "font_color": "#7B1FA2"}, "link": TEXT | {"font_color": "#0563C1", "underline": 1},
    "foot": {"bold": True, "top": 1, "num_format": "@"}, "foot-won": WON | {"bold": True, "top": 1},
}  # fmt: skip
"""Names of cell formats -> their properties, beside FACE."""


class Link(NamedTuple):
    """A cell that opens something: a file beside the workbook, or a page of it."""

    target: str
    text: str


class Picture(NamedTuple):
    """A cell that shows a picture file; its height in px as shown."""

    path: str
    height: int
    scale: float


Cells = Sequence[tuple[object, str]]
"""A row: values and the names of their looks."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its heading, its width in letters, whether the foot shows its sum."""

    text: str
    width: float
    summed: bool = False


class Book:
    """A workbook that is written row by row: what is written is no longer in memory."""

    def __init__(self, path: str, folder: str, made_at: datetime) -> None:
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False, "strings_to_urls": False,
                   "strings_to_numbers": False}  # fmt: skip
        self._book = Workbook(path, options)
        self._book.set_properties({"title": "영수증 검토조서", "created": made_at})
        self._looks = {name: self._book.add_format(FACE | look) for name, look in LOOKS.items()}
        # Stays text even after someone edits the cell.
        self._quoted = {
            name: self._book.add_format(FACE | look | {"quote_prefix": True}) for name, look in LOOKS.items()
        }

    def close(self) -> None:
        """Writes the file."""
        self._book.close()

    def sheet(
        self,
        title: str,
        headings: Sequence[Heading],
        rows: Iterable[Cells],
        frozen: tuple[int, int] = (1, 0),
        filtered: bool = True,
        printed: int = 0,
    ) -> int:
        """Writes a sheet and returns how many rows it has; its first `printed` columns (0: all) go on paper.

        The heading stays on screen and on each printed page; below the rows a foot follows the filter with SUBTOTAL.
        """
        sheet = self._book.add_worksheet(title)
        sheet.freeze_panes(*frozen)
        for column, heading in enumerate(headings):
            sheet.set_column(column, column, heading.width)
        sheet.write_row(0, 0, [heading.text for heading in headings], self._looks["head"])
        count, sums = 0, [0] * len(headings)
        for count, row in enumerate(rows, 1):
            self._row(sheet, count, row, headings)
            sums = [
                known + (value if isinstance(value, int) else 0) for known, (value, _) in zip(sums, row, strict=True)
            ]
        if filtered:
            sheet.autofilter(0, 0, max(count, 1), len(headings) - 1)
        summed = count > 0 and any(heading.summed for heading in headings)
        if summed:
            self._foot(sheet, count, headings, sums)
        _on_paper(sheet, title, count + summed, printed or len(headings))
        return count

    def _row(self, sheet: Any, number: int, row: Cells, headings: Sequence[Heading]) -> None:
        widths = [heading.width for heading in headings]
        most = max(_height(value, width) for (value, _), width in zip(row, widths, strict=True))
        if most > LINE_HEIGHT:
            sheet.set_row(number, most)  # Excel fits a row to its text as it opens the file, LibreOffice does not
        for column, (value, look) in enumerate(row):
            self._cell(sheet, number, column, value, look)

    def _cell(self, sheet: Any, row: int, column: int, value: object, look: str) -> None:
        form = self._looks[look]
        match value:
            case None | "":
                return
            case str():
                text = excel_text(value)
                sheet.write_string(row, column, text, self._quoted[look] if could_run(text) else form)
            case Link(target, text):
                sheet.write_url(row, column, _url(target), self._looks["link"], excel_text(text))
            case Picture(path, _, scale):
                place = {"x_scale": scale, "y_scale": scale, "x_offset": 2, "y_offset": 2, "object_position": 1}
                sheet.insert_image(row, column, path, place)
            case date():
                sheet.write_datetime(row, column, value, form)
            case _:
                sheet.write_number(row, column, value, form)

    def _foot(self, sheet: Any, count: int, headings: Sequence[Heading], sums: Sequence[int]) -> None:
        row = count + 1
        sheet.write_string(row, 0, "합계 (보이는 행)", self._looks["foot"])
        for column, heading in enumerate(headings):
            if heading.summed:
                letter = xl_col_to_name(column)
                formula = f"SUBTOTAL(109,{letter}2:{letter}{row})"
                # With its value: LibreOffice shows what the file says and reckons only when something changes.
                sheet.write_formula(row, column, formula, self._looks["foot-won"], sums[column])


def _url(target: str) -> Url:
    """A file beside the workbook, with / between folders: XlsxWriter's \\ would be known to Windows only."""
    url = Url(f"external:{target}")
    url._set_object_link()
    return url


def _on_paper(sheet: Any, title: str, last: int, columns: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)  # one wide, as many long as it takes
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, last, columns - 1)
    sheet.hide_gridlines(0)
    sheet.set_header(f"&L영수증 검토조서: {title.replace('&', '&&')}")
    sheet.set_footer("&C&P / &N")


def _height(value: object, width: float) -> float:
    if isinstance(value, Picture):
        return value.height * 0.75 + 4
    return LINE_HEIGHT * _lines(value, width)


def _lines(value: object, width: float) -> int:
    """How many lines a cell takes in a column of so many letters; a Korean letter is two wide."""
    if not isinstance(value, str):
        return 1
    return sum(
        1 + (len(line) + sum(letter > "\u1100" for letter in line)) // round(width) for line in value.split("\n")
    )
