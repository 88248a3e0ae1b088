"""What the parts of the page share: style sheets and scripts in `assets/`, and how a script's words are heard."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import panel as pn
import param
from bokeh.document import Document
from param.parameterized import no_instance_params

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
def _known_by(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


class Ready(pn.custom.JSComponent):
    """A part whose script is sent as it is to run: without a `bundle` to know it by, Panel's page translates it from
    TypeScript, once for each part that has it (28 times, half of the page's opening).
    """

    __abstract = True

    browser_sets: ClassVar[tuple[str, ...]] = ()
    """Parameters that the script changes; what it says otherwise comes as messages."""

    _bundle_path = None  # a file that Panel would look for on the disk, for each part of each page

    def __init__(self, **params: Any) -> None:
        no_instance_params(type(self))  # all parts of a kind have the same ones: a page was made 700 copies
        super().__init__(**params)

    @property
    def _linked_properties(self) -> tuple[str, ...]:
        return self.browser_sets

    @classmethod
    def _esm_path(cls, compiled: object = True) -> None:
        """Panel's hook: the script is text, no file."""

    @classmethod
    def _render_esm(cls, compiled: object = True, server: bool = False) -> str:
        return str(cls._esm)

    def _get_properties(self, doc: Document | None) -> dict[str, Any]:
        properties: dict[str, Any] = super()._get_properties(doc)
        # Panel calls the box around a script by its class (Bar: .bar), which a style sheet of ours means otherwise.
        return properties | {"bundle": _known_by(str(self._esm)), "class_name": f"Rw{type(self).__name__}"}

    def _process_param_change(self, params: dict[str, Any]) -> dict[str, Any]:
        changed: dict[str, Any] = super()._process_param_change(params)
        if "stylesheets" in changed:  # Panel links one about loading, which none of ours shows
            changed["stylesheets"] = [sheet for sheet in changed["stylesheets"] if isinstance(sheet, str)]
        return changed


class Scripted(Ready):
    """A part with a script of its own; `heard` is called with each message of the script."""

    __abstract = True

    def heard(self, data: dict[str, Any]) -> None:
        """Does what the script asks for."""
        raise NotImplementedError

    def _handle_msg(self, data: dict[str, Any]) -> None:
        # Panel calls this outside the document's lock, and what changes before a page has reported back as loaded gets
        # lost in part on its way to the browser (measured: 2 of 5 parts); a callback after loading has neither trouble.
        when_loaded(lambda: self.heard(data))


class Markup(Ready):
    """HTML of our own that changes. With pn.pane.HTML each change asks a CDN for style sheets, in a notebook."""

    object = param.String("")

    _esm = """export function render({ model, el }) {
      const box = document.createElement("div")
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
