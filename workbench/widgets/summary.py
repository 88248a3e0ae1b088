"""The summary: where the money went and how far the review is; each click filters the table."""

from typing import Any

import panel as pn

from workbench import texts
from workbench.session import Session


class Summary(pn.viewable.Viewer):
    """Totals by tax type, month, merchant and deduction; review progress; reading speed."""

    def __init__(self, session: Session, **params: Any) -> None:
        super().__init__(**params)
        self._session = session

    def __panel__(self) -> pn.viewable.Viewable:
        return pn.pane.HTML(texts.SUMMARY_EMPTY)
