"""Names and passwords from a file: who is logged in, how often somebody may guess, and when a login ends.

A login is a signed cookie; it ends at logout, after a day, and as soon as its name leaves the file or has another
password there, also in pages that are open.
"""

import asyncio
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tornado.web import create_signed_value, decode_signed_value

from workbench.domain.errors import SettingsError
from workbench.event_log import event
from workbench.pipeline.storage.atomic import whole
from workbench.server import passwords

LOGIN_COOKIE = "workbench_login"
LOGIN_DAYS = 1
FREE_GUESSES = {"name": 5, "from": 20, "page": 6}
"""Wrong passwords for one name and from one address before the first wait (people mistype, offices share an address);
pages of one person that nobody listened to.
"""
LONGEST_WAIT = 300.0
MOST_ASKING = 16
"""Passwords looked at at a time; the next is asked to come again."""
FORGOTTEN_AFTER = 3600.0
MOST_GUESSERS = 10_000


@dataclass(slots=True)
class Backoff:
    """How long a "name:..." or "from:..." waits after failures: not at all, then twice as long each time."""

    _failures: OrderedDict[str, tuple[int, float]] = field(default_factory=OrderedDict)

    def wait(self, *keys: str) -> float:
        """Seconds until any of `keys` may try again; 0 for now."""
        now = time.monotonic()
        return max(0.0, *(self._until(key, now) - now for key in keys))

    def failed(self, *keys: str) -> None:
        """Counts a wrong password for each of `keys`."""
        now = time.monotonic()
        for key in keys:
            count, last = self._failures.pop(key, (0, now))
            self._failures[key] = (1 if now - last > FORGOTTEN_AFTER else count + 1, now)
        while len(self._failures) > MOST_GUESSERS:
            self._failures.popitem(last=False)

    def passed(self, *keys: str) -> None:
        """Forgets what was counted for `keys`."""
        for key in keys:
            self._failures.pop(key, None)

    def _until(self, key: str, now: float) -> float:
        count, last = self._failures.get(key, (0, now))
        beyond = count - FREE_GUESSES[key.partition(":")[0]]
        return now if beyond < 0 else last + min(LONGEST_WAIT, 2.0 ** min(20, beyond))


class Logins:
    """The people of a password file, a JSON object of names and `passwords`; looked at anew whenever it changes."""

    def __init__(self, file: Path, secret: str, ended: Path) -> None:
        """`ended` keeps the logins that were logged out until they would have ended by themselves."""
        self._file, self._secret, self._ended_file = file, secret, ended
        self._seen: tuple[int, int] = (0, 0)
        self._people: dict[str, str] = {}
        self._ended: dict[str, float] = {}
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, "login")
        self._asking = 0
        self.backoff = Backoff()
        if not file.is_file():
            raise SettingsError(f"WORKBENCH_BASIC_AUTH 파일이 없습니다: {file}")
        self._look()
        if not self._people:
            raise SettingsError(f'WORKBENCH_BASIC_AUTH 파일은 {{"이름": "비밀번호"}} 꼴의 JSON이어야 합니다: {file}')
        self._load_ended()

    @property
    def clear(self) -> int:
        """How many passwords stand in the file as they are."""
        return sum(map(passwords.is_clear, self._now().values()))

    async def enter(self, name: str, password: str) -> str | None:
        """The cookie for whoever knows the password, else ""; None where too many ask already.

        A hash takes its time: it is made in a thread, one after the other.
        """
        if self._asking >= MOST_ASKING:
            return None
        people = self._now()
        kept = people.get(name, "")
        # A name that is not there takes as long as another's hash: else the time would tell which names there are.
        asked = kept or next((other for other in people.values() if not passwords.is_clear(other)), "")
        self._asking += 1
        try:
            loop = asyncio.get_running_loop()
            right = await loop.run_in_executor(self._thread, passwords.matches, asked, password)
        finally:
            self._asking -= 1
        if not (right and kept):
            return ""
        facts = json.dumps([secrets.token_hex(8), name, self._fingerprint(name, kept)])
        return create_signed_value(self._secret, LOGIN_COOKIE, facts).decode("ascii")

    def who(self, cookie: str) -> str:
        """The name that a cookie stands for, "" if for none any more."""
        facts = self._facts(cookie)
        if facts is None:
            return ""
        login, name, fingerprint = facts
        password = self._now().get(name)
        if password is None or login in self._ended:
            return ""
        return name if hmac.compare_digest(fingerprint, self._fingerprint(name, password)) else ""

    def leave(self, cookie: str) -> None:
        """Ends a login, in all its pages."""
        facts = self._facts(cookie)
        if facts is None:
            return
        with self._lock:
            self._ended[facts[0]] = time.time() + LOGIN_DAYS * 86400
            with self._ended_file.open("a", encoding="ascii") as file:
                file.write(f"{facts[0]} {self._ended[facts[0]]:.0f}\n")

    def _facts(self, cookie: str) -> tuple[str, str, str] | None:
        known = decode_signed_value(self._secret, LOGIN_COOKIE, cookie, max_age_days=LOGIN_DAYS) if cookie else None
        if not known:
            return None
        login, name, fingerprint = json.loads(known)
        return login, name, fingerprint

    def _fingerprint(self, name: str, password: str) -> str:
        return hmac.new(self._secret.encode(), f"{name}\0{password}".encode(), hashlib.sha256).hexdigest()[:32]

    def _now(self) -> dict[str, str]:
        with self._lock:
            self._look()
            return self._people

    def _look(self) -> None:
        try:
            about = self._file.stat()
        except OSError:
            self._people, self._seen = {}, (0, 0)  # no file, no people
            return
        if (seen := (about.st_mtime_ns, about.st_size)) == self._seen:
            return
        self._seen = seen
        try:
            found = json.loads(self._file.read_text("utf-8"))
            self._people = {str(name): str(password) for name, password in found.items() if password}
        except (OSError, ValueError, AttributeError):
            event("password-file-unreadable")  # as before, until it can be read again: it may be half written

    def _load_ended(self) -> None:
        now = time.time()
        try:
            lines = self._ended_file.read_text("ascii").splitlines()
        except FileNotFoundError:
            return
        pairs = (line.split() for line in lines)
        self._ended = {pair[0]: float(pair[1]) for pair in pairs if len(pair) == 2 and float(pair[1]) > now}
        with whole(self._ended_file) as draft:
            draft.write_text("".join(f"{login} {until:.0f}\n" for login, until in self._ended.items()), "ascii")
