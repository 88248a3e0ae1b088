"""소명 요청 as an Excel file: a letter's head, one row a question, a column to answer in; and missing receipts."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from workbench.domain.korean import KST
from workbench.pipeline.export.escaping import could_run, excel_text
from workbench.pipeline.storage.atomic import replacing

WIDTHS = {
    **{"번호": 5, "사용자": 10, "카드": 20, "일자": 17, "가맹점": 22, "금액": 12, "승인번호": 12, "질문": 44},
    **{"기한": 11, "답변": 44, "상태": 7, "열쇠": 3, "이유": 40, "명세서": 20, "행": 6},
}
"""In letters."""
WAITING = ("요청", "답변", "종결")


def write_letter(questions: pd.DataFrame, path: Path, title: str, sender: str) -> None:
    """Questions (columns `inquiries.HEADS`) for the people named in them; only the answers are unlocked."""
    with replacing(path) as draft:
        book = xlsxwriter.Workbook(str(draft), {"strings_to_formulas": False, "strings_to_urls": False})
        sheet = book.add_worksheet("소명 요청")
        bold, wrap = (
            book.add_format({"bold": True, "font_size": 14}),
            book.add_format({"text_wrap": True, "valign": "top"}),
        )
        sheet.write_string(0, 0, "소명 요청", bold)
        due = next(iter(questions["기한"]), "") if len(questions) else ""
        said = f"{title} 검토 중 아래 거래에 대해 여쭙니다. ‘답변’ 열에 적어{f' {due}까지' if due else ''} 돌려주세요."
        sheet.write_string(
            1, 0, excel_text(f"{said} 다른 칸은 그대로 두어 주세요. ({sender}, {datetime.now(KST):%Y-%m-%d})")
        )
        _table(book, sheet, questions, 3, answer="답변")
        states = list(questions.columns).index("상태")
        sheet.data_validation(
            4, states, 4 + max(1, len(questions)), states, {"validate": "list", "source": list(WAITING)}
        )
        sheet.set_column(list(questions.columns).index("열쇠"), len(questions.columns) - 1, 3, wrap, {"hidden": True})
        sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
        book.close()


def write_missing(rows: pd.DataFrame, path: Path) -> None:
    """Statement rows without a receipt, a sheet for all and one for each person and card."""
    with replacing(path) as draft:
        book = xlsxwriter.Workbook(str(draft), {"strings_to_formulas": False, "strings_to_urls": False})
        _table(book, book.add_worksheet("영수증 없음"), rows, 0)
        sums = rows.groupby(["사용자", "카드"], dropna=False, as_index=False)["금액"].agg(건수="count", 금액="sum")
        _table(book, book.add_worksheet("사람·카드별"), sums, 0)
        book.close()


def _table(book: xlsxwriter.Workbook, sheet: Any, rows: Any, top: int, answer: str = "") -> None:
    head = book.add_format({"bold": True, "bg_color": "#e7effd", "border": 1, "valign": "top"})
    plain = {"text_wrap": True, "valign": "top", "num_format": "@"}
    # The mark keeps it text even after somebody edits the cell.
    locked, quoted = book.add_format(plain), book.add_format(plain | {"quote_prefix": True})
    open_ = book.add_format({"text_wrap": True, "valign": "top", "locked": False, "bg_color": "#fff9e0", "border": 1})
    won = book.add_format({"num_format": "#,##0", "valign": "top"})
    for place, name in enumerate(rows.columns):
        sheet.write_string(top, place, name, head)
        sheet.set_column(place, place, WIDTHS.get(name, 12))
        for row, cell in enumerate(rows[name], start=top + 1):
            style = open_ if name == answer else locked
            if cell is None or pd.isna(cell) or cell == "":
                sheet.write_blank(row, place, None, style)
            elif name in ("금액", "건수", "번호", "행"):
                sheet.write_number(row, place, int(cell), won)
            else:
                said = excel_text(str(cell))
                sheet.write_string(row, place, said, quoted if could_run(said) and style is locked else style)
    sheet.freeze_panes(top + 1, 0)
    if len(rows):
        sheet.autofilter(top, 0, top + len(rows), len(rows.columns) - 1)
