"""Many people at one server with two workers: nobody sees another's receipts, and all get through alike."""

import time

from tests.kit.scripted import picture
from workbench.review.session import Session
from workbench.server.hosting import WorkbenchServer
from workbench.server.identity import Person
from workbench.settings import Settings

USERS, EACH = 12, 6


def test_many_people_with_some_receipts_each(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.server.hosting.temporary.stay_under", lambda home: None)
    office = WorkbenchServer.open(Settings(home=tmp_path, jobs=2, engine="tests.kit.fakes:ScriptedEngine"))
    people = [Person(f"{number:032x}") for number in range(USERS)]
    abouts = [office.case_of(person, "") for person in people]
    sessions = [Session(office.watch(about), person.key) for about, person in zip(abouts, people, strict=True)]
    own = []
    for number, session in enumerate(sessions):
        added = session.add(*((f"{number}-{i}.png", picture(shade=i, colour=(number, i, 0))) for i in range(EACH)))
        own.append(set(added.new))
        assert len(added.new) == EACH
    began = time.monotonic()
    for session in sessions:
        session.read_waiting()
    finished: set[int] = set()
    least = None
    places = set()
    while len(finished) < USERS and time.monotonic() - began < 500:
        for number, session in enumerate(sessions):
            session.tick()
            seen = {shown.id for shown in session.receipts}
            assert seen == own[number], "saw another's receipts"
            places.add(session.reading.place)
            if not any(shown.status == "waiting" for shown in session.receipts):
                finished.add(number)
        if finished and least is None:  # the first is done: how far the others are
            least = min(sum(shown.status != "waiting" for shown in session.receipts) for session in sessions)
        time.sleep(0.05)
    assert len(finished) == USERS
    assert least >= EACH // 2
    assert max(places) > 1  # who waits is told behind how many
    for session in sessions:
        assert {shown.status for shown in session.receipts} == {"read"}
    for about in abouts:
        office.leave(about)
    office.keep_house(0)


def test_five_cases_of_one_person_take_no_more_turns_than_one_of_another(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.server.hosting.temporary.stay_under", lambda home: None)
    office = WorkbenchServer.open(Settings(home=tmp_path, jobs=2, engine="tests.kit.fakes:ScriptedEngine"))
    kim, lee = Person("a" * 32), Person("b" * 32)
    busy = [Session(office.watch(office.registry.make(kim)), kim.key) for _ in range(5)]
    one = Session(office.watch(office.case_of(lee, "")), lee.key)
    for number, session in enumerate((*busy, one)):
        session.add(*((f"{i}.png", picture(shade=i, colour=(0, number, 0))) for i in range(20)))
    for session in (*busy, one):
        session.read_waiting()
    one.case.run.wait(progress=False)
    done = sum(session.case.run.done for session in busy)
    for session in busy:
        session.stop()
        session.case.run.wait(progress=False)
    assert {shown.status for shown in one.case.receipts()} == {"read"}
    assert done < 50  # by cases taken in turn, a hundred would have come first


def test_five_receipts_do_not_wait_for_two_hundred(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.server.hosting.temporary.stay_under", lambda home: None)
    office = WorkbenchServer.open(Settings(home=tmp_path, jobs=2, engine="tests.kit.fakes:ScriptedEngine"))
    many, few = (Session(office.watch(office.case_of(Person(letter * 32), ""))) for letter in "ab")
    many.add(*((f"{i}.png", picture(shade=i)) for i in range(200)))
    many.read_waiting()
    few.add(*((f"{i}.png", picture(colour=(0, 9, 0), shade=i)) for i in range(5)))
    few.read_waiting()
    end = time.monotonic() + 500
    while any(shown.status == "waiting" for shown in few.receipts) and time.monotonic() < end:
        few.tick()
        time.sleep(0.02)
    many.tick()
    assert {shown.status for shown in few.receipts} == {"read"}
    assert sum(shown.status == "read" for shown in many.receipts) < 60
    many.stop()
    many.case.run.wait(progress=False)
