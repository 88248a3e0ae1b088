import json
from pathlib import Path

import pytest

from workbench.domain.errors import CaseError, FileRefused
from workbench.server import case_record, case_registry
from workbench.server.case_registry import CaseRegistry
from workbench.server.disk_room import DiskRoom
from workbench.server.identity import Person, named

KIM, LEE = named("kim"), named("lee")
BROWSER, OTHER = Person("a" * 32), Person("b" * 32)
HOUR = 3600


@pytest.fixture
def registry(tmp_path) -> CaseRegistry:
    return CaseRegistry(tmp_path, keep_hours=24, room=DiskRoom(1))


def test_everybody_finds_their_own_and_nothing_else(registry):
    mine, theirs = registry.make(KIM, "11월"), registry.make(LEE)
    assert registry.find(KIM, mine.id).title == "11월"
    assert [about.id for about in registry.cases(KIM)] == [mine.id]
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
            registry.find(KIM, wrong)


def test_sharing_takes_an_invitation_that_works_once(registry):
    about = registry.make(KIM)
    code = registry.invite(KIM, about.id)
    assert registry.accept(LEE, f" {code} ").id == about.id
    assert registry.find(LEE, about.id).owner == KIM.key
    assert [a.id for a in registry.cases(LEE)] == [about.id]
    with pytest.raises(CaseError, match="이미 쓴"):
        registry.accept(BROWSER, code)
    assert registry.folder(registry.find(LEE, about.id)) == registry.folder(about)


def test_a_disk_that_cannot_be_asked_ends_nobodys_page_and_opens_none(registry):
    about = registry.make(KIM)
    assert registry.is_open_to(KIM, about)
    facts = registry.folder(about) / "about.json"
    facts.rename(facts.with_name("kept"))
    facts.symlink_to("about.json")  # asking for it fails, though it is there
    assert registry.is_open_to(KIM, about)
    assert not registry.is_open_to(LEE, about)
    facts.unlink()
    assert not registry.is_open_to(KIM, about)


def test_an_invitation_ends_after_a_day_and_cannot_be_guessed(registry, monkeypatch):
    about = registry.make(KIM)
    code = registry.invite(KIM, about.id)
    for wrong in ("", code[:-1], about.id + "-" + "0" * 20, "x-y", "../x"):
        with pytest.raises(CaseError, match="초대 코드"):
            registry.accept(LEE, wrong)
    monkeypatch.setattr("workbench.server.case_registry.time.time", lambda: 4e9)
    with pytest.raises(CaseError, match="초대 코드"):
        registry.accept(LEE, code)
    assert code not in (registry.folder(about) / "about.json").read_text()


def test_what_is_shared_stays_its_owners(registry):
    about = registry.make(KIM)
    registry.accept(LEE, registry.invite(KIM, about.id))
    for verb in (registry.invite, registry.delete):
        with pytest.raises(CaseError, match="주인만"):
            verb(LEE, about.id)
    registry.withdraw(KIM, about.id, LEE.key)
    with pytest.raises(CaseError, match="없는 사건이거나"):
        registry.find(LEE, about.id)
    assert registry.cases(LEE) == []


def test_nobodys_case_leaves_after_a_day_of_no_use_and_named_peoples_stay(registry):
    mine, browsers = registry.make(KIM), registry.make(BROWSER)
    assert registry.seconds_left(browsers) == 24 * HOUR
    assert registry.seconds_left(mine) is None
    assert registry.age(23 * HOUR) == []
    assert registry.seconds_left(registry.find(BROWSER, browsers.id)) == HOUR
    registry.touch(browsers)
    assert registry.age(23 * HOUR) == []
    assert [about.id for about in registry.age(HOUR)] == [browsers.id]
    assert not registry.folder(browsers).exists()
    assert registry.find(KIM, mine.id)


def test_a_case_on_screen_does_not_age(registry):
    about = registry.make(BROWSER)
    assert registry.age(100 * HOUR, in_use=frozenset({about.id})) == []
    assert registry.seconds_left(registry.find(BROWSER, about.id)) == 24 * HOUR


