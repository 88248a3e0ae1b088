import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime

import pytest

from workbench.domain.errors import CaseError
from workbench.domain.model import Box, Field, Geometry, Line, Reading, TaxFailure, TaxRecord
from workbench.pipeline.storage import patience
from workbench.pipeline.storage.journal import Word
from workbench.pipeline.storage.sqlite import Store

HASH = "ab" * 32
LINE = Line("합계 12,500", 0.98, Box(1, 2, 3, 4), 0.5)


def reading(total="12500"):
    return Reading(Geometry(90, Box(0, 0, 10, 10), (10, 10)), (LINE,), fields=(Field("total", total, "12,500원"),))


LEFT, RIGHT, WHOLE = Box(0, 0, 50, 90), Box(50, 0, 100, 90), Box(0, 0, 100, 90)


def at(place, total):
    return Reading(Geometry(0, place, (9, 9)), (LINE,), fields=(Field("total", total),))


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "case")
    yield store
    store.close()


def shown(store):
    return [receipt for _, hidden, receipt in store.receipts() if not hidden]


def test_a_reading_comes_back_as_it_was_with_its_lines_apart(store):
    (first,), fresh = store.add_file(HASH, "가게.jpg", ".jpg", 9, 1)
    assert fresh
    store.put_page(first, (reading(),))
    (receipt,) = shown(store)
    assert (receipt.status, receipt.value("total"), receipt.geometry) == ("read", "12500", reading().geometry)
    assert store.lines(first) == (LINE,)
    assert store.reading(first) == reading()


def test_the_same_file_twice_adds_nothing(store):
    first, _ = store.add_file(HASH, "a.jpg", ".jpg", 9, 2)
    again, fresh = store.add_file(HASH, "b.jpg", ".jpg", 9, 2)
    assert again == first
    assert not fresh
    assert len(shown(store)) == 2


def test_a_page_with_three_receipts_becomes_three_and_fewer_later_hides_only_untouched_ones(store):
    (first,), _ = store.add_file(HASH, "a.jpg", ".jpg", 9, 1)
    ids = store.put_page(first, (at(LEFT, "1"), at(RIGHT, "2"), at(Box(100, 0, 150, 90), "3")))
    assert ids == [first, first[:-1] + "2", first[:-1] + "3"]
    store.append(Word("correct", "kim", ids[2], field="total", value="1"))
    store.put_page(first, (at(LEFT, "1"),))
    assert [r.id for r in shown(store)] == [ids[0], ids[2]]
    store.put_page(first, (at(LEFT, "1"), at(RIGHT, "2")))
    assert [r.id for r in shown(store)] == ids


def test_a_word_stays_with_its_place_when_receipts_of_a_page_are_found_in_another_order(store):
    (first,), _ = store.add_file(HASH, "a.jpg", ".jpg", 9, 1)
    left, right = store.put_page(first, (at(LEFT, "1"), at(RIGHT, "2")))
    store.append(Word("correct", "kim", left, field="total", value="999"))
    assert store.put_page(first, (at(RIGHT, "3"), at(Box(0, 2, 48, 90), "4"))) == [right, left]
    held = {r.id: (r.value("total"), r.field("total").read) for r in shown(store)}
    assert held == {left: ("999", "4"), right: ("3", "3")}


@pytest.mark.parametrize("word", ["correct", "put aside", "pair", "unpair", "sample-check"])
def test_a_word_does_not_come_to_stand_on_another_paper_when_a_page_is_parted_otherwise(store, word):
    (first,), _ = store.add_file(HASH, "a.jpg", ".jpg", 9, 1)
    left, right = store.put_page(first, (at(LEFT, "1"), at(RIGHT, "2")))
    if word == "correct":
        store.append(Word("correct", "kim", left, field="total", value="999"))
    elif word == "put aside":
        store.hide([left], by="kim")
    else:
        store.note(Word(word, "kim", left, value="list:1"))
    store.wait_again([left])
    (whole,) = store.put_page(first, (at(WHOLE, "3"),))
    assert whole == right  # nobody had spoken of that
    kept = {r.id: (r.status, r.field("total").read) for r in store.some([left, right])}
    assert kept == {left: ("read", "1"), right: ("read", "3")}
    assert [r.id for r in shown(store)] == ([right] if word == "put aside" else [left, right])


@pytest.mark.parametrize("again", [False, True], ids=["never read", "read before"])
def test_a_page_that_belongs_to_another_waits_no_more(store, again):
    (_, second), _ = store.add_file(HASH, "a.pdf", ".pdf", 9, 2)
    if again:
        store.put_page(second, (reading(),))
        store.wait_again([second])
    store.put_page(second, ())
    assert second not in [r.id for r in shown(store)]
    assert second not in [name for name, *_ in store.waiting()]


