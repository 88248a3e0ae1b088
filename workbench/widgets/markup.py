"""What the parts of the page share: style sheets and scripts in `assets/`, and how a script's words are heard."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param

ASSETS = Path(__file__).parent / "assets"


@cache
def asset(name: str) -> str:
    """The text of a file in `assets/`."""
    return (ASSETS / name).read_text("utf-8")


def script(*names: str) -> str:
    """The script of a part: those files of `assets/` one after the other, behind `elements.js`, which all share."""
    return "".join(asset(name) for name in ("elements.js", *names))


def styles(name: str = "") -> list[str]:
    """The common style sheet and, after it, the one of that name."""
    return [asset("theme.css"), *([asset(f"{name}.css")] if name else [])]


@cache
def material() -> dict[str, Any]:
    """The colours of theme.css for Material widgets and for plots, in their `theme_config`, light and dark."""
    pairs = dict(re.findall(r"--rw-([\w-]+): light-dark\((.+?)\);", asset("theme.css")))
    colours: dict[str, list[str]] = {name: pair.replace(" ", "").split(",") for name, pair in pairs.items()}

    def palette(dark: bool) -> dict[str, Any]:
        def of(name: str) -> str:
            return colours[name][dark]

        return {
            "primary": {"main": of("accent"), "contrastText": of("on-accent")},
            "background": {"paper": of("panel"), "default": of("bg")},
            "text": {"primary": of("text"), "secondary": of("soft")},
            "error": {"main": of("bad"), "contrastText": of("panel")},
            "warning": {"main": of("warn"), "contrastText": of("panel")},
            "divider": of("line"),
        }

    return {"light": {"palette": palette(False)}, "dark": {"palette": palette(True)}}


def material_script() -> str:
    """The address under which a server's page loads what Material widgets are drawn with, some 1.4 MB."""
    return str(pmui.Button._render_esm(server=True))


class Scripted(pn.custom.JSComponent):
    """A part with a script of its own; `heard` is called with each message of the script."""

    __abstract = True

    def heard(self, data: dict[str, Any]) -> None:
        """Does what the script asks for."""
        raise NotImplementedError

    def _handle_msg(self, data: dict[str, Any]) -> None:
        # Panel calls this outside the document's lock, and what changes before a page has reported back as loaded gets
        # lost in part on its way to the browser (measured: 2 of 5 parts); a callback after loading has neither trouble.
        when_loaded(lambda: self.heard(data))


class Markup(pn.custom.JSComponent):
    """HTML of our own that changes. With pn.pane.HTML each change asks a CDN for style sheets, in a notebook."""

    object = param.String("")
    names = param.String("", doc="What the dialog is called in which it stands, where that has no name of its own.")

    _esm = """export function render({ model, el }) {
      const box = document.createElement("div")
      const name = () => {
        for (let node = el; node && model.names; node = node.parentNode || node.host) {
          if (node.getAttribute?.("role") === "dialog") { node.setAttribute("aria-label", model.names) }
        }
      }
      setTimeout(name)
      el.append(box)
      const draw = () => { box.innerHTML = model.object }
      model.on("object", draw)
      draw()
    }"""

    def __init__(self, object: str = "", **params: Any) -> None:
        super().__init__(object=object, **params)


def when_loaded(work: Callable[[], Any]) -> None:
    """Runs `work` under the document's lock as soon as the browser has the whole page; in a notebook at once."""
    if pn.state.loaded:
        pn.state.execute(work, schedule=True)
    else:
        pn.state.onload(work)
