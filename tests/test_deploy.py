import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.scripted import SETTINGS, picture
from workbench.case import Case

DEPLOY = Path(__file__).parent.parent / "deploy"


def run(script: str, *arguments: Path) -> subprocess.CompletedProcess:
    return subprocess.run([DEPLOY / script, *arguments], capture_output=True, text=True, timeout=60)


def test_a_backup_of_an_open_case_comes_back_whole(tmp_path):
    home = tmp_path / "home"
    case = Case.open(home / "people" / "a" / "b", SETTINGS)
    case.add(("a.png", picture()))
    case.read().wait(progress=False)
    name = case.receipts()[0].id
    case.correct(name, "total", "1", by="kim")  # lies in the write-ahead log only
    (home / ".secret").write_text("s")
    assert run("backup.sh", home, tmp_path / "b.tar.gz").returncode == 0
    case.correct(name, "total", "2", by="kim")
    case.close()
    assert run("restore.sh", tmp_path / "b.tar.gz", tmp_path / "back").returncode == 0
    back = Case.open(tmp_path / "back" / "people" / "a" / "b", SETTINGS)
    assert back.receipt(name).value("total") == "1"
    assert back.file_of(name).read_bytes() == picture()
    assert (tmp_path / "back" / ".secret").read_text() == "s"
    back.close()


def test_a_restore_overwrites_nothing(tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "case").write_text("precious")
    assert run("restore.sh", tmp_path / "b.tar.gz", tmp_path / "home").returncode == 1
    assert (tmp_path / "home" / "case").read_text() == "precious"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_understands_the_unit_and_finds_it_well_closed(tmp_path):
    unit = (DEPLOY / "workbench.service").read_text()
    unit = unit.replace("/opt/workbench/.venv/bin/workbench", sys.executable)  # it has to be there
    (tmp_path / "workbench.service").write_text(unit)
    for what in (["verify"], ["security", "--offline=true", "--threshold=25"]):
        asked = ["systemd-analyze", *what, tmp_path / "workbench.service"]
        said = subprocess.run(asked, capture_output=True, text=True, timeout=60)
        assert said.returncode == 0, said.stdout[-500:] + said.stderr


def test_service_and_container_run_as_nobody_special():
    service = (DEPLOY / "workbench.service").read_text()
    assert "User=workbench" in service
    assert "NoNewPrivileges=yes" in service
    assert "\nUSER workbench\n" in (DEPLOY / "Containerfile").read_text()
