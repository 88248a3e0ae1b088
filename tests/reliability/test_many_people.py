"""The short form of `many_people.py`, with an engine that takes a second for each receipt."""

import asyncio

import pytest
from many_people import check_apart, check_log, slip, trial
from office import Office
from tab import Tab

PEOPLE, EACH = 6, 3


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with Office(tmp_path_factory.mktemp("office") / "home", ENGINE="fakes:SlowEngine") as office:
        yield office


def test_six_people_each_see_their_own_receipts_only_and_get_on_alike(office):
    crowd, _ = asyncio.run(trial(office, PEOPLE, EACH))
    assert check_apart(crowd, office.home) > 1e6
    check_log(office)
    # By turns, not by the clock: two receipts may be begun before the others have pressed.
    first = min(one.when(EACH) for one in crowd)
    assert all(one.when(EACH - 2) <= first for one in crowd)


def test_nothing_of_what_somebody_does_reaches_the_line_of_another(office):
    async def both() -> list[bytes]:
        busy, idle = await Tab(office.url).open(), await Tab(office.url).open()
        await busy.drop(("a.png", slip(50, 1)))
        await idle.until(lambda: idle.ready)
        quiet = len(idle.heard)
        await busy.drop(("b.png", slip(50, 2)))
        await busy.until(lambda: busy.counts["waiting"] == 2)
        await busy.press("읽기 시작")
        await busy.until(lambda: busy.done == 2)
        heard = idle.heard[quiet:]
        await asyncio.gather(busy.close(), idle.close())
        return heard

    assert asyncio.run(both()) == []
