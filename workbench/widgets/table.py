"""The table: one row a receipt; sorting and marking. Its cells are edited by `cell_editor`.

Rows are addressed by the id of their receipt, through the frame that was sent. While a cell is open the rows stay as
they are.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import panel as pn
from bokeh.models import CellEditor, StringFormatter, TableColumn
from panel.io.model import JSCode
from panel.models.tabulator import THEME_PATH

from workbench.domain import schema
from workbench.domain.model import Receipt
from workbench.review import columns, filters, texts
from workbench.review.session import Session
from workbench.widgets.markup import asset, when_loaded

WIDTHS = {"mark": 32, "state": 96, "findings": 58, "file": 150, "tax": 112, "confidence": 66, "deduction": 100}
"""px of the columns that are no fields"""

MOST_PATCHED = 50
"""Rows that change at once and are sent by themselves; of more, the whole table goes."""

STATES = json.dumps([[state, *texts.STATE[state]] for state in filters.STATES], ensure_ascii=False)


class Rows(pn.widgets.Tabulator):
    """A Tabulator that brings its style sheets along: linked ones are waited for before it is shown, and it is laid out
    anew when they come. Its `formatters` draw each column; nothing is typed into its cells.
    """

    def _get_column_definitions(self, col_names: list[str], df: pd.DataFrame) -> list[TableColumn]:
        # Panel makes a formatter and an editor for each column, a third of all parts of the page, that nobody asks.
        look, edit = StringFormatter(), CellEditor()
        return [
            TableColumn(
                field=name,
                title=self.titles.get(name, name),
                width=self.widths.get(name, 0),
                formatter=look,
                editor=edit,
            )
            for name in col_names
        ]

    def _process_param_change(self, params: dict[str, Any]) -> dict[str, Any]:
        changed: dict[str, Any] = super()._process_param_change(params)
        if "stylesheets" in changed:
            changed["stylesheets"] = [sheet for sheet in changed["stylesheets"] if isinstance(sheet, str)]
        return changed


@cache
def _look() -> list[str]:
    """Tabulator's own style sheet, and ours after it."""
    own = Path(pn.__file__).parent / "dist" / "bundled" / "datatabulator" / THEME_PATH / "tabulator_materialize.min.css"
    return [own.read_text("utf-8"), asset("theme.css"), asset("table.css")]


