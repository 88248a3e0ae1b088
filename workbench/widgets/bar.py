"""A row of buttons, texts and menus as one part: a page draws some twenty of them as quickly as one widget."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import param

from workbench.widgets.markup import Scripted, asset, script, styles


@cache
def _icons() -> dict[str, str]:
    icons: dict[str, str] = json.loads(asset("icons.json"))
    return icons


def button(verb: str, label: str, icon: str = "", look: str = "icon", **more: Any) -> dict[str, Any]:
    """A button that says `verb` when it is pressed.

    `look` is icon (a picture alone), quiet or primary or danger (with its words), or toggle. `more`: `on` whether it is
    pressed in, `disabled`, `hidden`, `busy`, `hint` what is told on hovering, `menu` a list of (what, label) it opens.
    """
    return {"kind": "button", "key": verb, "label": label, "icon": _icons().get(icon, ""), "look": look, **more}


def words(key: str, html: str, hidden: bool = False) -> dict[str, Any]:
    """HTML of our own between the buttons."""
    return {"kind": "words", "key": key, "html": html, "hidden": hidden}


def choice(verb: str, label: str, options: dict[str, str], chosen: str) -> dict[str, Any]:
    """Buttons of which one is pressed in; `options` are names by label."""
    return {
        "kind": "choice",
        "key": verb,
        "label": label,
        "options": [list(pair) for pair in options.items()],
        "chosen": chosen,
    }


def progress(key: str, label: str, percent: int | None, hidden: bool) -> dict[str, Any]:
    """How far something is; None while nobody knows."""
    return {"kind": "progress", "key": key, "label": label, "percent": percent, "hidden": hidden}


SPACE = {"kind": "space", "key": "space"}
"""What takes the room that is left."""


class Bar(Scripted):
    """Draws `items`; what is pressed goes to `verbs`, with what was chosen of a menu or a choice."""

    items = param.List([])

    _esm = script("bar.js")
    _stylesheets = styles("bar")

    def __init__(self, verbs: Mapping[str, Callable[[str], object]], **params: Any) -> None:
        super().__init__(**{"margin": 0, **params})
        self._verbs = verbs

    def heard(self, data: dict[str, Any]) -> None:
        """Does what was pressed."""
        if (verb := self._verbs.get(str(data.get("verb")))) is not None:
            verb(str(data.get("what", "")))
