"""Receipts and a layout become rows, and everything that a person must know of them before they are written."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import msgspec

from workbench.domain import korean, schema
from workbench.domain.errors import ExportFailed
from workbench.domain.model import Receipt
from workbench.domain.visible import printable
from workbench.pipeline.export.csv_file import lost_letters
from workbench.pipeline.export.escaping import plain_cell
from workbench.pipeline.export.layouts.cards import full_number
from workbench.pipeline.export.layouts.layout import WORDS, Column, Layout, Which
from workbench.pipeline.export.layouts.values import VALUES, Cell, Part, evidence, parts_of
from workbench.pipeline.tax.status_on import day_of

APPROVED = ("approved", "confirmed")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What was cut, is missing or cannot be written, and of which receipt; `stops` leaves its row out of the file."""

    receipt_id: str
    message: str
    stops: bool = False


@dataclass(slots=True)
class Filled:
    """Rows ready to be written, each cell as the file has it, and what there is to tell of them.

    `chosen` of `given` receipts belong into the file, `outside` counts why the others do not, in words. Of the chosen,
    `unapproved` were approved by nobody and `wrong` have an open error.
    """

    layout: Layout
    given: int = 0
    chosen: int = 0
    outside: Counter[str] = field(default_factory=Counter)
    unapproved: int = 0
    wrong: int = 0
    rows: list[list[Cell]] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)


def fill(
    layout: Layout, receipts: Sequence[Receipt], facts: Mapping[str, str] | None = None, cards: Sequence[str] = ()
) -> Filled:
    """The rows of the file; ExportFailed where an answer that the layout asks for is missing or has the wrong form."""
    facts = answers(layout, facts or {})
    apart = [(receipt, outside(receipt, layout.receipts)) for receipt in receipts]
    chosen = [receipt for receipt, why in apart if not why]
    filled = Filled(
        layout, len(receipts), len(chosen), Counter(why for _, why in apart if why),
        sum(receipt.status not in APPROVED for receipt in chosen),
        sum(any(finding.severity == "error" for finding in receipt.findings) for receipt in chosen),
    )  # fmt: skip
    parts = [_with_card(part, cards) for receipt in chosen for part in parts_of(receipt, layout.parts)]
    if layout.records is not None:
        _records(filled, parts, facts, cards)
        return filled
    for part in parts:
        _rows(filled, _rows_of(layout, part), part, facts)
    return filled


def outside(receipt: Receipt, which: Which) -> str:
    """Why a layout does not mean the receipt, in words; "" where it does. Waiting and failed ones never belong."""
    if receipt.status in ("waiting", "failed"):
        return korean.STATUS[receipt.status]
    if which.deduction and receipt.deduction not in which.deduction:
        return receipt.deduction or "공제구분 모름"
    if which.evidence and (sort := evidence(receipt)) not in which.evidence:
        return WORDS[sort]
    if which.status and receipt.status not in which.status:
        return korean.STATUS[receipt.status]
    if (least := which.over_won(day_of(receipt))) is not None and int(receipt.value("total") or 0) <= least:
        return f"{least:,}원 이하"
    return ""


def answers(layout: Layout, facts: Mapping[str, str]) -> dict[str, str]:
    """What was asked for, each in the form it must have."""
    known = {}
    for ask in layout.asks:
        said = printable(facts.get(ask.name, "")).strip()
        if not ask.allows(said):
            example = f" (예: {ask.example})" if ask.example else ""
            raise ExportFailed(f"{korean.with_particle(ask.label, '을', '를')} 적어 주세요{example}.")
        known[ask.name] = said
    return known


def _with_card(part: Part, cards: Sequence[str]) -> Part:
    return replace(part, card=full_number(part.receipt.value("card_number") or "", cards)[0])


def _rows_of(layout: Layout, part: Part) -> Iterable[list[Column]]:
    """The columns of each row that a part takes: as they are, or once for each entry that has something to say."""
    if not layout.entries:
        return [layout.columns]
    return [
        [_entered(column, said := entry.get(column.heading), (said or "").startswith("=")) for column in layout.columns]
        for entry in layout.entries
        if "needs" not in entry or VALUES[entry["needs"].removeprefix("=")](part)
    ]


def _entered(column: Column, said: str | None, needed: bool) -> Column:
    """The column as an entry wants it: a text, "=name" is a value, "=name|text" a value or else that text."""
    if said is None:
        return column
    value, _, text = said[1:].partition("|") if said.startswith("=") else ("", "", said)
    return msgspec.structs.replace(column, value=value, text=text, required=column.required or needed)


def _rows(filled: Filled, rows: Iterable[Sequence[Column]], part: Part, facts: Mapping[str, str]) -> None:
    """The rows of a part, all of them or none: half a voucher would not balance."""
    before = len(filled.troubles)
    made = [[_cell(filled, column, part, facts) for column in columns] for columns in rows]
    filled.troubles[before:] = dict.fromkeys(filled.troubles[before:])
    if not any(trouble.stops for trouble in filled.troubles[before:]):
        filled.rows += made


