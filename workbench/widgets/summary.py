"""The summary: where the money went and how far the review is; each click on a bar filters the table."""

from collections.abc import Callable
from typing import Any

import holoviews as hv
import holoviews.plotting.bokeh  # makes the backend known, extension or not
import panel as pn

from workbench.review import texts
from workbench.review.session import Session
from workbench.review.totals import Summary as Sums
from workbench.review.totals import Total, summed
from workbench.widgets.markup import Markup, styles

GREY, BLUE = "#8590a3", "#4a86e8"
"""Both stand out on light and on dark."""
LONGEST = 14
HEIGHT = 285
CHARTS: dict[str, tuple[str, Callable[[Sums], tuple[Total, ...]], str]] = {
    "tax": (texts.BY_TAX, lambda sums: sums.by_tax, texts.UNKNOWN_TAX),
    "month": (texts.BY_MONTH, lambda sums: sums.by_month, texts.NO_MONTH),
    "merchant": (texts.BY_MERCHANT, lambda sums: sums.by_merchant, texts.NO_MERCHANT),
    "deduction": (texts.BY_DEDUCTION, lambda sums: sums.by_deduction, texts.UNKNOWN_TAX),
}
"""By facet of the filter: title, sums, and the name for what is not known."""


class Summary(pn.viewable.Viewer):
    """Totals by tax type, month, merchant and deduction; review progress; reading speed. Drawn only while shown."""

    def __init__(self, session: Session, **params: Any) -> None:
        super().__init__(**params)
        self._session = session
        self._heads = Markup("", sizing_mode="stretch_width", margin=0, stylesheets=styles("summary"))
        self._totals: dict[str, tuple[Total, ...]] = {}
        self._panes = {
            facet: pn.pane.HoloViews(None, sizing_mode="stretch_width", height=HEIGHT, margin=(0, 8), linked_axes=False)
            for facet in CHARTS
        }
        session.param.watch(self._draw, ["receipts", "place"])
        self._draw()

    def _draw(self, *_: object) -> None:
        session = self._session
        if session.place != "summary":
            return
        sums = summed(session.receipts)
        self._heads.object = _heads(sums)
        for facet, (_title, of, unknown) in CHARTS.items():
            totals = of(sums)
            if totals != self._totals.get(facet):
                self._totals[facet] = totals
                self._panes[facet].object = self._bars(facet, totals, unknown)

    def _bars(self, facet: str, totals: tuple[Total, ...], unknown: str) -> hv.Overlay | None:
        if not totals:
            return None
        rows = [(_short(one.key or unknown, n), one.won, f"{one.won:,}", one.count) for n, one in enumerate(totals)]
        bars = hv.Bars(rows, "이름", ["금액", "원", "건"]).opts(
            color=BLUE, line_alpha=0, bar_width=0.62 * min(1.0, len(totals) / 6),
            tools=["tap", "hover"], default_tools=[], active_tools=["tap"],
            hover_tooltips=[("", "@이름"), ("합계", "@원원"), ("", "@건건")], nonselection_alpha=1.0,
        )  # fmt: skip
        tap = hv.streams.Selection1D(source=bars)
        tap.add_subscriber(lambda index=(): self._pick(facet, index))
        most = max((abs(one.won) for one in totals), default=0) or 1
        lowest = min(0, *(one.won for one in totals))
        texts_at_ends = hv.Labels(
            [(name, amount, f"  {text}") for name, amount, text, _ in rows], ["이름", "금액"], "글"
        ).opts(text_color=GREY, text_font_size="12px", text_align="left", text_font_style="bold")
        return (bars * texts_at_ends).opts(
            responsive=True, height=HEIGHT, invert_axes=True, invert_yaxis=True, xlabel="", ylabel="", hooks=[_plain],
            toolbar=None, ylim=(lowest * 1.2, most * 1.22),
        )  # fmt: skip

    def _pick(self, facet: str, index: Any) -> None:
        totals = self._totals[facet]
        if len(index) == 1 and index[0] < len(totals) and totals[index[0]].key:
            self._session.filter_by(facet, totals[index[0]].key)

    def __panel__(self) -> pn.viewable.Viewable:
        cards = [
            pn.Column(
                Markup(f"<h2>{title}</h2>", margin=(10, 14, 0, 14), stylesheets=styles("summary")),
                self._panes[facet],
                css_classes=["rw-card"], stylesheets=styles("bars"), sizing_mode="stretch_width", margin=0,
            )
            for facet, (title, _of, _unknown) in CHARTS.items()
        ]  # fmt: skip
        grid = pn.GridBox(*cards, ncols=2, sizing_mode="stretch_width", margin=0, styles={"gap": "10px"})
        hint = Markup(f'<p class="hint">{texts.SUMMARY_HINT}</p>', margin=0, stylesheets=styles("summary"))
        return pn.Column(
            self._heads, grid, hint, sizing_mode="stretch_both", margin=0, scroll=True,
            styles={"gap": "10px", "padding": "10px 12px"},
        )  # fmt: skip


def _short(text: str, number: int) -> str:
    """A name that fits its place; the number of invisible marks keeps two cut names apart."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…" + "\u200b" * number


def _plain(plot: Any, element: Any) -> None:
    figure = plot.state
    figure.background_fill_color = figure.border_fill_color = figure.outline_line_color = None
    figure.grid.visible = False
    for axis in figure.axis:
        axis.major_label_text_color = GREY
        axis.major_label_text_font_size = "12px"
        axis.axis_line_color = axis.major_tick_line_color = axis.minor_tick_line_color = None
    figure.below[0].visible = False  # each bar tells its sum


def _heads(sums: Sums) -> str:
    done = sums.states["approved"] + sums.states["confirmed"]
    share = round(100 * done / sums.count) if sums.count else 0
    cards = [
        (texts.TOTAL_COUNT, f"{sums.count:,}건", ""),
        (texts.TOTAL_WON, f"{sums.total:,}{texts.WON}", ""),
        (texts.DEDUCTIBLE_VAT, f"{sums.deductible_vat:,}{texts.WON}", texts.DEDUCTIBLE_NOTE),
        (
            texts.REVIEW_PROGRESS,
            f"{done:,} / {sums.count:,}건",
            f'<span class="track"><span style="width:{share}%"></span></span>',
        ),
        (texts.READING_SPEED, texts.PER_RECEIPT.format(seconds=sums.seconds) if sums.seconds else "–", ""),
    ]
    boxes = "".join(
        f'<div class="box"><span class="name">{name}</span><b>{value}</b>{more}</div>' for name, value, more in cards
    )
    return f'<div class="heads">{boxes}</div>'
