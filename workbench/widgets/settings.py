"""The settings drawer: the session's own service key, and what the administrator has set, keys never shown."""

from html import escape
from typing import Any, Protocol

import panel as pn

from workbench.domain import schema
from workbench.domain.errors import WorkbenchError, WrongValue
from workbench.review import texts
from workbench.review.session import Session
from workbench.widgets.dialog import Dialog, button, column, look, row
from workbench.widgets.markup import Markup, styles
from workbench.widgets.radios import Radios


class Shown(Protocol):
    """A part of the drawer that looks around only while it is on screen; a Panel object."""

    def watch(self, shown: bool) -> None:
        """Told when it comes on screen and when it goes."""


class SettingsDrawer(pn.viewable.Viewer):
    """A key typed here serves this session only: it goes to the session's memory and the box is emptied."""

    def __init__(self, session: Session, *, local: bool = True, more: Shown | None = None, **params: Any) -> None:
        """`local` shows where the case lies; on a server that is nobody's business. `more` is shown below the rest."""
        super().__init__(**params)
        self._session, self._local = session, local
        self._key = pn.widgets.PasswordInput(label=texts.KEY_LABEL, **look())
        self._use = button(texts.KEY_USE, self._take, "primary")
        self._forget = button(texts.KEY_FORGET, self._drop)
        self._state = Markup("", margin=0, sizing_mode="stretch_width", stylesheets=styles("sheet"))
        self._mode = Radios(texts.FOUR_EYES, texts.FOUR_EYES_MODES, "off")
        self._amount = pn.widgets.TextInput(label=texts.FOUR_EYES_AMOUNT, **look())
        self._set = button(texts.FOUR_EYES_SET, self._keep_four_eyes)
        self._mode.param.watch(lambda event: setattr(self._amount, "visible", event.new == "above"), "value")
        facts = Markup(self._facts(), margin=0, sizing_mode="stretch_width", stylesheets=styles("sheet"))
        self._drawer = Dialog(
            column(
                self._key,
                row(self._use, self._forget),
                self._state,
                Markup(f"<h3>{texts.FOUR_EYES}</h3>", margin=0, stylesheets=styles("sheet")),
                self._mode,
                self._amount,
                row(self._set),
                *([more] if more is not None else []),
                facts,
                gap=14,
            ),
            texts.SETTINGS,
            span="side",
        )
        if more is not None:
            self._drawer.param.watch(lambda event: more.watch(event.new), "open")
        session.param.watch(self._draw, "own_key")
        self._draw()

    def open(self) -> None:
        """Shows the drawer."""
        above = self._session.case.four_eyes
        self._mode.value = "off" if above is None else "above" if above else "always"
        self._amount.value = f"{above:,}" if above else ""
        self._amount.visible = bool(above)
        self._drawer.open = True

    def close(self) -> None:
        """Hides the drawer."""
        self._drawer.open = False

    def _take(self) -> None:
        key, self._key.value, self._key.value_input = self._key.value_input or self._key.value, "", ""
        if key:
            self._session.use_key(key)
            self._session.notify("success", texts.KEY_TAKEN)

    def _keep_four_eyes(self) -> None:
        session, mode = self._session, self._mode.value
        try:
            typed = schema.parse("total", self._amount.value_input or self._amount.value or "0") or "0"
            above = {"off": None, "always": 0}.get(mode, abs(int(typed)))
            if mode == "above" and not above:  # 0 would mean always
                raise WrongValue(texts.FOUR_EYES_NO_AMOUNT)
            session.case.set_four_eyes(above, by=session.user)
        except WorkbenchError as error:
            session.notify("error", str(error))
        else:
            session.notify("success", texts.FOUR_EYES_KEPT)

    def _drop(self) -> None:
        self._session.use_key("")
        self._session.notify("info", texts.KEY_FORGOTTEN)

    def _draw(self, *_: object) -> None:
        session = self._session
        from_settings = texts.KEY_FROM_SETTINGS if session.case.settings.nts_key else texts.KEY_NONE
        now = texts.KEY_IN_USE if session.own_key else from_settings
        self._state.object = f"<p><b>{now}</b><br>{texts.KEY_HELP}</p>"
        self._forget.disabled = not session.own_key

    def _facts(self) -> str:
        settings = self._session.case.settings
        facts = {
            **({texts.CASE_FOLDER: str(self._session.case.folder)} if self._local else {}),
            texts.SERVICE_ADDRESS: settings.nts_url,
            texts.ENGINE: f"{settings.engine} · {settings.recogniser}",
            texts.JOBS: str(settings.jobs or "자동"),
        }
        rows = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
        return f"<dl>{rows}</dl>"

    def __panel__(self) -> pn.viewable.Viewable:
        return self._drawer
