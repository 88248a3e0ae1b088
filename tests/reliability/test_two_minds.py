from tests.reliability import two_screens
from tests.reliability.two_minds import trial


def test_two_people_at_once_lose_nothing_and_approve_nothing_unseen_even_when_killed():
    counts = trial(acts=50, kills=2)
    assert counts["did"] > 20
    assert counts["changed"] > 0  # else nothing was tried: chance and the machine say how often


def test_two_pages_at_once_lose_nothing_and_approve_nothing_unseen():
    counts = two_screens.trial(acts=25)
    assert counts["correct"] > 2  # as above
