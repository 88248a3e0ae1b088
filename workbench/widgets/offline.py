"""Drawing without internet: what the browser needs comes from this computer, in a notebook inside the cells.

A server brings everything itself. In a notebook Panel asks a CDN unless told otherwise, HoloViews' extension asks it
for style sheets even then, and the icons of panel-material-ui are left to it by Panel 1.9.
"""

import base64
import json
import re
import sys
from pathlib import Path
from typing import Any

import holoviews as hv
import panel as pn
import panel_material_ui as pmui

from workbench.widgets import page_lock

FACES = re.compile(r'@font-face\s*\{[^}]*"Material Icons(?: Outlined)?"[^}]*\}')
WOFF2 = re.compile(r'url\("\./([^"]+\.woff2)"\)')
RULES = re.compile(r"\.(material-icons(?:-outlined)?)\{([^}]*)\}")
APPEND = "document.head.append(Object.assign(document.createElement('style'), {textContent: %s}))"


def start(*extensions: str) -> None:
    """Loads Panel (with those of its extensions) and HoloViews; call it once, in the served file or the notebook.

    It takes the place of `pn.extension` and `hv.extension`.
    """
    pn.extension(*extensions, notifications=False, inline=True)
    shell = _kernel_shell()
    if shell is not None:
        page_lock.install()
        formatter = shell.display_formatter.mimebundle_formatter
        formatter.for_type(hv.core.Dimensioned, lambda shown, *_, **__: pn.pane.HoloViews(shown)._repr_mimebundle_())


def started() -> bool:
    """Whether this process has loaded Panel."""
    return bool(pn.extension._loaded)


def _kernel_shell() -> Any:
    """The notebook's shell; None outside of notebooks."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return shell if hasattr(shell, "kernel") else None


def carry_icons() -> None:
    """Puts the icons into a notebook's page, after `start`. Nothing happens elsewhere."""
    if _kernel_shell() is None:
        return
    from IPython.display import Javascript, display

    # Into the head of the page: letters are looked for there, and a cell's output leaves the page when scrolled away.
    display(Javascript(APPEND % json.dumps(icon_fonts())))  # type: ignore[no-untyped-call]
    pn.config.raw_css.append(icon_rules())


def icon_fonts() -> str:
    """A style sheet with the icon fonts inside it, about 0.4 MB; "" where this version brings none."""
    faces = []
    for face in FACES.findall(_sheet("material-icons.css")):
        name = WOFF2.search(face)
        font = _folder() / name[1] if name else None
        if font is not None and font.is_file():
            data = base64.b64encode(font.read_bytes()).decode()
            faces.append(re.sub(r"src:[^;]*;", f"src: url(data:font/woff2;base64,{data}) format('woff2');", face))
    return "\n".join(faces)


def icon_rules() -> str:
    """How an icon's letters are set; without weight of its own, so that a widget's own size wins."""
    return "\n".join(
        f":where(.{name}) {{{rule}}}" for name, rule in RULES.findall(_sheet("panel-material-ui.bundle.css"))
    )


def _sheet(name: str) -> str:
    path = _folder() / name
    return path.read_text("utf-8") if path.is_file() else ""


def _folder() -> Path:
    return Path(pmui.__file__).parent / "dist"