class Table(pn.viewable.Viewer):
    """Watches the session's rows and keeps a Tabulator like them."""

    def __init__(self, session: Session, **params: Any) -> None:
        super().__init__(**params)
        self._session = session
        self._sent: tuple[Receipt, ...] = ()
        self._marked: tuple[str, ...] = ()
        won = [spec.name for spec in schema.FIELDS if spec.kind == "won"]
        self.tabulator = Rows(
            self._frame(()),
            show_index=False,
            selectable=False,
            pagination=None,  # said, or Panel turns pages from 200 rows on: one row each where the table was hidden
            hidden_columns=self._hidden(),
            titles={**columns.labels(), "receipt_id": "id"},
            widths={**WIDTHS, **{spec.name: spec.width for spec in schema.FIELDS}},
            formatters=_formatters(won),
            editors=dict.fromkeys(
                ("mark", "state", *columns.choosable(), "receipt_id")
            ),  # cells have an editor of their own, see `cell_editor`
            text_align={**{name: "right" for name in won}, "findings": "left", "mark": "center", "confidence": "right"},
            header_align={name: "right" for name in won},
            frozen_columns=["mark", "state"],
            header_tooltips={"findings": "아직 확인하지 않은 오류와 주의의 수"},
            layout="fit_columns",  # each has a width of its own, so that nothing is measured
            sizing_mode="stretch_both",
            margin=0,
            configuration={
                "headerSortElement": "<span class='arrow'>▲</span>",
                "placeholder": texts.EMPTY_TABLE,
                "rowHeight": 33,
                "renderVerticalBuffer": 330,  # px above and below; as much as the table is high was drawn
                "persistence": {"columns": ["width"]},  # as wide as they were dragged, in this browser
                "persistenceID": "receipt-workbench",
                "columnDefaults": {"headerSortTristate": True},
            },
            stylesheets=_look(),
        )
        self.tabulator.on_click(self._clicked)
        self.tabulator.param.watch(self._sorted, "sorters")
        session.param.watch(self._draw, ["rows", "marked", "editing", "columns"])
        self._draw()

    def _draw(self, *_: object) -> None:
        session = self._session
        if session.editing:
            return
        hidden = self._hidden()
        if hidden != self.tabulator.hidden_columns:
            self.tabulator.hidden_columns = hidden
        sent, marked = self._sent, self._marked
        rows = self._in_the_pile()
        self._sent, self._marked = rows, session.marked
        if [receipt.id for receipt in rows] != [receipt.id for receipt in sent]:
            self.tabulator.value = self._frame(rows)
            return
        turned = set(marked) ^ set(session.marked)
        changed = [i for i, (a, b) in enumerate(zip(sent, rows, strict=True)) if a is not b or b.id in turned]
        if len(changed) > MOST_PATCHED:
            self.tabulator.value = self._frame(rows)
        elif changed:
            self._patch(changed)

    def _patch(self, places: list[int]) -> None:
        """Sends the cells of those rows that are others now; the browser draws these alone."""
        now, patches = self.tabulator.value, dict[str, list[tuple[int, Any]]]()
        fresh = self._frame(tuple(self._sent[place] for place in places))
        for name in fresh.columns:
            cells = zip(places, now[name].iloc[places].tolist(), fresh[name].tolist(), strict=True)
            others = [(place, new) for place, old, new in cells if new != old and not (pd.isna(new) and pd.isna(old))]
            if others:
                patches[name] = others
        if patches:
            self.tabulator.patch(patches, as_index=False)

    def _in_the_pile(self) -> tuple[Receipt, ...]:
        """The rows as they stand in the pile: the browser sorts them, and another order needs no sending."""
        shown = {receipt.id for receipt in self._session.rows}
        return tuple(receipt for receipt in self._session.receipts if receipt.id in shown)

    def _frame(self, receipts: tuple[Receipt, ...]) -> pd.DataFrame:
        marked = set(self._marked)
        rows = [{"mark": receipt.id in marked, **self._session.jobs.cells(receipt)} for receipt in receipts]
        frame = pd.DataFrame(
            rows, columns=["mark", "state", *columns.choosable(), "receipt_id"], index=pd.RangeIndex(len(rows))
        )
        won = {spec.name: "float64" for spec in schema.FIELDS if spec.kind == "won"}
        return frame.astype({**won, "mark": bool, "state": "int64", "findings": "int64", "confidence": "float64"})

    def _clicked(self, event: Any) -> None:
        name, column = str(self.tabulator.value["receipt_id"].iloc[event.row]), str(event.column)
        if column == "mark":
            when_loaded(lambda: self._session.mark(name))
            return
        if column not in schema.BY_NAME:  # those are pressed twice to type into them
            self._session.front = "sheet"
        if name != self._session.chosen or column in schema.BY_NAME:
            when_loaded(lambda: self._session.choose(name, column if column in schema.BY_NAME else ""))

    def _sorted(self, event: Any) -> None:
        sorters = [one for one in event.new if one.get("field") in self.tabulator.value.columns]
        column = str(sorters[0]["field"]) if sorters else ""
        self._session.sort = ({"state": "status"}.get(column, column), bool(sorters) and sorters[0]["dir"] == "desc")

    def _hidden(self) -> list[str]:
        return ["receipt_id", *(name for name in columns.choosable() if name not in self._session.columns)]

    def __panel__(self) -> pn.viewable.Viewable:
        return self.tabulator


def _formatters(won: list[str]) -> dict[str, Any]:
    """How each column's cells are drawn."""
    return {
        "mark": JSCode(asset("cell_mark.js")),
        "state": JSCode(asset("cell_state.js").replace("STATES", STATES)),
        "findings": JSCode(asset("cell_findings.js")),
        **{name: JSCode(asset("cell_won.js")) for name in won},
        **{name: "plaintext" for name in schema.BY_NAME if name not in won},
        "merchant": JSCode(asset("cell_merchant.js")),
        "issued_at": JSCode(asset("cell_day.js")),
        "tax": JSCode(asset("cell_tax.js")),
        **{name: "plaintext" for name in ("file", "deduction", "receipt_id")},
    }
