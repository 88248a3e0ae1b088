"""A list of any card company, bank or 홈택스 becomes one statement of payments, and says what was understood; pure.

Rows are addressed by their number in the file, as a spreadsheet shows it. What cannot be understood is None or "", the
row stays, and how many there are is told.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from workbench.domain.errors import CaseError
from workbench.pipeline.ledger.amounts import text_of
from workbench.pipeline.ledger.body import body_of
from workbench.pipeline.ledger.columns import WORDS, find_columns, missing_kinds
from workbench.pipeline.ledger.heading import Heading
from workbench.pipeline.ledger.payment_notes import rows_told
from workbench.pipeline.ledger.payments import payments_of
from workbench.pipeline.ledger.readers import Sheet
from workbench.pipeline.ledger.row_states import mentions_back
from workbench.pipeline.ledger.statements import ColumnsMissing, Statement, joined, signature
from workbench.pipeline.ledger.tables import Table, tables_of

_OTHER_UNIT = re.compile(
    r"단위\s*[:：]?\s*(?:(?:천|만|십만|백만|억)\s*원?|(?!KRW)(?:[A-Z]{3}\b|US\$|미?달러|\$|유로|엔)(?![^)\n]*원))"
    r"|통화\s*[:：]\s*(?:(?!KRW)[A-Z]{3}\b|US\$|미?달러|유로|엔)(?![^)\n]*원)"
    r"|[(\[]\s*(?:천|만|십만|백만|억)\s*원\s*[)\]]"
)


def understand(
    sheets: Sequence[Sheet],
    name: str,
    given: Mapping[str, str | None] | None = None,
    remembered: Callable[[str], Mapping[str, str]] = lambda _: {},
    *,
    may_be_empty: bool = False,
) -> Statement:
    """The tables of payments that a file holds, understood as one list.

    `given` names of columns win over those `remembered` for a heading. ColumnsMissing (a CaseError) says in words why
    nothing can be matched where there is a heading but no column of amounts or days, CaseError where there is none.
    """
    found: list[Statement] = []
    trouble: CaseError | None = None
    tables = [table for sheet in sheets for table in tables_of(sheet) or (_first_row(sheet) if given else [])]
    known = {column for table in tables for column in table.heading.names}
    for table in tables:
        # A column that another table has is not asked of this one.
        names = table.heading.names
        own = {kind: col for kind, col in (given or {}).items() if not col or col in names or col not in known}
        try:
            found.append(_understood(table, name, {**remembered(signature(names)), **own}, may_be_empty))
        except CaseError as error:
            trouble = trouble or error
    if found:
        whole = joined(found)
        return replace(whole, notes=(*whole.notes, *(sheet.note for sheet in sheets if sheet.note)))
    raise trouble or CaseError(
        f"{name}: 제목 줄(이용일자, 이용금액 …)을 찾지 못했습니다. 대조할 수 있는 명세서인지 확인해 주세요."
    )


def _first_row(sheet: Sheet) -> list[Table]:
    place = next((n for n, row in enumerate(sheet.rows) if any(row)), None)
    if place is None:
        return []
    heading = Heading(tuple(text_of(cell) for cell in sheet.rows[place]), place + 1)
    return [Table(sheet.name, heading, sheet.rows[place + 1 :], place + 2)]


def _understood(table: Table, name: str, given: Mapping[str, str | None], may_be_empty: bool) -> Statement:
    heading = table.heading
    columns = _columns(table, given)
    sums = [columns[kind] for kind in ("amount", "returned") if kind in columns]
    if unit := _OTHER_UNIT.search("\n".join([heading.above, *sums])):
        raise CaseError(
            f"{name}: 원 단위가 아닌 목록({unit[0].strip('()[] ')})은 영수증과 맞춰 볼 수 없습니다."
            " 원 단위로 내려받아 주세요."
        )
    body = body_of(table, columns)
    rows, numbers, skipped = body.rows, body.numbers, body.skipped
    payments, notes = payments_of(heading.names, rows, columns, heading.above, numbers)
    # A foot of remarks has neither a day nor an amount.
    kept = [n for n, p in enumerate(payments) if p.amount is not None or p.foreign is not None or p.day or p.month_day]
    skipped += [(numbers[n], "금액과 날짜가 없는 줄") for n in sorted(set(range(len(rows))) - set(kept))]
    if not may_be_empty and all(payments[n].amount is None and payments[n].foreign is None for n in kept):
        raise CaseError(f"{name}: 금액이 있는 줄이 없습니다. 대조할 것이 없는 목록입니다.")
    if numbers and 0 not in kept and _in_two_rows([payments[n].day or payments[n].month_day for n in kept]):
        raise CaseError(f"{name}: 거래 하나가 두 줄에 적힌 목록입니다. 한 줄에 하나씩 나오는 양식으로 내려받아 주세요.")
    told = Counter(why for _, why in skipped if why != "빈 줄")
    used = {heading.names.index(column) for column in columns.values()}
    doubtful = [n for n in kept if not (payments[n].back or payments[n].partial) and mentions_back(rows[n], used)]
    notes += [*body.notes, *_doubts([numbers[n] for n in doubtful])]
    notes += [f"{why} {count:,}개는 거래로 보지 않았습니다." for why, count in told.items()]
    return Statement(
        name, heading.names, heading.below, columns, tuple(rows[n] for n in kept), tuple(numbers[n] for n in kept),
        tuple(replace(payments[n], place=place) for place, n in enumerate(kept)), tuple(sorted(skipped)), tuple(notes),
        (table,),
    )  # fmt: skip


def _doubts(numbers: Sequence[int]) -> list[str]:
    if not numbers:
        return []
    return [f"취소나 환불이라는 말이 있으나 쓴 돈으로 센 줄 {len(numbers):,}개({rows_told(numbers)}): 확인해 주세요."]


def _in_two_rows(days: Sequence[object]) -> bool:
    """Whether every other row has no day: below a second row of headings, the list writes each payment into two."""
    return len(days) > 3 and all(days[::2]) and not any(days[1::2])


def _columns(table: Table, given: Mapping[str, str | None]) -> dict[str, str]:
    heading = table.heading
    columns = find_columns(heading.names, table.rows, given)
    columns = {kind: column for kind, column in columns.items() if column}
    if "amount" not in columns and "foreign" in columns:
        columns["amount"] = ""  # a list of foreign payments alone
    if missing := missing_kinds(columns):
        wanted = ", ".join(f"{WORDS[kind]} 열({kind}=)" for kind in missing)
        raise ColumnsMissing(
            f"명세서에서 {wanted}을 찾지 못했습니다. 열 이름을 알려 주세요. 제목은 {heading.below}행에 있습니다."
            f" 열: {', '.join(filter(None, heading.names))}",
            missing,
            heading.names,
            columns,
        )
    return {kind: column for kind, column in columns.items() if column}
