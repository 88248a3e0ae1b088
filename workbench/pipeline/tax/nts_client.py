"""The National Tax Service's status API (api.odcloud.kr) over HTTPS; the service key never leaves this module.

The key travels in the URL, and `requests` and `urllib3` put URLs into exceptions and logs. So every error here is made
anew from a fixed text and raised outside `except`, where Python would chain the original to it.
"""

import http.client
import ipaddress
import logging
import random
import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from workbench.domain.errors import BadAnswer, NoKey, NoNetwork, SettingsError, TaxError, WrongKey
from workbench.domain.model import TaxRecord
from workbench.domain.schema import parse
from workbench.pipeline.tax.nts_answer import NONSENSE, WRONG_KEY, read_answer
from workbench.pipeline.tax.nts_response import record_of
from workbench.settings import NTS_URL

if TYPE_CHECKING:
    import requests  # loaded with the first question: without a key there is none

MAX_BYTES = 1_000_000
"""A full answer of 100 rows measures about 30 kB; more is no answer of this service."""
TRIES = 3
BATCH = 100
"""Numbers a call, the service's limit."""


class NationalTaxService:
    """The real service, or a stand-in at another address: its answers are then marked "standin", not "nts".

    `key` in the portal's Encoding or Decoding form; `connect` and `read` time-outs and `backoff` in seconds. Raises
    SettingsError for an address that would send the key in clear over a network.
    """

    def __init__(
        self, key: str, url: str = NTS_URL, *, connect: float = 5.0, read: float = 10.0, backoff: float = 0.5
    ) -> None:
        self._endpoint, self._local, official = _endpoint(url)
        self.source = "nts" if official else "standin"
        self._auth = _KeyInQuery(key)
        self._connect, self._read, self._backoff = connect, read, backoff

    def __repr__(self) -> str:
        return f"NationalTaxService({self._endpoint!r}, key={'***' if self._auth else 'none'})"

    def look_up(self, numbers: Sequence[str]) -> dict[str, TaxRecord]:
        """What the service says of each number, under the text it was given as; 100 a call, unanswered ones left out.

        Raises the TaxError that fits when a call as a whole got no answer.
        """
        found: dict[str, TaxRecord] = {}
        wanted = list(dict.fromkeys(numbers))
        for start in range(0, len(wanted), BATCH):
            found |= self._look_up_batch(wanted[start : start + BATCH])
        return found

    def _look_up_batch(self, numbers: Sequence[str]) -> dict[str, TaxRecord]:
        if not self._auth:
            raise NoKey(
                "국세청 인증키가 없어 조회하지 못했습니다. 설정(WORKBENCH_NTS_KEY)이나 화면에서 인증키를 넣어 주세요."
            )
        if not self._auth.sound:
            raise WrongKey(WRONG_KEY)
        bare = {re.sub("[^0-9]", "", number): number for number in numbers}
        error: TaxError = NoNetwork(UNREACHABLE)
        for attempt in range(TRIES):
            if attempt:
                time.sleep(self._backoff * 2 ** (attempt - 1) * random.uniform(0.5, 1.5))  # noqa: S311  # jitter
            rows, error, again = self._ask(list(bare))
            if rows is not None:
                return self._records(bare, rows)
            if not again:
                break
        raise error

    def _records(self, wanted: dict[str, str], rows: list[object]) -> dict[str, TaxRecord]:
        moment = datetime.now(UTC)
        seen: dict[str, list[dict[str, object]]] = {}
        for row in rows:
            if isinstance(row, dict):  # a number without quotes is no answer, but it contradicts one
                seen.setdefault(re.sub("[- ]", "", str(row.get("b_no"))), []).append(row)
        found = {}
        for bare, number in wanted.items():
            # Two rows for one number: which one holds is anybody's guess, so neither does.
            if len(seen.get(bare, ())) == 1:
                record = record_of(seen[bare][0], parse("business_number", bare), moment, self.source)
                if record is not None:
                    found[number] = record
        return found

    def _ask(self, numbers: list[str]) -> tuple[list[object] | None, TaxError, bool]:
        """One call: the rows, or else the error and whether trying again may help."""
        import requests
        import urllib3

        try:
            status, body = self._post(numbers)
        except requests.exceptions.SSLError:
            return None, NoNetwork(UNTRUSTED), False
        except requests.exceptions.ProxyError:
            return None, NoNetwork(PROXY), True
        except (requests.RequestException, urllib3.exceptions.HTTPError, http.client.HTTPException, OSError):
            return None, NoNetwork(UNREACHABLE), True
        rows, error, again = read_answer(status, body)
        if rows is not None and self._auth.is_told_in(body):
            return None, BadAnswer(NONSENSE), False  # rows are kept in the case as they came: none may hold the key
        return rows, error, again

    def _post(self, numbers: list[str]) -> tuple[int, bytes]:
        import requests

        from workbench.pipeline.tax.prompt_answers import PromptAnswers

        with requests.Session() as session:
            for scheme in ("https://", "http://"):
                session.mount(scheme, PromptAnswers())
            session.trust_env = not self._local  # a company's proxy has no way to this machine's own loopback
            with session.post(
                self._endpoint,
                json={"b_no": numbers},
                headers={"Accept": "application/json", "Accept-Encoding": "identity"},
                auth=self._auth,
                timeout=(self._connect, self._read),
                allow_redirects=False,
                stream=True,
            ) as response:
                body = b""
                while piece := response.raw.read1(65_536, decode_content=True):
                    body += piece
                    if len(body) > MAX_BYTES:
                        return response.status_code, b""
                return response.status_code, body


