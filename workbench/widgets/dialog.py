"""What opens over the page, and the inputs in it: Panel's own, in the workbench's colours."""

from typing import Any

import panel as pn
import param
from panel.custom import Child

from workbench.review import texts
from workbench.widgets.markup import Ready, script, styles
from workbench.widgets.offline import Plain

STRETCHED: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}


class Dialog(Ready):
    """A dialog, or with the span "side" a drawer at the right edge; only what is `open` is seen.

    `span` is "sm", "md" or "lg": at most 600, 900 or 1,200 px.
    """

    content = Child()
    open = param.Boolean(False)
    title = param.String()
    span = param.String("sm", doc='"sm", "md", "lg" or "side"')
    closes = param.String(texts.CLOSE)
    key = param.String(doc="A key that closes it, beside Escape.")

    browser_sets = ("open",)
    _esm = script("dialog.js")
    _stylesheets = styles("dialog")

    def __init__(self, content: Any, title: str = "", **params: Any) -> None:
        super().__init__(content=pn.panel(content), title=title, margin=0, **params)


class Tick(Ready):
    """A box to tick."""

    label = param.String()
    value = param.Boolean(False)

    browser_sets = ("value",)
    _esm = script("tick.js")
    _stylesheets = styles("controls")

    def __init__(self, label: str, **params: Any) -> None:
        super().__init__(label=label, margin=0, **params)


def look(**more: Any) -> dict[str, Any]:
    """How an input looks; as wide as there is room unless `more` says otherwise."""
    return {**STRETCHED, "design": Plain, "stylesheets": styles("controls"), **more}


def button(label: str, act: Any, color: str = "default") -> pn.widgets.Button:
    """A button that calls `act` without arguments; `color` is "default", "primary" or "danger"."""
    made = pn.widgets.Button(label=label, color=color, margin=0, stylesheets=styles("controls"))
    made.on_click(lambda _: act())
    return made


def row(*parts: Any, **more: Any) -> pn.Row:
    """Parts side by side, a little apart."""
    return pn.Row(*parts, **{**STRETCHED, "styles": {"gap": "8px", "align-items": "center"}, **more})


def column(*parts: Any, gap: int = 10) -> pn.Column:
    """Parts one above the other, `gap` px apart."""
    return pn.Column(*parts, margin=(4, 10), styles={"gap": f"{gap}px"}, sizing_mode="stretch_width")
