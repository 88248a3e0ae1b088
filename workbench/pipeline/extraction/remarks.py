"""What a paper says of itself beside its values: that it is a copy, a list of several uses, cash without evidence."""

import re

from workbench.domain import lexicon
from workbench.domain.law import law
from workbench.domain.model import Finding
from workbench.pipeline.extraction.amounts.printed import Amount
from workbench.pipeline.extraction.document_type import NO_CASH_RECEIPT, titles
from workbench.pipeline.extraction.labels import compact
from workbench.pipeline.layout.rows import Row

_COPY = re.compile(rf"\W*(?:본|이)?(?:{lexicon.any_of('kinds.signs.copy')})")
_LIST = re.compile(f".{{0,12}}(?:{lexicon.any_of('kinds.signs.list')})")
_VOUCHER = lexicon.pattern("kinds.signs.voucher")
_DAY = re.compile(r"\d{2,4}\s?[-./]\s?\d{1,2}\s?[-./]\s?\d{1,2}|\d{1,2}/\d{1,2}\s+\d{1,2}:\d{2}")


def remarks(rows: tuple[Row, ...], amounts: tuple[Amount, ...], total: int | None) -> tuple[Finding, ...]:
    """Findings that the words alone give; `total` in won."""
    found = []
    if any(_COPY.match(row.text) or "재발행된" in compact(row.text) for row in rows):
        sentence = "재발행·사본 표시가 있습니다. 원본과 함께 두 번 들어가지 않았는지 확인해 주세요."
        found.append(Finding("info", sentence, (), "copy"))
    uses = _uses(rows, amounts)
    if uses > 1:
        found.append(Finding("info", f"여러 건을 모은 내역입니다 ({uses}건). 합계는 모두 더한 금액입니다.", (), "list"))
    if any(NO_CASH_RECEIPT.search(compact(row.text)) for row in rows):
        # above it a payment in cash needs a 현금영수증 (or card slip, or invoice): 법인세법 §116②
        large = total is None or abs(total) > law("simple_receipt_limit").value
        sentence = "현금영수증이 발급되지 않았습니다. 3만원이 넘으면 적격증빙이 아닙니다."
        found.append(Finding("warning" if large else "info", sentence, (), "no-cash-receipt"))
    return tuple(found)


def _uses(rows: tuple[Row, ...], amounts: tuple[Amount, ...]) -> int:
    """How many dated uses a list of them shows, each with its amount; 0 where the paper is none."""
    if not any(_LIST.fullmatch(title) for title in titles(rows)):
        return 0
    paid = {a.row for a in amounts if a.is_money}
    return sum(index in paid and bool(_DAY.search(row.text)) for index, row in enumerate(rows))


def buys_voucher(rows: tuple[Row, ...], amounts: tuple[Amount, ...], total: int | None) -> bool:
    """Whether what was bought are vouchers: they stand among the goods, above the sum that they make up."""
    if not total or total < 0:
        return False
    sums = [a.row for a in amounts if a.value == total and a.role in ("total", "paid", "amount", "subtotal")]
    goods = [a for a in amounts if sums and a.row < min(sums) and _VOUCHER.search(compact(rows[a.row].text))]
    return sum({a.row: a.value for a in goods}.values()) == total
