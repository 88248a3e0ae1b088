import subprocess
import sys
import textwrap

import pytest

from tests.kit.processes import environment
from tests.kit.scripted import SETTINGS, picture
from workbench.case import Case
from workbench.domain.errors import CaseError, WrongValue


@pytest.fixture
def case(tmp_path):
    case = Case.open(tmp_path / "case", SETTINGS)
    yield case
    case.close()


@pytest.fixture
def read_case(case):
    case.add(*((f"{i}.png", picture(shade=i)) for i in range(3)))
    case.read().wait(progress=False)
    return case


def test_a_folder_becomes_a_table(read_case):
    table = read_case.frame()
    assert list(table.status) == ["read"] * 3
    assert list(table.total) == [11000] * 3
    assert list(table.business_number) == ["111-11-11119"] * 3
    assert list(table.columns)[:5] == ["receipt_id", "file", "page", "region", "status"]


def test_receipts_come_as_a_stream(case):
    case.add(*((f"{i}.png", picture(shade=i)) for i in range(5)))
    assert {r.status for r in case.receipts()} == {"waiting"}
    assert {r.file for r in case.read()} == {f"{i}.png" for i in range(5)}


def test_a_reading_nobody_looks_at_is_waited_for(case):
    case.add(("a.png", picture()))
    case.read()
    assert list(case.frame().status) == ["read"]


def test_two_files_of_one_name_are_two_receipts_and_one_file_twice_is_one(case):
    first = case.add(("a.png", picture(shade=1)), ("a.png", picture(shade=2)))
    again = case.add(("b.png", picture(shade=1)))
    assert len(first.new) == 2
    assert again.new == ()
    assert again.known == first.new[:1]


@pytest.mark.parametrize(
    ("name", "data"),
    [("empty.jpg", b""), ("text.jpg", "영수증입니다".encode()), ("page.svg", b"<svg onload='alert(1)'/>")],
)
def test_what_is_no_receipt_is_refused_in_words_and_others_go_on(case, name, data):
    added = case.add((name, data), ("good.png", picture()))
    assert len(added.new) == 1
    ((refused, why),) = added.refused
    assert refused == name
    assert why.endswith(("다.", "요."))
    assert not list((case.folder / "files").glob(".incoming-*"))


