"""What was said and done, on a receipt or in the whole case: who, when, what, from what to what."""

import json
from typing import Any

import panel as pn
import param

from workbench.domain import schema
from workbench.domain.korean import in_korea
from workbench.pipeline.analysis.tables import shows
from workbench.pipeline.storage.journal import Entry
from workbench.review import texts
from workbench.review.cells import name_of
from workbench.review.session import Session
from workbench.widgets.dialog import Dialog
from workbench.widgets.markup import Scripted, script, styles

SHOWN = 1_000
"""Entries on screen, the newest; the file has all."""


class PastList(Scripted):
    """Draws `view`, filters it by what is typed, and asks for the whole case or for the file."""

    view = param.Dict({"rows": [], "words": {}})
    csv = param.String(doc="The whole list as a file; set when it was asked for.")

    _esm = script("past.js")
    _stylesheets = styles("past")

    def __init__(self, owner: "Past", **params: Any) -> None:
        super().__init__(sizing_mode="stretch_width", margin=0, **params)
        self._owner = owner

    def heard(self, data: dict[str, Any]) -> None:
        """Shows the receipt in hand or the whole case, or makes the file."""
        if data["verb"] == "csv":
            self.csv = ""
            self.csv = self._owner.file()
        else:
            self._owner.show(whole=data["verb"] == "whole")


class Past(pn.viewable.Viewer):
    """A dialog; opened with H."""

    def __init__(self, session: Session, **params: Any) -> None:
        super().__init__(**params)
        self._session, self._whole = session, False
        self.list = PastList(self)
        self._dialog = Dialog(self.list, texts.HISTORY, span="lg")

    def open(self) -> None:
        """Shows what was done on the receipt in hand, or in the case where none is."""
        self.show(whole=not self._session.chosen)
        self._dialog.open = True

    def show(self, whole: bool) -> None:
        """Draws the list anew."""
        self._whole = whole
        entries = self._entries()
        self.list.view = {
            "rows": [self._row(entry) for entry in entries[: -SHOWN - 1 : -1]],
            "whole": whole,
            "words": {
                "of": texts.HISTORY_OF, "all": texts.HISTORY_ALL, "find": texts.HISTORY_FIND, "csv": texts.HISTORY_CSV,
                "columns": texts.HISTORY_COLUMNS,
                "more": texts.HISTORY_MORE.format(shown=SHOWN, all=len(entries)) if len(entries) > SHOWN else "",
            },
        }  # fmt: skip

    def file(self) -> str:
        """The whole list as CSV text."""
        case = self._session.case
        text: str = case.history(None if self._whole else self._session.chosen).to_csv(index=False)
        return text

    def _entries(self) -> list[Entry]:
        entries = self._session.case.entries(None if self._whole else self._session.chosen)
        return list(filter(shows, entries))

    def _row(self, entry: Entry) -> list[str]:
        receipt = next((r for r in self._session.receipts if r.id == entry.receipt), None)
        label = _label(entry.field or "")
        before, value = (self._text(entry, text) for text in (entry.before, entry.becomes))
        if entry.action in ("settle", "unsettle"):
            value = " · ".join(filter(None, (entry.detail.get("message"), entry.detail.get("reason"))))
        if same_as := str(entry.detail.get("same_as", "")):
            other = next((r for r in self._session.receipts if r.id == same_as), None)
            value = texts.SAME_AS.format(file=other.file if other else same_as)
        at = f"{in_korea(entry.at):%Y-%m-%d %H:%M:%S}" if entry.at.year > 1 else ""
        who = entry.by or ("" if entry.action == "erased" else texts.MACHINE)
        action = texts.ACTION.get(entry.action, entry.action)
        if entry.action == "correct" and entry.value is None:
            action = texts.TAKEN_BACK
            value = value if entry.becomes is not None else texts.MACHINES  # an earlier program did not keep which
        return [at, who, action,
                name_of(receipt) if receipt else entry.receipt, label, before, value]  # fmt: skip

    def _text(self, entry: Entry, text: str | None) -> str:
        if entry.field in schema.BY_NAME:
            return schema.render(str(entry.field), text) or texts.EMPTY
        if entry.action in ("approve", "confirm", "reopen"):
            return ""
        if entry.action in ("read", "extract") and text:
            return ", ".join(f"{_label(name)} {_shown(name, value)}" for name, value in json.loads(text).items())
        if entry.action == "setting" and text and text.startswith("{"):
            return str(json.loads(text).get("name", ""))  # rules are kept whole
        return text or ""

    def __panel__(self) -> pn.viewable.Viewable:
        return self._dialog


def _label(name: str) -> str:
    return schema.spec(name).label if name in schema.BY_NAME else texts.CASE_SETTINGS.get(name, name)


def _shown(name: str, value: str | None) -> str:
    return (schema.render(name, value) if name in schema.BY_NAME else value) or texts.EMPTY
