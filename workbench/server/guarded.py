"""Every handler of the server behind the door: a mixin in front of whatever class answers."""

import asyncio
import time
from typing import Any, ClassVar
from urllib.parse import quote, urlencode, urlsplit

from tornado.iostream import StreamBufferFullError
from tornado.web import RequestHandler

from workbench.event_log import event
from workbench.review import texts
from workbench.server import headers as sent
from workbench.server.auth import Door, note
from workbench.server.identity import COOKIE, COOKIE_DAYS, Person
from workbench.server.turns import TooManyWait, timed
from workbench.server.words import page_of_words

HELLO = "hello"
"""The argument by which a browser shows that it kept the cookie it was given: only then a session begins."""
MOST_FRAGMENTS = 400
"""Pieces of one message: a header, metadata, content, and two for each buffer. Bokeh itself counts none."""
BYTES_A_SECOND, BYTES_AT_ONCE = 30_000_000, 120_000_000
MESSAGES_A_SECOND, MESSAGES_AT_ONCE = 200.0, 2_000.0
LOOP_A_SECOND, LOOP_AT_ONCE = 0.1, 5.0
"""Seconds of the loop that one connection's messages may take: somebody at work takes some hundredths."""
LINES_A_PAGE = 3
"""Websockets to one page: a browser has one, and for a moment a second where the first broke off."""


class Guarded(RequestHandler):
    """Says under which name the server is asked, and what the browser must know; the rest answers anybody."""

    door: ClassVar[Door]

    def set_default_headers(self) -> None:
        """On every answer, errors too."""
        for name, value in sent.plain().items():
            self.set_header(name, value)

    async def prepare(self) -> None:
        """Tornado's hook before a request is served."""
        if why := self.door.objection(self.request):
            self.refuse(400 if why == "header-twice" else 403, why)
            return
        waiting = super().prepare()
        if waiting is not None:
            await waiting

    def refuse(self, status: int, why: str) -> None:
        """Ends the request, says in words what to do, and notes it."""
        event("refused", reason=why, status=status)
        self.clear()
        self.set_status(status)
        self.say(page_of_words(texts.DOOR_CLOSED, texts.DOOR_REASONS.get(why, texts.DOOR_ELSE)))

    def say(self, html: str) -> None:
        """Ends the request with a page of words."""
        for name, value in sent.words().items():
            self.set_header(name, value)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(html)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """An error as a page of words: never what it was raised with."""
        known = (texts.NOT_THERE, texts.NOT_THERE_DO) if status_code in (404, 405) else None
        self.say(page_of_words(*(known or (texts.ANSWER_FAILED, texts.ANSWER_FAILED_DO))))

    async def _execute(self, transforms: Any, *args: bytes, **kwargs: bytes) -> None:
        # Tornado catches Exception; an exit asked for by imported code would end the loop, and everybody's work.
        try:
            await super()._execute(transforms, *args, **kwargs)
        except SystemExit as error:
            event("exit-refused")
            if not self._finished:
                self._handle_request_exception(RuntimeError(f"exit {error.code}"))

    def set_flagged_cookie(self, name: str, value: str, days: float | None = None, samesite: str = "Lax") -> None:
        """A cookie out of reach of scripts, of other sites, and of plain HTTP where the browser came by TLS."""
        self.set_cookie(
            name, value, expires_days=days, httponly=True, samesite=samesite, secure=self.door.secure(self.request)
        )


class Asked(Guarded):
    """Behind it somebody's case is shown: asks who they are."""

    asker: Person | None = None

    async def prepare(self) -> None:
        """Tornado's hook before a request is served."""
        await super().prepare()
        if self._finished:
            return
        if self.door.is_phones(self.request):
            held = self.door.pass_of(self.request)
            if held is None:
                self.refuse(403, "no-pass")
            elif self.may_enter(held.person, None):
                self.asker = held.person
                note(self.request, held.person)
            return
        if not self.door.knows_token(self.request):
            self.come_with_token()
            return
        person, fresh = self.door.person(self.request, self._vouched())
        if person is None:
            self.come_in()
        elif self.may_enter(person, fresh):
            self.asker = person
            note(self.request, person)

    def _vouched(self) -> str:
        """Whom an OAuth provider has logged in."""
        provider = self.application.auth_provider  # type: ignore[attr-defined]  # a Bokeh application
        if provider.get_user is None and provider.get_user_async is None:
            return ""
        user = self.current_user
        return user.decode() if isinstance(user, bytes) else user or ""

    def come_with_token(self) -> None:
        """Somebody without the token of the one case."""
        self.refuse(403, "no-token")

    def come_in(self) -> None:
        """Somebody whom nobody vouches for."""
        self.refuse(403, "no-login")

    def may_enter(self, person: Person, fresh: str | None) -> bool:
        """Whether the request goes on; `fresh` is the cookie of a browser that brought none."""
        raise NotImplementedError


