"""Photographing receipts into the case: what a phone shows instead of the desk, and what came of each picture."""

from datetime import date
from typing import Any

import param

from workbench.domain import schema
from workbench.domain.model import Receipt
from workbench.pipeline.validation.checks import check
from workbench.review import capture_texts, filters, texts
from workbench.review.cells import name_of
from workbench.review.session import Session
from workbench.widgets.markup import Scripted, script, styles

SHOWN = 60
"""Receipts listed, the latest first: a phone is for what was just photographed."""


class Capture(Scripted):
    """Looks at each picture in the browser before `Drop` sends it, and lists what was read in plain rows."""

    view = param.Dict({})
    words = param.Dict(capture_texts.WORDS)
    scope = param.String()
    desk = param.Boolean(False, doc="Whether the desk was asked for, although there is little room for it.")
    leads = param.Boolean(False, doc="Whether there is a desk to lead to.")

    _esm = script("sharpness.js", "capture.js")
    _stylesheets = styles("capture")

    def __init__(self, session: Session, own: bool = False, **params: Any) -> None:
        """`own` shows what came in by this very page, and nothing else of the case: nor what its other papers say."""
        super().__init__(sizing_mode="stretch_both", margin=0, **params)
        self._session, self._own = session, own
        self._sent = False
        session.param.watch(self._draw, ["receipts", "reading", "added"])
        self._draw()

    def heard(self, data: dict[str, Any]) -> None:
        """The desk is asked for, or a picture is on its way: what comes in is read without another press."""
        if data.get("verb") == "desk":
            self.desk = True
        if data.get("verb") == "sent":
            self._sent = True
            self._read()

    def _draw(self, *_: object) -> None:
        session, reading = self._session, self._session.reading
        running = capture_texts.READING.format(done=reading.done, total=reading.total) if reading.running else ""
        known = [r for r in session.receipts if not self._own or r.id.split("-")[0] in session.added]
        self.view = {
            "running": running,
            "count": capture_texts.COUNT.format(count=len(known)),
            "rows": [_row(receipt, alone=self._own) for receipt in known[: -SHOWN - 1 : -1]],
        }
        self._read()

    def _read(self) -> None:
        session = self._session
        waits = any(receipt.status == "waiting" for receipt in session.receipts)
        if self._sent and waits and not session.reading.running:
            session.read_waiting()


def _row(receipt: Receipt, alone: bool) -> list[str]:
    """State, sign, its word, merchant, total, day, what to look at; `alone` keeps to what the paper itself says."""
    state = filters.state_of(receipt)
    abroad = " ".join(filter(None, (receipt.value("foreign_total"), receipt.value("currency"))))
    total = schema.render("total", receipt.value("total"))
    of_itself = check(receipt, date.today()) if alone else receipt.findings
    wrong = [f.message for f in receipt.open_findings if f in of_itself] or ([receipt.error] if receipt.error else [])
    return [
        state, *texts.STATE[state], receipt.value("merchant") or name_of(receipt),
        f"{total}{texts.WON}" if total else abroad, (receipt.value("issued_at") or "")[:10], wrong[0] if wrong else "",
    ]  # fmt: skip
