"""A phone comes in by a word that works once, into one case, for a while; and nowhere else."""

import asyncio
import re
import threading

import panel as pn
import pytest
import requests

from tests.kit.filed import filed
from workbench.review.session import Session
from workbench.server import phone
from workbench.server.door import bound
from workbench.server.hosting import TABS_A_PERSON, WorkbenchServer, access_of
from workbench.server.identity import Person
from workbench.server.listening import listen
from workbench.server.passes import MOST_A_CASE, PASS_SECONDS, WORD_SECONDS, Passes, outside
from workbench.server.phone import Phones, phone_page
from workbench.settings import Settings
from workbench.widgets.capture import Capture


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def passes():
    return Passes(Clock())


def test_a_word_works_once_and_only_for_a_while(passes):
    word = passes.make("kim", "/case")
    proof = passes.redeem(word)
    assert passes.of(proof).folder == "/case"
    assert passes.redeem(word) == ""
    assert passes.redeem(proof) == passes.redeem("") == ""
    late = passes.make("kim", "/case")
    passes.clock.now += WORD_SECONDS
    assert passes.redeem(late) == ""


def test_a_pass_ends_by_itself_when_it_is_ended_and_with_the_rights_of_who_gave_it(passes):
    may = {"see": True}
    one, other, third = (passes.redeem(passes.make("kim", folder, lambda: may["see"])) for folder in ("/a", "/b", "/b"))
    assert passes.of(one).person.key != passes.of(other).person.key
    passes.end("/a")
    assert passes.of(one) is None
    assert passes.of(other) is not None
    may["see"] = False
    assert passes.of(other) is None
    assert passes.redeem(passes.make("kim", "/b", lambda: may["see"])) == ""
    may["see"] = True
    passes.clock.now += PASS_SECONDS
    assert passes.of(other) is passes.of(third) is None
    assert passes.of("") is None


@pytest.mark.parametrize(
    ("base", "listening", "wanted"),
    [
        ("http://127.0.0.1:5006", "127.0.0.1", ""),
        ("http://localhost:5006", "127.0.0.1", ""),
        ("https://audit.example.kr", "127.0.0.1", "https://audit.example.kr"),  # behind a proxy
        ("http://10.0.0.7:5006", "0.0.0.0", "http://10.0.0.7:5006"),
        ("javascript:alert(1)", "0.0.0.0", ""),
        ("", "0.0.0.0", ""),
    ],
)
def test_an_address_is_given_out_only_where_another_machine_reaches_it(base, listening, wanted):
    assert outside(base, listening, 5006) == wanted


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A server with a token and a page for phones, on a thread of this process: where it is, who invites, the cases
    that were opened, and something to put into a list when it is to have room for no further page.
    """
    monkeypatch.setattr(phone, "capture_page", lambda case, name: pn.pane.HTML(f"of {name}"))
    opened, full = [], []
    settings = Settings(home=tmp_path)
    access = access_of(settings, token="t" * 32)
    ready, loop = threading.Event(), asyncio.new_event_loop()

    def run() -> None:
        asyncio.set_event_loop(loop)

        def shown():
            return phone_page(access, lambda folder, person: (opened.append(folder), lambda: None), full=lambda _: full)

        server = listen(lambda: pn.pane.HTML("no phone's"), access, settings, bound(0, "127.0.0.1"), shown)
        server.start()
        loop.call_soon(ready.set)
        loop.run_forever()
        server.stop()
        server.unlisten()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(300)
    yield (
        f"http://127.0.0.1:{access.port}",
        Phones(access.passes, "/case", "127.0.0.1", lambda: access.port),
        opened,
        full,
    )
    loop.call_soon_threadsafe(loop.stop)
    thread.join(300)


def taken(browser, address):
    """The answer after the press on the invitation's page."""
    form = browser.get(address, timeout=60)
    hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form.text))
    return browser.post(address.split("?")[0], hidden, timeout=60)


def test_a_phone_opens_no_more_pages_than_the_server_is_meant_for(house):
    place, phones, opened, full = house
    address = phones.address("https://audit.example.kr", "kim").replace("https://audit.example.kr", place)
    with requests.Session() as browser:
        assert taken(browser, address).status_code == 200
        assert opened == ["/case"]
        full.append(True)
        assert browser.get(f"{place}/phone", timeout=60).status_code == 200
        assert opened == ["/case"]