def _cell(filled: Filled, column: Column, part: Part, facts: Mapping[str, str]) -> Cell:
    """One cell as written, noting what is missing, cut or lost."""
    value = _value(filled.layout, column, part, facts)
    if value is None or value == "":
        if column.required:
            filled.troubles.append(Trouble(part.receipt.id, _missing(column, part), filled.layout.complete))
        return None
    if isinstance(value, int | date):
        return value
    return _fitted(filled, column, part.receipt.id, plain_cell(value))


def _value(layout: Layout, column: Column, part: Part, facts: Mapping[str, str]) -> Cell:
    if column.ask:
        return facts[column.ask]
    value = VALUES[column.value](part) if column.value else None
    if value is None and column.text:
        return column.text
    if column.codes:
        return layout.codes[column.codes].get(str(value), layout.codes[column.codes].get("", "")) or None
    return value


def _missing(column: Column, part: Part) -> str:
    name = column.heading or column.value
    if column.value == "card_digits" and (printed := part.receipt.value("card_number")):
        return f"{name}: 영수증에 {printed}로 가려져 있습니다. 회사 카드 목록에 맞는 번호가 하나 있어야 합니다"
    if column.codes and column.value in schema.BY_NAME and (said := part.receipt.value(column.value)):
        return f"{name}: ‘{said}’의 코드를 모릅니다. 양식의 코드표(codes.{column.codes})에 적어 주세요"
    return f"{korean.with_particle(name, '이', '가')} 없습니다"


def _fitted(filled: Filled, column: Column, receipt_id: str, text: str) -> str:
    """The text as its encoding and width take it."""
    encoding, name = filled.layout.encoding, column.heading or column.value
    if lost := lost_letters(text, encoding):
        filled.troubles.append(Trouble(receipt_id, f"{name}: {encoding.upper()}에 없는 글자 {lost} 대신 ?를 씁니다"))
        text = text.encode(encoding, "replace").decode(encoding)
    whole = text
    if filled.layout.records is not None:
        text = cut_to_bytes(text, column.width, encoding)
    elif column.width:
        text = text[: column.width]
    if text != whole:
        unit = "바이트" if filled.layout.records is not None else "자"
        filled.troubles.append(
            Trouble(
                receipt_id, f"{korean.with_particle(name, '이', '가')} {column.width}{unit}를 넘어 잘랐습니다: {whole}"
            )
        )
    return text


def cut_to_bytes(text: str, width: int, encoding: str) -> str:
    """As many whole letters as `width` bytes hold."""
    return text.encode(encoding, "replace")[:width].decode(encoding, "ignore")


def _records(filled: Filled, parts: Sequence[Part], facts: Mapping[str, str], cards: Sequence[str]) -> None:
    """One header, one detail per group, one trailer whose sums are those of the details."""
    records = filled.layout.records
    assert records is not None  # noqa: S101  # the caller has looked
    if records.period:
        parts = [part for part in parts if _in_period(filled, part, facts)]
    groups: dict[tuple[Cell, ...], list[Part]] = {}
    for part in parts:
        groups.setdefault(tuple(VALUES[name](part) for name in records.group), []).append(part)
    details: list[Part] = []
    for group in groups.values():
        before, rows = len(filled.troubles), len(filled.rows)
        _rows(filled, [records.detail], _sum(group), facts)
        if len(filled.rows) > rows:
            details.append(_sum(group))
        elif len(group) > 1:  # the sentence about the first is as true of the others
            said = filled.troubles[before].message
            filled.troubles += [Trouble(part.receipt.id, said, True) for part in group[1:]]
    if not details:
        filled.rows.clear()
        return
    whole = replace(_sum(details), records=len(details))
    filled.rows.insert(0, [_cell(filled, column, whole, facts) for column in records.header])
    filled.rows.append([_cell(filled, column, whole, facts) for column in records.trailer])


def _in_period(filled: Filled, part: Part, facts: Mapping[str, str]) -> bool:
    """Whether the purchase lies in the months that the file is for; told where not."""
    day = day_of(part.receipt)
    if day is None:
        why = "거래일이 없습니다"
    elif (day.year, 1 + (day.month > 6)) != (int(facts["year"]), int(facts["half"])):
        why = f"거래일이 {facts['year']}년 {facts['half']}반기가 아닙니다 ({day})"
    elif (day.month - 1) % 6 + 1 > int(facts["month"]):
        why = f"거래일이 이 신고 기간보다 뒤입니다 ({day})"
    else:
        return True
    filled.troubles.append(Trouble(part.receipt.id, why, True))
    return False


def _sum(parts: Sequence[Part]) -> Part:
    def total(amounts: Iterable[int | None]) -> int | None:
        known = list(amounts)
        return None if None in known else sum(one for one in known if one is not None)

    return replace(
        parts[0],
        supply=total(part.supply for part in parts),
        vat=total(part.vat for part in parts),
        total=total(part.total for part in parts),
        deals=sum(part.deals for part in parts),
    )
