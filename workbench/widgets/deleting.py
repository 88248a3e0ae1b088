"""What asks before receipts are deleted for good."""

from typing import Any

import panel as pn
import panel_material_ui as pmui

from workbench import texts
from workbench.looks import Markup, styles
from workbench.session import Session


class Deleting(pn.viewable.Viewer):
    """A dialog that names what would go and that it does not come back; its button works once that is confirmed."""

    def __init__(self, session: Session, **params: Any) -> None:
        super().__init__(**params)
        self._session = session
        self._ids: tuple[str, ...] = ()
        self._text = Markup("", stylesheets=styles("sheet"), sizing_mode="stretch_width", margin=(4, 10))
        self._sure = pmui.Checkbox(label=texts.DELETE_SURE, value=False, margin=(4, 10))
        self._keep = pmui.Button(label=texts.CANCEL, variant="outlined", margin=0)
        self._delete = pmui.Button(color="error", variant="contained", margin=0, disable_elevation=True, disabled=True)
        self._sure.param.watch(lambda event: setattr(self._delete, "disabled", not event.new), "value")
        self._keep.on_click(lambda _: self.close())
        self._delete.on_click(lambda _: self._do())
        buttons = pn.Row(
            pn.layout.HSpacer(),
            self._keep,
            self._delete,
            margin=(10, 10),
            styles={"gap": "8px"},
            sizing_mode="stretch_width",
        )
        self._dialog = pmui.Dialog(
            pn.Column(self._text, self._sure, buttons, sizing_mode="stretch_width"),
            close_on_click=True,
            width_option="sm",
        )

    def ask(self, ids: tuple[str, ...]) -> None:
        """Asks before deleting `ids`, and says what else lies on their files."""
        going = self._session.would_delete(ids)
        if not going:
            self._session.say("info", texts.NOTHING_THERE)
            return
        others = len(going) - len(ids)
        worked = sum(receipt.corrected or receipt.status == "approved" for receipt in going)
        said = [texts.DELETE_TEXT]
        warned = [
            text.format(count=count)
            for text, count in ((texts.DELETE_OTHERS, others), (texts.DELETE_WORKED, worked))
            if count
        ]
        self._text.object = "".join(
            [f"<p>{text}</p>" for text in said] + [f'<p class="warn">△ {text}</p>' for text in warned]
        )
        self._ids = ids
        self._dialog.title = texts.DELETE_TITLE.format(count=len(going))
        self._delete.label = texts.DELETE_GO.format(count=len(going))
        self._sure.value = False
        self._dialog.open = True

    def close(self) -> None:
        """Leaves all as it is."""
        self._dialog.open = False

    def _do(self) -> None:
        self._dialog.open = False
        if self._sure.value:
            self._session.delete(self._ids)

    def __panel__(self) -> pn.viewable.Viewable:
        return self._dialog
