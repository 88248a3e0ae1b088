"""What many, slow or greedy clients take from the others: nothing."""

import asyncio
import json
import re
import socket
import sqlite3
import struct
import threading
import time
import zlib
from collections.abc import Callable
from contextlib import ExitStack, closing
from typing import Any

import psutil
import pytest
import requests
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from tests.kit import bombs
from tests.kit.scripted import SETTINGS, picture
from tests.kit.tab import UPGRADE, Tab
from tests.kit.visit import visit
from tests.reliability import half_dead
from workbench.case import Case
from workbench.pipeline.storage import patience
from workbench.pipeline.storage.database import Database
from workbench.review.reconciliation import Reconciling
from workbench.review.sample_review import SampleReview
from workbench.review.session import Session
from workbench.server import connections, guarded_socket
from workbench.server.case_registry import CaseRegistry


def half_open(port: int, count: int, stack: ExitStack) -> list[socket.socket]:
    """Clients that begin a request and never go on."""
    made = []
    for _ in range(count):
        line = stack.enter_context(closing(socket.create_connection(("127.0.0.1", port), 10)))
        line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0")
        made.append(line)
    return made


def test_half_requests_keep_nobody_out_and_the_log_short(open_house):
    lines = len(open_house.log.read_text().splitlines())
    with ExitStack() as stack:
        made = half_open(open_house.port, connections.MOST_WAITING + 150, stack)
        for _ in range(5):
            assert open_house.get("health").json() == {"status": "ok"}
        made[0].settimeout(10)
        assert made[0].recv(10) == b""  # the oldest was sent away
    assert len(open_house.log.read_text().splitlines()) < lines + 20


def test_a_message_that_announces_a_million_buffers_is_cut_off(open_house):
    async def trial() -> None:
        with requests.Session() as browser:
            page = visit(browser, open_house.url)
            cookie = "; ".join(f"{c.name}={c.value}" for c in browser.cookies)
        token = re.search(r'"token":"([^"]+)"', page.text)[1]
        headers = {"Cookie": cookie, "Origin": open_house.url.rstrip("/")}
        request = HTTPRequest(open_house.url.replace("http", "ws") + "ws", headers=headers)
        line = await websocket_connect(request, subprotocols=["bokeh", token])
        await line.read_message()
        header = {"msgid": "1", "msgtype": "PATCH-DOC", "num_buffers": 1_000_000}
        for part in (header, {}, {"events": []}):
            await line.write_message(json.dumps(part))
        sent = 0
        try:
            for sent in range(guarded_socket.MOST_FRAGMENTS * 20):
                await line.write_message(json.dumps({"id": str(sent)}))
                await line.write_message(bytes(10_000), binary=True)
                await asyncio.sleep(0)
        except Exception:  # noqa: BLE001  # however the closed line is told
            pass
        line.close()
        assert sent < guarded_socket.MOST_FRAGMENTS * 20 - 1

    before = psutil.Process(open_house.process.pid).memory_info().rss
    asyncio.run(trial())
    assert psutil.Process(open_house.process.pid).memory_info().rss < before + 100_000_000
    assert open_house.get("health").ok


def test_one_of_each_kind_of_half_dead_clients_keeps_nobody_from_working(open_house):
    """Forty of them beside five people, with figures: `python -m tests.reliability.half_dead`."""
    found = asyncio.run(half_dead.trial(open_house, len(half_dead.DEAD), 1, 3.0))
    assert found["answers"] >= half_dead.LEAST
    assert found["memory"] < 600


def test_bombs_dropped_on_a_page_grow_in_no_server(open_house):
    """All of the corpus, with figures: `python -m tests.security.bombs_at_a_server`."""
    corpus = [
        ("forms.pdf", bombs.nested_forms(9)),
        ("stream.pdf", bombs.object_streams(200 << 20)),
        ("text.png", bombs.png(10, 10, 8, 0, bombs.chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(200 << 20))))),
        ("claim.tif", bombs.tiff_claim(30_000, 4_000)),
    ]

    async def trial() -> int:
        tab = await Tab(open_house.url).open()
        await tab.drop(("first.png", picture()))
        before = open_house.memory
        await tab.drop(*corpus)
        grown = open_house.memory - before
        await tab.close()
        return grown

    assert asyncio.run(trial()) < 50_000_000
    assert open_house.get("health").ok


