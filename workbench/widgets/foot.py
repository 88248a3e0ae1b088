"""The line under the table: how many receipts are shown, and their sums."""

from html import escape
from typing import Any

from workbench.review import texts
from workbench.review.session import Session
from workbench.review.totals import Foot as Sums
from workbench.review.totals import shown
from workbench.widgets.markup import Markup, styles


class Foot(Markup):
    """Keeps count and sums of the rows, and of those among them that are marked."""

    def __init__(self, session: Session, **params: Any) -> None:
        super().__init__(sizing_mode="stretch_width", margin=0, stylesheets=styles("foot"), **params)
        self._session = session
        session.param.watch(self._draw, ["rows", "marked"])
        self._draw()

    def _draw(self, *_: object) -> None:
        session = self._session
        lines = [_line(texts.FOOT_SHOWN, shown(session.rows, session.jobs.amounts))]
        marked = set(session.marked)
        if marked:
            rows = (receipt for receipt in session.rows if receipt.id in marked)
            lines.append(_line(texts.FOOT_MARKED, shown(rows, session.jobs.amounts)))
        self.object = "".join(lines)


def _line(heading: str, sums: Sums) -> str:
    parts = [(heading, texts.COUNT.format(count=sums.count))]
    parts += [(label, f"{won:,}{texts.WON}") for label, won in sums.won if won]
    parts += [(currency, amount) for currency, amount in sums.foreign]
    if sums.unknown:
        parts.append((texts.FOOT_UNKNOWN, texts.COUNT.format(count=sums.unknown)))
    return '<div class="foot">' + "".join(f"<span>{escape(k)} <b>{escape(v)}</b></span>" for k, v in parts) + "</div>"
