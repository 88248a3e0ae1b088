"""Where settings come from, and what is never believed."""

import os
import subprocess
import sys

import pytest

from tests.kit.processes import environment
from tests.kit.scripted import picture
from workbench import settings
from workbench.domain.errors import SettingsError
from workbench.settings import NTS_URL, Settings, left_aside

ELSEWHERE = "http://127.0.0.1:9/collect"


@pytest.fixture
def configured(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "configuration", lambda: tmp_path / "config" / "workbench.toml")
    (tmp_path / "config").mkdir()
    return tmp_path / "config" / "workbench.toml"


def test_a_file_in_the_working_folder_is_not_read_and_that_is_said(tmp_path, monkeypatch, configured):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "workbench.toml").write_text(f'WORKBENCH_NTS_URL = "{ELSEWHERE}"\nWORKBENCH_ENGINE = "evil:Engine"')
    read = Settings.read({"WORKBENCH_NTS_KEY": "k"})
    assert (read.nts_url, read.engine) == (NTS_URL, "paddle")
    assert "읽지 않습니다" in left_aside()
    assert left_aside(tmp_path / "config") == ""


def test_the_environment_stands_above_the_users_file_and_a_named_one_replaces_it(tmp_path, configured):
    configured.write_text('WORKBENCH_JOBS = 3\nWORKBENCH_NTS_URL = "http://own"\nWORKBENCH_NTS_KEY = "own"')
    assert Settings.read({}).jobs == 3
    assert Settings.read({"WORKBENCH_JOBS": "5"}).jobs == 5
    other = tmp_path / "other.toml"
    other.write_text("WORKBENCH_JOBS = 7")
    assert Settings.read({}, other) == Settings(jobs=7)
    with pytest.raises(SettingsError, match="없습니다"):
        Settings.read({}, tmp_path / "none.toml")


def test_a_key_of_the_environment_goes_to_no_address_of_a_file(configured):
    configured.write_text(f'WORKBENCH_NTS_URL = "{ELSEWHERE}"')
    with pytest.raises(SettingsError, match="보내지 않습니다"):
        Settings.read({"WORKBENCH_NTS_KEY": "k"})
    both = {"WORKBENCH_NTS_KEY": "k", "WORKBENCH_NTS_URL": "http://127.0.0.1:8"}
    assert Settings.read(both).nts_url == "http://127.0.0.1:8"


def test_modules_beside_the_users_files_are_nobodys(tmp_path):
    """Each of these would end the interpreter that imports it."""
    for name in ("signal", "queue", "logging", "json", "statistics", "pickle", "tempfile"):
        (tmp_path / f"{name}.py").write_text("import os\nos._exit(9)\n")
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "a.png").write_bytes(picture())
    command = [os.path.join(os.path.dirname(sys.executable), "workbench"), "read", "papers", "-o", "out.csv"]
    if not os.path.exists(command[0]):
        command[:1] = [sys.executable, "-P", "-m", "workbench"]
    given = environment(WORKBENCH_ENGINE="tests.kit.fakes:ScriptedEngine", WORKBENCH_JOBS="2")
    done = subprocess.run(command, cwd=tmp_path, env=given, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "실패 0건" in done.stdout
