"""Rows and sheets of a workbook that its program does not show: filtered out, or hidden by hand."""

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import unescape

from workbench.pipeline.ledger.payment_notes import rows_told

MOST_BYTES = 64 << 20
"""Bytes of a sheet beyond which its rows are not looked through."""
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*\bhidden=[\"'](?:1|true)[\"'][^>]*>")
_ATTRIBUTE = re.compile(r"([\w:]+)=[\"']([^\"']*)[\"']")


def hidden_in(data: bytes) -> dict[str, list[int]]:
    """Numbers of hidden rows by the name of their sheet; {} for a workbook that does not say so (.xlsb)."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sizes = {part.filename: part.file_size for part in book.infolist()}
        wanted = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
        if any(sizes.get(part, MOST_BYTES + 1) > MOST_BYTES for part in wanted):
            return {}
        sheets, links = (
            _elements(book.read(part), tag) for part, tag in zip(wanted, ("sheet", "Relationship"), strict=True)
        )
        targets = {link.get("Id"): f"xl/{link.get('Target', '').removeprefix('/xl/')}" for link in links}
        found = {}
        for sheet in sheets:
            part = targets.get(next((value for key, value in sheet.items() if key.endswith(":id")), None), "")
            if sizes.get(part, MOST_BYTES + 1) <= MOST_BYTES and (rows := _rows(book.read(part))):
                found[unescape(sheet.get("name", ""), {"&quot;": '"', "&apos;": "'"})] = rows
        return found


def hidden_told(rows: Sequence[int], sheet: str = "") -> str:
    """In words that hidden rows were read, too, or a hidden sheet of that name; "" for none."""
    if sheet:
        return f"숨겨진 시트 ‘{sheet}’도 읽었습니다. 넣을 목록인지 확인해 주세요."
    if not rows:
        return ""
    return f"숨기거나 걸러 낸 줄 {len(rows):,}개({rows_told(rows)})도 읽었습니다. 넣을 줄인지 확인해 주세요."


def seen(sheet: Any) -> bool:
    """Whether a sheet is shown, by what its workbook says of it."""
    return bool(sheet.visible == type(sheet.visible).Visible)


def _elements(xml: bytes, tag: str) -> list[dict[str, str]]:
    text = xml.decode("utf-8", "replace")
    return [dict(_ATTRIBUTE.findall(found)) for found in re.findall(rf"<(?:\w+:)?{tag}\b[^>]*>", text)]


def _rows(xml: bytes) -> list[int]:
    numbers = (re.search(rb"\br=[\"'](\d+)[\"']", row) for row in _ROW.findall(xml))
    return [int(number[1]) for number in numbers if number]