@pytest.mark.parametrize("begin", [b"\x81\xfe", b"\x81\xff"])
def test_a_websocket_that_stops_in_the_middle_of_a_frame_harms_nobody(open_house, begin):
    with requests.Session() as browser:
        page = visit(browser, open_house.url)
        cookie = "; ".join(f"{c.name}={c.value}" for c in browser.cookies)
    token = re.search(r'"token":"([^"]+)"', page.text)[1]
    head = [("Host", f"127.0.0.1:{open_house.port}"), ("Connection", "Upgrade"), *UPGRADE, ("Cookie", cookie)]
    head.append(("Sec-WebSocket-Protocol", f"bokeh, {token}"))
    with closing(socket.create_connection(("127.0.0.1", open_house.port), 60)) as line:
        line.sendall(("GET /ws HTTP/1.1\r\n" + "".join(f"{n}: {v}\r\n" for n, v in head) + "\r\n").encode())
        assert b" 101 " in line.recv(64)
        line.sendall(begin + struct.pack(">H", 60_000) + b"abc")
        assert open_house.get("health").ok


def test_one_cases_locked_database_makes_nobody_wait(open_house):
    async def trial() -> None:
        tab = await Tab(open_house.url).open()
        about = max(CaseRegistry(open_house.home).all(), key=lambda about: about.made_at)
        database = CaseRegistry(open_house.home).folder(about) / "case.sqlite"
        with closing(sqlite3.connect(database, isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            await tab.drop(("note.png", b"no picture at all"))  # refused before it is written
            again = await Tab(f"{open_house.url}?case={about.id}", tab.browser).open()
            # Long before the 30 s that a thread of its own would wait for the other program.
            with requests.Session() as browser:
                assert (await asyncio.to_thread(visit, browser, open_house.url, timeout=28)).ok
            other.execute("ROLLBACK")
        again.browser = requests.Session()
        await again.close()
        await tab.close()

    asyncio.run(trial())


CARD_LIST = "이용일자,가맹점명,승인번호,이용금액\n2026-03-05,견본상회,12345678,11000\n"
VENDORS = "사업자등록번호,거래처명\n111-11-11119,견본상회\n"
RULES = 'name = "우리 규칙"\n'


@pytest.mark.parametrize(
    ("name", "text"),
    [("card.csv", CARD_LIST), ("vendors.csv", VENDORS), ("own.toml", RULES)],
    ids=["card", "vendors", "rules"],
)
def test_no_list_is_understood_in_the_thread_that_serves_everybody(tmp_path, monkeypatch, name, text):
    """Nor taken in; choosing a column of one that waits for a yes understands it again, elsewhere too."""
    case = Case.open(tmp_path / "case", SETTINGS)
    session = Session(case)
    lists = Reconciling(session, SampleReview(session)).intake
    where: list[int] = []
    verbs = [(case.books, verb) for verb in ("look_at", "add_vendors", "take_answers")]
    for owner, verb in [*verbs, (case, "policy")]:
        monkeypatch.setattr(owner, verb, told(where, getattr(owner, verb)))

    def until(done: Callable[[], object]) -> None:
        end = time.monotonic() + 300
        while not done():
            session.tick()
            time.sleep(0.01)
            assert time.monotonic() < end, session.notice

    lists.offer(name, text.encode())
    if name == "card.csv":
        until(lambda: lists.pending)
        lists.choose_column("merchant", "가맹점명")
        lists.choose_column("number", "")
        assert len(lists.pending.columns) == 2  # at once
        chosen = lists.pending
        until(lambda: lists.pending is not chosen)
        assert lists.pending.columns == chosen.columns
    else:
        until(lambda: session.notice)
        assert session.notice.kind == "success", session.notice.text
    case.close()
    assert where
    assert threading.get_ident() not in where


def told(where: list[int], verb: Callable[..., Any]) -> Callable[..., Any]:
    """That verb, which notes in which thread it is given a list."""

    def noting(*given: Any, **named: Any) -> Any:
        if given:  # without a list it only tells which rules there are
            where.append(threading.get_ident())
        return verb(*given, **named)

    return noting


def test_a_thread_that_serves_everybody_reads_past_a_writer_and_does_not_wait_to_write(tmp_path):
    database = Database(tmp_path / "case")
    with closing(sqlite3.connect(tmp_path / "case" / "case.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        patience.hurry()
        try:
            assert database.rows("SELECT count(*) FROM files") == [(0,)]
            with pytest.raises(Exception, match="다른 프로그램이"), database.writing():
                pass
        finally:
            patience._HURRIED.clear()
        other.execute("ROLLBACK")
    with database.writing() as db:
        db.execute("UPDATE meta SET value = value")
    database.close()
