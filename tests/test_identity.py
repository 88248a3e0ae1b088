import threading

import pytest
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine
from tornado.web import create_signed_value

from workbench.domain.errors import CaseError, SettingsError
from workbench.server.hosting import access_of
from workbench.server.identity import COOKIE, Authenticator, named, secret_of
from workbench.server.login import LOGIN_COOKIE
from workbench.settings import Settings

SECRET = "f" * 64
PLAIN = Authenticator(SECRET)
PROXIED = Authenticator(SECRET, "X-Forwarded-User")


def test_a_browser_is_known_again_by_its_cookie_and_never_by_its_address():
    one, cookie = PLAIN.identify("", {}, "", "10.0.0.7")
    assert cookie
    assert PLAIN.identify("", {}, cookie, "192.168.3.4") == (one, None)
    other, _ = PLAIN.identify("", {}, "", "10.0.0.7")
    assert other.key != one.key
    assert not one.named


@pytest.mark.parametrize(
    "cookie",
    ["", "x", "2|1:0|10:1|7:forged|4:abcd|00", create_signed_value("e" * 64, COOKIE, "a" * 64).decode()],
)
def test_a_cookie_that_we_did_not_sign_makes_somebody_new(cookie):
    person, fresh = PLAIN.identify("", {}, cookie, "10.0.0.7")
    assert fresh
    assert PLAIN.identify("", {}, fresh, "")[0] == person


LOOK_ALIKE = (
    "kim lee",
    "kim  lee",
    "kim\u00a0lee",
    "kim\u200blee",
    "Kim lee",
    "ｋim lee",
    "김감사",
    "\u1100\u1175\u11b7감사",
)


def test_names_that_only_look_alike_are_two_people():
    assert len({named(name).key for name in LOOK_ALIKE}) == len(LOOK_ALIKE)
    long = "가" * 200
    assert named(long + "1").key != named(long + "2").key  # although neither is shown to its end
    assert named(" kim lee ").key == named("kim lee").key  # as a proxy's header may have it


def test_a_login_goes_before_all_and_needs_no_cookie():
    assert PROXIED.identify("김감사", {"X-Forwarded-User": "이감사"}, "", "127.0.0.1") == (named("김감사"), None)
    assert named("김감사").named


def test_a_header_counts_only_where_configured_and_only_from_the_proxy():
    headers = {"X-Forwarded-User": "kim"}
    assert PLAIN.identify("", headers, "", "127.0.0.1")[0].name == ""
    assert PROXIED.identify("", headers, "", "127.0.0.1") == (named("kim"), None)
    assert PROXIED.identify("", headers, "", "10.0.0.7") == (None, None)
    assert PROXIED.identify("", {}, "", "127.0.0.1") == (None, None)
    assert PROXIED.identify("", {"X-Forwarded-User": "  "}, "", "127.0.0.1") == (None, None)
    assert (
        Authenticator(SECRET, "X-Forwarded-User", ("10.0.0.0/8",)).identify("", headers, "", "10.0.0.7")[0].name
        == "kim"
    )


def test_a_wrong_proxy_address_is_refused_in_words():
    with pytest.raises(SettingsError, match="WORKBENCH_TRUSTED_PROXIES"):
        Authenticator(SECRET, "X-User", ("localhost",))


def test_the_secret_shows_nowhere():
    assert SECRET not in repr(PLAIN)


def test_two_servers_that_start_at_once_share_one_secret_for_their_eyes_only(tmp_path):
    found = []
    threads = [threading.Thread(target=lambda: found.append(secret_of(tmp_path / "home"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert (tmp_path / "home" / ".secret").stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "home").iterdir()] == [".secret"]


def test_a_damaged_secret_is_told_in_words(tmp_path):
    (tmp_path / ".secret").write_text("half")
    with pytest.raises(CaseError, match="손상"):
        secret_of(tmp_path)


def test_two_servers_on_one_host_leave_each_others_cookies_alone(tmp_path):
    """A browser sends to both what either has given it."""
    servers = [access_of(Settings(home=tmp_path / name)) for name in ("one", "other")]
    kept: dict[str, str] = {}
    people = []

    def asked() -> HTTPServerRequest:
        told = "; ".join(f"{name}={value}" for name, value in kept.items())
        return HTTPServerRequest(
            start_line=RequestStartLine("GET", "/", "HTTP/1.1"),
            headers=HTTPHeaders({"Cookie": told, "Host": "localhost"}),
        )

    for port, server in enumerate(servers, 5006):
        server.port = port
        person, fresh = server.person(asked())
        kept[server.browser_cookie(asked())] = fresh
        people.append((person, None))
    assert [server.person(asked()) for server in servers] == people
    servers[0].port = 6000  # the same server, started elsewhere
    assert servers[0].person(asked()) == people[0]
    assert servers[0].own(LOGIN_COOKIE) != servers[1].own(LOGIN_COOKIE)
