"""Where a server listens, and the browser on its way there: both before the screen is loaded, which takes seconds.

Whoever comes before it is loaded waits at the port.
"""

import socket
import threading
import webbrowser
from pathlib import Path

from tornado.netutil import bind_sockets

from workbench.domain.errors import SettingsError
from workbench.review import texts
from workbench.server import running

USUAL_PORT = 5006


def sockets_at(port: int | None, address: str, alone: bool) -> list[socket.socket]:
    """At the port that was named, or the usual one; where it is taken, another for one `alone`, who need not know."""
    return (bound_or_any if alone else bound)(USUAL_PORT if port is None else port, address)


def bound(port: int, address: str) -> list[socket.socket]:
    """Sockets that take connections; SettingsError where the port is taken. 0 is any free port."""
    try:
        return bind_sockets(port, address)
    except OSError as error:
        raise SettingsError(texts.PORT_TAKEN.format(address=address, port=port, why=error.strerror)) from error


def bound_or_any(port: int, address: str) -> list[socket.socket]:
    """As `bound`, at any free port where that one is taken."""
    try:
        return bound(port, address)
    except SettingsError:
        return bound(0, address)


def address_of(port: int, address: str) -> str:
    """What a browser on this machine asks for."""
    name = address if address not in ("", "0.0.0.0", "::") else "localhost"  # noqa: S104  # compared, not bound
    return f"http://{f'[{name}]' if ':' in name else name}:{port}/"


def show_early(home: Path, sockets: list[socket.socket], address: str) -> None:
    """Sends the browser to these sockets; they are noted first, for whoever starts a second one meanwhile."""
    url = address_of(sockets[0].getsockname()[1], address)
    running.note(home, url)
    show(url)


def show(url: str) -> None:
    """Sends the browser there without waiting for it."""
    threading.Thread(target=webbrowser.open, args=(url,), name="browser", daemon=True).start()
