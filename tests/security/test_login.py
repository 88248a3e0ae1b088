"""Names and passwords: how often one may guess, and when a login is over."""

import asyncio
import io
import json
import re
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.kit.tab import Tab
from workbench.__main__ import main
from workbench.server import login_pages, passwords
from workbench.server.login import Logins

WORD = re.compile(r'name="word" value="([^"]+)"')


def log_in(served, browser: requests.Session, name: str, password: str, onward: str = "/") -> requests.Response:
    page = served.get(f"login?next={onward}", browser)
    data = {"name": name, "password": password, "word": WORD.search(page.text)[1], "next": onward}
    return browser.post(
        f"{served.url}login", data=data, headers={"Connection": "close"}, timeout=60, allow_redirects=False
    )


def test_without_a_login_there_is_the_form_and_nothing_else(with_login):
    page = with_login.get("?case=abc")
    assert page.url.startswith(f"{with_login.url}login?next=")
    assert "http" not in re.sub(r"http://127.0.0.1:\d+", "", page.text.replace("http-equiv", ""))
    assert '"token"' not in page.text


def test_the_right_password_opens_and_a_wrong_one_says_so(with_login):
    with requests.Session() as browser:
        assert log_in(with_login, browser, "kim", "wrong").status_code == 401
        answer = log_in(with_login, browser, "kim", "open sesame", "/?case=x")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/?case=x")
        said = answer.headers["Set-Cookie"].lower()
        assert "httponly" in said
        assert "samesite" in said
        assert with_login.get("", browser).status_code == 200


def test_behind_tls_cookies_go_over_tls_only(with_login):
    answer = with_login.get("login", headers={"X-Forwarded-Proto": "https"})
    assert "secure" in answer.headers["Set-Cookie"].lower()


@pytest.mark.parametrize("onward", ["///evil.example", "//evil.example", "https://evil.example", "/\\evil", "x"])
def test_nobody_is_sent_elsewhere_after_a_login(with_login, onward):
    with requests.Session() as browser:
        assert log_in(with_login, browser, "kim", "open sesame", onward).headers["Location"] == "/"


def test_a_form_of_another_site_logs_nobody_in(with_login):
    with requests.Session() as browser:
        data = {"name": "kim", "password": "open sesame", "word": "guessed"}
        assert browser.post(f"{with_login.url}login", data=data, timeout=60).status_code == 403


def test_a_login_ends_at_logout_in_open_pages_too(with_login):
    async def trial() -> None:
        browser = requests.Session()
        log_in(with_login, browser, "lee", "let me in")
        tab = await Tab(with_login.url, browser).open()
        kept = dict(browser.cookies)
        page = with_login.get("logout", browser)
        data = {"word": WORD.search(page.text)[1]}
        assert browser.post(f"{with_login.url}logout", data=data, timeout=60).status_code == 200
        await tab.ended()
        again = requests.get(with_login.url, cookies=kept, headers={"Connection": "close"}, timeout=60)
        assert "/login" in again.url  # the cookie that was kept is good for nothing
        await tab.close()

    asyncio.run(trial())


@pytest.mark.parametrize("change", [{"park": "another one"}, {"park": None}])
def test_a_login_ends_when_its_name_or_password_goes(with_login, served_all, change):
    people = served_all["people"]
    before = people.read_text()

    async def trial() -> None:
        browser = requests.Session()
        assert log_in(with_login, browser, "park", "a third one").status_code == 303
        tab = await Tab(with_login.url, browser).open()
        people.write_text(json.dumps({n: p for n, p in (json.loads(before) | change).items() if p}))
        await tab.ended()
        assert "/login" in with_login.get("", browser).url
        await tab.close()

    try:
        asyncio.run(trial())
    finally:
        people.write_text(before)


def test_guessing_is_slow_and_logged_and_nobody_else_waits(with_login):
    with requests.Session() as browser:
        answers = [log_in(with_login, browser, "nobody", f"guess {n}").status_code for n in range(30)]
    assert answers.count(401) < 12
    assert 429 in answers
    assert with_login.events("login-failed") >= 5
    assert "guess 1" not in with_login.log.read_text()


