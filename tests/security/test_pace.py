"""What one connection and one person may take of the loop, the memory and the line."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import pytest
import requests
from bokeh.resources import Resources
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketHandler

from tests.kit.tab import UPGRADE
from tests.kit.visit import visit
from workbench.review import texts
from workbench.server import auth, connections, guarded_socket, newcomers, turns
from workbench.server.connections import BoundedServer
from workbench.server.guarded_page import GuardedPage
from workbench.server.guarded_socket import GuardedSocket
from workbench.server.hosting import TABS_A_PERSON, WorkbenchServer, access_of
from workbench.server.identity import COOKIE, Person
from workbench.settings import Settings

PATIENCE = 300
"""s until a test gives up what it waits for."""


class Bokehs(WebSocketHandler):
    """In the place of Bokeh's own handler."""

    cost = 0.0

    async def on_message(self, message: bytes) -> None:
        end = time.thread_time() + self.cost
        while time.thread_time() < end:
            pass

    async def write_message(self, message: bytes, binary: bool = False, locked: bool = True) -> None:
        await WebSocketHandler.write_message(self, message, binary)

    async def _receive(self, fragment: bytes) -> None:
        return None


class Line(GuardedSocket, Bokehs):
    """A connection whose person may go on."""

    ended: str = ""

    async def prepare(self) -> None:
        """Nobody is asked."""

    def may_still(self) -> bool:
        return True

    def end(self, why: str) -> None:
        type(self).ended = type(self).ended or why
        super().end(why)


def line() -> Line:
    made = object.__new__(Line)
    made.initialize()
    return made


@pytest.fixture
def slept(monkeypatch):
    """How long each message was kept waiting, in the clock's own seconds."""
    times: list[float] = []

    async def sleep(seconds: float) -> None:
        times.append(seconds)

    monkeypatch.setattr(guarded_socket.asyncio, "sleep", sleep)
    monkeypatch.setattr(guarded_socket.time, "monotonic", lambda: 1000.0)
    return times


