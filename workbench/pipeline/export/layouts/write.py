"""Rows of a layout become the file itself: a table for a spreadsheet, or records of fixed width."""

import csv
import io
import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO

import xlwt
from xlsxwriter import Workbook

from workbench.domain.errors import ExportFailed
from workbench.domain.model import Receipt
from workbench.pipeline.export.layouts.fill import Filled, cut_to_bytes, fill
from workbench.pipeline.export.layouts.layout import Column, Layout, load
from workbench.pipeline.export.layouts.values import Cell
from workbench.pipeline.export.papers import Options
from workbench.pipeline.storage.atomic import replacing

MOST_XLS = 65_536
"""Rows of a sheet of Excel 97-2003."""


def write_layout(receipts: Sequence[Receipt], path: Path, options: Options, made_at: datetime) -> None:
    """Writes `path` as `options.layout` says, and tells in words what was cut, is missing or was left out."""
    layout = load(options.layout)
    filled = fill(layout, receipts, options.facts, options.cards)
    if why := refusal(filled):
        raise ExportFailed(why)
    for sentence in sentences(filled):
        options.tell(sentence)
    kind = path.suffix.lower()
    with replacing(path) as draft:
        if layout.records is not None:
            _ending(path, layout, kind not in (".xlsx", ".xls", ".csv", ".json", ".zip", ".pdf"))
            draft.write_bytes(records(filled))
        elif kind == ".xlsx":
            _xlsx(filled, draft, made_at)
        elif kind == ".xls":
            _xls(filled, draft)
        else:
            _ending(path, layout, kind in (".csv", ".txt"))
            with draft.open("xb") as stream:
                _text(filled, stream, "\t" if kind == ".txt" else ",")


def _ending(path: Path, layout: Layout, fits: bool) -> None:
    if not fits:
        raise ExportFailed(f"{layout.name} 파일의 이름은 {layout.ending}로 끝나야 합니다: {path.name}")


def refusal(filled: Filled) -> str:
    """Why no file can be made of it, in words; "" where there are rows."""
    layout = filled.layout
    if filled.rows:
        return ""
    if not filled.given:
        return f"{layout.name}에 넣을 영수증이 없습니다. 영수증을 골라 주세요."
    if filled.chosen:
        first = filled.troubles[0].message
        return f"{layout.name}: 대상 영수증 {filled.chosen:,}건을 하나도 넣지 못했습니다. {first}."
    others = ", ".join(f"{why} {count:,}건" for why, count in filled.outside.most_common())
    ask = " ‘확인 필요’는 국세청에 조회하면 가려집니다." if "확인 필요" in filled.outside else ""
    which = layout.receipts.in_words()
    return f"{layout.name}에 넣을 영수증이 없습니다. 대상은 {which}인데 고른 영수증은 {others}입니다.{ask}"


def sentences(filled: Filled, most: int = 20) -> list[str]:
    """What a person must know of a file, in words: how sure its layout is, how many rows, what was cut or left out."""
    layout = filled.layout
    said = [f"{layout.name} ({layout.version}): {layout.warning}" if layout.warning else layout.name]
    said += [layout.note] if layout.note else []
    left = len({trouble.receipt_id for trouble in filled.troubles if trouble.stops})
    which = layout.receipts.in_words()
    said.append(
        f"영수증 {filled.given:,}건 가운데 {filled.chosen:,}건이 대상({which})이며 {left:,}건은 넣지 못했습니다."
    )
    if filled.unapproved or filled.wrong:
        parts = [f"승인하지 않은 영수증 {filled.unapproved:,}건", f"오류가 남은 영수증 {filled.wrong:,}건"]
        kept = [part for part, count in zip(parts, (filled.unapproved, filled.wrong), strict=True) if count]
        said.append(f"그 가운데 {'과 '.join(kept)}이 있습니다.")
    said += [f"{trouble.receipt_id}: {trouble.message}." for trouble in filled.troubles[:most]]
    if len(filled.troubles) > most:
        said.append(f"그 밖에 {len(filled.troubles) - most:,}건이 더 있습니다.")
    return said


