"""`workbench backup` and `restore` with archives and folders as they should not be."""

import gzip
import io
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import time

import pytest

from tests.kit.nobody import as_nobody
from tests.kit.processes import environment
from tests.kit.scripted import SETTINGS, picture
from tests.security.backups_while_reading import trial
from workbench.__main__ import main
from workbench.case import Case
from workbench.domain.errors import CaseError, ExportFailed
from workbench.pipeline.storage import backup, restoring
from workbench.pipeline.storage.backup import back_up
from workbench.pipeline.storage.restoring import restore


def command(module, verb, *paths):
    """A process of its own that does it, and prints what it found."""
    given = ", ".join(f"Path({str(path)!r})" for path in paths)
    module = f"workbench.pipeline.storage.{module}"
    return [sys.executable, "-c", f"from pathlib import Path; import {module} as m; print(m.{verb}({given}))"]


@pytest.fixture
def copy(tmp_path):
    """A backup of one case, as people/a/b."""
    case = Case.open(tmp_path / "home" / "people" / "a" / "b", SETTINGS)
    case.add(("a.png", picture()), ("b.png", picture(shade=1)))
    case.close()
    back_up(tmp_path / "home", tmp_path / "b.tar.gz")
    return tmp_path / "b.tar.gz"


def with_more(copy, *members):
    """The backup with these members behind its own: (TarInfo, bytes)."""
    packed = io.BytesIO(gzip.decompress(copy.read_bytes()))
    with tarfile.open(fileobj=packed, mode="a") as archive:
        for member, data in members:
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    copy.write_bytes(gzip.compress(packed.getvalue(), 1))
    return copy


def member(name, kind=tarfile.REGTYPE, link=""):
    found = tarfile.TarInfo(name)
    found.type, found.linkname = kind, link
    return found


def test_what_is_not_taken_back_is_said(copy, tmp_path):
    with_more(
        copy,
        (member("../out.txt"), b"x"),
        (member("/abs.txt"), b"x"),
        (member("link", tarfile.SYMTYPE, "/etc/passwd"), b""),
        (member("pipe", tarfile.FIFOTYPE), b""),
        (member("twice.txt"), b"1"),
        (member("twice.txt"), b"2"),
    )
    found = restore(copy, tmp_path / "back")
    assert {name for name, _ in found.problems} == {"../out.txt", "/abs.txt", "link", "pipe", "twice.txt"}
    assert (found.cases, found.originals) == (1, 2)
    assert (tmp_path / "back" / "twice.txt").read_bytes() == b"1"
    assert not (tmp_path / "out.txt").exists()


