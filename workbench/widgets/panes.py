"""The panes of the review: dividers to drag between them, and tabs that choose one where not all have room."""

from typing import Any

import param

from workbench.review import texts
from workbench.review.session import Session
from workbench.widgets.markup import Scripted, asset, styles


class Divider(Scripted):
    """Dragged, or moved with the arrows, it widens its pane; the width stays in the browser."""

    pane = param.String(doc="Which pane it widens: list or fields.")
    label = param.String()

    _esm = asset("divider.js")
    _stylesheets = styles("divider")

    def __init__(self, pane: str, **params: Any) -> None:
        super().__init__(
            pane=pane, label=texts.DIVIDER[pane], margin=0, css_classes=["rw-divider", f"rw-beside-{pane}"], **params
        )

    def heard(self, data: dict[str, Any]) -> None:
        """It says nothing."""


class PaneTabs(Scripted):
    """Table or receipt: seen only where both have no room beside each other."""

    front = param.String()
    scope = param.String()
    files = param.String(texts.FILES)
    tabs = param.List([["list", texts.PANE_LIST], ["sheet", texts.PANE_SHEET]])

    _esm = asset("pane_tabs.js")
    _stylesheets = styles("pane_tabs")

    def __init__(self, session: Session, **params: Any) -> None:
        super().__init__(front=session.front, margin=0, css_classes=["rw-tabs"], **params)
        self._session = session
        session.param.watch(lambda event: setattr(self, "front", event.new), "front")

    def heard(self, data: dict[str, Any]) -> None:
        """Turns to a pane."""
        if data.get("front") in ("list", "sheet"):
            self._session.front = data["front"]
