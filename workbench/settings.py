"""What can be configured: environment variables WORKBENCH_* or the same names in `workbench.toml`; read once."""

import getpass
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

import platformdirs

from workbench.domain.errors import SettingsError

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
        """Settings from `workbench.toml` in the working folder and, above it, the environment; raises SettingsError."""
        environ = os.environ if environ is None else environ
        file = Path("workbench.toml") if file is None else file
        given: dict[str, object] = {}
        if file.is_file():
            try:
                given = {name.upper(): value for name, value in tomllib.loads(file.read_text("utf-8")).items()}
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise SettingsError(f"{file} 파일을 읽을 수 없습니다: {error}") from None
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
        return cls(**values)  # type: ignore[arg-type]  # each value has just been given its field's type


def system_user() -> str:
    """Who runs this program: on a JupyterHub its name for them, else the machine's; "" for an account without one."""
    try:
        return os.environ.get("JUPYTERHUB_USER") or getpass.getuser()
    except (KeyError, OSError):  # as in some containers
        return ""