def records(filled: Filled) -> bytes:
    """Records of fixed width, each ended as DOS does."""
    layout = filled.layout
    form = layout.records
    assert form is not None  # noqa: S101  # the caller has looked
    last = len(filled.rows) - 1
    columns = [form.header if n == 0 else form.trailer if n == last else form.detail for n in range(last + 1)]
    return b"".join(
        b"".join(_fixed(cell, column, layout.encoding) for cell, column in zip(row, of, strict=True)) + b"\r\n"
        for row, of in zip(filled.rows, columns, strict=True)
    )


def _fixed(cell: Cell, column: Column, encoding: str) -> bytes:
    """Text left with blanks behind, numbers right with zeros before, a sign in a column of its own."""
    if column.kind == "sign":
        return b"-" if isinstance(cell, int) and cell < 0 else b" "
    if column.kind == "number":
        digits = str(abs(int(cell)) if isinstance(cell, int) else cell or 0).rjust(column.width, "0")
        if len(digits) > column.width:
            raise ExportFailed(f"{column.heading}: {column.width}자리에 들어가지 않습니다 ({digits}).")
        return digits.encode("ascii")
    text = "" if cell is None else str(cell)
    return cut_to_bytes(text, column.width, encoding).encode(encoding).ljust(column.width)


def _above(layout: Layout) -> list[list[str]]:
    """The lines above the data: titles, blanks, headings."""
    lines = [[line] for line in layout.title[: layout.heading_row - 1]]
    lines += [[] for _ in range(layout.heading_row - 1 - len(lines))]
    lines.append([column.heading for column in layout.columns])
    return lines + [[] for _ in range(layout.first_row - layout.heading_row - 1)]


def _text(filled: Filled, stream: IO[bytes], between: str) -> None:
    text = io.TextIOWrapper(stream, filled.layout.encoding, "replace", newline="", write_through=True)
    writer = csv.writer(text, delimiter=between, lineterminator="\r\n")
    writer.writerows(_above(filled.layout))
    writer.writerows(["" if cell is None else cell for cell in row] for row in filled.rows)
    text.detach()


def _xlsx(filled: Filled, path: Path, made_at: datetime) -> None:
    """A sheet as the other program wants it: no colours, no filter; amounts are numbers, ids are text."""
    with tempfile.TemporaryDirectory(prefix="workbench-layout-") as folder:
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False, "strings_to_urls": False}
        book = Workbook(str(path), options)
        book.set_properties({"created": made_at})
        day, text = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "@"})
        sheet = book.add_worksheet()
        above = _above(filled.layout)
        for number, line in enumerate(above):
            sheet.write_row(number, 0, line)
        for column, one in enumerate(filled.layout.columns):
            sheet.set_column(column, column, _letters(one))
        for number, row in enumerate(filled.rows, len(above)):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, day)
                elif isinstance(cell, int):
                    sheet.write_number(number, column, cell)
                elif cell is not None:
                    sheet.write_string(number, column, cell, text)
        book.close()


def _xls(filled: Filled, path: Path) -> None:
    """The same as a workbook of Excel 97-2003, for programs that take no other."""
    above = _above(filled.layout)
    if len(above) + len(filled.rows) > MOST_XLS:
        raise ExportFailed(f".xls에는 {MOST_XLS:,}줄까지 들어갑니다. 기간을 나누어 내보내 주세요.")
    book = xlwt.Workbook(encoding="utf-8", style_compression=2)
    day, text = xlwt.easyxf(num_format_str="yyyy-mm-dd"), xlwt.easyxf(num_format_str="@")
    sheet = book.add_sheet("Sheet1")
    rows: list[Sequence[Cell]] = [*above, *filled.rows]
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell is None or cell == "":
                continue
            if isinstance(cell, date):
                sheet.write(number, column, cell, day)
            elif isinstance(cell, int):
                sheet.write(number, column, cell)
            else:
                sheet.write(number, column, cell, text)
    for column, one in enumerate(filled.layout.columns):
        sheet.col(column).width = 256 * _letters(one)
    with path.open("xb") as stream:
        book.save(stream)


def _letters(column: Column) -> int:
    """How wide a column is shown."""
    return max(10, 2 * len(column.heading), column.width)
