import os
import sqlite3
import time
from dataclasses import replace

import pytest

from tests.kit.scripted import SETTINGS, picture
from workbench.case import Case
from workbench.domain.errors import CaseError
from workbench.domain.model import Field
from workbench.pipeline.storage.atomic import DRAFT
from workbench.pipeline.storage.backup import SCRATCH, back_up
from workbench.pipeline.storage.complaints import in_words

MARK, EARLIER = "지워질 가게 이름", "먼저 읽힌 이름"


def bytes_of(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_deleting_leaves_no_byte_of_a_receipt_and_all_of_the_others(tmp_path):
    case, other = Case.open(tmp_path / "case", SETTINGS), Case.open(tmp_path / "case", SETTINGS)
    case.add(("a.png", picture(shade=1)), ("b.png", picture(shade=2)))
    case.read().wait(progress=False)
    one, two = (receipt.id for receipt in case.receipts())
    for _ in range(50):
        case.correct(one, "merchant", MARK, by="kim")
    case.correct(two, "merchant", "남을 가게", by="kim")
    reading = case.store.reading(one)
    for read in (replace(reading, fields=(Field("merchant", EARLIER),)), reading):
        case.store.put_page(one, (read,))
    assert EARLIER.encode() in bytes_of(case.folder)  # as it was once read
    assert len(other.receipts()) == 2
    assert MARK.encode() in bytes_of(case.folder)
    assert case.delete([one]) == (one,)
    everything = bytes_of(case.folder)
    assert MARK.encode() not in everything
    assert EARLIER.encode() not in everything
    assert picture(shade=1) not in everything
    assert b"a.png" not in everything
    assert not (case.folder / "pictures" / f"{one}.jpg").exists()
    assert [receipt.id for receipt in case.receipts()] == [two]
    assert [receipt.id for receipt in other.receipts()] == [two]  # another process hears of it, too
    assert case.receipt(two).value("merchant") == "남을 가게"
    assert case.file_of(two).read_bytes() == picture(shade=2)
    for open_case in (case, other):
        open_case.close()


def test_a_picture_that_comes_after_its_receipt_was_deleted_does_not_stay(tmp_path):
    case = Case.open(tmp_path / "case", SETTINGS)
    case.add(*((f"{i}.png", picture(shade=i)) for i in range(30)))
    run = case.read()
    next(iter(run))
    gone = case.delete([receipt.id for receipt in case.receipts()])
    assert len(gone) == 30
    run.wait(progress=False)
    assert run.error is None
    assert run.failed == 0  # what is gone has not failed
    case.keep_picture(gone[0], b"drawn by a worker meanwhile")
    assert case.receipts() == ()
    assert [path.name for folder in ("files", "pictures") for path in (case.folder / folder).iterdir()] == []
    case.close()


def test_while_somebody_reads_deleting_does_not_wait_and_is_finished_later(tmp_path):
    case = Case.open(tmp_path / "case", SETTINGS)
    case.add(("a.png", picture(shade=1)), ("b.png", picture(shade=2)))
    one, two = (receipt.id for receipt in case.receipts())
    case.correct(one, "merchant", MARK, by="kim")
    reader = sqlite3.connect(case.folder / "case.sqlite", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM receipts").fetchone()
    assert case.delete([one]) == (one,)
    assert MARK.encode() in bytes_of(case.folder)  # the reader may still look at it
    reader.close()
    case.finish_erasing()
    assert MARK.encode() not in bytes_of(case.folder)
    assert [receipt.id for receipt in case.receipts()] == [two]
    case.close()


def test_what_was_deleted_can_be_added_again_as_new(tmp_path):
    case = Case.open(tmp_path / "case", SETTINGS)
    first = case.add(("a.png", picture())).new
    case.correct(first[0], "total", "1", by="kim")
    case.delete(first)
    assert case.add(("a.png", picture())).new == first
    (receipt,) = case.receipts()
    assert (receipt.status, receipt.fields) == ("waiting", ())
    assert Case.open(tmp_path / "case", SETTINGS).receipts()[0].id == receipt.id
    case.close()


def aged(*paths):
    """As if nobody had written to them for two hours."""
    for path in paths:
        os.utime(path, (time.time() - 7200,) * 2)


def test_what_a_killed_deletion_left_goes_when_the_case_is_opened(tmp_path):
    case = Case.open(tmp_path / "case", SETTINGS)
    case.add(("a.png", picture(shade=1)), ("b.png", picture(shade=2)))
    case.read().wait(progress=False)
    one, two = (receipt.id for receipt in case.receipts())
    case.picture_of(one)
    left, pictured = case.file_of(one), case.folder / "pictures" / f"{one}.jpg"
    case.store.erase([one], "kim")  # and then it is killed
    case.close()
    Case.open(tmp_path / "case", SETTINGS).close()
    assert left.exists()  # the same file may just be coming in again
    aged(left, pictured, *(tmp_path / "case" / "files").iterdir())
    case = Case.open(tmp_path / "case", SETTINGS)
    assert not left.exists()
    assert not pictured.exists()
    assert case.file_of(two).exists()
    assert case.verify() == []
    case.close()


def test_a_full_disk_keeps_nobody_from_deleting(tmp_path, monkeypatch):
    """The database has no room to say so: pictures for the screen make room, and are drawn anew."""
    case = Case.open(tmp_path / "case", SETTINGS)
    case.add(*((f"{n}.png", picture(shade=n)) for n in range(4)))
    case.read().wait(progress=False)
    ids = [receipt.id for receipt in case.receipts()]
    seen = [case.picture_of(name) for name in ids]
    erase, room = case.store.erase, {"needed": 1}

    def on_a_full_disk(*given):
        if len(list((case.folder / "pictures").glob("*.jpg"))) > 4 - room["needed"]:
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            with in_words(case.folder):
                raise error
        return erase(*given)

    monkeypatch.setattr(case.store, "erase", on_a_full_disk)
    assert case.delete(ids[:1]) == (ids[0],)
    assert len(list((case.folder / "pictures").glob("*.jpg"))) == 3
    room["needed"] = 4
    assert case.delete(ids[1:2]) == (ids[1],)
    assert case.picture_of(ids[2]) == seen[2]
    room["needed"] = 5
    with pytest.raises(CaseError, match="가득"):
        case.delete(ids[2:3])
    assert case.file_of(ids[2]).exists()
    case.close()


def test_drafts_of_the_dead_go_and_those_of_the_living_stay(tmp_path):
    case = Case.open(tmp_path / "case", SETTINGS)
    case.close()
    pictures = tmp_path / "case" / "pictures"
    pictures.mkdir(exist_ok=True)
    dead, fresh = pictures / f"{DRAFT}4000000-abc", pictures / f"{DRAFT}4000001-abc"
    living, early = tmp_path / "case" / f"{DRAFT}{os.getpid()}-abc", tmp_path / "case" / f"{DRAFT}abcdefabcdef"
    for path in (dead, fresh, living, early):
        path.write_bytes(b"half a receipt")
    aged(dead, living, early)
    Case.open(tmp_path / "case", SETTINGS).close()
    assert [path.exists() for path in (dead, early, fresh, living)] == [False, False, True, True]
    out = tmp_path / "out"
    (out / f"{SCRATCH}4000000-x").mkdir(parents=True)
    (out / f"{DRAFT}4000000-x").write_text("half a backup")
    aged(*out.iterdir())
    back_up(tmp_path / "case", out / "b.tar.gz")
    assert [path.name for path in out.iterdir()] == ["b.tar.gz"]
