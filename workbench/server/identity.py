"""Who is who: a name that a login gave, or a browser that carries our signed token; never an address.

Order: the login of this server, then a reverse proxy's header (only if configured, and only from that proxy), then the
browser's own cookie. A person is known to the rest by a key, which is also the name of their folder.
"""

import hashlib
import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tornado.web import create_signed_value, decode_signed_value

from workbench.domain.errors import CaseError, SettingsError

COOKIE, CASE_COOKIE = "workbench_browser", "workbench_case"
COOKIE_DAYS = 365
FOR_EVER_DAYS = 36_500
KEY = re.compile(r"[0-9a-f]{32}")
LONGEST_NAME = 256


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the screen: `key` 32 hex digits, `name` as the login gave it, "" for a browser without login."""

    key: str
    name: str = ""

    @property
    def named(self) -> bool:
        """Whether a login vouches for them; cases of others expire."""
        return bool(self.name)


@dataclass(frozen=True, slots=True)
class Authenticator:
    """Tells people apart. `user_header` is "" where no proxy vouches for anybody; `proxies` are addresses that may."""

    secret: str = field(repr=False)
    user_header: str = ""
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")

    def __post_init__(self) -> None:
        for proxy in self.proxies:
            try:
                ipaddress.ip_network(proxy)
            except ValueError:
                raise SettingsError(f"WORKBENCH_TRUSTED_PROXIES에 잘못된 주소가 있습니다: {proxy}") from None

    def identify(
        self, login: str, headers: Mapping[str, str], cookie: str, peer: str
    ) -> tuple[Person | None, str | None]:
        """(person, cookie to set or None). No person: a proxy is to vouch for everybody, and for this one it did not.

        `login` is the user this server itself logged in ("" without), `cookie` the value of COOKIE as sent, `peer` the
        address at the other end of the socket, whatever a header says of it.
        """
        if login:
            return named(login), None
        if self.user_header:
            name = headers.get(self.user_header, "") if self.trusts(peer) else ""
            return (named(name), None) if name.strip() else (None, None)
        # Without an end of its own: a clock that is set a year on must not make anybody a stranger to their cases.
        known = decode_signed_value(self.secret, COOKIE, cookie, max_age_days=FOR_EVER_DAYS) if cookie else None
        token = known.decode("ascii", "replace") if known else secrets.token_hex(32)
        fresh = None if known else create_signed_value(self.secret, COOKIE, token).decode("ascii")
        return Person(_key("browser", token)), fresh

    def trusts(self, peer: str) -> bool:
        """Whether what the proxy at that address says is believed."""
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        return any(address in ipaddress.ip_network(proxy) for proxy in self.proxies)


def named(name: str) -> Person:
    """The person that a login calls so; the same name is the same person after a move to another server."""
    # The key is made of all of it: two who only look alike on the screen are two.
    return Person(_key("user", name.strip()), " ".join(name.split())[:LONGEST_NAME])


def _key(kind: str, what: str) -> str:
    return hashlib.sha256(f"{kind}:{what}".encode()).hexdigest()[:32]


def secret_of(home: Path) -> str:
    """The secret that signs cookies and sessions, in `home`, readable by its owner only; made at the first call."""
    path = home / ".secret"
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _write_secret(path)
        text = path.read_text("ascii").strip()
    except OSError as error:
        raise CaseError(
            f"{home} 폴더에 쓸 수 없습니다 ({error.strerror}). WORKBENCH_HOME과 권한을 확인해 주세요."
        ) from error
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise CaseError(f"{path} 파일이 손상되었습니다. 백업에서 되살리거나 지운 뒤 다시 시작해 주세요.")
    return text


def _write_secret(path: Path) -> None:
    """Whole under another name first, then linked: two servers that start at once agree on the first one's."""
    draft = path.with_name(f".secret-{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
