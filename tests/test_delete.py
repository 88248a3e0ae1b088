import sqlite3

from tests.kit.scripted import SETTINGS, picture
from workbench.case import Case

MARK = "지워질 가게 이름"


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
    assert len(other.receipts()) == 2
    assert MARK.encode() in bytes_of(case.folder)
    assert case.delete([one]) == (one,)
    everything = bytes_of(case.folder)
    assert MARK.encode() not in everything
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
    case._keep_picture(gone[0], b"drawn by a worker meanwhile")
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
