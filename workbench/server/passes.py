"""Passes for a phone: who photographs receipts into one case, let in by a word that works once.

They live in this process only: a restart ends them all. A pass opens `PATH` and nothing else of the server.
"""

import hashlib
import ipaddress
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from workbench.server.identity import Person

PATH = "/phone"
COOKIE = "workbench_phone"
WORD_SECONDS = 600.0
"""How long a word waits to be used."""
PASS_SECONDS = 7_200.0
"""How long a pass holds, from its use on."""
MOST, MOST_A_CASE = 2_000, 20
"""Words and passes kept, of all cases and of each; the oldest leave first."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Who comes by it (a person of its own, named after who made it), and whether that one may still see the case."""

    person: Person
    folder: str
    may_still: Callable[[], bool]
    until: float


@dataclass(eq=False)
class Passes:
    """Words that wait and passes that hold, each by the digest of what proves it; safe for several threads."""

    clock: Callable[[], float] = time.monotonic
    _words: dict[str, Pass] = field(default_factory=dict, repr=False)
    _held: dict[str, Pass] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def make(self, name: str, folder: str, may_still: Callable[[], bool] = lambda: True) -> str:
        """A word for the case in `folder`; `may_still` tells whether whoever makes it may still see that case."""
        word = secrets.token_urlsafe(24)
        person = Person(secrets.token_hex(16), name)
        with self._lock:
            self._words[_digest(word)] = Pass(person, folder, may_still, self.clock() + WORD_SECONDS)
            self._tidy(folder)
        return word

    def redeem(self, word: str) -> str:
        """The proof that a browser carries from now on; "" where the word is unknown, used, or too old."""
        with self._lock:
            self._tidy()
            found = self._words.pop(_digest(word), None)
            if found is None or not found.may_still():
                return ""
            proof = secrets.token_urlsafe(32)
            self._held[_digest(proof)] = Pass(found.person, found.folder, found.may_still, self.clock() + PASS_SECONDS)
            self._tidy(found.folder)
        return proof

    def of(self, proof: str) -> Pass | None:
        """The pass that a browser proves, as long as it holds."""
        with self._lock:
            self._tidy()
            found = self._held.get(_digest(proof)) if proof else None
        return found if found is not None and found.may_still() else None

    def of_key(self, key: str) -> Pass | None:
        """The pass of the person of that key, as long as it holds."""
        with self._lock:
            self._tidy()
            found = next((one for one in self._held.values() if one.person.key == key), None)
        return found if found is not None and found.may_still() else None

    def end(self, folder: str) -> None:
        """Ends all words and passes for that case."""
        with self._lock:
            for kept in (self._words, self._held):
                for digest in [digest for digest, one in kept.items() if one.folder == folder]:
                    del kept[digest]

    def _tidy(self, fuller: str = "") -> None:
        """Lets go of what is over, and of what is too much; `fuller` is the case that has been given one more."""
        now = self.clock()
        for kept in (self._words, self._held):
            for digest in [digest for digest, one in kept.items() if one.until <= now]:
                del kept[digest]
            own = [digest for digest, one in kept.items() if one.folder == fuller] if fuller else []
            for digest in own[:-MOST_A_CASE]:
                del kept[digest]
            while len(kept) > MOST:
                del kept[next(iter(kept))]


def outside(base: str, listening: str, port: int) -> str:
    """The server's address as another machine can ask for it; "" where only this machine reaches it.

    `base` is the address (scheme and host) of the page as a browser has it, `listening` where the server listens.
    """
    place = urlsplit(base)
    if place.scheme not in ("http", "https") or not place.hostname:
        return ""
    if not _is_here(place.hostname):
        return f"{place.scheme}://{place.netloc}"
    if listening not in ("", "0.0.0.0", "::"):  # noqa: S104  # compared, not bound
        return ""
    own = _address_in_network()
    return f"{place.scheme}://{own}:{place.port or port}" if own else ""


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _address_in_network() -> str:
    """This machine's address towards the rest of the network; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address that is nobody's (RFC 5737)
        except OSError:
            return ""
        return str(probe.getsockname()[0])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
