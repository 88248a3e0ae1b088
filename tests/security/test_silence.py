"""Whose line is ended because nobody is there, and whose is not."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import panel as pn
import pytest
from tornado.ioloop import PeriodicCallback

from tests.kit.tab import Tab
from tests.reliability.half_dead import Line
from workbench.server import guarded_socket, listening
from workbench.server.door import bound
from workbench.server.hosting import access_of
from workbench.settings import Settings

WORKS = 1.2
"""s of a page's work, twice as long as anybody may be silent in these tests."""


@pytest.fixture
def impatient(monkeypatch):
    """Asks for a sign of life every tenth of a second and waits for half a second; why lines were ended."""
    ended: list[str] = []
    monkeypatch.setattr(listening, "PING_MS", 100)
    monkeypatch.setattr(guarded_socket, "SILENT_LOOKS", 50)
    monkeypatch.setattr(guarded_socket, "GRACE", 0.1)
    monkeypatch.setattr(guarded_socket, "event", lambda name, **about: ended.append(about["reason"]))
    return ended


@asynccontextmanager
async def served(home: Path, work) -> AsyncIterator[str]:
    """The address of a server whose page does that work as soon as it is made."""

    def page() -> pn.pane.Str:
        pn.state.curdoc.add_next_tick_callback(work)
        return pn.pane.Str("the page")

    settings = Settings(home=home)
    access = access_of(settings)
    server = listening.listen(page, access, settings, bound(0, "127.0.0.1"))
    server.start()
    looking = PeriodicCallback(guarded_socket.look_around, 10)
    looking.start()
    yield f"http://127.0.0.1:{access.port}/"
    looking.stop()
    server.stop()
    server.unlisten()


async def waits() -> None:
    await asyncio.sleep(WORKS)  # the page's own lock is held: what its browser says waits


async def takes_the_loop() -> None:
    time.sleep(WORKS)


async def does_nothing() -> None:
    """The page is only looked at."""


@pytest.mark.parametrize("work", [waits, takes_the_loop, does_nothing])
def test_a_page_that_answers_is_kept_however_long_nobody_has_time_for_it(tmp_path, impatient, work):
    async def trial() -> None:
        async with served(tmp_path, work) as address:
            tab = await Tab(address).open()
            await asyncio.sleep(WORKS)
            await tab.close()

    asyncio.run(trial())
    assert impatient == []


def test_a_line_that_answers_nothing_is_ended(tmp_path, impatient):
    async def trial() -> None:
        async with served(tmp_path, does_nothing) as address:
            line = await Line(address).dial()
            await line.become_websocket()
            await line.reader.read()  # to the end of what is said to it
            line.writer.close()

    asyncio.run(trial())
    assert impatient == ["says-nothing"]
