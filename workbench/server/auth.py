"""Access to the server: who may come in, under which of the server's names, and who may go on seeing what a page shows.

Bokeh by itself takes a session's id from anybody who knows it. Here ids come from the server only, session tokens are
signed, and a websocket must come from the person its token was given to. `guarded` asks it before every handler.
"""

import hashlib
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from tornado.httputil import HTTPServerRequest

from workbench.server import session_token
from workbench.server.identity import CASE_COOKIE, COOKIE, Authenticator, Person
from workbench.server.login import LOGIN_COOKIE, Backoff, Logins
from workbench.server.newcomers import Newcomers
from workbench.server.passes import COOKIE as PASS_COOKIE
from workbench.server.passes import PATH as PHONE
from workbench.server.passes import Pass, Passes
from workbench.server.session_token import KEY_HEADER, NAME_HEADER
from workbench.server.turns import Turns

SESSION_ARGUMENTS = ("bokeh-session-id", "bokeh-token")
SESSION_HEADER = "Bokeh-Session-Id"
ONCE = ("Host", "Origin", "X-Forwarded-Proto")
UNHEARD_PAGES, UNHEARD_SECONDS = 4, 15.0
"""Pages of one person that no browser listens to yet, as it does within a moment, and how long they are kept for it."""
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(eq=False)
class Access:
    """Who may come in.

    `origins` are names of the server beside its addresses; `token`, if any, opens the one case served on `port`;
    `logins` keeps names and passwords, if there are any.
    """

    keeper: Authenticator
    origins: frozenset[str] = frozenset()
    logins: Logins | None = None
    token: str = field(default="", repr=False)
    port: int = 0
    turns: Turns = field(default_factory=Turns, repr=False)
    has_work: Callable[[Person], bool] = field(default=lambda _: True, repr=False)
    """Tells whether somebody has a case here that holds anything: whoever has none comes for the first time."""
    newcomers: Newcomers = field(default_factory=Newcomers, repr=False)
    owners: dict[str, str] = field(default_factory=dict, repr=False)
    """By id of a session: the key of the person it was made for; "" for one that began before anybody was asked."""
    heard: set[str] = field(default_factory=set, repr=False)
    """Ids of sessions that a browser has listened to."""
    unheard: Backoff = field(default_factory=Backoff, repr=False)
    rights: dict[str, Callable[[], bool]] = field(default_factory=dict, repr=False)
    """By id of a session: whether its person may still see what it shows."""
    passes: Passes = field(default_factory=Passes, repr=False)
    """Of phones; what lies under `PHONE` is for them alone, and nothing else is."""

    # the form of a request

    def objection(self, request: HTTPServerRequest) -> str:
        """Why a request is not even looked at; "" where nothing speaks against it."""
        headers = request.headers
        once = (*ONCE, self.keeper.user_header) if self.keeper.user_header else ONCE
        if any(len(headers.get_list(name)) > 1 for name in once):
            return "header-twice"
        if not self.knows_host(request):
            return "foreign-host"
        if any(name in request.arguments for name in SESSION_ARGUMENTS) or SESSION_HEADER in headers:
            return "session-named"
        return ""

    def knows_host(self, request: HTTPServerRequest) -> bool:
        """Whether the server goes by the name it is asked under; else somebody else's page asks in a browser's name."""
        name = _host(request.headers.get("Host", ""))
        return bool(name) and (
            name in LOCAL_NAMES or name in {_host(known) for known in self.origins} or name == _own_address(request)
        )

    def knows_origin(self, request: HTTPServerRequest) -> bool:
        """Whether the page that opens a websocket is one of this very server; a program names none."""
        origin = request.headers.get("Origin")
        if origin is None:
            return True
        place = urlsplit(origin)
        ours = {request.headers.get("Host", "").lower(), *self.origins}
        return place.scheme in ("http", "https") and place.netloc.lower() in ours

    # the one case of a server that serves no other

    def own(self, cookie: str) -> str:
        """What a cookie is called at this server: by themselves they do not tell ports apart."""
        return f"{cookie}_{self.port}"

    @property
    def proof(self) -> str:
        """What that cookie holds."""
        return hashlib.sha256(self.token.encode()).hexdigest()

    def knows_token(self, request: HTTPServerRequest) -> bool:
        """Whether the browser has shown the token before; True where there is none."""
        return not self.token or compare_digest(_cookie(request, self.own(CASE_COOKIE)).encode(), self.proof.encode())

    def is_token(self, given: str) -> bool:
        """Whether that is the token."""
        return bool(self.token) and compare_digest(given.encode(), self.token.encode())

    # phones

    def is_phones(self, request: HTTPServerRequest) -> bool:
        """Whether that place of the server is for whoever carries a pass, and for nobody else."""
        return request.path == PHONE or request.path.startswith(f"{PHONE}/")

    def pass_of(self, request: HTTPServerRequest) -> Pass | None:
        """The pass that a phone carries, as long as it holds."""
        return self.passes.of(_cookie(request, self.own(PASS_COOKIE)))

    # who it is

    def person(self, request: HTTPServerRequest, login: str = "") -> tuple[Person | None, str | None]:
        """(person, cookie to set), as `Authenticator.identify`; `login` is whom an OAuth provider vouches for."""
        if self.logins is not None:
            login = self.logins.who(_cookie(request, self.own(LOGIN_COOKIE)))
            if not login:
                return None, None
        held = [_cookie(request, name) for name in (COOKIE, self.own(COOKIE))]
        found = [self.keeper.identify(login, request.headers, one, peer(request)) for one in held]
        return next((one for one in found if one[1] is None), found[0])

    def browser_cookie(self, request: HTTPServerRequest) -> str:
        """Under which name a browser is given its cookie: the plain one, good at any port, may be another server's."""
        return self.own(COOKIE) if _cookie(request, COOKIE) else COOKIE

    def secure(self, request: HTTPServerRequest) -> bool:
        """Whether the browser came by TLS, to us or to a proxy that we trust."""
        forwarded = request.headers.get("X-Forwarded-Proto", "") if self.keeper.trusts(peer(request)) else ""
        return "https" in (request.protocol, forwarded)

    def address(self, request: HTTPServerRequest) -> str:
        """Where somebody asks from: the socket's other end, or what a trusted proxy says of it."""
        told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if not self.keeper.trusts(peer(request)):
            return peer(request)
        try:
            return str(ipaddress.ip_address(told))  # it is kept and counted by: no text of any kind and length
        except ValueError:
            return peer(request)

    # sessions

    def admit(self, session_id: str, key: str, may_still: Callable[[], bool] = lambda: True) -> None:
        """Notes whose a session is, and what tells whether they may go on seeing it."""
        self.owners[session_id], self.rights[session_id] = key, may_still

    def forget(self, session_id: str) -> None:
        """The session is over."""
        key = self.owners.pop(session_id, "")
        self.rights.pop(session_id, None)
        if key and session_id not in self.heard:
            self.unheard.failed(f"page:{key}")
        self.heard.discard(session_id)

    def listened(self, session_id: str) -> None:
        """A browser has begun to listen to the session: its person's pages are no waste. A forged id is not kept."""
        if key := self.owners.get(session_id):
            self.heard.add(session_id)
            self.unheard.passed(f"page:{key}")
            self.newcomers.heard(key)

    def knows(self, person: Person) -> bool:
        """Whether somebody does not come for the first time."""
        return person.named or self.has_work(person)

    def wait_for_page(self, key: str) -> float:
        """Seconds until a person is made another page: who loads pages and listens to none waits ever longer."""
        waiting = sum(owner == key and name not in self.heard for name, owner in self.owners.items())
        return self.unheard.wait(f"page:{key}") if waiting < UNHEARD_PAGES else UNHEARD_SECONDS

    def may_still(self, request: HTTPServerRequest, session_id: str) -> bool:
        """Whether a page may go on: its login or its pass holds, and its person may still see what it shows."""
        if self.is_phones(request):
            if self.pass_of(request) is None:
                return False
        elif self.logins is not None and not self.logins.who(_cookie(request, self.own(LOGIN_COOKIE))):
            return False
        right = self.rights.get(session_id)
        return right is None or right()

    def own_token(self, request: HTTPServerRequest, person: Person, secret: bytes | None) -> str:
        """The id of a websocket's session if that was made for this person, else "". `secret` signs tokens; None where
        nothing does.
        """
        session_id, key = session_token.read(request.headers.get("Sec-WebSocket-Protocol", ""), secret)
        owner = self.owners.get(session_id)
        if owner == "":
            return session_id  # it began before anybody was asked and shows nothing but that it reloads
        if owner is None and secret is None:
            return ""
        return session_id if key == person.key and owner in (None, person.key) else ""