@pytest.mark.parametrize("found", [(WHOLE,), (LEFT, RIGHT)])
def test_what_was_said_of_a_page_before_it_was_read_stays_with_its_first_receipt(store, found):
    (first,), _ = store.add_file(HASH, "a.jpg", ".jpg", 9, 1)
    store.append(Word("correct", "kim", first, field="total", value="999"))
    ids = store.put_page(first, tuple(at(place, "1") for place in found))
    assert ids[0] == first
    assert [r.value("total") for r in shown(store)] == ["999", "1"][: len(found)]
    assert store.waiting() == []


def test_what_a_reading_leaves_out_is_not_read_again_and_again(store):
    (first,), _ = store.add_file(HASH, "a.jpg", ".jpg", 9, 1)
    store.put_page(first, (at(LEFT, "1"), at(RIGHT, "2")))
    store.wait_again([first])
    store.put_page(first, (at(RIGHT, "2"),))
    assert [r.field("total").read for r in shown(store)] == ["2"]
    assert store.waiting() == []
    store.wait_again([first])
    assert [name for name, *_ in store.waiting()] == [first]


def test_a_page_is_read_again_although_its_first_receipt_was_put_aside(store):
    (first,), _ = store.add_file(HASH, "a.jpg", ".jpg", 9, 1)
    left, right = store.put_page(first, (at(LEFT, "1"), at(RIGHT, "2")))
    store.hide([left], by="kim")
    store.wait_again([left])
    assert [name for name, *_ in store.waiting()] == [left]
    store.hide([right], by="kim")
    assert store.waiting() == []


def test_the_only_receipt_of_a_page_stays_the_one_it_was_however_it_is_cut(store):
    (first,), _ = store.add_file(HASH, "a.jpg", ".jpg", 9, 1)
    store.put_page(first, (at(WHOLE, "1"),))
    store.append(Word("correct", "kim", first, field="total", value="999"))
    assert store.put_page(first, (at(LEFT, "2"),)) == [first]
    assert [r.value("total") for r in shown(store)] == ["999"]


def test_rules_applied_to_an_earlier_reading_do_not_replace_one_that_came_meanwhile(store):
    (first,), _ = store.add_file(HASH, "a.jpg", ".jpg", 9, 1)
    store.put_page(first, (reading(),))
    before = store.reading(first)
    store.put_page(first, (reading("13000"),))
    assert store.put_extraction({first: (before, reading("7"))}) == []
    assert store.reading(first) == reading("13000")
    assert store.put_extraction({first: (reading("13000"), reading("7"))}) == [first]
    assert store.reading(first) == reading("7")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody take away a file that is open")
@pytest.mark.parametrize("then", ["restored", "gone"])
def test_a_case_whose_folder_was_replaced_meanwhile_shows_nothing_old_and_keeps_nothing(store, tmp_path, then):
    (first,), _ = store.add_file(HASH, "a.jpg", ".jpg", 9, 1)
    if then == "restored":
        shutil.copytree(store.folder, tmp_path / "backup")
    shutil.rmtree(store.folder)
    if then == "restored":
        shutil.copytree(tmp_path / "backup", store.folder)
    with pytest.raises(CaseError, match=r"보이는 것은.*다시 열어"):
        store.revision()
    with pytest.raises(CaseError, match=r"저장하지 않았습니다.*다시 열어"):
        store.append(Word("correct", "kim", first, field="total", value="1"))


@pytest.mark.parametrize(
    "harm",
    ["DROP TABLE journal", "ALTER TABLE tax RENAME TO other", "UPDATE meta SET value = CAST(x'ff80' AS TEXT)"],
)
def test_a_damaged_database_is_told_as_that_and_not_as_want_of_room(store, harm):
    store.close()
    with closing(sqlite3.connect(store.folder / "case.sqlite")) as db:
        db.execute(harm)
        db.commit()
    with pytest.raises(CaseError, match="손상되었거나 바뀌었습니다"):
        opened = Store(store.folder)
        try:
            opened.tax(), opened.history()
        finally:
            opened.close()


def test_a_case_that_is_closed_is_not_told_as_damaged(store):
    store.close()
    with pytest.raises(CaseError, match="저장하지 못했습니다"):
        store.append(Word("approve", "kim", "a"))


def test_what_waits_too_long_for_another_thread_is_told_as_that(store, monkeypatch):
    monkeypatch.setattr(patience, "seconds", lambda: 0.01)
    with store.writing(), ThreadPoolExecutor(1) as other, pytest.raises(CaseError, match="다른 프로그램"):
        other.submit(store.append, Word("approve", "kim", "a")).result()


