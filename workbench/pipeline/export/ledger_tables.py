"""Reconciliation and samples under Korean headings, as sheets of a workbook."""

from collections.abc import Mapping, Sequence

import pandas as pd

from workbench.domain import schema
from workbench.domain.model import Receipt
from workbench.pipeline.export import words
from workbench.pipeline.ledger.reconcile import Match
from workbench.pipeline.ledger.sampling import SampleResult
from workbench.pipeline.ledger.statements import row_of

OURS = {"receipt_id": "영수증ID", "file": "파일명", "merchant": "상호", "issued_at": "거래일시", "total": "합계",
        "approval_number": "승인번호"}  # fmt: skip
BETWEEN = {"match": "일치", "days": "날짜 차이", "note": "비고"}
LISTED = {"statement": "명세서", "row": "행", "date": "명세서 일자", "amount": "명세서 금액",
          "merchant": "명세서 가맹점", "approval": "명세서 승인번호", "card": "카드", "person": "사용자"}  # fmt: skip
REASON = {"reason": "이유"}


def reconciled_tables(found: Match) -> dict[str, pd.DataFrame]:
    """Sheets by title: what agrees with a statement, and what is left on either side with its reason."""
    listed = {f"listed_{name}": heading for name, heading in LISTED.items()}
    return {
        "명세서 대조": _under(found.matched, OURS | BETWEEN | listed),
        "명세서에 없는 영수증": _under(found.receipts_only, OURS | REASON),
        "영수증이 없는 거래": _under(found.ledger_only, LISTED | REASON),
    }


def _under(table: pd.DataFrame, headings: Mapping[str, str]) -> pd.DataFrame:
    """Those columns of the table that there are, renamed; rows as their sheet counts them."""
    table = table.assign(**{name: table[name].map(row_of) for name in ("row", "listed_row") if name in table})
    return table[[name for name in headings if name in table.columns]].rename(columns=dict(headings))


def sample_table(found: SampleResult, checked: Sequence[str], receipts: Sequence[Receipt]) -> pd.DataFrame:
    """A row per receipt drawn, in the order of checking: its values, whether it was checked, what is otherwise."""
    by_id = {receipt.id: receipt for receipt in receipts}
    wrong: dict[str, list[str]] = {}
    for row in found.differences.to_dict("records"):
        name = str(row["field"])
        held, seen = (schema.render(name, _text(row[side])) or words.EMPTY for side in ("held", "checked"))
        wrong.setdefault(str(row["receipt_id"]), []).append(f"{schema.spec(name).label}: {held} → {seen}")
    rows = []
    for number, name in enumerate(found.sample.chosen, 1):
        receipt = by_id.get(name)
        values = [receipt.value(field) if receipt else None for field in ("merchant", "issued_at", "total")]
        total = int(values[2]) if values[2] else None
        rows.append(
            (number, name, values[0], values[1], total, words.yes_no(name in checked), "\n".join(wrong.get(name, [])))
        )
    headings = ("순서", "영수증ID", "상호", "거래일시", "합계", "확인함", "다른 값")
    table = pd.DataFrame(rows, columns=list(headings))
    return table.astype({"순서": "Int64", "합계": "Int64"})


def _text(cell: object) -> str | None:
    return None if cell is pd.NA or cell is None else str(cell)
