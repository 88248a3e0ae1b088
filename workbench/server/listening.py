"""One server on one port: Bokeh's machinery put together by hand, so that only what is on our list is answered."""

import contextlib
import logging
import signal
import socket
from collections.abc import Callable
from typing import Any

import panel as pn
from bokeh.server.server import BaseServer
from panel.io.application import build_applications
from panel.io.resources import DIST_DIR, LOCAL_DIST
from tornado.ioloop import IOLoop, PeriodicCallback

from workbench.event_log import event
from workbench.pipeline.storage.patience import hurry
from workbench.server.auth import Access
from workbench.server.connections import BoundedServer, allow_many_files
from workbench.server.guarded_socket import look_around
from workbench.server.identity import secret_of
from workbench.server.passes import PATH as PHONE
from workbench.server.routes import TOKEN_HEADERS, WorkbenchApplication
from workbench.settings import Settings

log = logging.getLogger(__name__)

MESSAGE_MB = 20
PING_MS = 30_000
LOOK_MS = 500


def listen(
    page: Callable[[], Any], access: Access, settings: Settings, sockets: list[socket.socket],
    phone: Callable[[], Any] | None = None,
) -> BaseServer:  # fmt: skip
    """A server that shows `page` to whom `access` lets in, and `phone` to phones with a pass; not yet running."""
    allow_many_files()
    access.port = sockets[0].getsockname()[1]
    secret = secret_of(settings.home)
    pages = {"/": made(page)} | ({PHONE: made(phone)} if phone is not None else {})
    pn.config.cookie_secret = secret  # Panel's OAuth signs with it
    application = WorkbenchApplication(
        build_applications(pages, title=dict.fromkeys(pages, "")),  # each page has a title of its own
        access=access,
        secret_key=secret.encode(),
        sign_sessions=True,
        cookie_secret=secret,
        include_headers=TOKEN_HEADERS,
        include_cookies=[],
        ico_path=str(DIST_DIR / "images" / "favicon.ico"),
        use_index=False,
        websocket_max_message_size_bytes=MESSAGE_MB * 1024 * 1024,
        keep_alive_milliseconds=PING_MS,
        **_oauth(settings),
    )
    http = BoundedServer(application)
    http.add_sockets(sockets)
    server = BaseServer(IOLoop.current(), application, http)
    pn.state._server_config[application] = {}
    return server


def made(page: Callable[[], Any]) -> Callable[[], Any]:
    """What makes `page` here, with everything it needs from this server. Panel would show a traceback in the place of
    one that fails; an exit gets through to who answers in words.
    """

    def shown() -> Any:
        if (document := pn.state.curdoc) is not None:  # else a page made for its line alone names a CDN
            document.template_variables["dist_url"] = LOCAL_DIST
        try:
            return page()
        except Exception as error:
            log.exception("a page failed while it was made")
            event("page-failed")
            raise SystemExit("a page failed") from error

    return shown


def run(server: BaseServer) -> None:
    """Serves until the process is told to end (SIGINT, SIGTERM); nothing that a handler raises ends it."""
    hurry()
    server.start()
    looking = PeriodicCallback(look_around, LOOK_MS)
    looking.start()
    loop = server.io_loop
    for name in ("SIGINT", "SIGTERM"):
        with contextlib.suppress(ValueError):  # not in the main thread
            signal.signal(getattr(signal, name), lambda *_: loop.add_callback_from_signal(loop.stop))
    while True:
        try:
            loop.start()
            break
        except SystemExit:  # asked for by a callback of some page: its page is gone, the others stay
            event("exit-refused")
    looking.stop()
    server.stop()


def _oauth(settings: Settings) -> dict[str, Any]:
    if not settings.oauth_provider:
        return {}
    from panel.auth import OAuthProvider

    pn.config.oauth_provider = settings.oauth_provider
    return {"auth_provider": OAuthProvider()}
