"""The goods: rows between the heading (상품명 단가 수량 금액) and the sums."""

import re

from workbench.model import Item
from workbench.pipeline.extract.labels import amount_label, compact
from workbench.pipeline.extract.money import hide
from workbench.pipeline.extract.rows import Row

_HEADING = re.compile("(상품|제품|품명|메뉴|품목|내역|물품).*(수량|단가|금액)|단가.*수량|수량.*금액")
_CELL = re.compile(r"(?<![\d.,])(-?\s?(?:\d{1,3}(?:\s?[,.]\s?\d{3})+|\d{1,6}))(?!\d|[.,]\d)")
_ENDS = frozenset({"paid", "total", "supply", "vat", "exempt", "subtotal", "tender", "received"})


def items_of(rows: tuple[Row, ...]) -> tuple[Item, ...]:
    """The printed goods top to bottom; () where no heading of a goods list is found."""
    start = next((i for i, row in enumerate(rows) if _HEADING.search(compact(row.text))), None)
    if start is None:
        return ()
    items: list[Item] = []
    name = ""
    for row in rows[start + 1 :]:
        cells, words = _cells(row)
        label = amount_label(words) if words else None
        if label and label.score > 0.85 and label.role in _ENDS and cells:
            break
        if not cells:
            name = words or name
            continue
        item = _item(words or name, cells, row)
        if item:
            items.append(item)
        name = ""
    return tuple(items)


def _cells(row: Row) -> tuple[list[int], str]:
    """The numbers at the right end of a row, and the words before them."""
    text = re.sub(r"(?<=\d)\s?(개|EA|ea|원)(?=\s|$)", "  ", row.text)
    hidden = hide(re.sub(r"^\s*\d{2,3}[.*]?\s(?=\D)", lambda m: " " * len(m.group()), text))
    found = [m for m in _CELL.finditer(hidden) if "," in m.group() or "." in m.group() or len(m.group().strip()) <= 3]
    money = next((m for m in found if "," in m.group() or "." in m.group() or m.group() == "0"), None)
    if not found or money is None:
        return [], _name(hidden, text)
    values = [int(re.sub(r"[^\d-]", "", m.group())) for m in found]
    return values, _name(hidden[: found[0].start()], text)


def _name(hidden: str, text: str) -> str:
    letters = text[: len(hidden)].strip(" *-=:·")
    return (
        letters if len(re.findall(r"[가-힣A-Za-z]", letters)) >= 2 and not re.fullmatch(r"[\d\s*-]+", letters) else ""
    )


def _item(name: str, cells: list[int], row: Row) -> Item | None:
    if not name:
        return None
    amount = cells[-1]
    quantity = unit = None
    if len(cells) >= 2:
        for count in cells[:-1]:
            for price in cells[:-1]:
                if count is not price and 0 < count < 1000 and price * count == amount:
                    quantity, unit = count, price
        if quantity is None and 0 < cells[-2] < 100 and amount % cells[-2] == 0 and abs(amount) >= 100:
            quantity = cells[-2]
    box = row.words[0].line.box
    for word in row.words[1:]:
        box = box.union(word.line.box)
    return Item(name, quantity, unit, amount, box)
