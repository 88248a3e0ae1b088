"""Attacks on loopback against real servers in processes of their own."""

import http.client
from pathlib import Path

import psutil
import pytest
import requests

from tests.kit.processes import Workbench, environment, free_port, printed_address, stop, wait_for
from tests.kit.visit import visit


class Served:
    """`workbench serve` over a folder; `url` without and `address` with the token it prints."""

    def __init__(self, folder: Path, *more: str, **settings: str) -> None:
        self.folder, self.home = folder, folder / "home"
        self.log, self.port = folder / "out.txt", free_port()
        given = {"ENGINE": "tests.kit.fakes:ScriptedEngine", "JOBS": "1", "HOME": str(self.home)} | settings
        given = {f"WORKBENCH_{name}": text for name, text in given.items()}
        folder.mkdir(parents=True, exist_ok=True)
        self.process = Workbench(["serve", "--port", str(self.port), *more], environment(**given), folder, self.log)
        self.url = f"http://127.0.0.1:{self.port}/"

    def wait(self) -> "Served":
        wait_for(self.process, self.port, self.log)
        self.address = printed_address(self.log)
        return self

    def get(self, path: str = "", browser: requests.Session | None = None, **more: object) -> requests.Response:
        headers = {"Connection": "close", **more.pop("headers", {})}
        own = browser or requests.Session()
        try:
            return visit(own, self.url + path, headers=headers, **more)
        finally:
            if browser is None:
                own.close()

    def raw(self, method: str, path: str, headers: list[tuple[str, str]], body: bytes = b"") -> tuple[int, dict]:
        """Status and headers of a request whose headers are exactly these, doubles too."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, text in [*headers, ("Connection", "Upgrade" if path == "/ws" else "close")]:
            line.putheader(name, text)
        line.endheaders(body or None)
        with line.getresponse() as answer:
            status, told = answer.status, dict(answer.headers.items())
        line.close()
        return status, told

    @property
    def memory(self) -> int:
        """Bytes the server itself holds."""
        return int(psutil.Process(self.process.pid).memory_info().rss)

    def events(self, name: str) -> int:
        return self.log.read_text("utf-8").count(f'"event": "{name}"')


@pytest.fixture(scope="session")
def served_all(tmp_path_factory):
    """Three servers, started at once: everybody's cases, one case with a token, names and passwords."""
    folder = tmp_path_factory.mktemp("served")
    people = folder / "people.json"
    people.write_text('{"kim": "open sesame", "lee": "let me in", "park": "a third one"}')
    servers = {
        "open": Served(folder / "open"),
        "case": Served(folder / "case", "--case", str(folder / "one")),
        "login": Served(folder / "login", BASIC_AUTH=str(people)),
    }
    yield {name: server.wait() for name, server in servers.items()} | {"people": people}
    for server in servers.values():
        stop(server.process)


@pytest.fixture
def open_house(served_all):
    return served_all["open"]


@pytest.fixture
def one_case(served_all):
    return served_all["case"]


@pytest.fixture
def with_login(served_all):
    return served_all["login"]
