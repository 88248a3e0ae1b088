"""Who may wait for a database that another holds: a thread of its own as long as it takes, a server's loop never."""

import threading

BUSY_SECONDS = 30.0
HURRIED_SECONDS = 0.05
_HURRIED: set[int] = set()


def hurry() -> None:
    """The thread that calls this serves everybody: from now on it waits for no database longer than a moment."""
    _HURRIED.add(threading.get_ident())


def hurried() -> bool:
    """Whether this thread must not wait."""
    return threading.get_ident() in _HURRIED


def seconds() -> float:
    """How long this thread may wait."""
    return HURRIED_SECONDS if hurried() else BUSY_SECONDS
