"""What asks before something goes."""

from typing import Any

import panel as pn
import panel_material_ui as pmui

from workbench.review.session import Session
from workbench.widgets.markup import Markup, styles


class Asking(pn.viewable.Viewer):
    """A dialog that names what would go, with a button that keeps it and one that does not.

    With `sure`, the label of a box, the latter works once that is ticked.
    """

    def __init__(self, session: Session, sure: str = "", **params: Any) -> None:
        super().__init__(**params)
        self._session = session
        self._ids: tuple[str, ...] | None = None
        self._text = Markup("", stylesheets=styles("sheet"), sizing_mode="stretch_width", margin=(4, 10))
        self._sure = pmui.Checkbox(label=sure, value=not sure, visible=bool(sure), margin=(4, 10))
        self._keep = pmui.Button(variant="outlined", margin=0)
        self._go = pmui.Button(
            color="error", variant="contained", margin=0, disable_elevation=True, disabled=bool(sure)
        )
        self._sure.param.watch(lambda event: setattr(self._go, "disabled", not event.new), "value")
        self._keep.on_click(lambda _: self.close())
        self._go.on_click(lambda _: self._answered())
        buttons = pn.Row(
            pn.layout.HSpacer(),
            self._keep,
            self._go,
            margin=(10, 10),
            styles={"gap": "8px"},
            sizing_mode="stretch_width",
        )
        self._dialog = pmui.Dialog(
            pn.Column(self._text, self._sure, buttons, sizing_mode="stretch_width"),
            close_on_click=True,
            width_option="sm",
        )

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
