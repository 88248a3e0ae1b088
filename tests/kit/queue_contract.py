"""What every reading queue keeps, whoever does the work: a test class for each queue derives from this one.

The class's module has a fixture `queue`, two workers behind it, shared by its tests.
"""

import threading
from functools import partial

from tests.kit import fakes


def outcomes(batch):
    return {outcome.key: outcome for outcome in batch}


class QueueContract:
    def test_everything_put_comes_out_once(self, queue):
        batch = queue.batch("a")
        for i in range(20):
            batch.put(str(i), partial(fakes.well, i))
        assert {k: o.value for k, o in outcomes(batch).items()} == {str(i): i for i in range(20)}

    def test_one_bad_task_stops_no_other_and_is_told_in_words(self, queue):
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

    def test_a_task_that_kills_its_worker_is_set_aside_and_all_others_end_well(self, queue):
        batch = queue.batch("a")
        for i in range(6):
            batch.put(str(i), partial(fakes.slow, i, 0.05))
        batch.put("killer", fakes.dying)
        for i in range(6, 12):
            batch.put(str(i), partial(fakes.slow, i, 0.05))
        found = outcomes(batch)
        assert "따로 두었습니다" in found.pop("killer").error
        assert {k: o.error for k, o in found.items() if o.error} == {}
        assert {k: o.value for k, o in found.items()} == {str(i): i for i in range(12)}

    def test_a_worker_that_dies_once_costs_nothing(self, queue, tmp_path):
        batch = queue.batch("a")
        batch.put("once", partial(fakes.dying_once, str(tmp_path / "marker")))
        batch.put("well", partial(fakes.well, 1))
        found = outcomes(batch)
        assert found["once"].value == "alive"
        assert found["well"].value == 1

    def test_stop_ends_after_those_in_hand_and_the_next_batch_goes_on(self, queue):
        batch = queue.batch("a")
        for i in range(40):
            batch.put(str(i), partial(fakes.slow, i, 0.1))
        stream = iter(batch)
        next(stream)
        taken = batch.stop()
        assert taken > 30
        assert 1 + len(list(stream)) + taken == 40
        again = queue.batch("a")
        again.put("x", partial(fakes.well, 1))
        assert [o.value for o in again] == [1]

    def test_owners_are_served_in_turn(self, queue):
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
        assert max(i for i, owner in enumerate(order) if owner == "small") < 18
