"""Parts of the page as a person finds them: by what stands on them."""

from typing import Any

import panel as pn

from workbench.widgets.markup import Markup


def part(view: Any, label: str) -> Any:
    """The one input or button with that label in `view`; AssertionError where there is none, or more than one."""
    found = [one for one in _inside(view) if getattr(one, "label", None) == label]
    assert len(found) == 1, f"{len(found)} parts are called {label!r}"
    return found[0]


def press(view: Any, label: str) -> None:
    """Presses that button; AssertionError where it is greyed."""
    button = part(view, label)
    assert not button.disabled, f"{label!r} is greyed"
    button.clicks += 1


def words(view: Any) -> str:
    """All that `view` says, as HTML."""
    return "\n".join(one.object for one in _inside(view) if isinstance(one, Markup))


def _inside(view: Any) -> list[Any]:
    return list(pn.panel(view).select())
