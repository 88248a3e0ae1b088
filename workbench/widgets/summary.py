"""The summary: where the money went and how far the review is; each click on a bar filters the table."""

from collections.abc import Callable, Sequence
from typing import Any

import param

from workbench.review import texts
from workbench.review.session import Session
from workbench.review.totals import Summary as Sums
from workbench.review.totals import Total, summed
from workbench.widgets.markup import Scripted, script, styles

CHARTS: dict[str, tuple[str, Callable[[Sums], tuple[Total, ...]], str]] = {
    "tax": (texts.BY_TAX, lambda sums: sums.by_tax, texts.UNKNOWN_TAX),
    "month": (texts.BY_MONTH, lambda sums: sums.by_month, texts.NO_MONTH),
    "merchant": (texts.BY_MERCHANT, lambda sums: sums.by_merchant, texts.NO_MERCHANT),
    "deduction": (texts.BY_DEDUCTION, lambda sums: sums.by_deduction, texts.UNKNOWN_TAX),
}
"""By facet of the filter: title, sums, and the name for what is not known."""

SAID_OF_ALL = "부가가치세 "
"""How the service's names of tax types begin, so that cut ones would look alike."""


class Summary(Scripted):
    """Totals by tax type, month, merchant and deduction; review progress; reading speed. Reckoned only while shown."""

    heads = param.List([], doc="[name, value, a note below, percent done or None] of each box at the top.")
    charts = param.List(
        [], doc="[facet, title, bars]; a bar is [key, name, won, count, where it begins, its length], %."
    )
    hint = param.String(texts.SUMMARY_HINT)

    _esm = script("summary.js")
    _stylesheets = styles("summary")

    def __init__(self, session: Session, **params: Any) -> None:
        super().__init__(sizing_mode="stretch_both", margin=0, **params)
        self._session = session
        session.param.watch(self._draw, ["receipts", "place"])
        self._draw()

    def _draw(self, *_: object) -> None:
        if self._session.place != "summary":
            return
        sums = summed(self._session.receipts)
        charts = [[facet, title, _bars(of(sums), unknown)] for facet, (title, of, unknown) in CHARTS.items()]
        self.param.update(heads=_heads(sums), charts=charts)

    def heard(self, data: dict[str, Any]) -> None:
        """Filters the table by the bar that was pressed."""
        facet, key = str(data.get("facet")), str(data.get("key"))
        if facet in CHARTS and key:
            self._session.filter_by(facet, key)


def _bars(totals: Sequence[Total], unknown: str) -> list[list[Any]]:
    """From the lowest sum below zero, or zero, to the highest above, as parts of a hundred."""
    low, high = min([0, *(one.won for one in totals)]), max([0, *(one.won for one in totals)])
    whole = (high - low) or 1
    return [
        [
            one.key, one.key.removeprefix(SAID_OF_ALL) or unknown,
            f"{one.won:,}{texts.WON}", texts.COUNT.format(count=one.count),
            round(100 * (min(0, one.won) - low) / whole, 2), round(100 * abs(one.won) / whole, 2),
        ]
        for one in totals
    ]  # fmt: skip


def _heads(sums: Sums) -> list[list[Any]]:
    done = sums.states["approved"] + sums.states["confirmed"]
    share = round(100 * done / sums.count) if sums.count else 0
    speed = texts.PER_RECEIPT.format(seconds=sums.seconds) if sums.seconds else "–"
    return [
        [texts.TOTAL_COUNT, texts.COUNT.format(count=sums.count), "", None],
        [texts.TOTAL_WON, f"{sums.total:,}{texts.WON}", "", None],
        [texts.DEDUCTIBLE_VAT, f"{sums.deductible_vat:,}{texts.WON}", texts.DEDUCTIBLE_NOTE, None],
        [texts.REVIEW_PROGRESS, f"{done:,} / {texts.COUNT.format(count=sums.count)}", "", share],
        [texts.READING_SPEED, speed, "", None],
    ]