def test_a_new_reading_never_touches_a_persons_word(store):
    (first,), _ = store.add_file(HASH, "a.jpg", ".jpg", 9, 1)
    store.put_page(first, (reading(),))
    store.append(Word("correct", "kim", first, field="total", value="999"))
    store.put_page(first, (reading("13000"),))
    (receipt,) = shown(store)
    assert receipt.value("total") == "999"
    assert receipt.field("total").read == "13000"
    store.append(Word("correct", "kim", first, field="total"))
    (receipt,) = shown(store)
    assert receipt.value("total") == "13000"
    assert len(receipt.field("total").corrections) == 2


def test_a_word_after_the_approval_takes_it_back(store):
    (first,), _ = store.add_file(HASH, "a.jpg", ".jpg", 9, 1)
    store.put_page(first, (reading(),))
    store.append(Word("approve", "kim", first))
    assert shown(store)[0].status == "approved"
    store.append(Word("correct", "lee", first, field="total", value="1"))
    assert shown(store)[0].status == "read"


def test_cleared_receipts_come_back_as_they_were(store):
    (first,), _ = store.add_file(HASH, "a.jpg", ".jpg", 9, 1)
    store.put_page(first, (reading(),))
    store.append(Word("correct", "kim", first, field="total", value="7"))
    store.hide([first])
    assert shown(store) == []
    store.hide([first], hidden=False)
    assert shown(store)[0].value("total") == "7"
    store.hide([first])
    _, fresh = store.add_file(HASH, "a.jpg", ".jpg", 9, 1)
    assert fresh
    assert shown(store)[0].value("total") == "7"


def test_a_failed_query_does_not_replace_an_answer(store):
    now = datetime.now(UTC)
    record = TaxRecord("111-11-11119", "계속사업자", "부가가치세 일반과세자", "GENERAL", now)
    failure = TaxFailure("111-11-11119", "no-network", "끊겼습니다.", now)
    store.put_tax({record.number: record})
    store.put_tax({record.number: failure})
    assert store.tax() == {record.number: (record, failure)}
    store.put_tax({record.number: record})
    assert store.tax() == {record.number: (record, None)}


def test_each_process_learns_what_the_other_did(store):
    other = Store(store.folder)
    (first,), _ = store.add_file(HASH, "a.jpg", ".jpg", 9, 1)
    before = other.revision()
    store.append(Word("correct", "kim", first, field="total", value="5"))
    ((_, _, receipt),) = other.receipts(before)
    assert receipt.value("total") == "5"
    other.close()


def test_nothing_accepted_is_lost_when_the_process_is_killed(tmp_path):
    folder = tmp_path / "case"
    script = textwrap.dedent(
        f"""
        from pathlib import Path
        from workbench.pipeline.storage.journal import Word
        from workbench.pipeline.storage.sqlite import Store
        store = Store(Path({str(folder)!r}))
        (first,), _ = store.add_file({HASH!r}, "a.jpg", ".jpg", 9, 1)
        for i in range(100000):
            store.append(Word("correct", "kim", first, "total", str(i)))
            print(i, flush=True)
        """
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        while process.stdout.readline().strip() != "20":
            pass
        os.kill(process.pid, signal.SIGKILL)
        accepted = max([20, *map(int, process.stdout.read().split())])
    store = Store(folder)
    assert [entry.value for entry in store.journal()][: accepted + 1] == [str(i) for i in range(accepted + 1)]
    store.close()


def test_a_folder_without_right_to_write_is_told_in_words(tmp_path):
    (tmp_path / "case").write_text("a file where a folder should be")
    with pytest.raises(CaseError, match="권한"):
        Store(tmp_path / "case")


def test_a_damaged_case_is_told_in_words(tmp_path):
    folder = tmp_path / "case"
    Store(folder).close()
    for left in folder.glob("case.sqlite*"):
        left.write_bytes(b"no database at all, though as long as one could be" * 100)
    with pytest.raises(CaseError, match="손상"):
        Store(folder)


def test_a_full_disk_is_told_in_words_and_loses_nothing(store):
    (first,), _ = store.add_file(HASH, "a.jpg", ".jpg", 9, 1)
    store.append(Word("correct", "kim", first, field="total", value="1"))
    pages = store.rows("PRAGMA page_count")[0][0]
    store.rows(f"PRAGMA max_page_count = {pages}")  # SQLite's own way to say that no more room is left
    with pytest.raises(CaseError, match="가득"):
        for i in range(10_000):
            store.append(Word("correct", "kim", first, field="merchant", value="가" * 500 + str(i)))
    store.rows("PRAGMA max_page_count = 1000000")
    assert shown(store)[0].value("total") == "1"


def test_a_newer_case_is_refused(tmp_path):
    Store(tmp_path).close()
    db = sqlite3.connect(tmp_path / "case.sqlite")
    db.execute("UPDATE meta SET value = 99 WHERE key = 'version'")
    db.commit()
    db.close()
    with pytest.raises(CaseError, match="업데이트"):
        Store(tmp_path)
