"""The line to the server: where it is lost the page says so, takes nothing more, and comes back where it was."""

from typing import Any

import param

from workbench.review import texts
from workbench.review.session import Session
from workbench.widgets.markup import Scripted, asset, styles


class Connection(Scripted):
    """Knows which receipt and field are in hand, so that the browser can take them again after the server was away."""

    chosen = param.String()
    field = param.String()
    inside = param.Boolean(False, doc="In a notebook the line is the notebook's own.")
    text = param.String(texts.LINE_LOST)
    silent = param.String(texts.SILENT)

    _esm = asset("connection.js")
    _stylesheets = styles("connection")

    def __init__(self, session: Session, **params: Any) -> None:
        super().__init__(chosen=session.chosen, field=session.field, width=0, height=0, margin=0, **params)
        self._session = session
        session.param.watch(self._follow, ["chosen", "field"])

    def _follow(self, *_: object) -> None:
        self.param.update(chosen=self._session.chosen, field=self._session.field)

    def heard(self, data: dict[str, Any]) -> None:
        """Answers a beat, or takes the receipt and the field again that were in hand."""
        if "beat" in data:
            self._send_msg(data)
            return
        self._session.choose(str(data["id"]), str(data["field"]))
