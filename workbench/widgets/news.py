"""How a page learns what other threads, processes and pages did meanwhile: it looks, a few times a second."""

from typing import Any

import panel as pn

from workbench.review.session import Session

TICK_MS = 200
"""How often a page looks for news: a row is on screen within 0.3 s of its reading."""


def look_for_news(session: Session) -> Any:
    """Begins to look; what it returns is kept by the page as long as it is there."""
    # In the background: else each tick of each page says "busy" and "done" to all pages.
    looking = pn.io.PeriodicCallback(callback=session.tick, period=TICK_MS, background=True)
    looking.start()
    return looking
