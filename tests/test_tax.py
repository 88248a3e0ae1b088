import itertools
from datetime import UTC, datetime, timedelta

import pytest

from tests.kit.nts_server import KEY, client, numbers
from workbench.domain.errors import BadAnswer, NoKey, NoNetwork, QuotaUsedUp, TaxError, WrongKey
from workbench.domain.model import TaxFailure, TaxRecord
from workbench.pipeline.tax.service import is_fresh, look_up_batches
from workbench.pipeline.tax.standin import StandIn


@pytest.fixture
def server():
    with StandIn(key=KEY, invent=True) as standin:
        yield standin


class Scripted:
    """A service that does what the script says, call by call: raises an error, or answers for `None`."""

    def __init__(self, *script):
        self.script, self.calls = iter(script), []

    def look_up(self, wanted):
        self.calls.append(list(wanted))
        act = next(self.script, None)
        if isinstance(act, TaxError):
            raise act
        answered = wanted[: act if act is not None else len(wanted)]
        return {number: TaxRecord(number, "계속사업자", "일반", "GENERAL", datetime.now(UTC)) for number in answered}


def merged(batches):
    return dict(itertools.chain.from_iterable(batch.items() for batch in batches))


def codes(answers):
    return [answer.code for answer in answers.values()]


def test_each_number_comes_out_once_in_batches_of_100():
    service, wanted = Scripted(), numbers(250)
    batches = list(look_up_batches(service, [*wanted, *wanted[:7], ""]))
    assert [len(batch) for batch in batches] == [100, 100, 50]
    assert list(merged(batches)) == wanted
    assert [len(call) for call in service.calls] == [100, 100, 50]


@pytest.mark.parametrize("wrong", ["123-45-67890", "000-00-00000", "12", "번호", "124-81-0099"])
def test_a_number_that_cannot_be_is_not_asked(wrong):
    service = Scripted()
    answers = merged(look_up_batches(service, [wrong, "111-11-11119"]))
    assert answers[wrong].code == "not-asked"
    assert "검증번호" in answers[wrong].message
    assert service.calls == [["111-11-11119"]]


@pytest.mark.parametrize("error", [NoKey("키"), WrongKey("키"), QuotaUsedUp("한도")])
def test_an_error_that_stops_ends_the_asking_and_marks_the_rest(error):
    service = Scripted(None, error)
    answers = merged(look_up_batches(service, numbers(350)))
    assert codes(answers) == ["GENERAL"] * 100 + [error.code] * 250
    assert {answer.message for answer in answers.values() if isinstance(answer, TaxFailure)} == {str(error)}
    assert len(service.calls) == 2


def test_a_passing_error_marks_its_batch_only():
    service = Scripted(None, NoNetwork("끊김"), None, BadAnswer("이상"), None)
    answers = merged(look_up_batches(service, numbers(500)))
    said = ["GENERAL", "no-network", "GENERAL", "bad-answer", "GENERAL"]
    assert codes(answers) == [code for code in said for _ in range(100)]


def test_a_dead_line_is_given_up_after_two_batches():
    service = Scripted(None, NoNetwork("끊김"), NoNetwork("끊김"))
    answers = merged(look_up_batches(service, numbers(1000)))
    assert codes(answers) == ["GENERAL"] * 100 + ["no-network"] * 900
    assert len(service.calls) == 3


def test_numbers_left_out_of_an_answer_are_failed():
    answers = merged(look_up_batches(Scripted(30), numbers(100)))
    assert codes(answers) == ["GENERAL"] * 30 + ["bad-answer"] * 70


def test_asking_stops_when_no_more_is_wanted():
    service = Scripted()
    stream = look_up_batches(service, numbers(300))
    next(stream)
    stream.close()
    assert len(service.calls) == 1


def test_a_bug_is_not_mistaken_for_a_failure():
    class Broken:
        def look_up(self, wanted):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(look_up_batches(Broken(), numbers(1)))


def test_plug_pulled_in_the_middle_and_one_more_go_finishes(server):
    service, wanted = client(server), numbers(450)
    stream = look_up_batches(service, wanted)
    answers = next(stream) | next(stream)
    server.switches.fault = True
    answers |= merged(stream)
    assert sum(isinstance(answer, TaxRecord) for answer in answers.values()) == 200
    assert {answer.code for answer in answers.values() if isinstance(answer, TaxFailure)} == {"service-down"}
    assert len(answers) == 450
    server.switches.fault = False
    server.log.clear()
    failed = [number for number, answer in answers.items() if isinstance(answer, TaxFailure)]
    answers |= merged(look_up_batches(service, failed))
    assert all(isinstance(answer, TaxRecord) for answer in answers.values())
    assert [len(asked.numbers) for asked in server.log] == [100, 100, 50]


def test_quota_in_the_middle_over_the_wire(server):
    server.switches.quota_after = 2
    answers = merged(look_up_batches(client(server), numbers(500)))
    assert sum(isinstance(answer, TaxRecord) for answer in answers.values()) == 200
    assert {answer.code for answer in answers.values() if isinstance(answer, TaxFailure)} == {"quota"}
    assert len(server.log) == 3


@pytest.mark.parametrize(
    ("code", "source", "asker", "hours", "held"),
    [
        ("GENERAL", "nts", "nts", 23.9, True),
        ("GENERAL", "nts", "nts", 24, False),
        ("NOT_REGISTERED", "nts", "nts", 0.9, True),
        ("NOT_REGISTERED", "nts", "nts", 1, False),
        ("GENERAL", "nts", "nts", -2, False),  # the clock went back
        ("GENERAL", "standin", "standin", 23.9, True),
        ("GENERAL", "standin", "standin", 24, False),
        ("GENERAL", "standin", "nts", 0, False),  # the real service is worth asking
        ("GENERAL", "nts", "standin", 1000, True),  # an invented answer never replaces a real one
        ("GENERAL", "nts", None, 23.9, True),  # a service that does not say who it is
    ],
)
def test_how_long_an_answer_holds(code, source, asker, hours, held):
    now, service = datetime.now(UTC), Scripted()
    if asker:
        service.source = asker
    record = TaxRecord("111-11-11119", "계속사업자", "일반", code, now - timedelta(hours=hours), source)
    assert is_fresh(record, service, now) is held
