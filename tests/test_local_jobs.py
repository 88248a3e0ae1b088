import os
import signal
import threading
from functools import partial

import pytest

from tests.kit import fakes
from tests.kit.queue_contract import QueueContract
from workbench.pipeline.jobs.process_queue import shared_queue


@pytest.fixture(scope="module")
def queue():
    return shared_queue(2)  # one pool a process, with one number of workers: see batch.py


class TestLocalQueue(QueueContract):
    """Worker processes of this machine."""


def test_kill_by_hand_in_mid_job(queue):
    first = queue.batch("pids")
    first.put("pid", fakes.pid)
    (victim,) = [o.value for o in first]
    batch = queue.batch("a")
    for i in range(8):
        batch.put(str(i), partial(fakes.slow, i, 0.3))
    threading.Timer(0.4, os.kill, (victim, signal.SIGKILL)).start()
    assert sorted(o.value for o in batch) == list(range(8))


def test_a_worker_that_grows_as_an_engine_does_is_kept(queue):
    batch = queue.batch("a")
    for i in range(10):
        batch.put(str(i), fakes.growing)
    pids = [outcome.value for outcome in batch]
    assert len(pids) == 10
    assert len(set(pids)) <= 2  # nobody was sent away and replaced


def test_a_worker_that_grows_past_its_limit_is_ended_and_its_file_told_of_it(queue):
    batch = queue.batch("a")
    for i in range(3):
        batch.put(str(i), partial(fakes.well, i))
    batch.put("bomb", partial(fakes.growing_without_end, 700_000_000))  # a limit that a test can pay for
    for i in range(3, 8):
        batch.put(str(i), partial(fakes.well, i))
    found = {outcome.key: outcome for outcome in batch}
    assert "메모리가 너무 많이" in found.pop("bomb").error
    assert sorted(outcome.value for outcome in found.values()) == list(range(8))
