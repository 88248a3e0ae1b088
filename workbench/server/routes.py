"""The list of what the server answers. Bokeh and Panel register more than anybody asked for: that is 404."""

import gc
from typing import Any

from bokeh.server.tornado import BokehTornado
from bokeh.server.views.ico_handler import IcoHandler
from bokeh.server.views.multi_root_static_handler import MultiRootStaticHandler
from bokeh.server.views.root_handler import RootHandler
from bokeh.server.views.static_handler import StaticHandler
from panel.auth import LogoutHandler, OAuthLoginHandler
from panel.io.server import DocHandler, WSHandler
from tornado.web import Application, ErrorHandler, RequestHandler

from workbench.server.auth import Access
from workbench.server.guarded import Guarded
from workbench.server.guarded_page import GuardedPage
from workbench.server.guarded_socket import GuardedSocket
from workbench.server.login_pages import LoginPage, LogoutPage
from workbench.server.passes import PATH as PHONE
from workbench.server.phone import PassPage
from workbench.server.session_token import KEY_HEADER, NAME_HEADER

TOKEN_HEADERS = [KEY_HEADER, NAME_HEADER, "Host", "Accept-Language"]
"""What a session's token tells of the request. A page's source holds it in clear: what proves who one is stays out."""
HELD: dict[type[RequestHandler], type[Guarded]] = {
    DocHandler: GuardedPage,
    WSHandler: GuardedSocket,
    StaticHandler: Guarded,  # the scripts and styles of Bokeh, Panel and its widgets: the same for everybody
    MultiRootStaticHandler: Guarded,
    IcoHandler: Guarded,
    OAuthLoginHandler: Guarded,
    LogoutHandler: Guarded,
}


class Health(Guarded):
    """Answers whoever watches the server; begins no session."""

    def get(self) -> None:
        """200 as long as the server's loop turns."""
        self.set_header("Cache-Control", "no-store")
        self.write({"status": "ok"})


class NotThere(Guarded, ErrorHandler):  # type: ignore[misc]  # their `prepare` is for both to call
    """Whatever is not on the list."""


OWN: list[tuple[str, type[Guarded]]] = [
    (r"/health", Health),
    (rf"{PHONE}/pass", PassPage),
    (r"/login", LoginPage),
    (r"/logout", LogoutPage),
]


def held(handler: type[RequestHandler]) -> type[Guarded] | None:
    """How that handler is guarded; None where it is not answered at all."""
    if issubclass(handler, Guarded):
        return handler
    return next((guard for known, guard in HELD.items() if issubclass(handler, known)), None)


def guarded_by(access: Access, handler: type[RequestHandler]) -> type[RequestHandler] | None:
    """That handler, which asks `access` first."""
    guard = held(handler)
    if guard is None:
        return None
    parents = (handler,) if issubclass(handler, Guarded) else (guard, handler)
    return type(handler.__name__, parents, {"access": access})


class _Listed(Application):
    """A Tornado application that keeps only what is on the list."""

    def __init__(self, handlers: list[Any], *, access: Access, **settings: Any) -> None:
        own = [pattern for pattern in OWN if access.logins is not None or pattern[1] in (Health, PassPage)]
        kept = [
            (route[0], guarded, *route[2:])
            for route in [*own, *handlers]
            if (guarded := guarded_by(access, route[1])) is not None
        ]
        super().__init__(
            kept,
            default_handler_class=guarded_by(access, NotThere),
            default_handler_args={"status_code": 404},
            **settings,
        )


class WorkbenchApplication(BokehTornado, _Listed):
    """Bokeh's application in which every handler asks `access` first."""


def guard_running(access: Access) -> None:
    """Guards the servers that run in this process already, as under `panel serve`."""
    # Panel keeps no list of the applications that its command line makes.
    for application in [found for found in gc.get_objects() if isinstance(found, BokehTornado)]:
        rules = application.wildcard_router.rules
        for rule in list(rules):
            target = rule.target
            if isinstance(target, type) and issubclass(target, RootHandler):
                guarded: type[RequestHandler] | None = guarded_by(access, type("Root", (Guarded, target), {}))
            else:
                guarded = guarded_by(access, target) if isinstance(target, type) else None
            if guarded is None:
                rules.remove(rule)
            else:
                rule.target = guarded
        application.add_handlers(".*", [(pattern, guarded_by(access, own)) for pattern, own in OWN])
        application.settings["default_handler_class"] = guarded_by(access, NotThere)
        application.settings["default_handler_args"] = {"status_code": 404}
        application._include_headers, application._include_cookies = TOKEN_HEADERS, []