def note(request: HTTPServerRequest, person: Person) -> None:
    """Writes who asks over whatever the browser sent under these names; they come with the session's token."""
    request.headers[KEY_HEADER], request.headers[NAME_HEADER] = person.key, quote(person.name)


def person_of(headers: Mapping[str, Any]) -> Person:
    """Whose session it is, from `panel.state.headers`; they come from the signed token, not from the browser."""
    return Person(headers[KEY_HEADER], unquote(headers.get(NAME_HEADER, "")))


def was_guarded(headers: Mapping[str, Any]) -> bool:
    """Whether somebody was asked before the session began; under `panel serve` the first one is not."""
    return KEY_HEADER in headers


def peer(request: HTTPServerRequest) -> str:
    """The socket's other end. `remote_ip` may be what a header claims, this never is."""
    address = getattr(getattr(request.connection, "context", None), "address", None)
    return str(address[0]) if isinstance(address, tuple) else ""


def _host(header: str) -> str:
    """The name in a Host header, without port and brackets."""
    try:
        return (urlsplit(f"//{header}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _own_address(request: HTTPServerRequest) -> str:
    """The address at our own end of the connection: nobody's page can be there but ours."""
    stream: Any = getattr(request.connection, "stream", None)
    try:
        return str(ipaddress.ip_address(stream.socket.getsockname()[0]))
    except (AttributeError, OSError, ValueError, IndexError):  # closed meanwhile, or a socket that has no address
        return ""


def _cookie(request: HTTPServerRequest, name: str) -> str:
    found = request.cookies.get(name)
    return found.value if found else ""
