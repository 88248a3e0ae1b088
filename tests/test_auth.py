import asyncio
import http.client
import json
import re
from pathlib import Path

import pytest
import requests
from bokeh.util.token import generate_jwt_token, get_session_id, get_token_payload
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from tests.kit.processes import Workbench, environment, free_port, stop, wait_for
from workbench.server.identity import COOKIE, named
from workbench.server.session_token import KEY_HEADER


class Served:
    def __init__(self, home: Path, *header: str) -> None:
        self.home, self.port = home, free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        given = [str(self.port), str(home), *header]
        self.process = Workbench(given, environment(), home, home / "out.txt", "tests.kit.guarded_page")
        wait_for(self.process, self.port)

    def get(self, browser: requests.Session | None = None, query: str = "", **headers: str) -> requests.Response:
        headers["Connection"] = "close"  # else the socket of a forgotten session is warned of
        return (browser or requests.Session()).get(self.url + query, headers=headers, timeout=60)

    def answer(self, token: str, browser: requests.Session | None = None, origin: str = "") -> str:
        """What the server says first on a websocket opened with that token, or the status it refuses it with."""
        headers = {"Origin": origin or self.url.rstrip("/"), "Sec-WebSocket-Protocol": f"bokeh, {token}"}
        if browser is not None:
            headers["Cookie"] = "; ".join(f"{c.name}={c.value}" for c in browser.cookies)

        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        hello = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
        line.request("GET", "/ws", headers=headers | hello | {"Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg=="})
        with line.getresponse() as answer:
            status = answer.status
        line.close()
        return asyncio.run(self._first_message(headers)) if status == 101 else str(status)

    async def _first_message(self, headers: dict[str, str]) -> str:
        line = await websocket_connect(HTTPRequest(self.url.replace("http", "ws") + "ws", headers=headers))
        first = await asyncio.wait_for(line.read_message(), 120)
        line.close()
        while first is not None and await asyncio.wait_for(line.read_message(), 120) is not None:
            pass  # until the other side has closed, too
        return json.loads(first)["msgtype"] if first else "closed"


def token_in(page: requests.Response) -> str:
    found = re.search(r'"token":"([^"]+)"', page.text)
    assert found, page.text[:500]
    return found[1]


def whose(page: requests.Response) -> str:
    return get_token_payload(token_in(page))["headers"][KEY_HEADER]


@pytest.fixture(scope="module")
def open_house(tmp_path_factory):
    served = Served(tmp_path_factory.mktemp("home"))
    yield served
    stop(served.process)


@pytest.fixture(scope="module")
def proxied(tmp_path_factory):
    served = Served(tmp_path_factory.mktemp("home"), "X-Forwarded-User")
    yield served
    stop(served.process)


def test_two_browsers_at_one_address_are_two_people_and_each_is_known_again(open_house):
    one, two = requests.Session(), requests.Session()
    first, second = open_house.get(one), open_house.get(two)
    assert whose(first) != whose(second)
    assert whose(open_house.get(one)) == whose(first)


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(open_house):
    answer = open_house.get()
    said = answer.headers["Set-Cookie"].lower()
    assert said.startswith(COOKIE)
    assert "httponly" in said
    assert "samesite=lax" in said
    assert answer.cookies[COOKIE] not in answer.text
    assert answer.cookies[COOKIE].split("|")[4] not in json.dumps(get_token_payload(token_in(answer)))


def test_nobody_takes_another_identity_by_header(open_house):
    theirs = whose(open_house.get())
    assert whose(open_house.get(**{KEY_HEADER: theirs})) != theirs
    assert whose(open_house.get(**{"X-Forwarded-User": "kim"})) != named("kim").key


def test_a_session_is_not_had_by_knowing_its_id(open_house):
    victim = requests.Session()
    token = token_in(open_house.get(victim))
    for query in (f"?bokeh-session-id={get_session_id(token)}", f"?bokeh-token={token}"):
        assert open_house.get(query=query).status_code == 403
    assert open_house.get(**{"Bokeh-Session-Id": get_session_id(token)}).status_code == 403
    assert (
        open_house.get(
            query=f"autoload.js?bokeh-autoload-element=x&bokeh-session-id={get_session_id(token)}"
        ).status_code
        == 403
    )


def test_a_websocket_opens_for_whom_its_token_was_given_to_and_nobody_else(open_house):
    mine, thief = requests.Session(), requests.Session()
    token = token_in(open_house.get(mine))
    open_house.get(thief)
    assert open_house.answer(token, thief) == "403"
    assert open_house.answer(token) == "403"
    assert open_house.answer(token, mine) == "ACK"
    assert open_house.answer(token, mine, origin="http://evil.example") == "403"


def test_a_forged_token_opens_nothing(open_house):
    mine = requests.Session()
    page = open_house.get(mine)
    forged = generate_jwt_token("a" * 44, signed=False, extra_payload={"headers": {KEY_HEADER: whose(page)}})
    assert open_house.answer(forged, mine) in ("closed", "403")
    assert open_house.answer("nonsense", mine) == "403"


def test_behind_a_proxy_its_word_counts_and_without_it_nobody_enters(proxied):
    assert whose(proxied.get(**{"X-Forwarded-User": "kim"})) == named("kim").key
    stranger = proxied.get()
    assert stranger.status_code == 403
    assert COOKIE not in stranger.cookies


def test_the_log_names_what_was_refused_and_no_secret(open_house):
    open_house.get(query="?bokeh-session-id=abc")
    log = (open_house.home / "log.jsonl").read_text()
    assert '"session-named"' in log
    assert (open_house.home / ".secret").read_text() not in log
    assert all(json.loads(line) for line in log.splitlines())


def test_pages_may_not_be_framed_elsewhere(open_house):
    assert "frame-ancestors 'self'" in open_house.get().headers["Content-Security-Policy"]
