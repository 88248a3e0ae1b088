"""deploy/nginx.conf as it is, in a real nginx with TLS, before a real server."""

import asyncio
import base64
import getpass
import io
import os
import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
import requests
from PIL import Image

from tests.kit.processes import free_port, stop, wait_for
from tests.kit.served import ServedWorkbench
from tests.kit.tab import Tab

CONFIG = Path(__file__).parent.parent / "deploy" / "nginx.conf"
LOGIN = "proxy_set_header X-Forwarded-User $remote_user;"
pytestmark = pytest.mark.skipif(
    not (shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") and shutil.which("openssl")),
    reason="needs nginx and openssl",
)


class Proxy:
    """The nginx of deploy/, with another name, other ports and a certificate of its own before `office`."""

    def __init__(self, folder: Path, office: ServedWorkbench, port: int, login: bool = False) -> None:
        self.url, self.plain, self.certificate = f"https://localhost:{port}/", free_port(), folder / "cert.pem"
        make = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
        files = ["-keyout", folder / "key.pem", "-out", self.certificate]
        subprocess.run(["openssl", *make.split(), *files], check=True, capture_output=True)
        text = CONFIG.read_text()
        if login:
            text = text.replace('proxy_set_header X-Forwarded-User "";', "")
            for line in ("auth_basic ", "auth_basic_user_file ", LOGIN):
                assert f"# {line}" in text
                text = text.replace(f"# {line}", line)
            shown = subprocess.run(["openssl", "passwd", "-apr1", "open sesame"], capture_output=True, text=True)
            (folder / "users").write_text(f"kim:{shown.stdout}")
        for as_shipped, here in (
            ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
            ("listen 80;", f"listen 127.0.0.1:{self.plain};"),
            ("/etc/ssl/receipts.example.kr.pem", str(self.certificate)),
            ("/etc/ssl/private/receipts.example.kr.key", str(folder / "key.pem")),
            ("http://127.0.0.1:5006", office.url.rstrip("/")),
            ("/etc/nginx/workbench.users", str(folder / "users")),
            ("receipts.example.kr", "localhost"),
        ):
            assert as_shipped in text
            text = text.replace(as_shipped, here)
        user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
        places = "".join(
            f"{name}_temp_path {folder / name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"{user} daemon off; pid {folder / 'pid'}; error_log {folder / 'error.log'};"
            f"events {{}} http {{ access_log off; {places}\n{text}\n}}"
        )
        nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        said = folder / "said"
        with said.open("wb") as output:
            self.process = subprocess.Popen([nginx, "-p", folder, "-c", folder / "nginx.conf"], stderr=output)
        wait_for(self.process, port, said)

    def browser(self) -> requests.Session:
        browser = requests.Session()
        browser.trust_env = False  # else a bundle named in the environment goes before the certificate
        browser.verify = str(self.certificate)
        return browser

    def get(self, **headers: str) -> requests.Response:
        with self.browser() as browser:
            return browser.get(self.url, headers=headers | {"Connection": "close"}, timeout=60)


@pytest.fixture
def stand(tmp_path):
    """Starts a server, behind the proxy."""
    with ExitStack() as running:

        def start(login: bool = False, **settings: str) -> tuple[Proxy, ServedWorkbench]:
            port = free_port()
            settings = {"ENGINE": "tests.kit.fakes:ScriptedEngine", "ORIGINS": f"localhost:{port}", **settings}
            office = running.enter_context(ServedWorkbench(tmp_path / "home", **settings))
            (tmp_path / "nginx").mkdir()
            proxy = Proxy(tmp_path / "nginx", office, port, login)
            running.callback(stop, proxy.process)
            return proxy, office

        yield start


def large_picture() -> bytes:
    """A PNG of a good 3 MB, dark at its first point, as ScriptedEngine likes it."""
    pixels = np.random.default_rng(1).integers(0, 255, (1024, 1024, 3), dtype=np.uint8)
    pixels[:20, :20] = 0
    held = io.BytesIO()
    Image.fromarray(pixels).save(held, "PNG")
    return held.getvalue()


def test_a_large_picture_goes_up_and_is_read_over_tls_and_a_websocket(stand):
    proxy, _ = stand()
    picture = large_picture()
    assert len(picture) > 3_000_000

    async def visit() -> dict[str, int]:
        tab = await Tab(proxy.url, proxy.browser()).open()
        assert all(cookie.secure for cookie in tab.browser.cookies)
        await tab.drop(("large.png", picture))
        await tab.until(lambda: tab.counts["waiting"] == 1)
        await tab.press("읽기 시작")
        await tab.until(lambda: tab.done == 1)
        await tab.close()
        return tab.counts

    assert asyncio.run(visit())["failed"] == 0
    with requests.get(f"http://localhost:{proxy.plain}/", allow_redirects=False, timeout=60) as answer:
        assert answer.status_code == 301
        assert answer.headers["Location"].startswith("https://")


def test_a_name_that_a_browser_claims_is_worth_nothing(stand):
    proxy, office = stand(USER_HEADER="X-Forwarded-User")
    claimed = base64.b64encode(b"kim:anything").decode()
    for headers in ({}, {"X-Forwarded-User": "kim"}, {"Authorization": f"Basic {claimed}"}):
        assert proxy.get(**headers).status_code == 403
    assert '"event": "page"' not in office.log.read_text()


def test_with_a_login_at_the_proxy_its_name_counts_and_no_other(stand):
    proxy, office = stand(login=True, USER_HEADER="X-Forwarded-User")
    assert proxy.get().status_code == 401
    wrong = base64.b64encode(b"kim:guess").decode()
    assert proxy.get(Authorization=f"Basic {wrong}").status_code == 401
    right = base64.b64encode(b"kim:open sesame").decode()
    headers = {"Authorization": f"Basic {right}", "X-Forwarded-User": "lee"}

    async def visit() -> None:
        tab = await Tab(proxy.url, proxy.browser(), **headers).open()
        await tab.drop(("a.png", large_picture()))
        await tab.until(lambda: tab.counts["waiting"] == 1)
        await tab.close()

    asyncio.run(visit())
    (about,) = (office.home / "people").glob("*/*/about.json")
    assert '"owner_name": "kim"' in about.read_text()