class GuardedPage(Asked):
    """The page: a browser is let in step by step (token, login, cookie) before a session begins."""

    def initialize(self, *args: Any, **kwargs: Any) -> None:
        """Each answer has a word of its own that marks its scripts."""
        self._nonce, self._gone = sent.fresh_nonce(), False
        super().initialize(*args, **kwargs)

    def come_with_token(self) -> None:
        """Takes the token out of the address and into a cookie."""
        if not self.door.is_token(self.get_query_argument("token", "")):
            self.refuse(403, "no-token")
            return
        self.set_flagged_cookie(self.door.token_cookie, self.door.proof, samesite="Strict")
        self.redirect(self._own_address("token"), status=303)

    def come_in(self) -> None:
        """To the login, and back here."""
        if self.door.logins is not None:
            self.redirect("/login?" + urlencode({"next": self.request.uri or "/"}), status=303)
        elif login := self.application.auth_provider.login_url:  # type: ignore[attr-defined]
            self.redirect(login, status=303)
        else:
            self.refuse(403, "no-login")

    def may_enter(self, person: Person, fresh: str | None) -> bool:
        """A browser without a cookie is given one and asked to come again: else each look would begin a case."""
        greeted = bool(self.get_query_arguments(HELLO))
        if fresh is None:
            if self.request.cookies.get(COOKIE) and not person.named:
                self.set_flagged_cookie(COOKIE, self.request.cookies[COOKIE].value, COOKIE_DAYS)
            if greeted or self.get_query_arguments("token"):
                self.redirect(self._own_address(HELLO, "token"), status=303)
                return False
            return True
        if greeted:
            self.refuse(403, "no-cookie")
            return False
        self.set_flagged_cookie(COOKIE, fresh, COOKIE_DAYS)
        self.redirect(self._own_address(HELLO, "token", **{HELLO: "1"}), status=303)
        return False

    async def get(self, *args: Any, **kwargs: Any) -> None:
        """The page, when its turn has come; nobody is made one who has gone meanwhile."""
        person = self.asker.key if self.asker is not None else ""
        try:
            async with self.door.turns.turn(self.door.address(self.request), person):
                if self.door.wait_for_page(person) > 0:
                    self.refuse(429, "too-many-pages")
                elif not self._gone:
                    await super().get(*args, **kwargs)  # type: ignore[misc]  # of Panel's handler behind this one
        except TooManyWait:
            self.refuse(429, "too-many-pages")

    def on_connection_close(self) -> None:
        """Tornado's hook: the browser has gone."""
        self._gone = True
        super().on_connection_close()

    def _own_address(self, *without: str, **more: str) -> str:
        pairs = [(n, v) for n, vs in self.request.query_arguments.items() if n not in without for v in vs]
        query = urlencode([*pairs, *more.items()])
        return (quote(self.request.path) or "/") + (f"?{query}" if query else "")

    def write(self, chunk: Any) -> None:
        """The workbench's page is marked as ours on its way out."""
        if isinstance(chunk, str) and str(self._headers.get("Content-Type", "")).startswith("text/html"):
            for name, value in sent.page(self._nonce).items():
                self.set_header(name, value)
            chunk = sent.with_nonce(chunk, self._nonce)
        super().write(chunk)

    def say(self, html: str) -> None:
        """Ends the request with a page of words."""
        for name, value in sent.words().items():
            self.set_header(name, value)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        super().write(html)
        self.finish()


