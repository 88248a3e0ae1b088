"""`verify` finds what was changed behind the program's back, and nothing where nothing was."""

import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import pytest
from PIL import Image

from tests.kit.first_version import as_version_0_1_0
from tests.kit.pile import pile, reading
from tests.kit.processes import environment
from tests.kit.worked_case import found, worked_on
from workbench.__main__ import main
from workbench.case import Case
from workbench.domain.errors import CaseError
from workbench.pipeline.storage import patience
from workbench.pipeline.storage.journal import Word
from workbench.pipeline.storage.sqlite import Store
from workbench.settings import Settings


@pytest.fixture
def folder(tmp_path):
    worked_on(tmp_path / "case")
    return tmp_path / "case"


def edit(folder, statement, *values):
    db = sqlite3.connect(folder / "case.sqlite")
    assert db.execute(statement, values).rowcount > 0
    db.commit()
    db.close()


def test_a_page_that_was_read_with_another_and_is_read_anew_is_no_tampering(tmp_path):
    case = pile(tmp_path / "case", 2)
    joined = case.receipts()[1].id
    case.store.put_page(joined, ())
    assert case.verify() == []
    case.read_again([joined], by="kim")
    assert case.verify() == []
    case.store.put_page(joined, ())
    assert case.verify() == []
    case.read_again([joined], by="kim")
    case.store.put_page(joined, (reading(1),))
    assert case.verify() == []
    case.close()


@pytest.mark.parametrize("seed", range(8))
def test_an_honest_case_has_nothing_to_tell(tmp_path, seed):
    worked_on(tmp_path / "case", seed, acts=30)
    assert found(tmp_path / "case") == []


LAST = "(SELECT max(seq) FROM journal)"
TAMPERINGS = {
    "value of an entry": "UPDATE journal SET value = value || '0' WHERE seq = (SELECT min(seq) FROM journal"
    " WHERE action = 'correct')",
    "who": "UPDATE journal SET by = 'lee' WHERE seq = (SELECT min(seq) FROM journal WHERE by = 'kim')",
    "when": "UPDATE journal SET at = '2020-01-01T00:00:00+09:00' WHERE seq = 3",
    "what stood before": "UPDATE journal SET before = '1' WHERE seq = 5",
    "the last entry": f"UPDATE journal SET at = '2020-01-01T00:00:00+09:00' WHERE seq = {LAST}",
    "the first entry removed": "DELETE FROM journal WHERE seq = 1",
    "an entry removed": "DELETE FROM journal WHERE seq = 7",
    "the last entry removed": f"DELETE FROM journal WHERE seq = {LAST}",
    "an entry inserted": "INSERT INTO journal (receipt, action, field, value, by, at, salt)"
    " SELECT id, 'correct', 'total', '1', 'kim', '2026-01-01T00:00:00+09:00', 'aa' FROM receipts LIMIT 1",
    "an entry emptied": "UPDATE journal SET action = 'erased', seal = 'aa' WHERE seq = 4",
    "the machine's reading": "UPDATE receipts SET reading = CAST(replace(CAST(reading AS TEXT), '11', '12') AS BLOB)"
    " WHERE id = (SELECT max(id) FROM receipts)",
    "the state of a receipt": "UPDATE receipts SET status = iif(status = 'read', 'failed', 'read')",
    "a receipt hidden": "UPDATE receipts SET hidden = 1 WHERE id = (SELECT min(id) FROM receipts)",
    "a receipt removed": "DELETE FROM receipts WHERE id = (SELECT min(id) FROM receipts)",
    "the answer of the service": "UPDATE tax SET"
    " record = CAST(replace(CAST(record AS TEXT), 'GENERAL', 'EXEMPT') AS BLOB)",
    "the answer removed": "DELETE FROM tax",
    "a setting": "INSERT OR REPLACE INTO meta VALUES ('setting:four-eyes', '999999')",
    "the head": "UPDATE meta SET value = 'ab' WHERE key = 'head'",
    "a receipt laid on another's original": "UPDATE receipts SET hash = (SELECT max(hash) FROM files)"
    " WHERE hash = (SELECT min(hash) FROM files)",
    "a receipt of another page": "UPDATE receipts SET page = 7 WHERE id = (SELECT max(id) FROM receipts)",
    "the cells of a statement": "UPDATE lists SET sheets = (SELECT sheets FROM lists ORDER BY position DESC LIMIT 1)"
    " WHERE position = 1",
    "the columns of a statement": "UPDATE lists SET columns = '{}' WHERE position = 1",
    "the kind of a statement": "UPDATE lists SET kind = 'vendors' WHERE position = 1",
    "a statement removed": "DELETE FROM lists WHERE position = 1",
    "a statement from nowhere": "INSERT INTO lists (id, kind, name, sheets, columns)"
    " SELECT 'abcdefabcdef', kind, name, sheets, columns FROM lists LIMIT 1",
    "an earlier reading removed": "DELETE FROM earlier_readings",
    "the name of a file": "UPDATE files SET name = '다른 이름.jpg' WHERE position = (SELECT max(position) FROM files)",
}


