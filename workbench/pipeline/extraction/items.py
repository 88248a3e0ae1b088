"""The goods: rows between the heading (상품명 단가 수량 금액) and the sums."""

import re

from workbench.domain.model import Item
from workbench.pipeline.extraction.amounts.printed import Amount, hide
from workbench.pipeline.extraction.labels import compact
from workbench.pipeline.layout.rows import Row

_HEADING = re.compile("(상품|제품|품명|메뉴|품목|내역|물품).*(수량|단가|금액)|단가.*수량|수량.*금액")
_SUMS = re.compile("합계|소계|총액")
_CELL = re.compile(r"(?<![\d.,])(-?\s?(?:\d{1,3}(?:\s?[,.]\s?\d{3})+|\d{1,6}))(?![\d가-힣]|[.,]\d)")
_UNIT = re.compile(r"(?<=\d)\s?(개|EA|ea|원|X|x)(?=\s|$)")
_NUMBERING = re.compile(r"^\s*\(?\d{2,3}[.)*:]?\*?\s+(?=\D)|^\s*[*▶>+=·•-]+\s*")
_ENDS = frozenset({"paid", "total", "supply", "vat", "exempt", "tender", "received", "subtotal"})
MOST_QUANTITY = 999


def items_of(rows: tuple[Row, ...], amounts: tuple[Amount, ...], parts: frozenset[int]) -> tuple[Item, ...]:
    """The printed goods, top to bottom; () where no heading of a list is found. `parts` are supply and VAT in won:
    with them, or with the first amount under a clear label, the sums begin."""
    start = next((i for i, row in enumerate(rows) if _is_heading(row)), None)
    if start is None:
        return ()
    end = min((a.row for a in amounts if a.row > start and _is_sum(a, parts)), default=len(rows))
    edge = max(word.right for row in rows for word in row.words)
    items: list[Item] = []
    name = ""
    for row in rows[start + 1 : end]:
        cells, words = _cells(row, edge)
        if not cells:
            name = words or name
            continue
        item = _item(words or name, cells, row)
        if item:
            items.append(item)
        name = ""
    return tuple(items)


def _is_heading(row: Row) -> bool:
    bare = compact(row.text)
    return bool(_HEADING.search(bare)) and not _SUMS.search(bare) and not re.search(r"\d,\d{3}", row.text)


def _is_sum(amount: Amount, parts: frozenset[int]) -> bool:
    if amount.value in parts:
        return True
    return amount.label is not None and amount.role in _ENDS and amount.label.score >= 0.7


def _cells(row: Row, edge: float) -> tuple[list[int], str]:
    """The numbers at the right end of a row, and the words before them; no numbers where none can be an amount."""
    text = _UNIT.sub(lambda m: " " * len(m.group()), row.text)
    numbered = _NUMBERING.match(text)
    shift = numbered.end() if numbered else 0
    hidden = " " * shift + hide(text[shift:])
    found = list(_CELL.finditer(hidden))
    while found and not _is_amount(found[-1].group(), row, found[-1].start(1), edge):
        found.pop()
    if not found:
        return [], _name(text[shift:])
    values = [int(re.sub(r"[^\d-]", "", m.group())) for m in found]
    return values, _name(text[shift : found[0].start()])


def _is_amount(digits: str, row: Row, start: int, edge: float) -> bool:
    """A thousands mark shows money; without one it has to stand at the right edge of the page."""
    if "," in digits or "." in digits:
        return True
    value = int(re.sub(r"[^\d-]", "", digits))
    words = row.words_at(start, start + 1)
    return (abs(value) >= 100 or value == 0) and bool(words) and words[0].right > 0.85 * edge


def _name(words: str) -> str:
    letters = re.sub(r"\s*[(*=:·-]+\s*$", "", words).strip(" *=:·-#")
    return letters if len(re.findall(r"[가-힣A-Za-z]", letters)) >= 2 else ""


def _item(name: str, cells: list[int], row: Row) -> Item | None:
    if not name:
        return None
    *before, amount = cells
    quantity = unit = None
    for count in before:
        for price in before:
            if count is not price and 0 < count <= MOST_QUANTITY and price * count == amount:
                quantity, unit = count, price
    if quantity is None and amount and amount in before:
        quantity, unit = 1, amount
    if quantity is None and before and 0 < before[-1] < 100 and amount % before[-1] == 0 and abs(amount) >= 100:
        quantity = before[-1]
    box = row.words[0].line.box
    for word in row.words[1:]:
        box = box.union(word.line.box)
    return Item(name, quantity, unit, amount, box)
