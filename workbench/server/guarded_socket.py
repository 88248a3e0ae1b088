"""A page's connection, guarded: who may speak on it, how much and how fast."""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, cast

from bokeh.document import Document
from bokeh.protocol.message import Message
from bokeh.server.session import ServerSession
from tornado.iostream import StreamBufferFullError
from tornado.websocket import WebSocketProtocol13

from workbench.event_log import event
from workbench.review import texts
from workbench.server import page_words
from workbench.server.guarded import Asked
from workbench.server.identity import Person
from workbench.server.turns import timed

MOST_FRAGMENTS = 400
"""Pieces of one message: a header, metadata, content, and two for each buffer. Bokeh itself counts none."""
BYTES_A_SECOND, BYTES_AT_ONCE = 30_000_000, 120_000_000
MESSAGES_A_SECOND, MESSAGES_AT_ONCE = 200.0, 2_000.0
FRAMES_A_SECOND, FRAMES_AT_ONCE = 1_000.0, 10_000.0
"""Of the wire: pings, and the pieces that browsers cut a large message into, are no messages and take the loop too."""
LOOP_A_SECOND, LOOP_AT_ONCE = 0.1, 5.0
"""Seconds of the loop that one connection's messages may take: somebody at work takes some hundredths."""
HARMFUL = ("does-not-listen", "message-too-large")
GRACE = 2.0
"""Seconds in which whoever is cut off may say goodbye."""
SILENT_LOOKS = 240
"""Looks around, two minutes of them, in which nothing comes, no answer to a ping either: nobody is there any more.
They count only while the line is listened to, and a loop that stands still looks no more often than it listens: nobody
is held for gone because the server had no time for them.
"""
LINES_A_PAGE = 3
"""Websockets to one page: a browser has one, and for a moment a second where the first broke off."""


class PacedFrames(WebSocketProtocol13):
    """Reads the wire no faster than its connection may take the loop."""

    handler: Any

    async def _receive_frame(self) -> None:
        await self.handler.frame_comes()
        await super()._receive_frame()


