"""How a page learns what other threads, processes and pages did meanwhile: it looks, a few times a second."""

from typing import Any

from workbench.review.session import Session
from workbench.widgets.page_lock import every

TICK_MS = 200
"""How often a page looks for news: a row is on screen within 0.3 s of its reading."""


def look_for_news(session: Session) -> Any:
    """Begins to look; what it returns is kept by the page as long as it is there."""
    return every(TICK_MS, session.tick)
