"""The server's door: every request is told whose it is before any session begins, and no session changes hands.

Bokeh by itself takes a session's id from anybody who knows it. Here ids come from the server only, session tokens are
signed, and a websocket must come from the person its token was given to.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

import panel.io.server  # noqa: F401  # puts its own handlers in the list before ours
from bokeh.server.urls import per_app_patterns
from bokeh.server.views.autoload_js_handler import AutoloadJsHandler
from bokeh.util.token import get_session_id, get_token_payload
from tornado.web import RequestHandler

from workbench.event_log import event
from workbench.server.identity import COOKIE, COOKIE_DAYS, Authenticator, Person

KEY_HEADER, NAME_HEADER = "X-Workbench-Person", "X-Workbench-Name"
SESSION_ARGUMENTS = ("bokeh-session-id", "bokeh-token")
SESSION_HEADER = "Bokeh-Session-Id"
SAFER = {
    "Content-Security-Policy": "frame-ancestors 'self'; object-src 'none'; base-uri 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def guard(keeper: Authenticator) -> None:
    """Puts the keeper before every page and websocket of this process's servers, also of one that runs already."""
    for _, handler, *_ in per_app_patterns:
        if "unguarded" not in vars(handler):
            handler.unguarded = handler.prepare
        handler.keeper, handler.prepare = keeper, _prepare


def server_options(secret: str) -> dict[str, Any]:
    """What `panel.serve` must be given for the door to hold."""
    return {
        "extra_patterns": [("/health", Health)],
        "sign_sessions": True,
        "secret_key": secret,
        "cookie_secret": secret,
        # A page's source holds its session token in clear: what proves who somebody is stays out of it.
        "include_headers": [KEY_HEADER, NAME_HEADER, "Host", "Accept-Language"],
        "include_cookies": [],
    }


def person_of(headers: Mapping[str, Any]) -> Person:
    """Whose session it is, from `panel.state.headers`; they come from the signed token, not from the browser."""
    return Person(headers[KEY_HEADER], unquote(headers.get(NAME_HEADER, "")))


_BEFORE: set[str] = set()
"""Sessions that began before the door stood and show nothing: their websockets may open without a key."""


def let_reload(session_id: str) -> None:
    """Lets a session that began before the door open its websocket, so that it can hear that it is to reload."""
    _BEFORE.add(session_id)


def was_guarded(headers: Mapping[str, Any]) -> bool:
    """Whether the session came through the door; one that began before `guard` did not."""
    return KEY_HEADER in headers


class Health(RequestHandler):
    """Answers whoever watches the server; begins no session."""

    def get(self) -> None:
        """200 as long as the server's loop turns."""
        self.set_header("Cache-Control", "no-store")
        self.write({"status": "ok"})


async def _prepare(self: Any) -> None:
    """Tornado's hook before a request is served: says whose it is, or refuses it."""
    for name, value in SAFER.items():
        self.set_header(name, value)
    foreign = (
        any(name in self.request.arguments for name in SESSION_ARGUMENTS) or SESSION_HEADER in self.request.headers
    )
    # autoload.js hands a session to whatever page embeds it, and nobody is meant to embed this one.
    if foreign or isinstance(self, AutoloadJsHandler):
        event("session-refused")
        self.set_status(403)
        await self.finish()
        return
    await self.unguarded()
    if self._finished:
        return
    login = self.current_user if self.application.auth_provider.get_user is not None else ""
    login = login.decode() if isinstance(login, bytes) else login or ""
    cookie = self.request.cookies.get(COOKIE)
    person, fresh = self.keeper.identify(login, self.request.headers, cookie.value if cookie else "", _peer(self))
    if person is None or not _own_token(self.request.headers, person):
        event("stranger-refused", reason="no-login" if person is None else "token-of-another")
        self.set_status(403)
        await self.finish()
        return
    if fresh is not None:
        self.set_cookie(
            COOKIE,
            fresh,
            expires_days=COOKIE_DAYS,
            httponly=True,
            samesite="Lax",
            secure="https" in (self.request.protocol, self.request.headers.get("X-Forwarded-Proto")),
        )
    # Written over whatever the browser sent under these names.
    self.request.headers[KEY_HEADER], self.request.headers[NAME_HEADER] = person.key, quote(person.name)


def _peer(handler: Any) -> str:
    """The socket's other end. `remote_ip` may be what a header claims, `address` never is."""
    address = getattr(handler.request.connection.context, "address", None)
    return str(address[0]) if isinstance(address, tuple) else ""


def _own_token(headers: Mapping[str, str], person: Person) -> bool:
    """Whether a websocket's token was given to this person; its signature is checked by Bokeh."""
    offered = [part.strip() for part in headers.get("Sec-WebSocket-Protocol", "").split(",")]
    if len(offered) < 2:
        return True  # no websocket, or one that Bokeh refuses
    try:
        payload = get_token_payload(offered[1])
    except Exception:  # noqa: BLE001  # whatever a forged token makes the decoder raise
        return False
    key = payload.get("headers", {}).get(KEY_HEADER)
    if key is None:
        return get_session_id(offered[1]) in _BEFORE
    return bool(key == person.key)
