"""The short form of `many_people.py`, with an engine that takes half a second for each receipt."""

import asyncio
import io

import pytest
from PIL import Image

from tests.kit.served import ServedWorkbench
from tests.kit.tab import Tab
from tests.reliability.many_people import Somebody, check_apart, check_log, come, leave, press, slip

PEOPLE, EACH = 6, 4


def blue(number: int) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (200 + number, 200), (0, 0, 255)).save(held, "PNG")
    return held.getvalue()


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    return tmp_path_factory.mktemp("gate") / "open"


@pytest.fixture(scope="module")
def office(tmp_path_factory, gate):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GATE", str(gate))
        home = tmp_path_factory.mktemp("office") / "home"
        with ServedWorkbench(home, ENGINE="tests.kit.fakes:GatedEngine") as office:
            yield office


def test_six_people_each_see_their_own_receipts_only_and_get_on_alike(office, gate):
    async def day() -> list[Somebody]:
        # Somebody has both workers until all the others wait, so that nothing hangs on who pressed first.
        first = await Tab(office.url).open()
        await first.drop(*((f"blue-{n}.png", blue(n)) for n in range(2)))
        await first.until(lambda: first.counts["waiting"] == 2)
        await first.press("읽기 시작")
        crowd = await come(office, PEOPLE, EACH)
        await press(crowd)
        for one in crowd:
            await one.tab.until(lambda one=one: one.tab.shows("차례를 기다리는 중"))
        gate.touch()
        await leave(crowd)
        await first.until(lambda: first.done == 2)
        await first.close()
        return crowd

    crowd = asyncio.run(day())
    assert check_apart(crowd, office.home, strangers=1) > 1e6
    check_log(office)
    # By turns, not by the clock: one may be a turn ahead, and shown a moment before the others.
    first = min(one.when(EACH) for one in crowd)
    assert all(one.when(EACH - 2) <= first for one in crowd)


def test_nothing_of_what_somebody_does_reaches_the_line_of_another(office, gate):
    gate.touch()

    async def both() -> list[bytes]:
        busy, idle = await Tab(office.url).open(), await Tab(office.url).open()
        await busy.drop(("a.png", slip(50, 1)))
        await idle.until(lambda: idle.ready)
        quiet = await idle.quiet()
        await busy.drop(("b.png", slip(50, 2)))
        await busy.until(lambda: busy.counts["waiting"] == 2)
        await busy.press("읽기 시작")
        await busy.until(lambda: busy.done == 2)
        heard = idle.heard[quiet:]
        await asyncio.gather(busy.close(), idle.close())
        return heard

    assert asyncio.run(both()) == []
