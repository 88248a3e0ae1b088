"""Who reviews: shown at the top, asked once, kept in the browser, changeable unless a login says it."""

from typing import Any

import param

from workbench.review import texts
from workbench.review.session import Session
from workbench.widgets.markup import Scripted, asset, styles

LONGEST = 40


class Who(Scripted):
    """The browser's own name for its person becomes the session's; whoever is known otherwise is not asked."""

    name_shown = param.String(doc="Who reviews now.")
    known = param.Boolean(False, doc="Whether a login or the notebook says who it is.")
    words = param.Dict(
        {"ask": texts.WHO_ASKS, "label": texts.WHO_LABEL, "keep": texts.WHO_KEEP, "change": texts.WHO_CHANGE}
    )

    _esm = asset("who.js")
    _stylesheets = styles("who")

    def __init__(self, session: Session, known: bool, **params: Any) -> None:
        super().__init__(name_shown=session.user, known=known, margin=0, align="center", **params)
        self._session = session

    def heard(self, data: dict[str, Any]) -> None:
        """Takes the name; an empty one changes nothing."""
        name = " ".join(str(data["name"]).split())[:LONGEST]
        if name:
            self._session.user = self.name_shown = name
