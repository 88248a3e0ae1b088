import os
import signal
import threading
from functools import partial

import pytest

from tests.kit import fakes
from workbench.pipeline.jobs.process_queue import shared_queue


@pytest.fixture(scope="module")
def queue():
    return shared_queue(2)  # one pool a process, with one number of workers: see batch.py


def outcomes(batch):
    return {outcome.key: outcome for outcome in batch}


def test_everything_put_comes_out_once(queue):
    batch = queue.batch("a")
    for i in range(20):
        batch.put(str(i), partial(fakes.well, i))
    assert {k: o.value for k, o in outcomes(batch).items()} == {str(i): i for i in range(20)}


def test_one_bad_task_stops_no_other_and_is_told_in_words(queue):
    batch = queue.batch("a")
    batch.put("refused", fakes.refusing)
    batch.put("raised", fakes.raising)
    batch.put("memory", fakes.out_of_memory)
    batch.put("well", partial(fakes.well, 1))
    found = outcomes(batch)
    assert found["well"].value == 1
    assert found["refused"].error == "그림이 손상되었습니다."
    assert "RuntimeError" in found["raised"].error
    assert "kim" not in found["raised"].error  # an engine's text may hold what is confidential
    assert "메모리" in found["memory"].error


def test_a_task_that_kills_its_worker_is_set_aside_and_all_others_end_well(queue):
    batch = queue.batch("a")
    for i in range(6):
        batch.put(str(i), partial(fakes.slow, i, 0.05))
    batch.put("killer", fakes.dying)
    for i in range(6, 12):
        batch.put(str(i), partial(fakes.slow, i, 0.05))
    found = outcomes(batch)
    assert "두 번" in found.pop("killer").error
    assert {k: o.value for k, o in found.items()} == {str(i): i for i in range(12)}


def test_a_worker_killed_from_outside_costs_nothing(queue, tmp_path):
    batch = queue.batch("a")
    batch.put("once", partial(fakes.dying_once, str(tmp_path / "marker")))
    batch.put("well", partial(fakes.well, 1))
    found = outcomes(batch)
    assert found["once"].value == "alive"
    assert found["well"].value == 1


def test_kill_by_hand_in_mid_job(queue):
    first = queue.batch("pids")
    first.put("pid", fakes.pid)
    (victim,) = [o.value for o in first]
    batch = queue.batch("a")
    for i in range(8):
        batch.put(str(i), partial(fakes.slow, i, 0.3))
    threading.Timer(0.4, os.kill, (victim, signal.SIGKILL)).start()
    assert sorted(o.value for o in batch) == list(range(8))


def test_stop_ends_after_those_in_hand_and_the_next_batch_goes_on(queue):
    batch = queue.batch("a")
    for i in range(40):
        batch.put(str(i), partial(fakes.slow, i, 0.05))
    stream = iter(batch)
    next(stream)
    taken = batch.stop()
    rest = list(stream)
    assert taken > 30
    assert 1 + len(rest) + taken == 40
    again = queue.batch("a")
    again.put("x", partial(fakes.well, 1))
    assert [o.value for o in again] == [1]


def test_owners_are_served_in_turn(queue):
    order = []
    large, small = queue.batch("large"), queue.batch("small")
    for i in range(30):
        large.put(str(i), partial(fakes.slow, "large", 0.05))
    for i in range(3):
        small.put(str(i), partial(fakes.slow, "small", 0.05))
    threads = [threading.Thread(target=lambda b=b: order.extend(o.value for o in b)) for b in (large, small)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(order) == 33
    assert max(i for i, owner in enumerate(order) if owner == "small") < 15


def test_a_worker_that_grows_as_an_engine_does_is_kept(queue):
    batch = queue.batch("a")
    for i in range(10):
        batch.put(str(i), fakes.growing)
    pids = [outcome.value for outcome in batch]
    assert len(pids) == 10
    assert len(set(pids)) <= 2  # nobody was sent away and replaced
