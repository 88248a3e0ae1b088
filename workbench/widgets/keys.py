"""The keyboard of the page: document-level keys become verbs of the session."""

from collections.abc import Callable
from typing import Any

import param

from workbench.review.session import Session
from workbench.widgets.markup import ASSETS, Scripted


class Keys(Scripted):
    """Hears keys, tells the table's script which receipt is in hand, and the session whether a cell is open."""

    chosen = param.String()
    editing = param.Boolean(False)
    ready = param.Boolean(False, doc="Whether the page is whole, so that nothing done on it is lost.")
    dark = param.Boolean(False, doc="Whether the page is dark.")
    follow = param.Boolean(True, doc="Whether the browser says if the page is dark, and remembers it.")
    scope = param.String()
    inside = param.Boolean(False, doc="Hear keys only inside the workbench: a notebook has keys of its own.")

    _esm = ASSETS / "keys.js"

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
            "accept": lambda: session.accept() and session.next_problem(),
            "take_back": session.take_back,
            "approve": session.approve,
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
        self.chosen = session.chosen
        self.param.watch(lambda event: setattr(session, "editing", event.new), "editing")

    def heard(self, data: dict[str, Any]) -> None:
        """Does what the script asks for."""
        verb = self._verbs.get(str(data.get("verb")))
        if verb is not None:
            verb()
