"""The sheets: crops of one field side by side to walk over, and those of receipts that are approved together."""

from typing import Any

import param

from workbench.case import RULE_OF_CLEAN
from workbench.domain import schema
from workbench.domain.errors import WorkbenchError
from workbench.review import sheet_texts, sheets
from workbench.review.cells import name_of
from workbench.review.session import Session
from workbench.widgets.markup import Scripted, script, styles

TOGETHER = "together"
"""The sheet of receipts that may be approved together, beside those of the fields."""


class Sheets(Scripted):
    """Draws `view`; crops come in `crops` as the script asks for those that come into sight."""

    view = param.Dict({})
    crops = param.Dict({}, doc="Pictures asked for last: {receipt/field: data URL}.")
    scope = param.String()

    _esm = script("sheets.js")
    _stylesheets = styles("sheets")

    def __init__(self, session: Session, **params: Any) -> None:
        super().__init__(sizing_mode="stretch_both", margin=0, **params)
        self._session = session
        self._sheet, self._by_value = "total", False
        self._order: tuple[str, ...] = ()
        self._out: set[str] = set()
        session.param.watch(self._draw, ["rows", "refusal", "place"])

    def heard(self, data: dict[str, Any]) -> None:
        """Shows another sheet, brings crops, keeps what was typed, approves."""
        session = self._session
        verb = data.get("verb")
        if verb == "sheet" and data.get("sheet") in (*sheets.FIELDS, TOGETHER):
            self._sheet, self._order = data["sheet"], ()
        elif verb == "order":
            self._by_value, self._order = bool(data.get("by_value")), ()
        elif verb == "crops":
            self._bring([tuple(pair) for pair in data.get("wanted", ())])
            return
        elif verb == "correct":
            session.correct(str(data["text"]), self._sheet, str(data["receipt"]), seen=str(data["seen"]))
            session.tick()
        elif verb == "open":
            session.choose(str(data["receipt"]), self._sheet if self._sheet != TOGETHER else "")
            session.place = "review"
        elif verb == "back":
            session.place = "review"
        elif verb == "take":
            self._out ^= {str(data["receipt"])}
        elif verb == "approve":
            shown = {r.id for r, _ in sheets.clean(session.rows)} - self._out
            session.approve_clean({n: str(rev) for n, rev in data.get("seen", ()) if n in shown})
        self._draw()

    def _draw(self, *_: object) -> None:
        if self._session.place == "sheets":
            self.view = self._together() if self._sheet == TOGETHER else self._column()

    def _common(self) -> dict[str, Any]:
        names = [*sheets.FIELDS, TOGETHER]
        return {
            "sheet": self._sheet,
            "tabs": [[n, sheet_texts.TOGETHER if n == TOGETHER else schema.spec(n).label] for n in names],
            "by_value": self._by_value,
            "words": sheet_texts.WORDS,
        }

    def _column(self) -> dict[str, Any]:
        found = sheets.column(self._session.rows, self._sheet, self._by_value)
        # A cell stays where it is while the sheet is open: one that moves away under the eye is checked twice or never.
        places = {name: place for place, name in enumerate(self._order)}
        found = tuple(sorted(found, key=lambda cell: places.get(cell.receipt, len(places))))
        self._order = tuple(cell.receipt for cell in found)
        refusal = self._session.refusal
        refused = refusal.receipt if refusal is not None and refusal.field == self._sheet else ""
        return self._common() | {
            "cells": [
                {
                    "receipt": cell.receipt, "field": cell.field, "text": cell.text, "file": cell.file,
                    "doubted": cell.doubted, "corrected": cell.corrected,
                    "why": refusal.why if refusal is not None and cell.receipt == refused else "",
                    "tried": refusal.text if refusal is not None and cell.receipt == refused else "",
                }
                for cell in found
            ],
            "doubted": sum(cell.doubted for cell in found),
        }  # fmt: skip

    def _together(self) -> dict[str, Any]:
        found = sheets.clean(self._session.rows)
        self._out &= {receipt.id for receipt, _ in found}
        return self._common() | {
            "cards": [
                {
                    "receipt": receipt.id, "revision": receipt.revision, "file": name_of(receipt),
                    "out": receipt.id in self._out,
                    "values": [[c.field, schema.spec(c.field).label, c.text] for c in cells],
                }
                for receipt, cells in found
            ],
            "rule": sheet_texts.RULE.format(rule=RULE_OF_CLEAN),
            "approve": sheet_texts.APPROVE.format(count=len(found) - len(self._out)),
            "can": len(found) > len(self._out),
        }  # fmt: skip

    def _bring(self, wanted: list[tuple[str, str]]) -> None:
        """Cuts the crops out beside the page's turn: some 10 ms each where the picture is not decoded yet."""
        session = self._session
        known = {receipt.id: receipt for receipt in session.rows}

        def cut() -> dict[str, str]:
            made = {}
            for name, field in wanted:
                if name in known and field in schema.BY_NAME:
                    try:
                        made[f"{name}/{field}"] = sheets.crop(session.case, known[name], field)
                    except WorkbenchError:  # its page says why the picture cannot be had
                        made[f"{name}/{field}"] = ""
            return made

        session.run_in_background(cut, lambda made: setattr(self, "crops", made))
