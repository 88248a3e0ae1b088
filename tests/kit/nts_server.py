"""The stand-in service for tests, with the misbehaviours that only tests need; all over a real socket."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from workbench.domain.check_digit import passes
from workbench.pipeline.tax.nts_client import NationalTaxService
from workbench.pipeline.tax.standin import Answer, Asked, StandIn

KEY = "Ab+cd/ef" * 8 + "=="
"""Shaped like the portal's Decoding form: it holds +, / and =."""


class Misbehaving(StandIn):
    """Does as `twist` says to each answer before it is sent; None as the twisted answer drops the connection."""

    def __init__(self, twist: Callable[[Answer], Answer | None], **options: object) -> None:
        super().__init__(key=KEY, **options)  # type: ignore[arg-type]
        self.twist = twist

    def answer(self, asked: Asked, authorization: str, body: bytes) -> Answer:
        twisted = self.twist(super().answer(asked, authorization, body))
        if twisted is None:
            raise ConnectionAbortedError  # ends the handler's thread; the socket closes without a word
        return twisted


class Raw:
    """A socket that answers each connection with `pieces`, `pause` seconds apart, then closes it."""

    def __init__(self, *pieces: bytes, pause: float = 0.0) -> None:
        self.pieces, self.pause = pieces, pause
        self.received: list[bytes] = []
        self.unsent = 0
        """pieces that clients did not wait for"""

    @property
    def connections(self) -> int:
        """How many there were."""
        return len(self.received)

    def wait_for(self, connections: int, seconds: float = 300.0) -> None:
        """Until so many have been taken: a client hangs up long before a busy computer takes them."""
        end = time.monotonic() + seconds
        while self.connections < connections and time.monotonic() < end:
            time.sleep(0.01)

    def __enter__(self) -> "Raw":
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        return self

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                self.received.append(connection.recv(65_536))
                for number, piece in enumerate(self.pieces):
                    try:
                        connection.sendall(piece)
                    except OSError:  # the client hung up first
                        self.unsent += len(self.pieces) - number
                        break
                    time.sleep(self.pause)

    def __exit__(self, *unused: object) -> None:
        with suppress(OSError):  # macOS refuses to shut down what only listens
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(5)


def client(server: StandIn | Raw, key: str = KEY, **options: float) -> NationalTaxService:
    """A client of the server that does not dawdle between tries."""
    return NationalTaxService(key, server.url, **({"read": 2.0, "backoff": 0.001} | options))


def numbers(count: int, first: int = 1) -> list[str]:
    """That many different business numbers whose check digit holds, "101-10-00013" and on."""
    found: list[str] = []
    serial = first
    while len(found) < count:
        nine = f"{101 + serial // 9999 % 800:03d}10{serial % 9999 + 1:04d}"
        found += [f"{nine[:3]}-{nine[3:5]}-{nine[5:]}{last}" for last in range(10) if passes(f"{nine}{last}")]
        serial += 1
    return found[:count]


def dashed(bare: str) -> str:
    """ "1234567891" as 123-45-67891."""
    return f"{bare[:3]}-{bare[3:5]}-{bare[5:]}"
