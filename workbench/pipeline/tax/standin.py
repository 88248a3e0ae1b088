"""A stand-in for the National Tax Service on this machine's own loopback, for tests and for trying without a key.

It answers as the real service was measured or specified to: same checks in the same order, both error shapes, the
`match_cnt` that is missing at zero. What it says of any number is invented; the client marks it 모의 by its address.
"""

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from workbench.domain.errors import SettingsError
from workbench.pipeline.tax.standin_rows import GOLDEN, lively, not_registered

KEY = "standin"
BASE = "/api/nts-businessman/v1"
PORT = 8765
Answer = tuple[int, bytes]

GATEWAY = {
    -3: "등록되지 않은 서비스 입니다.",
    -4: "등록되지 않은 인증키 입니다.",
    -10: "트래픽 허용 횟수를 초과하였습니다.",
    -401: "유효하지 않은 인증키 입니다.",
}


@dataclass
class Switches:
    """Faults that can be turned on while it runs; `quota_after` calls answered, then -10; `delay` in seconds."""

    quota_after: int | None = None
    fault: bool = False
    html: bool = False
    delay: float = 0.0


@dataclass
class Asked:
    """One request as it came over the wire: the numbers are empty where the body was refused."""

    method: str
    target: str
    numbers: list[str] = field(default_factory=list)


class StandIn(ThreadingHTTPServer):
    """The server; `port` 0 takes a free one. Use as a context manager: it serves from a thread of its own."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int = 0, *, key: str = KEY, invent: bool = False) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.key, self.invent = key, invent
        self.switches = Switches()
        self.log: list[Asked] = []
        self._counted = threading.Lock()
        self._calls = 0

    @property
    def url(self) -> str:
        """The base address for WORKBENCH_NTS_URL."""
        return f"http://127.0.0.1:{self.server_address[1]}{BASE}"

    def __enter__(self) -> "StandIn":
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that hangs up early is part of what is tried here."""

    def answer(self, asked: Asked, authorization: str, body: bytes) -> Answer:
        """HTTP status and body; the first check that fails decides, the gateway's before the service's."""
        parts = urlsplit(asked.target)
        if not parts.path.endswith(("/v1/status", "/v1/validate")):
            return _gateway(404, -3)
        given = parse_qs(parts.query).get("serviceKey", [authorization.removeprefix("Infuser").strip()])[0]
        if not given:
            return _gateway(401, -401)
        if given != self.key:
            return _gateway(401, -4)
        with self._counted:
            self._calls += 1
            if self.switches.quota_after is not None and self._calls > self.switches.quota_after:
                return _gateway(400, -10)
        if asked.method != "POST":
            return 405, b""
        try:
            content = json.loads(body)
        except ValueError:
            return _service(400, "BAD_JSON_REQUEST")
        validating = parts.path.endswith("/validate")
        wanted = content.get("businesses" if validating else "b_no") if isinstance(content, dict) else None
        if not isinstance(wanted, list) or not wanted or (validating and not all(map(_complete, wanted))):
            return _service(411, "REQUEST_DATA_MALFORMED")
        if len(wanted) > 100:
            return _service(413, "TOO_LARGE_REQUEST")
        asked.numbers = [str(one["b_no"] if validating else one) for one in wanted]
        return self._served(asked.numbers, validating)

    def _served(self, numbers: list[str], validating: bool) -> Answer:
        if self.switches.fault:
            return _service(500, "INTERNAL_ERROR")
        if self.switches.html:
            return 502, b"<html><body>502 Bad Gateway</body></html>"
        time.sleep(self.switches.delay)
        if validating:  # names and opening days are not known here, so nothing is ever confirmed
            rows = [{"b_no": number, "valid": "02", "valid_msg": "확인할 수 없습니다."} for number in numbers]
            return _sent(200, {"request_cnt": len(rows), "status_code": "OK", "data": rows})
        known = lively if self.invent else lambda number: GOLDEN.get(number) or not_registered(number)
        rows = [known(number) for number in numbers]
        matched = sum(bool(one["b_stt"]) for one in rows)
        counts = {"request_cnt": len(rows)} | ({"match_cnt": matched} if matched else {})
        return _sent(200, counts | {"status_code": "OK", "data": rows})


def _complete(business: object) -> bool:
    return isinstance(business, dict) and all(business.get(name) for name in ("b_no", "start_dt", "p_nm"))


def _sent(status: int, content: dict[str, Any]) -> Answer:
    return status, json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _gateway(status: int, code: int) -> Answer:
    return _sent(status, {"code": code, "msg": GATEWAY[code]})


def _service(status: int, name: str) -> Answer:
    return _sent(status, {"status_code": name})


class _Handler(BaseHTTPRequestHandler):
    server: StandIn
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Asked(self.command, self.path)
        self.server.log.append(asked)
        status, content = self.server.answer(asked, self.headers.get("Authorization", ""), body)
        self.send_response(status)
        kind = "text/html" if content.startswith(b"<") else "application/json;charset=UTF-8"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = do_DELETE = do_POST

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the request line holds the key."""


def serve_standin(port: int = PORT, key: str = KEY) -> None:
    """Serve until interrupted, with an invented answer for every number that can exist; prints how to use it."""
    try:
        standin = StandIn(port, key=key, invent=True)
    except (OSError, OverflowError):
        raise SettingsError(f"{port}번 포트를 쓸 수 없습니다. --port로 다른 번호를 골라 주세요.") from None
    with standin as server:
        print("모의 국세청이 켜졌습니다. 답은 모두 지어낸 것이며 화면과 내보낸 파일에 '모의'로 표시됩니다.")
        print(f"다른 창에서: WORKBENCH_NTS_URL={server.url} WORKBENCH_NTS_KEY={key} workbench serve")
        print("그만하려면 Ctrl+C를 누르세요.", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("모의 국세청을 껐습니다.")
