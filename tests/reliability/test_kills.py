import pytest

from tests.reliability.kills import trial


@pytest.mark.timeout(900)  # each of about five servers takes seconds to come up, many on a loaded machine
def test_kills_lose_nothing_that_was_accepted(tmp_path):
    told = trial(tmp_path / "case", kills=6, receipts=36, seed=7)
    assert told.servers + told.workers == 6
    assert told.servers > 1
    assert told.workers > 1
    assert len(told.did) > 6
    assert told.readings