def test_a_truncated_picture_becomes_a_failed_row_with_a_sentence(case):
    data = picture(kind="JPEG")
    case.add(("cut.jpg", data[: len(data) // 2]), ("good.png", picture()))
    case.read().wait(progress=False)
    states = {r.file: r for r in case.receipts()}
    assert states["good.png"].status == "read"
    assert states["cut.jpg"].status == "failed"
    assert states["cut.jpg"].error.endswith(("다.", "요."))


def test_a_picture_that_kills_its_worker_fails_alone(case):
    case.add(*((f"{i}.png", picture(shade=i)) for i in range(6)), ("killer.png", picture("red")))
    run = case.read().wait(progress=False)
    states = {r.file: r.status for r in case.receipts()}
    assert states.pop("killer.png") == "failed"
    assert set(states.values()) == {"read"}
    assert (run.done, run.failed) == (7, 1)


def test_stop_keeps_the_rest_waiting_and_reading_goes_on_later(case):
    case.add(*((f"{i}.png", picture(shade=i)) for i in range(30)))
    run = case.read()
    next(iter(run))
    run.stop()
    run.wait(progress=False)
    waiting = [r for r in case.receipts() if r.status == "waiting"]
    assert waiting
    case.read().wait(progress=False)
    assert {r.status for r in case.receipts()} == {"read"}


def test_a_correction_stands_beside_the_reading_and_can_be_taken_back(read_case):
    name = read_case.receipts()[0].id
    receipt = read_case.correct(name, "total", "12,500원", by="kim")
    assert receipt.value("total") == "12500"
    assert receipt.field("total").read == "11000"
    assert any(f.code == "sum" or "합계" in f.message for f in receipt.findings)
    assert read_case.correct(name, "total", None, by="kim").value("total") == "11000"
    with pytest.raises(WrongValue):
        read_case.correct(name, "total", "열두개", by="kim")
    assert [(e.value, e.by) for e in read_case.journal()] == [("12500", "kim"), (None, "kim")]


def test_reading_again_leaves_a_persons_word(read_case):
    name = read_case.receipts()[0].id
    read_case.correct(name, "merchant", "다른가게", by="kim")
    read_case.read_again([name])
    read_case.read().wait(progress=False)
    assert read_case.receipt(name).value("merchant") == "다른가게"
    assert read_case.receipt(name).field("merchant").read == "견본상회"


def test_approval_needs_a_reading_and_ends_with_a_correction(read_case):
    name = read_case.receipts()[0].id
    assert read_case.approve(name, by="kim").approved_by == "kim"
    assert read_case.correct(name, "total", "1", by="lee").status == "read"
    read_case.add(("w.png", picture(shade=99)))
    with pytest.raises(CaseError, match="먼저 읽어"):
        read_case.approve(read_case.receipts()[-1].id, by="kim")


def test_an_unchanged_receipt_is_the_same_object(read_case):
    before = read_case.receipts()
    read_case.correct(before[1].id, "merchant", "새 이름", by="kim")
    after = read_case.receipts()
    assert after[1] is not before[1]
    assert read_case.receipts() == after
    assert all(a is b for a, b in zip(after, read_case.receipts(), strict=True))


def test_a_receipt_without_a_case_is_told(case):
    with pytest.raises(CaseError, match="없는 영수증"):
        case.correct("nothing-1-1", "total", "1", by="kim")


def test_the_same_rules_again_change_nothing_and_need_no_engine(read_case):
    assert read_case.extract_again() == 0


def test_names_of_every_sort(case, tmp_path):
    folder = tmp_path / "가게 영수증"
    folder.mkdir()
    (folder / "한 글.png").write_bytes(picture(shade=1))  # NFD, as macOS writes
    (folder / ("길" * 80 + ".png")).write_bytes(picture(shade=2))
    case.add(folder, ("../../etc/passwd.png", picture(shade=3)), ("x" * 300 + ".png", picture(shade=4)))
    names = [r.file for r in case.receipts()]
    assert "한 글.png" in names
    assert all(".." not in name and len(name) <= 255 for name in names)
    assert len(names) == 4


def test_starting_again_after_a_kill_goes_on_with_the_waiting_ones(tmp_path):
    script = textwrap.dedent(
        """
        import os, signal, sys
        from tests.kit.scripted import SETTINGS, picture
        from workbench.case import Case
        case = Case.open(sys.argv[1], SETTINGS)
        case.add(*((f"{i}.png", picture(shade=i)) for i in range(40)))
        for number, _ in enumerate(case.read()):
            if number == 3:
                os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    folder = tmp_path / "case"
    subprocess.run([sys.executable, "-c", script, str(folder)], check=False, timeout=300, env=environment())
    case = Case.open(folder, SETTINGS)
    kept = sum(r.status == "read" for r in case.receipts())
    assert 4 <= kept < 40
    case.read().wait(progress=False)
    assert [r.status for r in case.receipts()] == ["read"] * 40
    case.close()


def test_two_processes_on_one_case_lose_nothing(read_case):
    other = Case.open(read_case.folder, SETTINGS)
    first, second, _ = (r.id for r in read_case.receipts())
    other.correct(first, "total", "1", by="lee")
    read_case.correct(second, "total", "2", by="kim")
    for case in (read_case, other):
        assert case.receipt(first).value("total") == "1"
        assert case.receipt(second).value("total") == "2"
    other.close()


def test_clearing_deletes_nothing(read_case):
    gone = read_case.clear()
    assert read_case.receipts() == ()
    read_case.restore(gone)
    assert len(read_case.receipts()) == 3


def test_a_picture_for_the_screen_is_there_before_and_after_reading(case):
    case.add(("a.png", picture()))
    name = case.receipts()[0].id
    assert case.picture_of(name).startswith(b"\xff\xd8")
    case.read().wait(progress=False)
    assert case.picture_of(name).startswith(b"\xff\xd8")
