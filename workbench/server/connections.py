"""The server's ear: how many may wait at it, for how long, and how much is kept for whoever does not listen."""

from collections import OrderedDict
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream

from workbench.event_log import event

try:
    import resource
except ImportError:  # Windows has no such limit
    resource = None  # type: ignore[assignment]

HEADER_SECONDS = 20.0
"""For a request's first byte to its last header, and between two requests."""
BODY_SECONDS = 10.0
MOST_WAITING = 256
"""Connections that say nothing yet. One more sends the oldest away: a real browser speaks at once."""
HEADER_BYTES, BODY_BYTES = 32_768, 65_536
BOUNDS: dict[str, Any] = {
    "idle_connection_timeout": HEADER_SECONDS,
    "body_timeout": BODY_SECONDS,
    "max_header_size": HEADER_BYTES,
    "max_body_size": BODY_BYTES,
}
UNHEARD_BYTES = 24_000_000
"""Kept for a browser that does not take what it is sent; more than any one message of ours."""
FILES_WANTED = 8_192


class BoundedServer(HTTPServer):
    """Tornado's server with bounds; papers come through the websocket, so that requests themselves are small."""

    def initialize(self, *args: Any, **kwargs: Any) -> None:
        """Takes what HTTPServer takes."""
        self._waiting: OrderedDict[IOStream, None] = OrderedDict()
        super().initialize(*args, **(BOUNDS | kwargs))

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        """Somebody has connected."""
        stream.max_write_buffer_size = UNHEARD_BYTES
        self._waiting[stream] = None
        if len(self._waiting) > MOST_WAITING:
            oldest, _ = self._waiting.popitem(last=False)
            oldest.close()
            self._overfull()
        super().handle_stream(stream, address)

    def start_request(self, server_conn: object, request_conn: Any) -> Any:
        """Tornado's hook for each request to come on a connection."""
        delegate = super().start_request(server_conn, request_conn)
        stream, heard = request_conn.stream, delegate.headers_received
        if not stream.closed():
            self._waiting[stream] = None
            self._waiting.move_to_end(stream)

        def headers_received(*args: Any) -> Any:
            self._waiting.pop(stream, None)
            return heard(*args)

        delegate.headers_received = headers_received  # type: ignore[method-assign,assignment]
        return delegate

    def on_close(self, server_conn: Any) -> None:
        """Somebody has gone."""
        self._waiting.pop(server_conn.stream, None)
        super().on_close(server_conn)

    def _overfull(self) -> None:
        if not getattr(self, "_told", False):  # once: a flood must not fill the log, too
            self._told = True
            event("many-half-open-connections", most=MOST_WAITING)


def allow_many_files() -> None:
    """Asks the system for as many open files as it lets us have, up to FILES_WANTED."""
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = FILES_WANTED if hard == resource.RLIM_INFINITY else min(FILES_WANTED, hard)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
