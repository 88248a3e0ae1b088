"""Access: nothing is answered before it was asked for, and it is asked for every time."""

import asyncio
import re
import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests
from bokeh.document import Document
from bokeh.server.session import ServerSession
from tornado.ioloop import IOLoop
from tornado.web import create_signed_value
from tornado.websocket import WebSocketHandler

from tests.kit.processes import Workbench, environment, free_port, stop, wait_for
from tests.kit.scripted import picture
from tests.kit.tab import UPGRADE, Tab
from workbench.case import Case
from workbench.review import texts
from workbench.server.case_registry import CaseRegistry
from workbench.server.door import bound
from workbench.server.guarded import Guarded
from workbench.server.guarded_socket import GuardedSocket
from workbench.server.hosting import access_of
from workbench.server.identity import COOKIE, Person
from workbench.server.listening import listen
from workbench.settings import Settings

HEADERS = (
    "Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Permissions-Policy"
)  # fmt: skip
KNOWN = {
    ("/health$", "Health"), ("/phone/pass$", "PassPage"), ("/phone/?$", "DocHandler"), ("/phone/ws$", "WSHandler"),
    ("/phone/static/(.*)$", "StaticHandler"), ("/favicon.ico$", "IcoHandler"), ("/ws$", "WSHandler"),
    ("/?$", "DocHandler"), ("/static/(?!extensions/)(.*)$", "StaticHandler"),
    ("/static/extensions/(.*)$", "MultiRootStaticHandler"),
    ("/static/(.*)$", "StaticHandler"),
}  # fmt: skip
LOGIN = {("/login$", "LoginPage"), ("/logout$", "LogoutPage")}


def routes(settings: Settings) -> list[tuple[str, type]]:
    server = listen(lambda: None, access_of(settings), settings, bound(0, "127.0.0.1"), lambda: None)
    try:
        application = server._tornado  # Bokeh's server has no other name for it
        found = [(rule.matcher.regex.pattern, rule.target) for rule in application.wildcard_router.rules]
        assert issubclass(application.settings["default_handler_class"], Guarded)
        for _, handler in found:
            assert issubclass(handler, Guarded), f"{handler} answers before access was asked for"
            assert handler.prepare is not None
            assert handler.__mro__.index(Guarded) < len(handler.__mro__)
        return found
    finally:
        server.unlisten()


def test_every_registered_route_is_on_the_list_and_behind_the_door(tmp_path):
    people = tmp_path / "people.json"
    people.write_text('{"kim": "x"}')
    for settings, wanted in (
        (Settings(home=tmp_path), KNOWN),
        (Settings(home=tmp_path, basic_auth=str(people)), KNOWN | LOGIN),
    ):
        found = {(pattern.removeprefix("^"), handler.__name__) for pattern, handler in routes(settings)}
        assert {name for _, name in found} == {name for _, name in wanted}, found ^ wanted
        assert len(found) == len(wanted), found


@pytest.mark.parametrize("path", [
    "components/venv.__main__/x/y/z", "components/antigravity/a/b/c", "components/", "metadata", "autoload.js",
    "rest/session_info", "liveness", "admin", "login", "logout", "static/../../etc/passwd", "static/%2e%2e/%2e%2e/x",
    "nothing", "static/js/bokeh.min.js%00", "%00",
])  # fmt: skip
def test_what_nobody_asked_for_is_not_there_and_harms_nobody(open_house, path):
    assert open_house.get(path).status_code in (403, 404)
    assert open_house.get("health").json() == {"status": "ok"}
    assert open_house.process.poll() is None


@pytest.mark.parametrize("path", ["health", "nothing", "favicon.ico", "static/js/bokeh.min.js", "static/none.js", ""])
def test_every_answer_carries_the_headers(open_house, two_pages, path):
    answer = open_house.get(path) if path else two_pages[0]
    assert [name for name in HEADERS if name not in answer.headers] == []
    assert "frame-ancestors" in answer.headers["Content-Security-Policy"]
    assert "Tornado" not in answer.headers["Server"]


@pytest.fixture(scope="module")
def two_pages(served_all):
    """A browser's page, and the same after its case was given a hostile title."""
    house = served_all["open"]
    with requests.Session() as browser:
        first = house.get("", browser)
        registry, owner, about = owner_and_case(house.home)
        registry.rename(owner, about.id, '"><script>alert(1)</script>')
        return first, house.get("", browser)