@pytest.mark.parametrize("statement", TAMPERINGS.values(), ids=TAMPERINGS)
def test_a_changed_database_is_told(folder, statement):
    edit(folder, statement)
    told = found(folder)
    assert told
    assert all(sentence.endswith(("다.", ")", "jpg")) or ":" in sentence for sentence in told)


def test_two_entries_in_each_others_place_are_told(folder):
    for a, b in ((3, -1), (4, 3), (-1, 4)):
        edit(folder, "UPDATE journal SET seq = ? WHERE seq = ?", b, a)
    assert any("순서" in sentence for sentence in found(folder))


def test_an_original_that_cannot_be_read_is_told_beside_the_others(folder):
    """It ended the look at all of them."""
    first, second = sorted((folder / "files").iterdir())[:2]
    first.unlink()
    first.symlink_to(first.name)
    second.write_bytes(b"another")
    told = found(folder)
    assert any("원본 파일을 읽을 수 없습니다" in sentence for sentence in told)
    assert any("원본 파일이 바뀌었습니다" in sentence for sentence in told)


def test_an_original_swapped_missing_or_foreign_is_told(folder):
    first, second, *_ = sorted((folder / "files").iterdir())
    kept = second.read_bytes()
    first.write_bytes(kept)
    assert any("바뀌었습니다" in sentence and "영수증" in sentence for sentence in found(folder))
    first.unlink()
    assert any("원본 파일이 없습니다" in sentence for sentence in found(folder))
    (folder / "files" / "foreign.jpg").write_bytes(b"x")
    assert any("넣은 적이 없는 파일" in sentence for sentence in found(folder))


def test_a_picture_on_screen_that_is_not_what_was_drawn_is_told_and_not_shown(tmp_path):
    folder = tmp_path / "case"
    case = pile(folder, 3, Settings(jobs=1))
    first, second, third = (r.id for r in case.receipts())
    lying = {name: folder / "pictures" / f"{name}.jpg" for name in (first, second, third)}
    drawn = lying[first].read_bytes()
    lying[first].write_bytes(lying[second].read_bytes())  # another receipt's
    assert [told for told in case.verify() if "그림" in told and "영수증 0.jpg" in told] == case.verify() != []
    assert case.picture_of(first) not in (drawn, lying[second].read_bytes())  # drawn anew from the original
    lying[third].unlink()  # may be missing
    (folder / "pictures" / "foreign.jpg").write_bytes(b"x")
    assert [told for told in case.verify() if "foreign.jpg" in told] == case.verify() != []
    (folder / "pictures" / "foreign.jpg").unlink()
    assert case.verify() == []
    assert case.picture_of(first) == lying[first].read_bytes()
    assert "draw" not in set(case.history().action)
    assert [e.action for e in case.entries(first)] == ["add", "read", "draw"]
    case.close()


def test_pictures_of_an_earlier_program_are_shown_and_accused_of_nothing(tmp_path):
    folder = tmp_path / "case"
    pile(folder, 2).close()
    first, *_ = as_version_0_1_0(folder)
    case = Case.open(folder, Settings())
    lying = folder / "pictures" / f"{first}.jpg"
    assert case.picture_of(first) == lying.read_bytes()
    assert case.verify() == []
    case.store.put_page(first, (reading(0),))  # read anew by this one: what lies there is drawn anew
    assert case.store.picture(first) is None
    case.close()


def test_an_emptied_database_beside_files_is_refused(folder):
    for path in folder.glob("case.sqlite*"):
        path.unlink()
    for _ in range(2):
        with pytest.raises(CaseError, match="비어 있는데 원본은"):
            found(folder)
        (folder / "case.head").unlink(missing_ok=True)