def test_a_hash_in_the_file_opens_for_its_password_only(with_login, served_all, monkeypatch):
    people = served_all["people"]
    before = people.read_text()
    try:
        monkeypatch.setattr(sys, "stdin", io.StringIO("열려라 참깨\n"))
        assert main(["password", str(people), "choi"]) == 0
        kept = json.loads(people.read_text())
        assert kept.keys() == {"kim", "lee", "park", "choi"}
        assert "참깨" not in people.read_text()
        assert people.stat().st_mode & 0o037 == 0  # the group that it had may go on reading
        for given, status in ((kept["choi"], 401), ("열려라", 401), ("열려라 참깨", 303)):
            with requests.Session() as browser:
                assert log_in(with_login, browser, "choi", given).status_code == status
        assert with_login.get("health").ok
    finally:
        people.write_text(before)


def test_passwords_in_clear_are_told_of_at_the_start(with_login):
    assert "그대로 적힌 비밀번호가 3개" in with_login.log.read_text("utf-8")


@pytest.mark.parametrize(
    "kept",
    [
        "$scrypt$",
        "$scrypt$ln=40,r=8,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA",
        "$scrypt$ln=0,r=0,p=0$aaaaaaaa$" + "a" * 22,
    ],
)
def test_a_hash_that_is_none_or_asks_for_too_much_fits_nothing(kept):
    assert not passwords.is_clear(kept)
    assert not passwords.matches(kept, kept)
    assert not passwords.matches(kept, "")


@pytest.mark.parametrize("made", [str, passwords.hashed], ids=["clear", "hash"])
def test_a_password_is_the_same_however_its_syllables_are_put_together(made):
    """As RFC 8265 has it: some keyboards send Hangul as letters, some as syllables."""
    whole, parts = (unicodedata.normalize(form, "열려라 참깨") for form in ("NFC", "NFD"))
    assert whole != parts
    assert passwords.matches(made(whole), parts)
    assert passwords.matches(made(parts), whole)
    assert not passwords.matches(made(whole), f"{parts} ")


@pytest.mark.parametrize(
    "kept", ["clear\ud800", "$scrypt$ln=14,r=8,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA"], ids=["clear", "hash"]
)
def test_half_a_character_fits_nothing(kept):
    assert not passwords.matches(kept, "clear\ud800")


def test_a_guess_counts_before_it_is_known_to_be_wrong(with_login):
    """Many at once for one name: no more of them are looked at than one after the other."""
    with requests.Session() as browser:
        word = WORD.search(with_login.get("login", browser).text)[1]
        cookies = dict(browser.cookies)

    def guess(number: int) -> int:
        data = {"name": "kang", "password": f"guess {number}", "word": word, "next": "/"}
        headers = {"Connection": "close"}
        return requests.post(
            f"{with_login.url}login", data=data, cookies=cookies, headers=headers, timeout=60
        ).status_code

    with ThreadPoolExecutor(16) as crowd:
        answers = list(crowd.map(guess, range(32)))
    assert set(answers) <= {401, 429}
    assert 0 < answers.count(401) <= 8


def test_logins_that_ended_stay_ended_though_their_list_could_not_be_written_anew(tmp_path, monkeypatch):
    people, ended = tmp_path / "people.json", tmp_path / "ended"
    passwords.set_password(people, "kim", "open sesame")
    ended.write_text(known := "0123456789abcdef 99999999999\n")

    def half(path: Path, text: str, *_: object) -> int:
        path.write_bytes(text[:5].encode())
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", half)
    with pytest.raises(OSError, match="No space"):
        Logins(people, "secret", ended)
    assert ended.read_text() == known


@pytest.mark.parametrize("onward", ["//[", "/[", "//[::1", "http://[", "/\\[", "//host", ""])
def test_what_is_no_address_leads_home(onward):
    assert login_pages.inside(onward) in ("/", "/[")
