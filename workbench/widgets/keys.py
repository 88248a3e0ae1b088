"""The keyboard of the page: document-level keys become verbs of the session."""

from collections.abc import Callable
from typing import Any

import param

from workbench.review import filters, texts
from workbench.review.copying import as_text
from workbench.review.session import Session
from workbench.widgets.markup import Scripted, asset

WORDS = ("approve", "accept", "settle", "take_back", "pick1", "pick2", "pick3")
"""Verbs that say something of what is in hand."""


class Keys(Scripted):
    """Hears keys, and tells the table's script which receipt is in hand."""

    chosen = param.String()
    revision = param.String(doc="Revision of the receipt in hand, as it is shown.")
    copy = param.List([0, ""], doc="How many rows Ctrl+C copies, and their text.")
    hand = param.String(doc="What is in hand, as it is shown; see `Session.hand`.")
    ready = param.Boolean(False, doc="Whether the page is whole, so that nothing done on it is lost.")
    dark = param.Boolean(False, doc="Whether the page is dark.")
    follow = param.Boolean(True, doc="Whether the browser says if the page is dark, and remembers it.")
    scope = param.String()
    inside = param.Boolean(False, doc="Hear keys only inside the workbench: a notebook has keys of its own.")

    _esm = asset("keys.js")

    def __init__(self, session: Session, others: dict[str, Callable[[], None]], **params: Any) -> None:
        """`others` are verbs of the page itself: fit, rotate, help, escape."""
        super().__init__(width=0, height=0, margin=0, **params)
        self._session = session
        self._verbs: dict[str, Callable[[], object]] = {
            "next": lambda: session.move(1),
            "previous": lambda: session.move(-1),
            "next_problem": session.next_problem,
            "field_next": lambda: session.move_field(1),
            "field_previous": lambda: session.move_field(-1),
            "settle": self._settle,
            "copied": lambda: session.notify("success", texts.COPIED.format(count=self.copy[0])),
            "take_back": session.take_back,
            "look_up": lambda: session.look_up([session.chosen]) if session.chosen else None,
            "mark": lambda: session.mark(session.chosen) if session.chosen else None,
            "undo": session.undo,
            "redo": session.redo,
            "area": lambda: setattr(session, "area_mode", not session.area_mode),
            "dark": lambda: setattr(self, "dark", True),
            "light": lambda: setattr(self, "dark", False),
            **{f"pick{n}": (lambda n=n: session.pick(n)) for n in (1, 2, 3)},  # type: ignore[misc]  # n is bound at once
            **others,
        }
        session.param.watch(lambda event: setattr(self, "chosen", event.new), "chosen")
        session.param.watch(self._show_copy, ["chosen", "marked", "receipts", "columns"])
        session.param.watch(self._show_revision, ["chosen", "receipts", "field", "finding", "question"])
        self._show_revision()
        self._show_copy()
        self.chosen = session.chosen

    def heard(self, data: dict[str, Any]) -> None:
        """Does what the script asks for; a word on a receipt only where the page showed what is in hand."""
        name, session = str(data.get("verb")), self._session
        if name in WORDS and not session.still_shows(
            str(data.get("id", session.chosen)), "" if name == "approve" else str(data.get("hand", ""))
        ):
            return
        if name == "escape":
            session.refusal = None
        if name in ("yes", "escape"):
            session.answer(name == "yes", str(data.get("hand", "")))
        if name == "approve":
            session.approve(session.chosen, str(data.get("revision", "")))
        elif name == "accept":
            self._accept(str(data.get("revision", "")))
        elif name in self._verbs:
            self._verbs[name]()

    def _show_copy(self, *_: object) -> None:
        wanted = set(self._session.marked) or {self._session.chosen}
        rows = [receipt for receipt in self._session.rows if receipt.id in wanted]
        self.copy = [len(rows), as_text(rows, self._session.columns)]

    def _accept(self, revision: str) -> None:
        """What is in hand is right; where nothing is left to look at, the receipt is approved as it was shown."""
        session = self._session
        receipt = session.receipt
        if session.question is not None:
            return  # answered with keys of its own
        if receipt is not None and receipt.status in ("read", "changed") and not filters.points(receipt):
            session.approve(receipt.id, revision)
        elif session.accept():
            session.next_problem()

    def _settle(self) -> None:
        """The finding in hand has been seen, be it one of the whole paper or of the field."""
        session = self._session
        receipt = session.receipt
        spoken_of = receipt is not None and session.field in filters.points(receipt)
        if (session.finding is not None or spoken_of) and session.accept():
            session.next_problem()

    def _show_revision(self, *_: object) -> None:
        receipt = self._session.receipt
        self.param.update(revision=receipt.revision if receipt is not None else "", hand=self._session.hand)