def test_a_copy_without_its_wal_is_told_even_after_work_went_on_in_it(tmp_path):
    folder, copy = tmp_path / "case", tmp_path / "copy"
    case = pile(folder, 2)
    case.store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    case.correct(case.receipts()[0].id, "total", "5", by="kim")
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("*-wal", "*-shm"))
    case.close()
    other = Case.open(copy, Settings())
    assert any("WAL" in sentence for sentence in other.verify())
    for value in range(5):
        other.correct(other.receipts()[0].id, "total", str(value), by="lee")
    other.close()
    assert any("WAL" in sentence for sentence in found(copy))
    assert found(folder) == []


def test_the_command_says_from_when_it_vouches_and_ends_with_1_where_something_is_wrong(folder, tmp_path, capsys):
    assert main(["verify", str(folder)]) == 0
    case = Case.open(folder, Settings())
    honest = capsys.readouterr().out
    assert case.chain_head()[1] in honest
    assert "부터 보증합니다" in honest
    case.close()
    edit(folder, "UPDATE journal SET by = 'lee' WHERE seq = 2")
    assert main(["verify", str(folder)]) == 1
    assert "기록 2번" in capsys.readouterr().out
    assert main(["verify", str(tmp_path / "nothing")]) == 1
    assert not (tmp_path / "nothing").exists()


def test_what_others_write_meanwhile_is_no_tampering(tmp_path):
    """Each look of `verify` takes a moment; a server that reads and people who correct go on in it."""
    case = pile(tmp_path / "case", 3)
    told, over = [], threading.Event()

    def work():
        store, number = Store(tmp_path / "case"), 0
        names = [receipt.id for _, _, receipt in store.receipts()]
        while not over.is_set():
            number += 1
            store.put_page(names[0], (reading(number % 9),))
            store.append(Word("correct", "kim", names[1], "total", str(number)))
            store.put_setting("four-eyes", str(number), "kim")
            store.hide([names[2]], number % 2 == 0, "lee")
        store.close()

    other = threading.Thread(target=work)
    other.start()
    try:
        while case.chain_head()[0] < 300:
            told += case.verify()
    finally:
        over.set()
        other.join()
    assert told == []
    case.close()


def a_picture(folder):
    path = folder / "견본.png"
    Image.new("RGB", (40, 60), "white").save(path)
    return path


def test_a_file_whose_row_could_not_be_kept_leaves_nothing(tmp_path, monkeypatch):
    case = Case.open(tmp_path / "case", Settings())
    monkeypatch.setattr(patience, "BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(case.folder / "case.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CaseError):
            case.add(a_picture(tmp_path))
    assert case.verify() == []
    assert list((case.folder / "files").iterdir()) == []
    assert len(case.add(a_picture(tmp_path)).new) == 1
    assert case.verify() == []
    case.close()


KILLED = """
import os, sys
from workbench.case import Case
from workbench.pipeline.storage.intake import Taken
from workbench.settings import Settings

arrive = Taken.arrive
Taken.arrive = lambda taken: (arrive(taken), os.kill(os.getpid(), 9))
Case.open(sys.argv[1], Settings()).add(sys.argv[2])
"""


def test_who_was_killed_between_a_file_and_its_row_leaves_nothing_to_accuse_anybody_of(tmp_path):
    command = [sys.executable, "-c", KILLED, str(tmp_path / "case"), str(a_picture(tmp_path))]
    assert subprocess.run(command, env=environment(), check=False).returncode == -9
    assert len(list((tmp_path / "case/files").iterdir())) == 1
    assert found(tmp_path / "case") == []
    case = Case.open(tmp_path / "case", Settings())
    assert list((case.folder / "files").iterdir()) == []
    assert case.receipts() == ()
    case.add(a_picture(tmp_path))
    assert case.verify() == []
    case.close()


def test_a_case_whose_last_original_was_going_or_whose_first_was_coming_opens(tmp_path):
    case = Case.open(tmp_path / "case", Settings())
    (name,) = case.add(a_picture(tmp_path)).new
    case.store.erase([name])  # killed here: its original still lies there
    case.close()
    assert found(tmp_path / "case") == []
    case = Case.open(tmp_path / "case", Settings())
    assert case.receipts() == ()
    case.close()
    command = [sys.executable, "-c", KILLED, str(tmp_path / "case"), str(a_picture(tmp_path))]
    assert subprocess.run(command, env=environment(), check=False).returncode == -9
    assert found(tmp_path / "case") == []
    Case.open(tmp_path / "case", Settings()).close()