UNREACHABLE = "국세청 서비스에 연결하지 못했거나 제때 답이 오지 않았습니다. 인터넷 연결을 확인하고 다시 조회해 주세요."
UNTRUSTED = "국세청 서비스와의 보안 연결을 확인하지 못했습니다. 사내 보안 인증서 설정을 전산 담당자에게 확인해 주세요."
PROXY = "사내 프록시를 지나 국세청 서비스에 연결하지 못했습니다. 프록시 설정을 확인하고 다시 조회해 주세요."


def _endpoint(url: str) -> tuple[str, bool, bool]:
    """The address to post to, whether it is this very machine, and whether it is the official service."""
    official = urlsplit(NTS_URL)
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.query or parts.fragment:
        raise SettingsError("WORKBENCH_NTS_URL 설정은 https://로 시작하는 주소여야 합니다 (아이디, ?, # 없이).")
    local = _is_loopback(host)
    if parts.scheme == "http" and not local:
        raise SettingsError("WORKBENCH_NTS_URL 설정: 인증키가 드러나므로 http:// 주소는 이 컴퓨터(127.0.0.1)만 됩니다.")
    path = parts.path.rstrip("/").removesuffix("/status") or official.path
    is_official = parts.scheme == "https" and host == official.hostname and port in (None, 443)
    return f"{parts.scheme}://{parts.netloc}{path}/status", local, is_official


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _KeyInQuery:
    """Puts the key into the URL at the last moment, encoded exactly once; shows it to nobody."""

    def __init__(self, key: str) -> None:
        key = key.strip()
        # The portal shows one key in two forms; only the Encoding form holds %.
        self._key = unquote(key) if "%" in key else key
        self.sound = self._key.isascii() and self._key.isprintable() and " " not in self._key

    def __bool__(self) -> bool:
        return bool(self._key)

    def __repr__(self) -> str:
        return "***"

    def __call__(self, request: "requests.PreparedRequest") -> "requests.PreparedRequest":
        """`requests` calls it with what it is about to send."""
        request.url = f"{request.url}?serviceKey={quote(self._key, safe='')}"
        return request

    def is_told_in(self, body: bytes) -> bool:
        """Whether an answer repeats the key in either form; a real one has 64 characters or more."""
        return len(self._key) >= 16 and any(form.encode() in body for form in (self._key, quote(self._key, safe="")))


class _KeyHidden(logging.Filter):
    """Blanks the key in what urllib3 logs: it writes whole URLs, at DEBUG always and at WARNING for odd headers."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if "serviceKey=" in text:
            record.msg, record.args = re.sub(r"(serviceKey=)[^&\s\"']*", r"\1***", text), ()
            record.exc_info = record.exc_text = None
        return True


for _name in ("urllib3.connection", "urllib3.connectionpool", "urllib3.response", "urllib3.util.retry"):
    logging.getLogger(_name).addFilter(_KeyHidden())