def test_bytes_messages_and_the_loop_are_given_by_the_second(slept, monkeypatch):
    async def trial() -> None:
        large, many = line(), line()
        for _ in range(4):
            await large.on_message(bytes(guarded_socket.BYTES_AT_ONCE // 4))
        assert slept == []  # what may come at once
        await large.on_message(bytes(guarded_socket.BYTES_A_SECOND))
        assert slept.pop() == pytest.approx(1.0, abs=0.01)
        for _ in range(int(guarded_socket.MESSAGES_AT_ONCE)):
            await many.on_message(b"")
        assert slept == []
        for _ in range(10):
            await many.on_message(b"")
        assert slept.pop() == pytest.approx(10 / guarded_socket.MESSAGES_A_SECOND)
        slept.clear()
        for _ in range(int(guarded_socket.FRAMES_AT_ONCE)):
            await many.frame_comes()
        assert slept[-1] == pytest.approx(10 / guarded_socket.MESSAGES_A_SECOND)  # what it owes already
        slept.clear()
        for _ in range(100):
            await many.frame_comes()
        assert slept.pop() == pytest.approx(100 / guarded_socket.FRAMES_A_SECOND)
        slept.clear()
        monkeypatch.setattr(guarded_socket, "LOOP_AT_ONCE", 0.01)  # not before: what the others cost is measured
        costly = line()
        costly.cost = 0.03
        await costly.on_message(b"")
        assert slept == []
        await costly.on_message(b"")
        assert slept.pop() >= 0.02 / guarded_socket.LOOP_A_SECOND

    asyncio.run(trial())


def test_what_others_do_meanwhile_is_not_counted():
    spent: list[float] = []

    async def busy() -> None:
        end = time.thread_time() + 0.05
        while time.thread_time() < end:
            pass

    async def waiting() -> str:
        await asyncio.sleep(0)
        await asyncio.create_task(busy())
        with pytest.raises(ZeroDivisionError):
            await asyncio.create_task(failing())
        return "done"

    async def failing() -> None:
        raise ZeroDivisionError

    async def trial() -> str:
        return await turns.timed(waiting(), spent.append)

    assert asyncio.run(trial()) == "done"
    assert sum(spent) < 0.04


def test_who_does_not_listen_is_sent_away_before_much_is_kept(tmp_path):
    """A real line whose other end reads nothing."""
    Line.access = access_of(Settings(home=tmp_path))

    async def trial() -> int:
        class Talker(Line):
            sent = 0

            def open(self) -> None:
                asyncio.get_running_loop().create_task(self.talk())

            async def talk(self) -> None:
                while not Talker.ended and Talker.sent < 200:
                    Talker.sent += 1
                    said.append(asyncio.create_task(self.write_message(bytes(1_000_000), True)))
                    await asyncio.wait(said[-1:], timeout=0.02)

        said: list[asyncio.Task[None]] = []
        sockets = bind_sockets(0, "127.0.0.1")
        server = BoundedServer(Application([("/ws", Talker)]))
        server.add_sockets(sockets)
        port = sockets[0].getsockname()[1]
        _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
        head = [("Host", f"127.0.0.1:{port}"), ("Connection", "Upgrade"), *UPGRADE]
        writer.write(("GET /ws HTTP/1.1\r\n" + "".join(f"{n}: {v}\r\n" for n, v in head) + "\r\n").encode())
        for _ in range(6000):
            if Talker.ended:
                break
            await asyncio.sleep(0.05)
        server.stop()
        writer.close()
        await server.close_all_connections()
        await asyncio.gather(*said, return_exceptions=True)
        assert Talker.ended == "does-not-listen"
        return Talker.sent

    sent = asyncio.run(trial())
    assert sent <= connections.UNHEARD_BYTES / 1e6 + 40  # what the system's own buffers hold is beside it


def test_pings_and_empty_pieces_are_counted_though_they_are_no_messages(tmp_path):
    Line.access = access_of(Settings(home=tmp_path))

    class Counted(Line):
        came = 0

        async def frame_comes(self) -> None:
            Counted.came += 1

        def open(self) -> None:
            """Not Bokeh's."""

        def on_close(self) -> None:
            """Not Bokeh's."""

    async def trial() -> None:
        sockets = bind_sockets(0, "127.0.0.1")
        server = BoundedServer(Application([("/ws", Counted)]))
        server.add_sockets(sockets)
        port = sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = [("Host", f"127.0.0.1:{port}"), ("Connection", "Upgrade"), *UPGRADE]
        writer.write(("GET /ws HTTP/1.1\r\n" + "".join(f"{n}: {v}\r\n" for n, v in head) + "\r\n").encode())
        frames = [b"\x89"] * 20 + [b"\x01"] + [b"\x00"] * 20 + [b"\x88"]
        writer.write(b"".join(kind + b"\x80" + bytes(4) for kind in frames))
        await reader.read(-1)  # until goodbye is answered
        assert Counted.came == len(frames)
        writer.close()
        server.stop()
        await server.close_all_connections()

    asyncio.run(trial())


def test_one_person_opens_so_many_tabs_and_takes_none_from_others(tmp_path):
    server = WorkbenchServer.open(Settings(home=tmp_path, nts_url="http://127.0.0.1:9/none"))
    mine, other = Person("a" * 32), Person("b" * 32)
    about = server.case_of(mine, "")
    cases = [server.watch(about, mine) for _ in range(TABS_A_PERSON)]
    assert server.full(mine)
    assert not server.full(other)
    server.leave(about, mine)
    assert not server.full(mine)
    cases[0].close()


def test_pages_are_made_in_turn_and_the_loop_rests_in_between():
    order: list[str] = []

    async def trial() -> None:
        pages = turns.Turns()

        async def load(address: str, person: str) -> None:
            async with pages.turn(address, person):
                order.append(person)
                time.sleep(0.01)  # the loop is taken while a page is made

        greedy = [asyncio.create_task(load("1.1.1.1", "greedy")) for _ in range(1 + turns.MOST_WAITING["person"])]
        await asyncio.sleep(0)
        with pytest.raises(turns.TooManyWait):
            await load("1.1.1.1", "greedy")
        beside = [asyncio.create_task(load("1.1.1.1", "colleague")), asyncio.create_task(load("2.2.2.2", "honest"))]
        await asyncio.gather(*beside)
        assert order.index("honest") < 5
        assert order.index("colleague") < 7
        assert len(order) < 8  # the others still wait
        await asyncio.gather(*greedy)
        await load("1.1.1.1", "greedy")  # nobody is kept out for long
        assert not pages.counts

    asyncio.run(trial())


def test_who_has_a_case_comes_before_those_who_come_for_the_first_time():
    order: list[str] = []

    async def trial() -> None:
        pages = turns.Turns()

        async def load(person: str, known: bool) -> None:
            async with pages.turn("1.1.1.1", person, known):
                order.append(person)

        newcomers = [asyncio.create_task(load(f"new-{number}", False)) for number in range(20)]
        await asyncio.sleep(0)
        await load("kim", True)
        assert order == ["new-0", "kim"]  # behind the one that was being made, and no other
        await asyncio.gather(*newcomers)
        assert len(order) == 21

    asyncio.run(trial())


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_newcomers_who_come_when_they_were_asked_to_are_let_in_and_loops_are_not():
    clock = Clock()
    access = newcomers.Newcomers(clock)
    crowd = [f"loop-{number}" for number in range(200)]
    made = [name for name in crowd if access.wait("1.1.1.1", name) == 0]
    assert len(made) == newcomers.AT_ONCE
    assert access.wait("2.2.2.2", "elsewhere") == 0
    honest = access.wait("1.1.1.1", "honest")
    for _ in range(10):  # with a cookie kept, without a pause; with a new one each time
        clock.now += newcomers.AGAIN_SECONDS / 11
        assert access.wait("1.1.1.1", crowd[-1]) > 0
        assert access.wait("1.1.1.1", f"thrown-away-{clock.now}") > 0
    clock.now += honest - newcomers.AGAIN_SECONDS * 10 / 11
    assert access.wait("1.1.1.1", "honest") == 0
    for name in (*made, "honest"):
        access.heard(name)
    clock.now += newcomers.STRAIN_SECONDS + 1
    assert [access.wait("1.1.1.1", f"late-{number}") for number in range(newcomers.AT_ONCE)] == [0] * newcomers.AT_ONCE


def test_an_office_that_opens_its_pages_one_after_the_other_waits_for_nothing():
    access = newcomers.Newcomers(Clock())
    for number in range(500):
        assert access.wait("1.1.1.1", f"person-{number}") == 0
        access.heard(f"person-{number}")


def test_who_comes_as_a_new_person_each_time_and_is_cut_off_waits_like_the_others():
    clock = Clock()
    access = newcomers.Newcomers(clock)
    waits = []
    for number in range(3 * newcomers.AT_ONCE):
        name = f"deaf-{number}"
        waits.append(access.wait("1.1.1.1", name))
        if not waits[-1]:
            access.heard(name)
            access.harmed("1.1.1.1", name)
    assert waits.count(0) == newcomers.AT_ONCE


class Documents(RequestHandler):
    """In the place of Bokeh's own handler of pages."""

    made: ClassVar[list[str]] = []
    asked: ClassVar[list[str]] = []
    making: ClassVar[Callable[[], Awaitable[object]] | None] = None

    def prepare(self) -> None:
        self.asked.append(self.request.path)

    async def get(self) -> None:
        self.made.append(self.request.cookies[COOKIE].value)
        if self.making is not None:
            await self.making()
        self.finish("the page")


class Page(GuardedPage, Documents):
    """A page that costs nothing."""

    gone = 0

    def on_connection_close(self) -> None:
        super().on_connection_close()
        Page.gone += 1


@asynccontextmanager
async def pages(folder: Path, knows: bool) -> AsyncIterator[int]:
    """A server of such pages, to people who all have work here or all come for the first time; its port."""
    Page.access = access_of(Settings(home=folder))
    Page.access.has_work = lambda _: knows
    Documents.made.clear()
    Documents.asked.clear()
    Page.gone = 0
    application = Application([("/", Page)])
    application.resources = lambda: Resources(mode="server")
    application.auth_provider = SimpleNamespace(get_user=None, get_user_async=None, login_url=None)
    server, (socket,) = BoundedServer(application), bind_sockets(0, "127.0.0.1")
    server.add_socket(socket)
    yield socket.getsockname()[1]
    server.stop()
    await server.close_all_connections()


def cookie_of(access: auth.Access) -> str:
    """That of a browser that has been here."""
    return access.keeper.identify("", {}, "", "")[1]


async def ask(port: int, cookie: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A request for the page."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nCookie: {COOKIE}={cookie}\r\n\r\n"
    writer.write(head.encode())
    await writer.drain()
    return reader, writer


async def answered(port: int, cookie: str) -> str:
    """Head and body of what comes back."""
    reader, writer = await ask(port, cookie)
    said = await reader.read()
    writer.close()
    return said.decode()


def test_a_newcomer_too_many_is_shown_words_that_reload_by_themselves(tmp_path):
    async def trial() -> None:
        async with pages(tmp_path, knows=False) as port:
            crowd = [await answered(port, cookie_of(Page.access)) for _ in range(newcomers.AT_ONCE + 5)]
            assert len(Documents.made) == newcomers.AT_ONCE
            said = crowd[-1]
            seconds = int(newcomers.AGAIN_SECONDS)
            assert said.startswith("HTTP/1.1 429")
            assert f"Retry-After: {seconds}" in said
            assert f'http-equiv="refresh" content="{seconds}"' in said
            assert f"{seconds}초 뒤에 저절로" in said
            assert "frame-ancestors 'self'" in said
            assert list(tmp_path.glob("people/*")) == []

    asyncio.run(trial())


def test_who_loads_pages_in_a_circle_is_told_when_to_come(tmp_path):
    async def trial() -> None:
        async with pages(tmp_path, knows=True) as port:
            cookie = cookie_of(Page.access)
            key = Page.access.keeper.identify("", {}, cookie, "")[0].key
            for number in range(auth.UNHEARD_PAGES):
                assert "the page" in await answered(port, cookie)
                Page.access.admit(f"session-{number}", key)
            assert "http-equiv" in await answered(port, cookie)
            assert "the page" in await answered(port, cookie_of(Page.access))  # of somebody else

    asyncio.run(trial())


def test_a_page_whose_browser_has_gone_before_its_turn_is_not_made(tmp_path):
    async def trial() -> None:
        async with pages(tmp_path, knows=True) as port:
            cookie, mine = cookie_of(Page.access), cookie_of(Page.access)
            async with Page.access.turns.turn("elsewhere", "somebody"):
                for number in range(12):
                    _, writer = await ask(port, cookie)
                    while len(Documents.asked) <= number:
                        await asyncio.sleep(0.01)
                    writer.close()
                    while Page.gone <= number:
                        await asyncio.sleep(0.01)
            assert "the page" in await answered(port, mine)
            while Page.access.turns.counts:  # the others have had their turns
                await asyncio.sleep(0.01)
            assert Documents.made == [mine]

    asyncio.run(trial())


def test_a_browser_reads_the_scripts_while_its_page_is_made(tmp_path, monkeypatch):
    async def trial() -> None:
        seen = asyncio.Event()
        monkeypatch.setattr(Documents, "making", staticmethod(seen.wait))
        async with pages(tmp_path, knows=True) as port:
            reader, writer = await ask(port, cookie_of(Page.access))
            head = await asyncio.wait_for(reader.readuntil(b"panel.min.js"), PATIENCE)
            assert b"'nonce-" in head
            assert not re.search(rb"<script(?! nonce=)", head)
            seen.set()
            assert b"the page" in await reader.read()
            writer.close()

    asyncio.run(trial())


def test_a_page_that_fails_says_so_though_its_head_has_been_sent(tmp_path, monkeypatch):
    async def fail() -> None:
        raise RuntimeError("secret")

    async def trial() -> None:
        monkeypatch.setattr(Documents, "making", staticmethod(fail))
        async with pages(tmp_path, knows=True) as port:
            said = await asyncio.wait_for(answered(port, cookie_of(Page.access)), PATIENCE)
            assert texts.ANSWER_FAILED in said
            assert "secret" not in said

    asyncio.run(trial())


def test_who_loads_pages_and_listens_to_none_waits_ever_longer():
    access = auth.Access(keeper=None)
    for number in range(auth.UNHEARD_PAGES):
        assert access.wait_for_page("kim") == 0
        access.admit(f"first-{number}", "kim")
    assert access.wait_for_page("kim") > 0  # until a browser listens, or they are over
    assert access.wait_for_page("lee") == 0
    for number in range(auth.UNHEARD_PAGES):
        access.forget(f"first-{number}")
    waits = []
    for number in range(6):
        access.admit(f"next-{number}", "kim")
        access.forget(f"next-{number}")
        waits.append(access.wait_for_page("kim"))
    assert waits[0] == 0
    assert waits[-1] > 4
    access.admit("heard", "kim")
    access.listened("heard")
    assert access.wait_for_page("kim") == 0
    access.forget("heard")
    assert access.wait_for_page("kim") == 0
    access.listened("a token that somebody made up")
    assert not access.heard


@pytest.mark.parametrize(("told", "counted"), [("10.0.0.7", "10.0.0.7"), ("x" * 9000, "127.0.0.1"), ("", "127.0.0.1")])
def test_failures_are_counted_by_addresses_and_by_no_other_text(tmp_path, monkeypatch, told, counted):
    monkeypatch.setattr(auth, "peer", lambda request: "127.0.0.1")
    request = SimpleNamespace(headers={"X-Forwarded-For": f"1.2.3.4, {told}"})
    assert access_of(Settings(home=tmp_path)).address(request) == counted


def test_a_page_has_few_lines(open_house):
    """Each hears all that the page says: many would multiply it."""
    with requests.Session() as browser:
        page = visit(browser, open_house.url)
        cookie = "; ".join(f"{c.name}={c.value}" for c in browser.cookies)
    token = re.search(r'"token":"([^"]+)"', page.text)[1]
    head = [("Host", f"127.0.0.1:{open_house.port}"), ("Connection", "Upgrade"), *UPGRADE, ("Cookie", cookie)]
    head.append(("Sec-WebSocket-Protocol", f"bokeh, {token}"))
    request = "GET /ws HTTP/1.1\r\n" + "".join(f"{n}: {v}\r\n" for n, v in head) + "\r\n"

    async def trial() -> list[bytes]:
        lines = [
            await asyncio.open_connection("127.0.0.1", open_house.port) for _ in range(guarded_socket.LINES_A_PAGE + 1)
        ]
        said = []
        for reader, writer in lines:
            writer.write(request.encode())
            said.append(await reader.readline())
        for _, writer in lines:
            with closing(writer):
                pass
        return said

    said = asyncio.run(trial())
    assert [b" 101 " in status for status in said] == [True] * guarded_socket.LINES_A_PAGE + [False]
    assert b" 429 " in said[-1]
