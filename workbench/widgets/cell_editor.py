"""Editing a cell of the table in place: a box above the table, read like the fields of the sheet."""

from typing import Any

import param

from workbench.domain import schema
from workbench.review.session import Session
from workbench.widgets.markup import ASSETS, Scripted, styles


class CellEditor(Scripted):
    """Opened by a double click on a cell; what is typed becomes a correction of that receipt's field."""

    fields = param.Dict({}, doc="Label and kind of each field whose cells can be edited.")
    editing = param.Boolean(False, doc="Whether a cell is open; the rows stay as they are meanwhile.")
    scope = param.String()

    _esm = ASSETS / "cell_editor.js"
    _stylesheets = styles("cell_editor")

    def __init__(self, session: Session, **params: Any) -> None:
        fields = {spec.name: [spec.label, spec.kind] for spec in schema.FIELDS}
        super().__init__(fields=fields, width=0, height=0, margin=0, **params)
        self._session = session
        self.param.watch(lambda event: setattr(session, "editing", event.new), "editing")

    def heard(self, data: dict[str, Any]) -> None:
        """Keeps what was typed; a text that is no value stands in the sheet, with the reason beside it."""
        session = self._session
        name, field, text = str(data["id"]), str(data["field"]), str(data["text"])
        if session.correct(text, field, name, seen=str(data["kept"])):
            return
        refusal, question = session.refusal, session.question
        if refusal is not None or question is not None:
            session.choose(name, field)
            session.refusal, session.question = refusal, question
        if refusal is not None:
            session.say("error", refusal.why)
