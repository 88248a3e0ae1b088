"""The help sheet: every key, by what it is for."""

from html import escape
from typing import Any

import panel as pn

from workbench.review import texts
from workbench.widgets.dialog import Dialog
from workbench.widgets.markup import Markup, styles


class Help(pn.viewable.Viewer):
    """Opened with ? and closed with Escape."""

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        sections = []
        for title, keys in texts.KEYS:
            rows = "".join(f"<div><kbd>{escape(key)}</kbd><span>{escape(what)}</span></div>" for key, what in keys)
            sections.append(f"<section><h3>{title}</h3>{rows}</section>")
        sheet = Markup(
            f'<div class="keys">{"".join(sections)}</div>',
            stylesheets=styles("sheet"),
            sizing_mode="stretch_width",
            margin=10,
        )
        self._dialog = Dialog(sheet, texts.HELP, span="md", key="?")

    def toggle(self) -> None:
        """Opens the sheet, or closes it."""
        self._dialog.open = not self._dialog.open

    def close(self) -> None:
        """Closes the sheet."""
        self._dialog.open = False

    def __panel__(self) -> pn.viewable.Viewable:
        return self._dialog
