"""The order in which people's work is taken, without any worker."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.pipeline.jobs.fair_queue import FairQueue


def taken(turns: FairQueue) -> list:
    found = []
    while turns:
        found.append(turns.take())
    return found


def filled(counts: dict[tuple[str, str], int]) -> FairQueue:
    """`counts`: how many things of each (person, work)."""
    turns = FairQueue()
    for (person, work), count in counts.items():
        for number in range(count):
            turns.put(person, work, (person, work, number))
    return turns


def test_somebody_with_five_cases_gets_no_more_turns_than_somebody_with_one():
    order = taken(filled({("kim", str(case)): 10 for case in range(5)} | {("lee", "one"): 10}))
    assert [person for person, *_ in order[:20]] == ["kim", "lee"] * 10
    assert [person for person, *_ in order[20:]] == ["kim"] * 40


def test_the_cases_of_one_person_take_that_persons_turns_in_turn():
    order = taken(filled({("kim", "a"): 3, ("kim", "b"): 3}))
    assert [work for _, work, _ in order] == ["b", "a"] * 3
    assert [number for _, _, number in order] == [0, 0, 1, 1, 2, 2]


def test_what_a_reviewer_waits_for_comes_before_their_own_pile():
    turns = filled({("kim", "pile"): 100, ("lee", "pile"): 100})
    turns.take()
    turns.put("lee", "area", "here")
    assert turns.take() == "here"


def test_who_comes_later_goes_before_who_has_had_a_turn_already():
    turns = filled({("kim", "a"): 3})
    assert [turns.take()[0] for _ in range(2)] == ["kim", "kim"]
    for number in range(3):
        turns.put("lee", "a", ("lee", "a", number))
    assert [person for person, *_ in taken(turns)] == ["lee", "kim", "lee", "lee"]


def test_who_comes_back_again_and_again_with_one_thing_gets_no_more_turns_than_others():
    turns = filled({("kim", "pile"): 50, ("lee", "pile"): 50})
    order = []
    for _ in range(60):
        if not turns.has("park", "area"):
            turns.put("park", "area", ("park", "area", 0))
        order.append(turns.take()[0])
    assert {person: order.count(person) for person in set(order)} == {"kim": 20, "lee": 20, "park": 20}


def test_work_taken_back_leaves_the_rest():
    turns = filled({("kim", "a"): 3, ("kim", "b"): 2, ("lee", "a"): 1})
    assert turns.withdraw("kim", "a") == 3
    assert turns.withdraw("kim", "a") == 0
    assert turns.withdraw("nobody", "a") == 0
    assert {(person, work) for person, work, _ in taken(turns)} == {("kim", "b"), ("lee", "a")}


def test_nothing_waits_in_the_end():
    turns = filled({("kim", "a"): 2, ("lee", "a"): 1})
    assert len(list(turns.drain())) == 3
    assert not turns
    with pytest.raises(IndexError):
        turns.take()


COUNTS = st.dictionaries(st.tuples(st.sampled_from("klm"), st.sampled_from("abc")), st.integers(1, 4))


@given(COUNTS, st.integers(0, 9), COUNTS, st.integers(0, 9))
def test_the_place_told_is_the_place_had(counts, begun, later, after):
    turns = filled(counts)
    for _ in range(min(begun, sum(counts.values()))):
        turns.take()
    for (person, work), count in later.items():
        for number in range(count):
            turns.put(person, work, (person, work, number))
    for _ in range(after):
        if turns:
            turns.take()
    places = {(p, w): turns.before(p, w) for p, w in counts | later if turns.has(p, w)}
    order = taken(turns)
    first = {work: next(n for n, thing in enumerate(order) if thing[:2] == work) for work in places}
    assert places == first


@given(st.dictionaries(st.tuples(st.sampled_from("klm"), st.sampled_from("abc")), st.integers(1, 6)))
def test_while_two_people_wait_neither_is_ever_two_turns_ahead(counts):
    order = [person for person, *_ in taken(filled(counts))]
    left = {person: order.count(person) for person in order}
    for one, other in itertools.combinations(left, 2):
        ahead = 0
        for person in order:
            if not (left[one] and left[other]):
                break
            ahead += (person == one) - (person == other)
            assert abs(ahead) <= 1
            left[person] -= person in (one, other)
