"""What the tab of statements shows, as plain data for its script: three lists, both sides of a pair, what may fit."""

from collections.abc import Mapping
from typing import Any

from workbench.domain import schema
from workbench.domain.model import Receipt
from workbench.domain.money import won
from workbench.pipeline.ledger.columns import WORDS as KINDS
from workbench.pipeline.ledger.evidence import row_words
from workbench.pipeline.ledger.inquiries import Inquiry
from workbench.pipeline.ledger.levels import LEVELS
from workbench.pipeline.ledger.links import RowKey
from workbench.pipeline.ledger.payment import Payment
from workbench.pipeline.ledger.statements import Statement, row_of
from workbench.review import list_texts as texts
from workbench.review.cells import name_of
from workbench.review.list_intake import Pending
from workbench.review.reconciliation import InHand, Reconciling

NEAREST = 8
"""Candidates that are shown for a row or receipt without a partner."""
PREVIEW = 12
"""Rows of a list that are shown before it is taken in."""


class PairSheet:
    """Drawn up anew from what the state holds each time it is asked for."""

    def __init__(self, state: Reconciling) -> None:
        self._state, self._session = state, state.session

    def lists(self) -> dict[str, Any]:
        """What was matched, what is left on both sides, and which statements there are."""
        found, books = self._state.found, self._session.case.books
        rows = books.standing.rows()
        receipts = {receipt.id: receipt for receipt in self._session.receipts}
        matched = [
            [_text_key(link.row), link.receipt, *_row_cells(rows[link.row][1]), name_of(receipts[link.receipt]),
             link.note or LEVELS[link.level - 1], link.level]
            for links in found.links.values() for link in links if link.row in rows and link.receipt in receipts
        ]  # fmt: skip
        inquiries = books.inquiries()
        left = [
            [_text_key(key), "", *_row_cells(rows[key][1]), rows[key][1].person or rows[key][1].card,
             _asked(inquiries.get(f"row:{key[0]}:{key[1]}")) or why, 0]
            for key, why in found.rows_left.items() if key in rows
        ]  # fmt: skip
        alone = [["", name, *_receipt_cells(receipts[name]), name_of(receipts[name]), why, 0]
                 for name, why in found.receipts_left.items() if name in receipts]  # fmt: skip
        answered = sum(one.state != "요청" for one in inquiries.values())
        return {
            "matched": sorted(matched, key=lambda row: (row[2], row[0])),
            "rows": left,
            "receipts": alone,
            "statements": [[name, one.name, len(one.payments)] for name, one in books.standing.statements.items()],
            "answers": texts.ANSWERS.format(answered=answered, asked=len(inquiries)) if inquiries else "",
        }

    def side(self, held: InHand, receipt: Receipt | None) -> dict[str, Any]:
        """Both sides of what is in hand, and what else may belong to them; its picture comes later."""
        books = self._session.case.books
        rows = books.standing.rows()
        row = rows.get(held.row) if held.row else None
        if row is None and receipt is None:
            return {}
        linked = held.row is not None and held.row in self._state.found.rows_of(held.receipt)
        return {
            "row": _row_side(held.row, *row) if row is not None and held.row is not None else None,
            "receipt": _receipt_side(receipt) if receipt is not None else None,
            "linked": linked,
            "candidates": [] if linked else self._candidates(held, receipt, row[1] if row else None),
            "more": self._more(held, receipt, row[1]) if linked and receipt is not None and row is not None else [],
            "inquiry": _asked_about(books.inquiries(), held),
            "picture": "",
        }

    def _candidates(self, held: InHand, receipt: Receipt | None, payment: Payment | None) -> list[list[Any]]:
        found, rows = self._state.found, self._session.case.books.standing.rows()
        if payment is not None and held.row is not None:
            likely = {name for name, keys in found.open.items() if held.row in keys}
            others = [r for r in self._session.receipts if r.id in found.receipts_left or r.id in likely]
            others.sort(key=lambda r: (r.id not in likely, abs(won(r, "total") - (payment.amount or 0))))
            return [
                [_text_key(held.row), r.id, *_receipt_cells(r), name_of(r), r.id in likely] for r in others[:NEAREST]
            ]
        if receipt is None:
            return []
        open_ = found.open.get(receipt.id, ())
        keys = sorted(
            found.rows_left, key=lambda k: (k not in open_, abs((rows[k][1].amount or 0) - won(receipt, "total")))
        )
        return [
            [_text_key(key), receipt.id, *_row_cells(rows[key][1]), rows[key][0], key in open_]
            for key in keys[:NEAREST]
        ]

    def _more(self, held: InHand, receipt: Receipt, payment: Payment) -> list[list[Any]]:
        """What may belong to the pair besides: receipts that make up the row's amount, rows that make up the total."""
        found, rows = self._state.found, self._session.case.books.standing.rows()
        if held.row is None:
            return []
        beside = {link.receipt for link in found.receipts_of().get(held.row, ())}
        sums = sum(won(r, "total") for r in self._session.receipts if r.id in beside)
        listed = sum(rows[key][1].amount or 0 for key in found.rows_of(receipt.id) if key in rows)
        # Nothing lacks: a second paper of the same purchase is what may belong to it.
        lacking, short = (payment.amount or 0) - sums or payment.amount or 0, won(receipt, "total") - listed
        others = [r for r in self._session.receipts if r.id in found.receipts_left]
        others.sort(key=lambda r: abs(won(r, "total") - lacking))
        keys = sorted(found.rows_left, key=lambda key: abs((rows[key][1].amount or 0) - short))
        more = [[_text_key(held.row), r.id, *_receipt_cells(r), name_of(r), False] for r in others[: NEAREST // 2]]
        for key in keys[: NEAREST // 2]:
            more.append([_text_key(key), receipt.id, *_row_cells(rows[key][1]), rows[key][0], False])
        return more


def pending_sheet(pending: Pending | None) -> dict[str, Any]:
    """How a list that is about to be taken in was understood; {} for none."""
    if pending is None:
        return {}
    statement = pending.statement
    return {
        "name": pending.name,
        "number": pending.number,
        "words": statement.words().splitlines() if statement is not None else [],
        "trouble": pending.trouble,
        "heading": [name for name in pending.heading if name],
        "columns": [[kind, label, pending.found.get(kind, "")] for kind, label in KINDS.items()],
        "heads": list(texts.COLUMNS_SHOWN),
        "table": _preview(statement) if statement is not None else [],
        "all": _all(statement) if statement is not None else "",
    }


def _preview(statement: Statement) -> list[list[str]]:
    table = statement.understood().head(PREVIEW).astype(object)
    table["row"] = table["row"].map(row_of)
    return [[_shown(cell) for cell in row] for row in table.itertuples(index=False)]


def _all(statement: Statement) -> str:
    count = len(statement.payments)
    return (texts.SOME_SHOWN if count > PREVIEW else texts.ALL_SHOWN).format(count=count, shown=PREVIEW)


def _text_key(key: RowKey) -> str:
    return f"{key[0]}:{key[1]}"


def _row_cells(payment: Payment) -> list[Any]:
    day = payment.day.isoformat() if payment.day else "{:02}-{:02}".format(*payment.month_day or (0, 0))
    amount = payment.amount if payment.amount is not None else None
    signed = -amount if amount is not None and payment.cancelled else amount
    shown = f"{signed:,}" if signed is not None else f"{payment.foreign or ''} {payment.currency}".strip()
    return [day, payment.merchant, shown, payment.approval or payment.lost]


def _receipt_cells(receipt: Receipt) -> list[Any]:
    day = (receipt.value("issued_at") or "")[:10]
    abroad = " ".join(filter(None, (receipt.value("foreign_total"), receipt.value("currency"))))
    total = schema.render("total", receipt.value("total")) or abroad
    return [day, receipt.value("merchant") or "", total, receipt.value("approval_number") or ""]


def _row_side(key: RowKey, name: str, payment: Payment) -> dict[str, Any]:
    facts = [*zip(texts.HEADS[:4], _row_cells(payment), strict=True)]
    facts += [(KINDS["number"], payment.number), (KINDS["card"], payment.card), (KINDS["person"], payment.person)]
    return {"key": _text_key(key), "title": row_words(name, key[1]), "facts": [[k, v] for k, v in facts if v]}


def _receipt_side(receipt: Receipt) -> dict[str, Any]:
    facts = [*zip(texts.HEADS[:4], _receipt_cells(receipt), strict=True)]
    facts.append((KINDS["number"], receipt.value("business_number") or ""))
    return {"id": receipt.id, "title": name_of(receipt), "facts": [[k, v] for k, v in facts if v]}


def _asked_about(inquiries: Mapping[str, Inquiry], held: InHand) -> list[Any]:
    """Key, words, and whether it can be closed, of what was asked about the row or else the receipt in hand."""
    row = inquiries.get(f"row:{held.row[0]}:{held.row[1]}") if held.row else None
    asked = row or inquiries.get(f"receipt:{held.receipt}")
    return [asked.key, _asked(asked), asked.state == "답변"] if asked is not None else []


def _asked(inquiry: Any) -> str:
    return "" if inquiry is None else f"{inquiry.state}: {inquiry.answer}" if inquiry.answer else inquiry.state


def _shown(cell: Any) -> str:
    return (
        ""
        if cell is None or cell != cell or str(cell) == "<NA>"
        else f"{cell:,}"
        if isinstance(cell, int)
        else str(cell)
    )
