import json

import pytest

from workbench.domain.errors import CaseError, FileRefused
from workbench.server.case_registry import Cabinet
from workbench.server.identity import Person, named

KIM, LEE = named("kim"), named("lee")
BROWSER, OTHER = Person("a" * 32), Person("b" * 32)
HOUR = 3600


@pytest.fixture
def cabinet(tmp_path) -> Cabinet:
    return Cabinet(tmp_path, keep_hours=24, max_disk_mb=1)


def test_everybody_finds_their_own_and_nothing_else(cabinet):
    mine, theirs = cabinet.make(KIM, "11월"), cabinet.make(LEE)
    assert cabinet.find(KIM, mine.id).title == "11월"
    assert [about.id for about in cabinet.cases(KIM)] == [mine.id]
    for wrong in (
        theirs.id,
        "0" * 24,
        "",
        "../" + mine.id,
        f"../{LEE.key}/{theirs.id}",
        "*",
        mine.id + "/..",
        "가" * 24,
    ):
        with pytest.raises(CaseError, match="없는 사건이거나"):
            cabinet.find(KIM, wrong)


def test_sharing_takes_an_invitation_that_works_once(cabinet):
    about = cabinet.make(KIM)
    code = cabinet.invite(KIM, about.id)
    assert cabinet.accept(LEE, f" {code} ").id == about.id
    assert cabinet.find(LEE, about.id).owner == KIM.key
    assert [a.id for a in cabinet.cases(LEE)] == [about.id]
    with pytest.raises(CaseError, match="이미 쓴"):
        cabinet.accept(BROWSER, code)
    assert cabinet.folder(cabinet.find(LEE, about.id)) == cabinet.folder(about)


def test_an_invitation_ends_after_a_day_and_cannot_be_guessed(cabinet, monkeypatch):
    about = cabinet.make(KIM)
    code = cabinet.invite(KIM, about.id)
    for wrong in ("", code[:-1], about.id + "-" + "0" * 20, "x-y", "../x"):
        with pytest.raises(CaseError, match="초대 코드"):
            cabinet.accept(LEE, wrong)
    monkeypatch.setattr("workbench.server.case_registry.time.time", lambda: 4e9)
    with pytest.raises(CaseError, match="초대 코드"):
        cabinet.accept(LEE, code)
    assert code not in (cabinet.folder(about) / "about.json").read_text()


def test_what_is_shared_stays_its_owners(cabinet):
    about = cabinet.make(KIM)
    cabinet.accept(LEE, cabinet.invite(KIM, about.id))
    for verb in (cabinet.invite, cabinet.delete):
        with pytest.raises(CaseError, match="주인만"):
            verb(LEE, about.id)
    cabinet.withdraw(KIM, about.id, LEE.key)
    with pytest.raises(CaseError, match="없는 사건이거나"):
        cabinet.find(LEE, about.id)
    assert cabinet.cases(LEE) == []


def test_nobodys_case_leaves_after_a_day_of_no_use_and_named_peoples_stay(cabinet):
    mine, browsers = cabinet.make(KIM), cabinet.make(BROWSER)
    assert cabinet.seconds_left(browsers) == 24 * HOUR
    assert cabinet.seconds_left(mine) is None
    assert cabinet.age(23 * HOUR) == []
    assert cabinet.seconds_left(cabinet.find(BROWSER, browsers.id)) == HOUR
    cabinet.touch(browsers)
    assert cabinet.age(23 * HOUR) == []
    assert [about.id for about in cabinet.age(HOUR)] == [browsers.id]
    assert not cabinet.folder(browsers).exists()
    assert cabinet.find(KIM, mine.id)


def test_a_case_on_screen_does_not_age(cabinet):
    about = cabinet.make(BROWSER)
    assert cabinet.age(100 * HOUR, in_use=frozenset({about.id})) == []
    assert cabinet.seconds_left(cabinet.find(BROWSER, about.id)) == 24 * HOUR


def test_after_a_long_stop_or_a_clock_that_jumped_an_hour_is_left_for_a_last_download(cabinet):
    about = cabinet.make(BROWSER)
    assert cabinet.age(1000 * HOUR, after_start=True) == []
    assert cabinet.seconds_left(cabinet.find(BROWSER, about.id)) == HOUR
    assert cabinet.age(-1000 * HOUR) == []
    assert cabinet.seconds_left(cabinet.find(BROWSER, about.id)) == HOUR


def test_a_case_that_nobody_put_anything_into_goes_after_an_hour(cabinet):
    empty, filled, named = cabinet.make(BROWSER), cabinet.make(BROWSER), cabinet.make(KIM)
    for about in (empty, filled, named):
        (cabinet.folder(about) / "files").mkdir()
    (cabinet.folder(filled) / "files" / "a.jpg").write_bytes(b"x")
    assert cabinet.age(1000 * HOUR, after_start=True) == []  # a stop costs nobody the hour
    assert [gone.id for gone in cabinet.age(HOUR - 1, frozenset({filled.id}))] == []
    assert [gone.id for gone in cabinet.age(2, frozenset({filled.id}))] == [empty.id]
    assert {left.id for left in cabinet.all()} == {filled.id, named.id}


def test_deleting_leaves_no_byte_of_the_case(cabinet, tmp_path):
    about = cabinet.make(KIM)
    cabinet.accept(LEE, cabinet.invite(KIM, about.id))
    (cabinet.folder(about) / "files").mkdir()
    (cabinet.folder(about) / "files" / "a.jpg").write_bytes(b"SECRET-PAPER")
    cabinet.delete(KIM, about.id)
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert left == []


def test_a_deletion_cut_short_is_out_of_sight_and_finished_at_the_next_start(cabinet, monkeypatch):
    about = cabinet.make(KIM)
    monkeypatch.setattr(
        "workbench.server.case_registry.shutil.rmtree", lambda path: (_ for _ in ()).throw(OSError(5, "I/O error"))
    )
    with pytest.raises(CaseError, match="다 지우지 못했습니다"):
        cabinet.delete(KIM, about.id)
    assert cabinet.cases(KIM) == []
    monkeypatch.undo()
    cabinet.clean()
    assert not [path for path in cabinet.home.rglob("*") if path.is_file()]


def test_everybody_has_so_much_room_and_no_more(cabinet):
    about = cabinet.make(KIM)
    (cabinet.folder(about) / "a").write_bytes(b"x" * 900_000)
    cabinet.check_room(KIM.key, 100_000)
    with pytest.raises(FileRefused, match="1 MB가 찼습니다"):
        cabinet.check_room(KIM.key, 100_000)  # what was let in a moment ago counts already
    cabinet.check_room(LEE.key, 200_000)


def test_a_damaged_about_never_makes_a_case_expire_or_change_hands(cabinet):
    about = cabinet.make(BROWSER)
    path = cabinet.folder(about) / "about.json"
    path.write_text("{")
    assert cabinet.age(1000 * HOUR) == []
    path.write_text(json.dumps({"id": "0" * 24, "owner": OTHER.key, "unknown": 1}))
    assert cabinet.find(BROWSER, about.id).owner == BROWSER.key


def test_a_full_disk_is_told_in_words(cabinet, monkeypatch):
    monkeypatch.setattr(
        "workbench.server.case_registry.os.fsync", lambda handle: (_ for _ in ()).throw(OSError(28, "No space left"))
    )
    with pytest.raises(CaseError, match="디스크 공간"):
        cabinet.make(KIM)
    assert not list(cabinet.home.rglob(".about-*"))