def test_after_a_long_stop_or_a_clock_that_jumped_an_hour_is_left_for_a_last_download(registry):
    about = registry.make(BROWSER)
    assert registry.age(1000 * HOUR, after_start=True) == []
    assert registry.seconds_left(registry.find(BROWSER, about.id)) == HOUR
    assert registry.age(-1000 * HOUR) == []
    assert registry.seconds_left(registry.find(BROWSER, about.id)) == HOUR


def test_a_case_that_nobody_put_anything_into_goes_after_an_hour(registry):
    empty, filled, named = registry.make(BROWSER), registry.make(BROWSER), registry.make(KIM)
    for about in (empty, filled, named):
        (registry.folder(about) / "files").mkdir()
    (registry.folder(filled) / "files" / "a.jpg").write_bytes(b"x")
    assert registry.age(1000 * HOUR, after_start=True) == []  # a stop costs nobody the hour
    assert [gone.id for gone in registry.age(HOUR - 1, frozenset({filled.id}))] == []
    assert [gone.id for gone in registry.age(2, frozenset({filled.id}))] == [empty.id]
    assert {left.id for left in registry.all()} == {filled.id, named.id}


def test_deleting_leaves_no_byte_of_the_case(registry, tmp_path):
    about = registry.make(KIM)
    registry.accept(LEE, registry.invite(KIM, about.id))
    (registry.folder(about) / "files").mkdir()
    (registry.folder(about) / "files" / "a.jpg").write_bytes(b"SECRET-PAPER")
    registry.delete(KIM, about.id)
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert left == []


def test_a_deletion_cut_short_is_out_of_sight_and_finished_at_the_next_start(registry, monkeypatch):
    about = registry.make(KIM)
    monkeypatch.setattr(
        "workbench.server.case_registry.shutil.rmtree", lambda path: (_ for _ in ()).throw(OSError(5, "I/O error"))
    )
    with pytest.raises(CaseError, match="다 지우지 못했습니다"):
        registry.delete(KIM, about.id)
    assert registry.cases(KIM) == []
    monkeypatch.undo()
    registry.clean()
    assert not [path for path in registry.home.rglob("*") if path.is_file()]


def test_everybody_has_so_much_room_and_no_more(registry):
    about = registry.make(KIM)
    (registry.folder(about) / "a").write_bytes(b"x" * 900_000)
    registry.check_room(KIM.key, 100_000)
    with pytest.raises(FileRefused, match="1 MB가 찼습니다"):
        registry.check_room(KIM.key, 100_000)  # what was let in a moment ago counts already
    registry.check_room(LEE.key, 200_000)


def test_a_damaged_about_never_makes_a_case_expire_or_change_hands(registry):
    about = registry.make(BROWSER)
    path = registry.folder(about) / "about.json"
    path.write_text("{")
    assert registry.age(1000 * HOUR) == []
    path.write_text(json.dumps({"id": "0" * 24, "owner": OTHER.key, "unknown": 1}))
    assert registry.find(BROWSER, about.id).owner == BROWSER.key


def test_a_full_disk_is_told_in_words(registry, monkeypatch):
    monkeypatch.setattr(
        "workbench.pipeline.storage.atomic.os.fsync", lambda handle: (_ for _ in ()).throw(OSError(28, "No space left"))
    )
    with pytest.raises(CaseError, match="디스크 공간"):
        registry.make(KIM)
    assert not list(registry.home.rglob(".about-*"))


def test_one_person_makes_no_cases_without_end_and_takes_none_from_others(tmp_path, monkeypatch):
    monkeypatch.setattr(case_record, "MOST_CASES", 3)
    registry = CaseRegistry(tmp_path)
    for number in range(3):
        last = registry.make(KIM, f"{number}")
    with pytest.raises(CaseError, match="3건"):
        registry.make(KIM)
    assert registry.make(LEE)
    registry.delete(KIM, last.id)
    assert registry.make(KIM)


def test_a_guessed_invitation_has_no_other_case_read(tmp_path, monkeypatch):
    registry = CaseRegistry(tmp_path)
    cases = [registry.make(KIM) for _ in range(5)]
    read: list[Path] = []
    look = case_registry.read_about
    monkeypatch.setattr(case_registry, "read_about", lambda path: read.append(path) or look(path))
    with pytest.raises(CaseError):
        registry.accept(LEE, f"{cases[2].id}-{'0' * 20}")
    assert [path.parent.name for path in read] == [cases[2].id]
