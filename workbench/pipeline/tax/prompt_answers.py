"""HTTP answers that have to come in time as a whole: a time-out by itself is for each packet, and a service that drips
its head or its body byte by byte would hold us for ever.
"""

import http.client
import io
import socket
import time
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

TIMES = 2
"""The whole of an answer may take so many times the time-out of a packet."""


class _InTime(io.RawIOBase):
    """A socket's stream that ends, with TimeoutError, when its time is over."""

    def __init__(self, stream: io.RawIOBase, seconds: float) -> None:
        self._stream, self._end = stream, time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if time.monotonic() > self._end:
            raise TimeoutError("the answer takes too long")
        return self._stream.readinto(buffer)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Answer(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *given: Any, **named: Any) -> None:
        super().__init__(sock, *given, **named)
        if (seconds := sock.gettimeout()) is not None:
            self.fp.close()
            raw: Any = sock.makefile("rb", buffering=0)
            self.fp = io.BufferedReader(_InTime(raw, TIMES * seconds))


class _Plain(HTTPConnection):
    response_class = _Answer


class _Secure(HTTPSConnection):
    response_class = _Answer


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class PromptAnswers(HTTPAdapter):
    """Mounted on a session: what it sends for comes within TIMES its time-out, or raises as a time-out does."""

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        """requests' hook: the pools of direct connections."""
        super().init_poolmanager(*given, **named)
        self._prompt(self.poolmanager)

    def proxy_manager_for(self, *given: Any, **named: Any) -> Any:
        """requests' hook: the pools of connections through a proxy."""
        return self._prompt(super().proxy_manager_for(*given, **named))

    @staticmethod
    def _prompt(manager: Any) -> Any:
        manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
        return manager
