"""The tables of a web page, which card companies and banks save under the name .xls."""

import re

from workbench.pipeline.ledger.amounts import Cell

_OPEN_CELL = re.compile(
    r"<(td|th)\b([^>]*)>([^<]*(?:<(?!/?(?:td|th|tr|table|thead|tbody|tfoot)\b)[^<]*)*)(?=<(?:td|th|tr)\b|</(?:tr|table|tbody)|$)",
    re.IGNORECASE,
)
_OPEN_ROW = re.compile(
    r"(<tr\b(?:(?!</?tr\b|</table|</tbody).)*)(?=<tr\b|</table|</tbody|$)", re.IGNORECASE | re.DOTALL
)


def rows_of_page(text: str, most: int) -> tuple[list[list[Cell]], list[int]]:
    """The rows of all tables, at most so many cells each, and the numbers of those that a browser does not show.

    Banks put titles, the table and its foot into tables of their own: they are one list.
    """
    from bs4 import BeautifulSoup, Tag  # few lists are pages

    soup = BeautifulSoup(_closed(text), "html.parser")
    rows: list[list[Cell]] = []
    hidden = []
    for table in soup.find_all(["table", "ss:table", "worksheet"]):
        if not isinstance(table, Tag) or table.find("table"):  # a frame around tables
            continue
        below: dict[int, int] = {}  # column -> rows that a cell above still covers
        for row in table.find_all(["tr", "row", "ss:row"]):
            cells: list[Cell] = []
            for cell in row.find_all(["td", "th", "cell", "ss:cell"]):
                while below.get(len(cells), 0) > 0:
                    below[len(cells)] -= 1
                    cells.append(None)
                width, height = (_span(cell.get(name)) for name in ("colspan", "rowspan"))
                below.update(dict.fromkeys(range(len(cells), len(cells) + width), height - 1))
                cells += [cell.get_text(" ", strip=True) or None] + [None] * (width - 1)
            below.update({place: left - 1 for place, left in below.items() if place >= len(cells) and left > 0})
            rows.append(cells[:most])
            if re.search(r"display\s*:\s*none", str(row.get("style") or "")) or row.get("ss:hidden") == "1":
                hidden.append(len(rows))
    return rows, hidden


def _closed(text: str) -> str:
    """The page with its cells and rows closed where most are left open: `<td>1<td>2` is two cells beside each other."""
    opened, shut = (len(re.findall(tag, text, re.IGNORECASE)) for tag in (r"<t[dh]\b", r"</t[dh]\b"))
    if shut * 2 >= opened:
        return text
    return _OPEN_ROW.sub(r"\1</tr>", _OPEN_CELL.sub(r"<\1\2>\3</\1>", text))


def _span(told: object) -> int:
    """How many columns or rows a cell covers."""
    text = str(told or 1)
    return max(1, min(int(text), 50)) if text.isdigit() else 1
