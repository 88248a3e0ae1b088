"""The editor: every field of the receipt in hand, what was read, what holds, and the picture right above the input."""

from collections.abc import Callable
from typing import Any

import param

from workbench.domain import schema
from workbench.review.receipt_sheet import WORDS, ReceiptSheet
from workbench.review.session import Session
from workbench.widgets.markup import Scripted, script, styles

WORDS_ON_HAND = ("approve", "accept", "settle", "take_back", "pick")
"""Verbs that say something of what the sheet shows."""


class Editor(Scripted):
    """Draws `view`; what is typed, tapped or pressed comes back as verbs."""

    view = param.Dict({"id": "", "words": WORDS})
    focus_next = param.Boolean(False, doc="Whether the field that comes next is opened for typing.")
    scope = param.String()

    browser_sets = ("focus_next",)
    _esm = script("editor.js")
    _stylesheets = styles("editor")

    def __init__(
        self,
        session: Session,
        open_history: Callable[[], None] = lambda: None,
        open_beside: Callable[[], None] = lambda: None,
        **params: Any,
    ) -> None:
        """`open_history` shows what was said and done on the receipt in hand, `open_beside` what its finding names."""
        super().__init__(sizing_mode="stretch_both", margin=0, **params)
        self._session, self.open_history, self.open_beside = session, open_history, open_beside
        self._sheet = ReceiptSheet(session)
        session.param.watch(
            self._draw,
            ["receipts", "chosen", "field", "finding", "question", "refusal", "asking", "user", "marked", "machine"],
            precedence=1,  # after the keys: what is seen can be answered
        )
        self._draw()

    def _draw(self, *_: object) -> None:
        self.view = self._sheet.of(self._session.receipt)

    def heard(self, data: dict[str, Any]) -> None:
        """Does what the script asks for."""
        session, verb = self._session, data["verb"]
        if data.get("id") != session.chosen and verb == "commit":  # typed before another was chosen
            session.correct(str(data["text"]), str(data["field"]), str(data["id"]), _kept(data))
        elif verb == "commit":
            self._commit(data, bool(data["next"]))
        elif verb == "tab":
            if data["text"] is None or self._commit(data, False):
                self.focus_next = True
                session.move_field(int(data["by"]))
        elif verb in WORDS_ON_HAND:
            if session.still_shows(str(data.get("id", session.chosen)), str(data.get("hand", ""))):
                self._word(verb, data)
        elif verb == "answer":
            session.answer(bool(data["yes"]), str(data.get("hand", "")))
        elif verb == "field":
            session.choose_field(str(data["field"]))
        elif verb == "paper":
            session.choose_finding(int(data["place"]))
        elif verb == "fill":
            session.fill(str(data["field"]), str(data["text"]))
        elif verb == "machine":
            session.machine = bool(data["shown"])
        elif verb == "forget":
            session.refusal = None
        elif verb == "look_up":
            session.look_up([session.chosen])
        elif verb == "front":
            session.front = "sheet"
        elif verb == "history":
            self.open_history()
        elif verb == "beside":
            self.open_beside()
        elif verb in ("next_problem", "read_again"):
            getattr(session, verb)()

    def _word(self, verb: str, data: dict[str, Any]) -> None:
        session = self._session
        if verb == "approve":
            session.approve(session.chosen, str(data.get("revision", "")))
        elif verb == "pick":
            session.pick(int(data["number"]))
        elif verb == "take_back":
            session.take_back()
        elif session.settle(str(data.get("reason", ""))) if verb == "settle" else session.accept():
            session.next_problem()

    def _commit(self, data: dict[str, Any], go_on: bool) -> bool:
        session, field, text = self._session, str(data["field"]), str(data["text"])
        receipt = session.receipt
        kept = schema.render(field, receipt.field(field).value) if receipt else ""
        same = text.strip() == kept and _kept(data) in (None, kept)
        if same and schema.spec(field).filled:
            done = True  # nothing was read that could be called right
        elif same and field == session.field:
            done = session.accept()
        else:
            done = session.correct(text, field, seen=_kept(data))
        if done and go_on:
            session.next_problem()
        return done


def _kept(data: dict[str, Any]) -> str | None:
    """What stood in the field on screen when the typing began."""
    return None if data.get("kept") is None else str(data["kept"])
