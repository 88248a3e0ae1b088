"""The tab of statements: what was understood of a dropped list, three lists, both sides of a pair with the picture."""

import base64
from collections.abc import Callable, Mapping
from typing import Any

import param

from workbench.domain import schema
from workbench.domain.errors import WorkbenchError
from workbench.domain.model import Receipt
from workbench.pipeline.ledger.columns import WORDS as KINDS
from workbench.pipeline.ledger.evidence import row_words
from workbench.pipeline.ledger.inquiries import Inquiry
from workbench.pipeline.ledger.levels import LEVELS
from workbench.pipeline.ledger.links import RowKey
from workbench.pipeline.ledger.payments import Payment
from workbench.pipeline.ledger.statements import Statement, row_of
from workbench.review import list_texts as texts
from workbench.review.reconciliation import InHand, Pending, Reconciling
from workbench.widgets.markup import ASSETS, Scripted, styles

NEAREST = 8
"""Candidates that are shown for a row or receipt without a partner."""
PREVIEW = 12
"""Rows of a list that are shown before it is taken in."""


class Reconciliation(Scripted):
    """Sends what stands in the lists, once for each change, and does what the script asks for."""

    lists = param.Dict({}, doc="The three lists, each row as a list of texts; see `_lists`.")
    side = param.Dict({}, doc="What is in hand: both sides, candidates, picture.")
    pending = param.Dict({}, doc="A list about to be taken in; {} for none.")
    words = param.Dict({**texts.WORDS, "heads": list(texts.HEADS)})
    scope = param.String()

    _esm = ASSETS / "reconciliation.js"
    _stylesheets = styles("reconciliation")

    def __init__(self, state: Reconciling, **params: Any) -> None:
        super().__init__(sizing_mode="stretch_both", margin=0, **params)
        self._state, self._session = state, state.session
        self._drawn: tuple[object, int] | None = None
        state.param.watch(self._draw, ["found", "news"])
        state.param.watch(self._show, "in_hand")
        state.param.watch(self._ask, "pending")
        state.param.watch(self._send_file, "file")
        self._session.param.watch(self._draw, "place")
        self._draw()

    def heard(self, data: dict[str, Any]) -> None:
        """Does what the script asks for."""
        state, row = self._state, _key(data.get("row"))
        receipt = str(data.get("receipt") or "")
        verbs: dict[str, Callable[[], object]] = {
            "look": lambda: state.look_at(receipt, row),
            "pair": lambda: state.pair(receipt, row) if row else None,
            "add": lambda: state.add(receipt, row) if row else None,
            "close": lambda: state.close_inquiry(str(data.get("key") or "")),
            "unpair": lambda: state.unpair(receipt, row) if row else None,
            "column": lambda: state.choose_column(str(data.get("kind")), str(data.get("name") or "")),
            "take": state.take_in,
            "forget": state.forget,
            "missing": state.write_missing,
            "ask": lambda: state.write_questions(str(data.get("due") or "")),
            "remove": lambda: state.remove(str(data.get("list"))),
            "review": lambda: self._review(receipt),
        }
        verb = verbs.get(str(data.get("verb")))
        if verb is not None:
            verb()

    def _review(self, receipt: str) -> None:
        self._session.choose(receipt)
        self._session.place = "review"

    # what is drawn

    def _draw(self, *_: object) -> None:
        stands = self._state.found, self._state.news
        drawn = self._drawn
        same = drawn is not None and drawn[0] is stands[0] and drawn[1] == stands[1]
        if self._session.place != "lists" or same:
            return
        self._drawn = stands
        self.lists = self._lists()
        self._show()

    def _lists(self) -> dict[str, Any]:
        found, books = self._state.found, self._session.case.books
        rows = books.standing.rows()
        receipts = {receipt.id: receipt for receipt in self._session.receipts}
        matched = [
            [_text_key(link.row), link.receipt, *_row_cells(rows[link.row][1]), receipts[link.receipt].file,
             link.note or LEVELS[link.level - 1], link.level]
            for links in found.links.values() for link in links if link.row in rows and link.receipt in receipts
        ]  # fmt: skip
        inquiries = books.inquiries()
        left = [
            [_text_key(key), "", *_row_cells(rows[key][1]), rows[key][1].person or rows[key][1].card,
             _asked(inquiries.get(f"row:{key[0]}:{key[1]}")) or why, 0]
            for key, why in found.rows_left.items() if key in rows
        ]  # fmt: skip
        alone = [["", name, *_receipt_cells(receipts[name]), receipts[name].file, why, 0]
                 for name, why in found.receipts_left.items() if name in receipts]  # fmt: skip
        answered = sum(one.state != "요청" for one in inquiries.values())
        return {
            "matched": sorted(matched, key=lambda row: (row[2], row[0])),
            "rows": left,
            "receipts": alone,
            "statements": [[name, one.name, len(one.payments)] for name, one in books.standing.statements.items()],
            "answers": texts.ANSWERS.format(answered=answered, asked=len(inquiries)) if inquiries else "",
        }

    def _show(self, *_: object) -> None:
        held, books = self._state.in_hand, self._session.case.books
        rows = books.standing.rows()
        row = rows.get(held.row) if held.row else None
        receipt = next((r for r in self._session.receipts if r.id == held.receipt), None)
        if row is None and receipt is None:
            self.side = {}
            return
        linked = held.row is not None and held.row in self._state.found.rows_of(held.receipt)
        self.side = {
            "row": _row_side(held.row, *row) if row is not None and held.row is not None else None,
            "receipt": _receipt_side(receipt) if receipt is not None else None,
            "linked": linked,
            "candidates": [] if linked else self._candidates(held, receipt, row[1] if row else None),
            "more": self._more(held, receipt, row[1]) if linked and receipt is not None and row is not None else [],
            "inquiry": _asked_about(books.inquiries(), held),
            "picture": "",
        }
        if receipt is not None and receipt.status != "waiting":
            self._session.run_in_background(
                lambda: self._picture(receipt), lambda picture: self._picture_came(held, picture)
            )

    def _picture(self, receipt: Receipt) -> str:
        try:
            return "data:image/jpeg;base64," + base64.b64encode(self._session.case.picture_of(receipt.id)).decode()
        except WorkbenchError:
            return ""  # the viewer says why

    def _picture_came(self, held: InHand, picture: str) -> None:
        if held == self._state.in_hand:
            self.side = {**self.side, "picture": picture}

    def _candidates(self, held: InHand, receipt: Receipt | None, payment: Payment | None) -> list[list[Any]]:
        found, rows = self._state.found, self._session.case.books.standing.rows()
        if payment is not None and held.row is not None:
            likely = {name for name, keys in found.open.items() if held.row in keys}
            others = [r for r in self._session.receipts if r.id in found.receipts_left or r.id in likely]
            others.sort(key=lambda r: (r.id not in likely, abs((_total(r) or 0) - (payment.amount or 0))))
            return [[_text_key(held.row), r.id, *_receipt_cells(r), r.file, r.id in likely] for r in others[:NEAREST]]
        if receipt is None:
            return []
        open_ = found.open.get(receipt.id, ())
        keys = sorted(
            found.rows_left, key=lambda k: (k not in open_, abs((rows[k][1].amount or 0) - (_total(receipt) or 0)))
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
        sums = sum(_total(r) or 0 for r in self._session.receipts if r.id in beside)
        listed = sum(rows[key][1].amount or 0 for key in found.rows_of(receipt.id) if key in rows)
        # Nothing lacks: a second paper of the same purchase is what may belong to it.
        lacking, short = (payment.amount or 0) - sums or payment.amount or 0, (_total(receipt) or 0) - listed
        others = [r for r in self._session.receipts if r.id in found.receipts_left]
        others.sort(key=lambda r: abs((_total(r) or 0) - lacking))
        keys = sorted(found.rows_left, key=lambda key: abs((rows[key][1].amount or 0) - short))
        more = [[_text_key(held.row), r.id, *_receipt_cells(r), r.file, False] for r in others[: NEAREST // 2]]
        for key in keys[: NEAREST // 2]:
            more.append([_text_key(key), receipt.id, *_row_cells(rows[key][1]), rows[key][0], False])
        return more

    def _ask(self, *_: object) -> None:
        pending: Pending | None = self._state.pending
        if pending is None:
            self.pending = {}
            return
        statement = pending.statement
        self.pending = {
            "name": pending.name,
            "words": statement.words().splitlines() if statement is not None else [],
            "trouble": pending.trouble,
            "heading": [name for name in pending.heading if name],
            "columns": [[kind, label, pending.found.get(kind, "")] for kind, label in KINDS.items()],
            "heads": list(texts.COLUMNS_SHOWN),
            "table": _preview(statement) if statement is not None else [],
        }

    def _send_file(self, *_: object) -> None:
        file = self._state.file
        if file:
            self._send_msg({"file": file["name"], "data": file["data"]})


def _preview(statement: Statement) -> list[list[str]]:
    table = statement.understood().head(PREVIEW).astype(object)
    table["row"] = table["row"].map(row_of)
    return [[_shown(cell) for cell in row] for row in table.itertuples(index=False)]


def _key(text: object) -> RowKey | None:
    list_id, _, row = str(text or "").rpartition(":")
    return (list_id, int(row)) if list_id and row.isdigit() else None


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


def _total(receipt: Receipt) -> int | None:
    won = schema.value_of("total", receipt.value("total"))
    return won if isinstance(won, int) else None


def _row_side(key: RowKey, name: str, payment: Payment) -> dict[str, Any]:
    facts = [*zip(texts.HEADS[:4], _row_cells(payment), strict=True)]
    facts += [(KINDS["number"], payment.number), (KINDS["card"], payment.card), (KINDS["person"], payment.person)]
    return {"key": _text_key(key), "title": row_words(name, key[1]), "facts": [[k, v] for k, v in facts if v]}


def _receipt_side(receipt: Receipt) -> dict[str, Any]:
    facts = [*zip(texts.HEADS[:4], _receipt_cells(receipt), strict=True)]
    facts.append((KINDS["number"], receipt.value("business_number") or ""))
    return {"id": receipt.id, "title": receipt.file, "facts": [[k, v] for k, v in facts if v]}


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
