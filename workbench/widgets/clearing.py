"""What asks before receipts are put aside: a new batch, and clearing marked ones."""

from typing import Any

import panel as pn
import panel_material_ui as pmui

from workbench import texts
from workbench.looks import Markup, styles
from workbench.session import Session


class Clearing(pn.viewable.Viewer):
    """A dialog that names what would go, above all what people have corrected."""

    def __init__(self, session: Session, **params: Any) -> None:
        super().__init__(**params)
        self._session = session
        self._ids: tuple[str, ...] | None = None
        self._text = Markup("", stylesheets=styles("sheet"), sizing_mode="stretch_width", margin=(4, 10))
        self._keep = pmui.Button(label=texts.NEW_KEEP, variant="outlined", margin=0)
        self._clear = pmui.Button(
            label=texts.NEW_CLEAR, color="error", variant="contained", margin=0, disable_elevation=True
        )
        self._keep.on_click(lambda _: self.close())
        self._clear.on_click(lambda _: self._do())
        self._dialog = pmui.Dialog(
            pn.Column(
                self._text,
                pn.Row(
                    pn.layout.HSpacer(),
                    self._keep,
                    self._clear,
                    margin=(10, 10),
                    styles={"gap": "8px"},
                    sizing_mode="stretch_width",
                ),
                sizing_mode="stretch_width",
            ),
            title=texts.NEW_TITLE,
            close_on_click=True,
            width_option="sm",
        )

    def ask(self, ids: tuple[str, ...] | None = None) -> None:
        """Asks before putting `ids` aside, or, without them, before a new batch."""
        count, corrected = self._session.would_lose(ids)
        if not count:
            self._session.say("info", texts.NOTHING_THERE)
            return
        self._ids = ids
        self._dialog.title = texts.NEW_TITLE if ids is None else texts.CLEAR_TITLE.format(count=count)
        self._keep.label = texts.NEW_KEEP if ids is None else texts.CANCEL
        self._clear.label = texts.NEW_CLEAR if ids is None else texts.CLEAR_MARKED
        loses = f'<p class="warn">△ {texts.NEW_LOSES.format(corrected=corrected)}</p>' if corrected else ""
        first = f"<p>{texts.NEW_TEXT.format(count=len(self._session.receipts))}</p>" if ids is None else ""
        self._text.object = f"{first}{loses}<p>{texts.NEW_UNDO}</p>"
        self._dialog.open = True

    def close(self) -> None:
        """Leaves all as it is."""
        self._dialog.open = False

    def _do(self) -> None:
        self._dialog.open = False
        self._session.clear(self._ids)

    def __panel__(self) -> pn.viewable.Viewable:
        return self._dialog
