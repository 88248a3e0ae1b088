"""The tab of statements: what was understood of a dropped list, three lists, both sides of a pair with the picture."""

import base64
from collections.abc import Callable
from typing import Any

import param

from workbench.domain.errors import WorkbenchError
from workbench.domain.model import Receipt
from workbench.pipeline.ledger.links import RowKey
from workbench.review import list_texts as texts
from workbench.review.pair_sheet import PairSheet, pending_sheet
from workbench.review.reconciliation import InHand, Reconciling
from workbench.widgets.markup import Scripted, script, styles


class Reconciliation(Scripted):
    """Sends what stands in the lists, once for each change, and does what the script asks for."""

    lists = param.Dict({}, doc="The three lists, each row as a list of texts; see `PairSheet.lists`.")
    side = param.Dict({}, doc="What is in hand: both sides, candidates, picture.")
    pending = param.Dict({}, doc="A list about to be taken in; {} for none.")
    words = param.Dict({**texts.WORDS, "heads": list(texts.HEADS)})
    scope = param.String()

    _esm = script("reconciliation.js")
    _stylesheets = styles("reconciliation")

    def __init__(self, state: Reconciling, **params: Any) -> None:
        super().__init__(sizing_mode="stretch_both", margin=0, **params)
        self._state, self._session, self._sheet = state, state.session, PairSheet(state)
        self._drawn: tuple[object, int] | None = None
        state.param.watch(self._draw, ["found", "news"])
        state.param.watch(self._show, "in_hand")
        state.intake.param.watch(self._ask, "pending")
        state.param.watch(self._send_file, "file")
        self._session.param.watch(self._draw, "place")
        self._draw()

    def heard(self, data: dict[str, Any]) -> None:
        """Does what the script asks for."""
        state, row = self._state, _key(data.get("row"))
        receipt, number = str(data.get("receipt") or ""), data.get("number")
        verbs: dict[str, Callable[[], object]] = {
            "look": lambda: state.look_at(receipt, row),
            "pair": lambda: state.pair(receipt, row) if row else None,
            "add": lambda: state.add(receipt, row) if row else None,
            "close": lambda: state.close_inquiry(str(data.get("key") or "")),
            "unpair": lambda: state.unpair(receipt, row) if row else None,
            "column": lambda: state.intake.choose_column(str(data.get("kind")), str(data.get("name") or ""), number),
            "take": lambda: state.intake.take_in(number),
            "forget": lambda: state.intake.forget(number),
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
        self.lists = self._sheet.lists()
        self._show()

    def _show(self, *_: object) -> None:
        held = self._state.in_hand
        receipt = next((r for r in self._session.receipts if r.id == held.receipt), None)
        self.side = self._sheet.side(held, receipt)
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

    def _ask(self, *_: object) -> None:
        self.pending = pending_sheet(self._state.intake.pending)

    def _send_file(self, *_: object) -> None:
        file = self._state.file
        if file:
            self._send_msg({"file": file["name"], "data": file["data"]})


def _key(text: object) -> RowKey | None:
    list_id, _, row = str(text or "").rpartition(":")
    return (list_id, int(row)) if list_id and row.isdigit() else None
