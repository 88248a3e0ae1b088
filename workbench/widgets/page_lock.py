"""One hand at a time on a notebook's page.

A kernel (ipykernel 7 with JupyterLab 4.4) hears the browser in a thread of its own while the clock and the cells run in
the main one. Panel counts on one thread: what two send at once arrives torn to pieces, and the browser drops it in
part, for example which receipt is in hand. On a server every page has its document's lock instead.
"""

import functools
import threading
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import panel as pn
from panel.io import notebook
from panel.viewable import MimeRenderMixin

P = ParamSpec("P")
R = TypeVar("R")

PAGE_LOCK = threading.RLock()
"""Held by whoever changes a page in a notebook."""


def locked(work: Callable[P, R]) -> Callable[P, R]:
    """`work`, done while nobody else changes a page."""

    @functools.wraps(work)
    def alone(*args: P.args, **kwargs: P.kwargs) -> R:
        with PAGE_LOCK:
            return work(*args, **kwargs)

    return alone


def install() -> None:
    """From now on the browser's messages, and what is sent to it, wait for each other; calling it again is harmless."""
    if not hasattr(notebook.send, "__wrapped__"):
        # Panel has no hook for either.
        notebook.send = locked(notebook.send)
        MimeRenderMixin._on_msg = locked(MimeRenderMixin._on_msg)


def every(milliseconds: int, work: Callable[[], Any]) -> Any:
    """Does `work` again and again; what comes back is kept as long as that is wanted, and `stop()` ends it."""
    # In the background: else each turn of each page says "busy" and "done" to all pages.
    clock = pn.io.PeriodicCallback(callback=locked(work), period=milliseconds, background=True)
    clock.start()
    return clock
