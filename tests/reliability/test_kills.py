import pytest

from tests.reliability.kills import trial


@pytest.mark.timeout(900)  # each of about five servers takes seconds to come up, many on a loaded machine
def test_ten_kills_lose_nothing_that_was_accepted(tmp_path):
    told = trial(tmp_path / "case", kills=10, receipts=60, seed=7)
    assert told.servers + told.workers == 10
    assert told.servers > 1
    assert told.workers > 1
    assert len(told.did) > 10
    assert told.readings
