"""The receipts that were put aside: a list, and the way back for each."""

from typing import Any

import panel as pn
import param

from workbench.domain import schema
from workbench.review import texts
from workbench.review.cells import name_of
from workbench.review.session import Session
from workbench.widgets.dialog import Dialog
from workbench.widgets.markup import Scripted, asset, styles


class AsideList(Scripted):
    """Draws `rows` (id, file, merchant, total, day), each with its way back."""

    rows = param.List([])
    words = param.Dict({"restore": texts.RESTORE, "all": texts.RESTORE_ALL, "empty": texts.ASIDE_EMPTY})

    _esm = asset("aside.js")
    _stylesheets = styles("past")

    def __init__(self, session: Session, **params: Any) -> None:
        super().__init__(sizing_mode="stretch_width", margin=0, **params)
        self._session = session

    def heard(self, data: dict[str, Any]) -> None:
        """Brings one back, or all."""
        self._session.restore([str(name) for name in data["ids"]])
        self.draw()

    def draw(self) -> None:
        """Draws the list anew."""
        names = ("merchant", "total", "issued_at")
        self.rows = [
            [r.id, name_of(r), *(schema.render(name, r.value(name)) for name in names)]
            for r in self._session.case.put_aside()
        ]


class Aside(pn.viewable.Viewer):
    """A dialog, opened from the filter bar."""

    def __init__(self, session: Session, **params: Any) -> None:
        super().__init__(**params)
        self._list = AsideList(session)
        self._dialog = Dialog(self._list, texts.ASIDE_TITLE, span="md")

    def open(self) -> None:
        """Shows what was put aside."""
        self._list.draw()
        self._dialog.open = True

    def __panel__(self) -> pn.viewable.Viewable:
        return self._dialog
