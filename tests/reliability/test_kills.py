import pytest

from tests.reliability.kills import trial


@pytest.mark.timeout(900)  # each of about ten servers takes seconds to come up, many on a loaded machine
def test_twenty_kills_lose_nothing_that_was_accepted(tmp_path):
    told = trial(tmp_path / "case", kills=20, receipts=60, seed=7)
    assert told.servers + told.workers == 20
    assert told.servers > 3
    assert told.workers > 3
    assert len(told.did) > 20
    assert told.readings > 20