class GuardedSocket(Asked):
    """A page's connection: opens for whom its session was made, and falls silent when they may no longer see it."""

    open_ones: ClassVar[set["GuardedSocket"]] = set()

    def initialize(self, *args: Any, **kwargs: Any) -> None:
        """Counts what comes."""
        self._pieces, self._size, self.asked_for = 0, 0, ""
        self._budget = {"bytes": float(BYTES_AT_ONCE), "messages": MESSAGES_AT_ONCE, "loop": LOOP_AT_ONCE}
        self._budget["frames"] = FRAMES_AT_ONCE
        self._counted, self._over = time.monotonic(), False
        self._listening, self._silent = False, 0
        super().initialize(*args, **kwargs)

    def may_enter(self, person: Person, fresh: str | None) -> bool:
        """Whether the session on the token is this person's."""
        application: Any = self.application
        secret = application.secret_key if application.sign_sessions else None
        session = self.access.own_token(self.request, person, secret)
        if not session:
            self.refuse(403, "token-of-another")
        elif sum(line.asked_for == session for line in self.open_ones) >= LINES_A_PAGE:
            self.refuse(429, "too-many-lines")
        else:
            self.asked_for = session
        return bool(self.asked_for)

    def check_origin(self, origin: str) -> bool:
        """Tornado's hook: which sites' pages may open it; the Host itself has been looked at."""
        known = self.access.knows_origin(self.request)
        if not known:
            event("refused", reason="foreign-origin", status=403)
        return known

    def may_still(self) -> bool:
        """Whether the person may go on; looked at before each word either way, and before each deed of the page."""
        return self.access.may_still(self.request, self.asked_for)

    def end(self, why: str) -> None:
        """Closes the connection for good, once: more may be on its way."""
        if self._over:
            return
        self._over = True
        event("connection-ended", reason=why)
        if why in HARMFUL and self.asker is not None:
            self.access.newcomers.harmed(self.access.address(self.request), self.asker.key)
        self.open_ones.discard(self)
        stream = getattr(getattr(self, "ws_connection", None), "stream", None)
        self.close(4001, why)  # type: ignore[attr-defined]  # of Tornado's websocket, as Bokeh's handler is
        if stream is not None:  # whoever does not answer is not waited for
            asyncio.get_running_loop().call_later(GRACE, stream.close)

    def open(self, *args: str, **kwargs: str) -> Any:
        """The handshake is over."""
        self.open_ones.add(self)
        self.access.listened(self.asked_for)
        return super().open(*args, **kwargs)  # type: ignore[misc]  # of Bokeh's handler, which stands behind this one

    async def _async_open(self, token: str) -> None:
        await super()._async_open(token)  # type: ignore[misc]
        if (connection := getattr(self, "connection", None)) is not None:
            self.guard(connection.session)

    def guard(self, session: ServerSession) -> None:
        """From now on the page does what waits its turn (a press, what ran beside it, a look for news) only as long as
        its person may still.
        """
        locked = type(session).with_document_locked
        session.with_document_locked = partial(locked, session, self._if_still)

    def _if_still(self, deed: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self.may_still():
            return deed(*args, **kwargs)
        self.end("no-longer-allowed")
        return None

    async def on_message(self, message: str | bytes) -> None:
        """A piece of a message: read at a measured pace, heard only from whom may still speak."""
        self._listening = False  # what comes meanwhile waits, the answers to pings among it
        if self._over:
            await asyncio.sleep(GRACE)  # what is still on its way is not read
            return
        await self._pace(len(message), messages=1)
        if not self.may_still():
            self.end("no-longer-allowed")
            return
        try:
            await timed(super().on_message(message), self._spent)  # type: ignore[misc]
        except SystemExit:
            event("exit-refused")

    async def _receive(self, fragment: str | bytes) -> Any:
        self._pieces, self._size = self._pieces + 1, self._size + len(fragment)
        most = 2 * self.settings["websocket_max_message_size"]
        too_wordy = isinstance(fragment, str) and len(fragment) > page_words.TEXT_CHARS
        if self._pieces > MOST_FRAGMENTS or self._size > most or too_wordy:
            self.end("message-too-large")
            return None
        message = await super()._receive(fragment)  # type: ignore[misc]
        if message is not None:
            self._pieces, self._size = 0, 0
            page_words.name_speakers(message, self._document())
            if why := page_words.objection(message, self._document()):
                self.end(why)
                return None
        return message

    def _document(self) -> Document | None:
        connection = getattr(self, "connection", None)
        return connection.session.document if connection is not None else None

    def get_websocket_protocol(self) -> WebSocketProtocol13 | None:
        """Tornado's hook: what reads the wire."""
        plain, own = super().get_websocket_protocol(), cast(Any, self)  # type: ignore[misc]
        return PacedFrames(own, False, plain.params) if plain is not None else None

    async def frame_comes(self) -> None:
        """Returns when the next piece of the wire may be read."""
        self._listening = False
        if self._over:
            await asyncio.sleep(GRACE)
        await self._pace(frames=1)
        self._listening, self._silent = True, 0

    def look(self) -> None:
        """Ends the connection where its person may no longer see what it shows, or where nobody is there any more."""
        self._silent += self._listening
        if not self.may_still():
            self.end("no-longer-allowed")
        elif self._silent > SILENT_LOOKS:
            self.end("says-nothing")

    async def _pace(self, size: int = 0, messages: int = 0, frames: int = 0) -> None:
        now = time.monotonic()
        passed, self._counted = now - self._counted, now
        left = self._budget
        left["bytes"] = min(BYTES_AT_ONCE, left["bytes"] + passed * BYTES_A_SECOND) - size
        left["messages"] = min(MESSAGES_AT_ONCE, left["messages"] + passed * MESSAGES_A_SECOND) - messages
        left["frames"] = min(FRAMES_AT_ONCE, left["frames"] + passed * FRAMES_A_SECOND) - frames
        left["loop"] = min(LOOP_AT_ONCE, left["loop"] + passed * LOOP_A_SECOND)
        rates = {"bytes": BYTES_A_SECOND, "messages": MESSAGES_A_SECOND, "frames": FRAMES_A_SECOND}
        owed = max(-left[name] / rate for name, rate in (rates | {"loop": LOOP_A_SECOND}).items())
        if owed > 0:
            await asyncio.sleep(owed)

    def _spent(self, seconds: float) -> None:
        self._budget["loop"] -= seconds

    async def write_message(self, message: Any, binary: bool = False, locked: bool = True) -> None:
        """A word to the browser, unless its person may no longer hear it or it has long stopped listening."""
        if self._over:
            return
        if not self.may_still():
            self.end("no-longer-allowed")
            return
        try:
            await super().write_message(message, binary, locked)  # type: ignore[misc]
        except StreamBufferFullError:
            self.end("does-not-listen")

    def ping(self, data: bytes = b"") -> None:
        """Asks whether somebody is there; Bokeh's server does so for all, one after the other."""
        try:
            super().ping(data)  # type: ignore[misc]
        except StreamBufferFullError:
            self.end("does-not-listen")

    async def send_message(self, message: Message[Any]) -> None:
        """A message; of a failure no more than that it failed: what Bokeh writes of it, the log has noted."""
        if message.msgtype == "ERROR":
            message.content = {"text": texts.MESSAGE_FAILED, "traceback": None}
        await super().send_message(message)  # type: ignore[misc]

    def _internal_error(self, _: str) -> None:
        super()._internal_error(texts.MESSAGE_FAILED)  # type: ignore[misc]  # the reason that the other side is told

    def _protocol_error(self, _: str) -> None:
        super()._protocol_error(texts.MESSAGE_FAILED)  # type: ignore[misc]

    def on_close(self) -> None:
        """Gone."""
        self.open_ones.discard(self)
        super().on_close()  # type: ignore[misc]


def look_around() -> None:
    """Has each connection looked at, also where nothing is said; call it often."""
    for socket in list(GuardedSocket.open_ones):
        socket.look()