@pytest.mark.parametrize("own", [True, False], ids=["a case kept by the server", "the one case served"])
def test_a_phones_pages_are_counted(tmp_path, own):
    server = WorkbenchServer.open(Settings(home=tmp_path, nts_url="http://127.0.0.1:9/none"))
    person = Person("a" * 32)
    folder = server.registry.folder(server.case_of(Person("b" * 32), "")) if own else tmp_path / "one"
    opened = [server.open_for_phone(str(folder), person) for _ in range(TABS_A_PERSON)]
    assert server.full(person)
    opened[0][1]()
    assert not server.full(person)
    opened[0][0].close()


def test_a_phone_is_told_nothing_of_what_it_did_not_bring(tmp_path):
    """Its own paper's trouble, yes; the names of others like it, the lists and the rules of the case, no."""
    slip = {
        "merchant": "가람식당", "business_number": "111-11-11119", "issued_at": "2026-03-05 12:33", "total": "11000",
        "approval_number": "12345678", "kind": "card_slip",
    }  # fmt: skip
    case = filed(tmp_path / "case", slip, slip, {**slip, "total": "0", "issued_at": "2026-03-06 12:33"})
    case.add_statement(
        ("카드.csv", "이용일시,가맹점명,이용금액,승인번호\n2026-03-05,가람식당,9000,12345678\n".encode())
    )
    session = Session(case, "kim")
    session.tick()
    first, _, third = case.receipts()
    assert any("2.jpg" in f.message for f in first.open_findings)
    assert any("9,000" in f.message for f in first.open_findings)
    assert not Capture(session, own=True).view["rows"]
    session.added = (first.id.split("-")[0], third.id.split("-")[0])
    bad, plain = Capture(session, own=True).view["rows"]
    assert "0원" in bad[-1]
    assert plain[-1] == ""
    assert "9,000" in Capture(session).view["rows"][-1][-1]  # who sees the case is told
    case.close()


def test_who_invites_without_end_ends_nobodys_pass_but_to_the_same_case(passes):
    let_in = passes.redeem(passes.make("kim", "/a"))
    waiting = passes.make("kim", "/a")
    own = [passes.redeem(passes.make("lee", "/b")) for _ in range(300)]
    for _ in range(300):
        passes.make("lee", "/b")
    assert passes.of(let_in) is not None
    assert passes.redeem(waiting)
    assert sum(passes.of(proof) is not None for proof in own) == MOST_A_CASE


def test_a_phone_enters_its_page_once_and_no_other_page(house):
    place, phones, *_ = house
    address = phones.address("https://audit.example.kr", "kim").replace("https://audit.example.kr", place)
    with requests.Session() as phone, requests.Session() as other:
        for _ in range(2):  # looking uses nothing up
            assert requests.get(address, timeout=60).status_code == 200
        word = address.split("word=")[1]
        assert other.post(f"{place}/phone/pass", {"pass": word}, timeout=60).status_code == 403  # no form of ours
        assert other.get(f"{place}/phone", timeout=60).status_code == 403
        assert taken(phone, address).status_code == 200
        cookie = next(c for c in phone.cookies if c.name.startswith("workbench_phone_"))
        assert cookie.path == "/phone"
        assert cookie.has_nonstandard_attr("HttpOnly")
        assert cookie.get_nonstandard_attr("SameSite") == "Strict"
        assert taken(other, address).status_code == 403
        assert phone.get(f"{place}/phone", timeout=60).status_code == 200
        everywhere = {"Cookie": f"{cookie.name}={cookie.value}"}
        assert requests.get(f"{place}/", headers=everywhere, timeout=60).status_code == 403
        token = re.search(r'"token":"([^"]+)"', phone.get(f"{place}/phone", timeout=60).text)[1]
        upgrade = {
            "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==", "Sec-WebSocket-Protocol": f"bokeh, {token}",
        }  # fmt: skip
        assert requests.get(f"{place}/ws", headers={**everywhere, **upgrade}, timeout=60).status_code == 403
        assert requests.get(f"{place}/phone/ws", headers=upgrade, timeout=60).status_code == 403
        with phone.get(f"{place}/phone/ws", headers=upgrade, timeout=60, stream=True) as line:
            assert line.status_code == 101
        phones.end()
        assert phone.get(f"{place}/phone/ws", headers=upgrade, timeout=60).status_code == 403
        assert phone.get(f"{place}/phone", timeout=60).status_code == 403
