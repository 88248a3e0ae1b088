"""Editing a cell of the table in place: a box above the table, read like the fields of the sheet."""

from typing import Any

import param

from workbench.domain import schema
from workbench.review import suggest
from workbench.review.session import Session
from workbench.widgets.markup import Scripted, script, styles


class CellEditor(Scripted):
    """Opened by a double click on a cell; what is typed becomes a correction of that receipt's field."""

    fields = param.Dict({}, doc="Label and kind of each field whose cells can be edited, and if people fill it in.")
    scope = param.String()

    _esm = script("cell_editor.js")
    _stylesheets = styles("cell_editor")

    def __init__(self, session: Session, **params: Any) -> None:
        fields = {spec.name: [spec.label, spec.kind, spec.filled] for spec in schema.FIELDS}
        super().__init__(fields=fields, width=0, height=0, margin=0, **params)
        self._session = session

    def heard(self, data: dict[str, Any]) -> None:
        """Hears whether a cell is open, whose receipt is in hand then, and keeps what was typed.

        While it is open the rows stay as they are. A text that is no value stands in the sheet, with the reason.
        """
        session = self._session
        if "editing" in data:  # a message and no param: in a notebook the second change of a param can stay behind
            session.editing = bool(data["editing"])
            # A click on rows that are drawn anew at that very moment is lost, and another receipt would stay in hand.
            if data["editing"] and (session.chosen, session.field) != (data["id"], data["field"]):
                session.choose(str(data["id"]), str(data["field"]))
            if data["editing"] and schema.spec(str(data["field"])).filled:
                known = suggest.used(session.receipts, str(data["field"]))
                self._send_msg({"field": data["field"], "values": list(known)})
            return
        name, field, text = str(data["id"]), str(data["field"]), str(data["text"])
        if not session.correct(text, field, name, seen=str(data["kept"])) and session.refusal is not None:
            session.notify("error", session.refusal.why)
