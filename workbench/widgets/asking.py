"""What asks before something goes."""

from typing import Any

import panel as pn

from workbench.review.session import Session
from workbench.widgets.dialog import Dialog, Tick, button, column, row
from workbench.widgets.markup import Markup, styles


class Asking(pn.viewable.Viewer):
    """A dialog that names what would go, with a button that keeps it and one that does not.

    With `sure`, the label of a box, the latter works once that is ticked.
    """

    def __init__(self, session: Session, sure: str = "", **params: Any) -> None:
        super().__init__(**params)
        self._session = session
        self._ids: tuple[str, ...] | None = None
        self._text = Markup("", stylesheets=styles("sheet"), sizing_mode="stretch_width", margin=0)
        self._sure = Tick(sure, value=not sure, visible=bool(sure))
        self._keep, self._go = button("", self.close), button("", self._answered, "danger")
        self._go.disabled = bool(sure)
        self._sure.param.watch(lambda event: setattr(self._go, "disabled", not event.new), "value")
        self._dialog = Dialog(column(self._text, self._sure, row(pn.layout.HSpacer(), self._keep, self._go)))

    def close(self) -> None:
        """Leaves all as it is."""
        self._dialog.open = False

    def _show(self, ids: tuple[str, ...] | None, title: str, text: str, keep: str, go: str) -> None:
        self._ids = ids
        self._dialog.title, self._text.object = title, text
        self._keep.label, self._go.label = keep, go
        if self._sure.visible:
            self._sure.value = False
        self._dialog.open = True

    def _answered(self) -> None:
        self._dialog.open = False
        if self._sure.value:
            self._do()

    def _do(self) -> None:
        raise NotImplementedError

    def __panel__(self) -> pn.viewable.Viewable:
        return self._dialog
