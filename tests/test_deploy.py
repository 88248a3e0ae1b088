import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.kit.scripted import SETTINGS, picture
from workbench.__main__ import main
from workbench.case import Case
from workbench.domain.errors import CaseError
from workbench.pipeline.storage.restoring import restore
from workbench.server import running

DEPLOY = Path(__file__).parent.parent / "deploy"


def run(verb: str, *arguments: Path) -> int:
    return main([verb, *map(str, arguments)])


def test_a_backup_of_an_open_case_comes_back_whole(tmp_path):
    home = tmp_path / "home"
    case = Case.open(home / "people" / "a" / "b", SETTINGS)
    case.add(("a.png", picture()))
    case.read().wait(progress=False)
    name = case.receipts()[0].id
    case.correct(name, "total", "1", by="kim")  # lies in the write-ahead log only
    (home / ".secret").write_text("s")
    running.note(home, "http://127.0.0.1:5006/")
    assert run("backup", home, tmp_path / "b.tar.gz") == 0
    case.correct(name, "total", "2", by="kim")
    case.close()
    assert run("restore", tmp_path / "b.tar.gz", tmp_path / "back") == 0
    back = Case.open(tmp_path / "back" / "people" / "a" / "b", SETTINGS)
    assert back.receipt(name).value("total") == "1"
    assert back.file_of(name).read_bytes() == picture()
    assert (tmp_path / "back" / ".secret").read_text() == "s"
    assert running.where(tmp_path / "back") == ""  # where it comes back nobody serves it
    assert back.verify() == []
    back.close()


def test_a_damaged_case_is_reported_and_stops_no_other(tmp_path, capsys):
    home = tmp_path / "home"
    for name in ("a", "b", "c"):
        case = Case.open(home / name, SETTINGS)
        case.add((f"{name}.png", picture(shade=ord(name))))
        case.close()
    (home / "b" / "case.sqlite").write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    (home / "b" / "files" / "a folder").mkdir()
    (tmp_path / "outside.txt").write_text("somebody's own")
    (home / "b" / "files" / "link.png").symlink_to(tmp_path / "outside.txt")
    next((home / "c" / "files").iterdir()).write_bytes(b"another")
    assert run("backup", home, tmp_path / "b.tar.gz") == 1
    said = capsys.readouterr().err
    assert "주의: b:" in said
    assert "주의: c:" in said
    assert "주의: a:" not in said
    assert run("restore", tmp_path / "b.tar.gz", tmp_path / "back") == 1
    assert Case.open(tmp_path / "back" / "a", SETTINGS).receipts()[0].file == "a.png"
    assert not any(b"somebody's own" in file.read_bytes() for file in (tmp_path / "back").rglob("*") if file.is_file())


@pytest.mark.parametrize("what", ["emptied", "gone", "without its log"])
def test_a_database_that_lost_its_rows_is_not_taken_for_a_new_case(tmp_path, what):
    case = Case.open(tmp_path / "case", SETTINGS)
    case.add(("a.png", picture()))
    if what == "without its log":
        shutil.copytree(case.folder, tmp_path / "copy", ignore=shutil.ignore_patterns("*-wal", "*-shm"))
    case.close()
    folder = tmp_path / ("copy" if what == "without its log" else "case")
    if what == "emptied":
        (folder / "case.sqlite").write_bytes(b"")
    if what == "gone":
        (folder / "case.sqlite").unlink()
    with pytest.raises(CaseError, match="비어 있는데 원본은"):
        Case.open(folder, SETTINGS)


def test_a_restore_overwrites_nothing(tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "case").write_text("precious")
    assert run("restore", tmp_path / "b.tar.gz", tmp_path / "home") == 1
    assert (tmp_path / "home" / "case").read_text() == "precious"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_understands_the_unit_and_finds_it_well_closed(tmp_path):
    unit = (DEPLOY / "workbench.service").read_text()
    unit = unit.replace("/opt/workbench/.venv/bin/workbench", sys.executable)  # it has to be there
    (tmp_path / "workbench.service").write_text(unit)
    for what in (["verify"], ["security", "--offline=true", "--threshold=25"]):
        asked = ["systemd-analyze", *what, tmp_path / "workbench.service"]
        said = subprocess.run(asked, capture_output=True, text=True, timeout=300)
        assert said.returncode == 0, said.stdout[-500:] + said.stderr


def test_service_and_container_run_as_nobody_special():
    service = (DEPLOY / "workbench.service").read_text()
    assert "User=workbench" in service
    assert "NoNewPrivileges=yes" in service
    assert "\nUSER workbench\n" in (DEPLOY / "Containerfile").read_text()


def test_a_name_that_no_file_can_have_is_told_in_words(tmp_path):
    with tarfile.open(tmp_path / "odd.tar.gz", "w:gz", format=tarfile.PAX_FORMAT) as archive:
        member = tarfile.TarInfo("plain")
        member.pax_headers = {"path": "a\0b"}
        archive.addfile(member)
    with pytest.raises(CaseError, match="되살리지 못했습니다"):
        restore(tmp_path / "odd.tar.gz", tmp_path / "back")