@pytest.mark.parametrize("kind", ["cut", "flipped", "no archive", "long header", "headers of headers", "no room"])
def test_a_restore_that_fails_leaves_nothing(copy, tmp_path, kind, monkeypatch):
    data = copy.read_bytes()
    if kind == "cut":
        copy.write_bytes(data[: len(data) // 2])
    elif kind == "flipped":  # only the sum at the end tells
        copy.write_bytes(data[:-8] + bytes(4) + data[-4:])
    elif kind == "no archive":
        copy.write_bytes(b"not at all")
    elif kind == "long header":  # as it should be, but for its length
        with_more(copy, (member("x", tarfile.XHDTYPE), b"3145728 comment=" + b"x" * (3_145_728 - 17) + b"\n"))
    elif kind == "headers of headers":
        with_more(copy, *[(member("x", tarfile.XGLTYPE), b"12 a=aaaaaa\n")] * 5000, (member("z.bin"), b"x"))
    else:
        monkeypatch.setattr(restoring, "ROOM_LEFT", 1 << 60)
    said = {"cut": "망가진", "no archive": "복사본이 아니거나", "no room": "공간"}.get(kind, "되살")
    with pytest.raises(CaseError, match=said):
        restore(copy, tmp_path / "back")
    assert not (tmp_path / "back").exists()
    (tmp_path / "empty").mkdir()
    with pytest.raises(CaseError):
        restore(copy, tmp_path / "empty")
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_copy_that_is_not_there_is_told_so(tmp_path):
    with pytest.raises(CaseError, match="파일이 없습니다"):
        restore(tmp_path / "cases.tar.gz", tmp_path / "back")
    assert not (tmp_path / "back").exists()


def test_a_restore_that_was_killed_is_begun_anew(copy, tmp_path):
    aside = tmp_path / "back" / backup.ASIDE
    (aside / "people").mkdir(parents=True)
    (aside / "people" / "half").write_text("half")
    assert restore(copy, tmp_path / "back").problems == []
    assert sorted(p.name for p in (tmp_path / "back").iterdir()) == ["people"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe")
def test_a_killed_restore_shows_no_case(copy, tmp_path):
    """Ended before all of the copy has come: the folder holds no case, and the next try puts it right."""
    os.mkfifo(tmp_path / "slow.tar.gz")
    with_more(copy, (member("z.bin"), os.urandom(1 << 20)))
    process = subprocess.Popen(
        command("restoring", "restore", tmp_path / "slow.tar.gz", tmp_path / "back"), env=environment()
    )
    with (tmp_path / "slow.tar.gz").open("wb", buffering=0) as slow:
        slow.write(copy.read_bytes()[: -(1 << 19)])
        while not list((tmp_path / "back").rglob("case.sqlite")):
            time.sleep(0.01)
        process.kill()
        process.wait()
    assert sorted(p.name for p in (tmp_path / "back").iterdir()) == [backup.ASIDE, backup.LOCK]
    assert restore(copy, tmp_path / "back").problems == []


def test_two_restores_into_one_folder_are_one(copy, tmp_path, monkeypatch):
    """Who comes second is told, and takes nothing away from the first, wherever that is."""
    told = []

    def second(source, aside, report, go_on=restoring._unpack):
        if not told:
            with pytest.raises(CaseError, match="다른 되살리기") as refused:
                restore(copy, tmp_path / "back")
            told.append(str(refused.value))
        go_on(source, aside, report)

    monkeypatch.setattr(restoring, "_unpack", second)
    found = restore(copy, tmp_path / "back")
    assert (len(told), found.cases, found.originals, found.problems) == (1, 1, 2, [])
    assert sorted(p.name for p in (tmp_path / "back").iterdir()) == ["people"]


@pytest.mark.parametrize("kind", ["folder", "junk"])
def test_what_lies_at_the_name_of_the_lock_is_no_traceback(copy, tmp_path, kind):
    lock = tmp_path / "back" / backup.LOCK
    lock.parent.mkdir()
    lock.mkdir() if kind == "folder" else lock.write_bytes(b"x" * 5000)
    with pytest.raises(CaseError, match="되살리지 못했습니다"):
        restore(copy, tmp_path / "back")
    assert [p.name for p in lock.parent.iterdir()] == [lock.name]


def test_nothing_is_restored_over_what_is_there(copy, tmp_path, monkeypatch):
    """Nor over what another restoration has put there while this one waited."""
    (tmp_path / "file").write_text("somebody's own")
    with pytest.raises(CaseError, match="빈 폴더가 아닙니다"):
        restore(copy, tmp_path / "file")
    alone = restoring._alone

    def late(folder):
        (folder / "people").mkdir()
        return alone(folder)

    monkeypatch.setattr(restoring, "_alone", late)
    with pytest.raises(CaseError, match="빈 폴더가 아닙니다"):
        restore(copy, tmp_path / "back")
    assert [p.name for p in (tmp_path / "back").rglob("*")] == ["people"]


@pytest.mark.skipif(os.name == "nt", reason="Windows removes nothing that is open")
@pytest.mark.parametrize("then", ["gone", "another's"])
def test_a_lock_whose_file_went_with_its_holder_is_none(copy, tmp_path, monkeypatch, then):
    lock, connect = tmp_path / "back" / backup.LOCK, sqlite3.connect

    def late(*given, **named):
        connected = connect(*given, **named)
        lock.unlink()
        if then == "another's":
            lock.touch()
        return connected

    monkeypatch.setattr(sqlite3, "connect", late)
    with pytest.raises(CaseError, match="다른 되살리기"):
        restore(copy, tmp_path / "back")


def test_what_is_nobodys_case_is_left_out(copy, tmp_path):
    for name in (".tmp", "log", ".serving", ".heartbeat", ".restoring", ".restoring-lock", "lost+found"):
        shutil.copytree(tmp_path / "home" / "people", tmp_path / "home" / "x" / name)
        (tmp_path / "home" / name).write_text("of a moment")
    found = back_up(tmp_path / "home", tmp_path / "c.tar.gz")
    assert (found.cases, found.problems) == (1, [])
    with tarfile.open(tmp_path / "c.tar.gz") as archive:
        assert {name.split("/")[0] for name in archive.getnames()} == {"people"}


def test_how_much_room_is_wanting_is_said(copy, tmp_path, monkeypatch):
    monkeypatch.setattr(restoring.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(0, 0, 100 << 20))
    with pytest.raises(CaseError, match=r"\(413 MB가 더 필요"):  # 512 stay free
        restore(copy, tmp_path / "back")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give up its rights")
def test_a_folder_that_cannot_be_copied_is_said(copy, tmp_path):
    """One that may not be looked into, and one that is a link to elsewhere: cases may lie in both."""
    for path in (tmp_path / "home").rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    shutil.copytree(tmp_path / "home" / "people", tmp_path / "home" / "closed")
    (tmp_path / "home" / "linked").symlink_to(tmp_path / "home" / "people")
    (tmp_path / "home" / "closed").chmod(0o000)
    with as_nobody(tmp_path / "home") as home:
        found = back_up(home, home.parent / "b.tar.gz")
    assert found.cases == 1
    assert sorted(name for name, _ in found.problems) == ["closed", "linked"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_no_room_for_a_copy_is_no_damage_of_the_case(copy, tmp_path):
    """The database is whole, what it is copied to is not: an earlier copy of that name stays."""
    import resource

    earlier, limits = copy.read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, limits[1]))
    try:
        with pytest.raises(ExportFailed, match="공간"):
            back_up(tmp_path / "home", copy)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert copy.read_bytes() == earlier
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b.tar.gz", "home"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_what_comes_back_is_its_owners_only(copy, tmp_path):
    with_more(copy, (member("people/a/own.txt"), b"x"))
    restore(copy, tmp_path / "back")
    for path in (tmp_path / "back", *(tmp_path / "back").rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_file_that_ends_early_or_cannot_be_read_spoils_no_backup(tmp_path, monkeypatch):
    """A file that shrinks, or a disk that fails, while it is copied: said, and the archive goes on."""
    home = tmp_path / "home"
    case = Case.open(home / "z", SETTINGS)
    case.add(("a.png", picture()))
    case.close()
    (home / "about.json").write_bytes(b"x" * 3000)
    shrinking = backup._AsLong.read

    def read(self, most):
        self._file.seek(0, 2) if self._file.name.endswith("about.json") else None
        return shrinking(self, most)

    monkeypatch.setattr(backup._AsLong, "read", read)
    made = back_up(home, tmp_path / "b.tar.gz")
    assert [name for name, _ in made.problems] == ["about.json"]
    found = restore(tmp_path / "b.tar.gz", tmp_path / "back")
    assert (found.cases, found.originals, found.problems) == (1, 1, [])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe")
def test_a_pipe_in_the_folder_is_not_waited_for(tmp_path):
    home = tmp_path / "home"
    case = Case.open(home / "a", SETTINGS)
    case.add(("a.png", picture()))
    case.close()
    os.mkfifo(home / "a" / "pipe")
    original = next((home / "a" / "files").iterdir())
    shutil.move(original, tmp_path / "kept")
    os.mkfifo(original)
    done = subprocess.run(
        command("backup", "back_up", home, tmp_path / "b.tar.gz"),
        env=environment(), capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    assert "원본이 없거나" in done.stdout


def test_a_backup_in_the_middle_of_a_reading_comes_back_whole(tmp_path):
    """Ten times of two hundred receipts: `python -m tests.security.backups_while_reading`."""

    def run(*words: object) -> None:
        assert main([str(word) for word in words]) == 0

    trial(tmp_path, 40, run)


def test_an_original_deleted_between_the_two_looks_makes_the_copy_be_made_anew(tmp_path, monkeypatch):
    case = Case.open(tmp_path / "home" / "case", SETTINGS)
    case.add(("1.png", picture(shade=1)), ("2.png", picture(shade=2)))
    going = case.receipts()[0].id
    plain = tarfile.TarFile.add

    def and_meanwhile(archive, *given, **more):
        if any(receipt.id == going for receipt in case.receipts()):
            case.delete([going], by="kim")  # the copy of the database names it still
        plain(archive, *given, **more)

    monkeypatch.setattr(tarfile.TarFile, "add", and_meanwhile)
    report = backup.back_up(tmp_path / "home", tmp_path / "copy.tar.gz")
    assert (report.cases, report.originals, report.problems) == (1, 1, [])
    with tarfile.open(tmp_path / "copy.tar.gz") as archive:
        assert sum("/files/" in name for name in archive.getnames()) == 1
    case.close()
