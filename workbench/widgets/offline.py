"""Drawing without internet: what the browser needs comes from this computer, in a notebook inside the cells.

A server brings everything itself. In a notebook Panel asks a CDN unless told otherwise, HoloViews' extension asks it
for style sheets even then.
"""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import panel as pn
from panel.theme import Design

from workbench.widgets import page_lock

Given = ParamSpec("Given")
Made = TypeVar("Made")


class Plain(Design):
    """Adds nothing to what the workbench brings: a design of Panel's links style sheets to each of the sixty parts."""


def plainly(make: Callable[Given, Made]) -> Callable[Given, Made]:
    """Decorates what makes parts of the workbench: they have no design, whatever others in the notebook have."""

    @wraps(make)
    def made(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        with pn.config.set(design=Plain):
            return make(*args, **kwargs)

    return made


def start(*extensions: str) -> None:
    """Loads Panel (with those of its extensions), in a notebook HoloViews; call it once, there or in the served file.

    It takes the place of `pn.extension` and `hv.extension`.
    """
    pn.extension(*extensions, notifications=False, inline=True)
    shell = _kernel_shell()
    if shell is not None:
        import holoviews as hv  # a server shows none of it
        import holoviews.plotting.bokeh  # Panel's extension brings it only where HoloViews was there before

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