def test_a_script_runs_only_with_the_nonce_of_its_answer(two_pages):
    one, two = two_pages
    nonces = [re.search(r"'nonce-([\w-]+)'", page.headers["Content-Security-Policy"])[1] for page in (one, two)]
    assert nonces[0] != nonces[1]
    scripts = re.findall(r"<script[^>]*>", one.text)
    assert len(scripts) > 5
    assert all(f'nonce="{nonces[0]}"' in script for script in scripts)
    policy = one.headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]


HOSTS = ["127.0.0.1", "localhost", "evil.example", "127.0.0.1.evil.example", "169.254.169.254"]
ORIGINS = ["", "same", "http://evil.example", "null", "http://localhost:1"]


@pytest.fixture(scope="module")
def known_browser(served_all):
    """A browser that was given the token, and the websocket token of a page of its own under each of our names."""
    case = served_all["case"]
    with requests.Session() as browser:
        browser.get(case.address, timeout=60)
        cookie = "; ".join(f"{c.name}={c.value}" for c in browser.cookies)
    pages = {host: case.get("", headers={"Host": f"{host}:{case.port}", "Cookie": cookie}).text for host in HOSTS[:2]}
    return cookie, {host: re.search(r'"token":"([^"]+)"', page)[1] for host, page in pages.items()}


@pytest.mark.parametrize("cookie", [True, False])
@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("host", HOSTS)
def test_fifty_ways_to_ask_for_the_one_case(one_case, known_browser, host, origin, cookie):
    """Only our own names, our own pages and a browser that was given the token."""
    full = f"{host}:{one_case.port}"
    headers = [("Host", full)]
    if origin:
        headers.append(("Origin", f"http://{full}" if origin == "same" else origin))
    if cookie:
        headers.append(("Cookie", known_browser[0]))
    own = host in known_browser[1]
    if not (own and cookie):
        assert one_case.raw("GET", "/", headers)[0] == 403
    offered = ("Sec-WebSocket-Protocol", f"bokeh, {known_browser[1].get(host, 'none')}")
    status, _ = one_case.raw("GET", "/ws", [*headers, *UPGRADE, offered])
    assert status == (101 if own and cookie and origin in ("", "same") else 403)


def test_the_token_opens_the_case_and_leaves_the_address(one_case):
    assert one_case.get().status_code == 403
    assert one_case.get("?token=wrong").status_code == 403
    with requests.Session() as browser:
        page = browser.get(one_case.address, timeout=60)
        assert page.status_code == 200
        assert "token" not in page.url
        first = page.history[0].headers["Set-Cookie"].lower()
    assert "httponly" in first
    assert "samesite=strict" in first
    assert one_case.address.partition("token=")[2] not in page.text


def test_headers_that_come_twice_are_no_request(open_house):
    own = f"127.0.0.1:{open_house.port}"
    assert open_house.raw("GET", "/", [("Host", own), ("Host", "evil.example")])[0] == 400
    assert open_house.raw("GET", "/", [("Host", own), ("Origin", f"http://{own}"), ("Origin", "http://x")])[0] == 400
    assert open_house.raw("GET", "/", [])[0] in (400, 403)


def test_whoever_keeps_no_cookie_makes_neither_person_nor_case(open_house):
    before = len(list(open_house.home.glob("people/*")))
    for _ in range(40):
        answer = open_house.get(allow_redirects=False)
        assert answer.status_code == 303
    assert open_house.get("?hello=1").status_code == 403
    assert len(list(open_house.home.glob("people/*"))) == before


def test_an_open_page_that_asks_whether_anybody_is_there_is_answered_without_a_page(open_house):
    cookie = cookie_of_last_year((open_house.home / ".secret").read_text())
    answer = requests.head(open_house.url, headers={"Cookie": f"{COOKIE}={cookie}"}, allow_redirects=False, timeout=60)
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_clock_that_is_a_year_on_knows_the_browser_again(open_house):
    cookie = cookie_of_last_year((open_house.home / ".secret").read_text())
    answer = open_house.get(headers={"Cookie": f"{COOKIE}={cookie}"}, allow_redirects=False)
    assert answer.status_code == 200  # else it would be given a cookie first


def cookie_of_last_year(secret: str) -> str:
    return create_signed_value(secret, COOKIE, "ab" * 32, clock=lambda: time.time() - 366 * 86400).decode()


def owner_and_case(home: Path) -> tuple:
    registry = CaseRegistry(home)
    about = max(registry.all(), key=lambda about: about.made_at)
    return registry, Person(about.owner), about