class GuardedSocket(Asked):
    """A page's connection: opens for whom its session was made, and falls silent when they may no longer see it."""

    open_ones: ClassVar[set["GuardedSocket"]] = set()

    def initialize(self, *args: Any, **kwargs: Any) -> None:
        """Counts what comes."""
        self._pieces, self._size, self.asked_for = 0, 0, ""
        self._budget = {"bytes": float(BYTES_AT_ONCE), "messages": MESSAGES_AT_ONCE, "loop": LOOP_AT_ONCE}
        self._counted = time.monotonic()
        super().initialize(*args, **kwargs)

    def may_enter(self, person: Person, fresh: str | None) -> bool:
        """Whether the session on the token is this person's."""
        signed = bool(self.application.sign_sessions)  # type: ignore[attr-defined]
        session = self.door.own_token(self.request, person, signed)
        if not session:
            self.refuse(403, "token-of-another")
        elif sum(line.asked_for == session for line in self.open_ones) >= LINES_A_PAGE:
            self.refuse(429, "too-many-lines")
        else:
            self.asked_for = session
        return bool(self.asked_for)

    def check_origin(self, origin: str) -> bool:
        """Tornado's hook: which sites' pages may open it; the Host itself has been looked at."""
        known = self.door.knows_origin(self.request)
        if not known:
            event("refused", reason="foreign-origin", status=403)
        return known

    @property
    def session_id(self) -> str:
        """Of the page this connection belongs to; "" as long as it has none."""
        connection = getattr(self, "connection", None)
        try:
            return str(connection.session.id) if connection is not None else ""
        except AssertionError:  # Bokeh asserts that the page is still there; a last word may be on its way
            return ""

    def may_still(self) -> bool:
        """Whether the person may go on; looked at before each word either way."""
        return self.door.may_still(self.request, self.session_id)

    def end(self, why: str) -> None:
        """Closes the connection for good."""
        event("connection-ended", reason=why)
        self.open_ones.discard(self)
        stream = getattr(getattr(self, "ws_connection", None), "stream", None)
        self.close(4001, why)  # type: ignore[attr-defined]  # of Tornado's websocket, as Bokeh's handler is
        if stream is not None:  # whoever does not answer is not waited for
            asyncio.get_running_loop().call_later(2, stream.close)

    def open(self, *args: str, **kwargs: str) -> Any:
        """The handshake is over."""
        self.open_ones.add(self)
        self.door.listened(self.asked_for)
        return super().open(*args, **kwargs)  # type: ignore[misc]  # of Bokeh's handler, which stands behind this one

    async def on_message(self, message: str | bytes) -> None:
        """A piece of a message: read at a measured pace, heard only from whom may still speak."""
        if not self.may_still():
            self.end("no-longer-allowed")
            return
        await self._pace(len(message))
        try:
            await timed(super().on_message(message), self._spent)  # type: ignore[misc]
        except SystemExit:
            event("exit-refused")

    async def _receive(self, fragment: str | bytes) -> Any:
        self._pieces, self._size = self._pieces + 1, self._size + len(fragment)
        most = 2 * self.settings["websocket_max_message_size"]
        if self._pieces > MOST_FRAGMENTS or self._size > most:
            self.end("message-too-large")
            return None
        message = await super()._receive(fragment)  # type: ignore[misc]
        if message is not None:
            self._pieces, self._size = 0, 0
        return message

    async def _pace(self, size: int) -> None:
        now = time.monotonic()
        passed, self._counted = now - self._counted, now
        left = self._budget
        left["bytes"] = min(BYTES_AT_ONCE, left["bytes"] + passed * BYTES_A_SECOND) - size
        left["messages"] = min(MESSAGES_AT_ONCE, left["messages"] + passed * MESSAGES_A_SECOND) - 1
        left["loop"] = min(LOOP_AT_ONCE, left["loop"] + passed * LOOP_A_SECOND)
        each = (("bytes", BYTES_A_SECOND), ("messages", MESSAGES_A_SECOND), ("loop", LOOP_A_SECOND))
        owed = max(-left[name] / rate for name, rate in each)
        if owed > 0:
            await asyncio.sleep(owed)

    def _spent(self, seconds: float) -> None:
        self._budget["loop"] -= seconds

    async def write_message(self, message: Any, binary: bool = False, locked: bool = True) -> None:
        """A word to the browser, unless its person may no longer hear it or it has long stopped listening."""
        if not self.may_still():
            self.end("no-longer-allowed")
            return
        try:
            await super().write_message(message, binary, locked)  # type: ignore[misc]
        except StreamBufferFullError:
            self.end("does-not-listen")

    def on_close(self) -> None:
        """Gone."""
        self.open_ones.discard(self)
        super().on_close()  # type: ignore[misc]


def look_around() -> None:
    """Ends the connections of those who may no longer see what they show, also where nothing is said; call it often."""
    for socket in list(GuardedSocket.open_ones):
        if not socket.may_still():
            socket.end("no-longer-allowed")


def inside(address: str) -> str:
    """`address` where it is a place on this site, else "/": nobody is sent elsewhere after a login."""
    place = urlsplit(address)
    plain = address.startswith("/") and not address.startswith("//") and "\\" not in address and address.isprintable()
    return address if plain and not place.scheme and not place.netloc else "/"
