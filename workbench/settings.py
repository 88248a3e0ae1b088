"""What can be configured: environment variables WORKBENCH_* or the same names in a file of the user's; read once."""

import getpass
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

import platformdirs

from workbench.domain.errors import SettingsError

FILE = "workbench.toml"
NTS_URL = "https://api.odcloud.kr/api/nts-businessman/v1"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default; each is set by WORKBENCH_ and its name in upper case. `jobs` 0: one per core.

    Who is who on a server: `basic_auth` (a JSON file of names and passwords), `oauth_provider` (with Panel's own
    PANEL_OAUTH_* variables), or `user_header` as set by one of the `trusted_proxies`. `origins` are the host names,
    with commas, under which browsers know the server; `log_file` "" logs to stderr.
    """

    nts_key: str = field(default="", repr=False)
    nts_url: str = NTS_URL
    home: Path = field(default_factory=lambda: Path(platformdirs.user_data_dir("receipt-workbench")))
    jobs: int = 0
    engine: str = "paddle"
    recogniser: str = "bundled"
    device: str = "cpu"
    backend: str = "loky"
    scheduler: str = ""
    keep_hours: int = 24
    max_file_mb: int = 50
    max_pixels: int = 120_000_000
    max_pages: int = 300
    max_files: int = 5_000
    max_disk_mb: int = 20_000
    max_tabs: int = 100
    basic_auth: str = ""
    oauth_provider: str = ""
    user_header: str = ""
    trusted_proxies: str = "127.0.0.1,::1"
    origins: str = ""
    log_file: str = ""

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None, file: Path | None = None) -> "Settings":
        """Settings from the environment, then from `file` (default: `configuration()`); raises SettingsError.

        What lies in the working folder is never read: it came with somebody's papers.
        """
        environ = os.environ if environ is None else environ
        given = _written(file)
        values: dict[str, object] = {}
        for setting in fields(cls):
            name = f"WORKBENCH_{setting.name.upper()}"
            text = str(environ.get(name) or given.get(name, ""))
            if not text:
                continue
            if setting.type in (int, "int"):
                if not text.isdecimal():
                    raise SettingsError(f"{name} 설정은 0 이상의 정수여야 합니다.")
                values[setting.name] = int(text)
            else:
                values[setting.name] = Path(text).expanduser() if setting.name == "home" else text
        settings = cls(**values)  # type: ignore[arg-type]  # each value has just been given its field's type
        from_file = settings.nts_url != NTS_URL and not environ.get("WORKBENCH_NTS_URL")
        if environ.get("WORKBENCH_NTS_KEY") and from_file:
            raise SettingsError(
                "WORKBENCH_NTS_KEY는 환경변수에, WORKBENCH_NTS_URL은 설정 파일에 있습니다. 인증키를 파일에 적힌 주소로 "
                "보내지 않습니다. 그 주소를 쓰려면 둘 다 환경변수에, 또는 둘 다 설정 파일에 적어 주세요."
            )
        return settings


def configuration() -> Path:
    """Where a user's settings lie when no other file is named."""
    return Path(platformdirs.user_config_dir("receipt-workbench")) / FILE


def left_aside(folder: Path | None = None) -> str:
    """A sentence where a file of settings lies in the working folder, since it is not read; else ""."""
    lying = (folder or Path.cwd()) / FILE
    if not lying.is_file() or lying.resolve() == configuration().resolve():
        return ""
    return f"{lying} 파일은 읽지 않습니다. 그 설정을 쓰려면 --config {FILE}을 붙이거나 {configuration()}에 옮겨 두세요."


def _written(file: Path | None) -> dict[str, object]:
    path = configuration() if file is None else file
    try:
        text = path.read_text("utf-8")
        return {name.upper(): value for name, value in tomllib.loads(text).items()}
    except FileNotFoundError:
        if file is not None:
            raise SettingsError(f"설정 파일이 없습니다: {file}") from None
        return {}
    except OSError as error:
        raise SettingsError(f"{path} 파일을 읽을 수 없습니다: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} 파일을 읽을 수 없습니다: {error}") from None


def system_user() -> str:
    """Who runs this program: on a JupyterHub its name for them, else the machine's; "" for an account without one."""
    try:
        return os.environ.get("JUPYTERHUB_USER") or getpass.getuser()
    except (KeyError, OSError):  # as in some containers
        return ""