def said_in(folder: Path) -> tuple[int, list[str]]:
    """How many entries a case's journal has, and the files that came into it."""
    with closing(Case.open(folder)) as case:
        return len(case.entries()), [receipt.file for receipt in case.receipts()]


def test_a_title_is_text_whatever_it_says(two_pages):
    page = two_pages[1].text
    assert "alert(1)" in page
    assert "<script>alert(1)" not in page
    assert '"><script' not in page.replace('"></script', "")


def test_a_guest_whose_invitation_is_withdrawn_hears_and_does_nothing_more(open_house):
    async def trial() -> None:
        mine = await Tab(open_house.url).open()
        await mine.drop(("early.png", picture()))
        await mine.until(lambda: mine.counts["waiting"] == 1)
        registry, owner, about = owner_and_case(open_house.home)
        guest = await Tab(open_house.url).open()
        _, visitor, _ = owner_and_case(open_house.home)
        registry.accept(visitor, registry.invite(owner, about.id))
        seen = await Tab(f"{open_house.url}?case={about.id}", guest.browser).open()
        await seen.until(lambda: seen.ready)
        assert visitor.key in registry.find(owner, about.id).shared
        await seen.quiet()
        before = said_in(registry.folder(about))
        registry.withdraw(owner, about.id, visitor.key)
        heard = len(seen.heard)
        for bar, items in seen.bars():
            for item in items:
                seen.tell_model(bar, {"verb": item["key"], "what": ""})
        for verb in ("approve", "accept", "undo", "redo", "pick1", "take_back", "look_up", "clear", "history", "yes"):
            seen.tell("Keys", verb=verb)
        for name, data in (("more.png", picture(shade=1)), ("list.csv", b"no,amount"), ("rules.toml", b"")):
            said = {"number": 0, "name": name, "size": len(data), "last": True, "broken": False, "more": False}
            seen.tell_model(seen.part("Drop"), said, data)
        await mine.drop(("late.png", b"\x89PNG\r\n\x1a\nno picture"))
        await seen.ended()  # its line is closed from our side
        assert len(seen.heard) == heard
        assert said_in(registry.folder(about)) == before
        await seen.close()
        await guest.close()
        await mine.close()

    asyncio.run(trial())


class Opened(WebSocketHandler):
    """Bokeh's own handler, once it has found the page."""

    async def _async_open(self, token: str) -> None:
        self.connection = SimpleNamespace(session=self.page)


class GuestsLine(GuardedSocket, Opened):
    allowed, ended = True, False

    def end(self, why: str) -> None:
        self.ended = True
        super().end(why)

    def may_still(self) -> bool:
        return self.allowed


@pytest.mark.parametrize("allowed", [True, False])
def test_what_a_page_still_has_to_do_is_done_only_for_whom_may_still(allowed):
    done: list[str] = []

    async def trial() -> None:
        document = Document()
        document.add_next_tick_callback(lambda: done.append("a press that waited for its turn"))
        document.add_periodic_callback(lambda: done.append("a look for news"), 1)
        line = object.__new__(GuestsLine)
        line.initialize()
        line.ws_connection, line.allowed = None, allowed
        line.page = ServerSession("page", document, IOLoop.current())
        await line._async_open("token")
        for _ in range(200):
            await asyncio.sleep(0.001)
            if len(set(done)) == 2 or line.ended:
                break
        line.page.destroy()

    asyncio.run(trial())
    assert len(set(done)) == (2 if allowed else 0)


def test_a_page_that_fails_is_words_and_an_exit_in_it_ends_neither_the_loop_nor_the_process(tmp_path):
    port = free_port()
    given = [str(port), str(tmp_path)]
    process = Workbench(given, environment(), tmp_path, tmp_path / "out.txt", "tests.kit.guarded_page")
    try:
        wait_for(process, port)
        url = f"http://127.0.0.1:{port}/"
        with requests.Session() as browser:
            assert texts.ANSWER_FAILED in browser.get(f"{url}?do=exit", timeout=60).text
            failed = browser.get(f"{url}?do=fail", timeout=60).text
            assert texts.ANSWER_FAILED in failed
            assert "secret" not in failed
            assert browser.get(f"{url}?do=exit-later", timeout=60).status_code == 200
            assert browser.get(url, timeout=60).status_code == 200
        assert process.poll() is None
        assert "page-failed" in (tmp_path / "log.jsonl").read_text("utf8")
    finally:
        stop(process)
