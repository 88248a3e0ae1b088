"""The tax look-up of a case, end to end: case folder, client, socket, stand-in."""

import io
import json
import logging
import threading
import time
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from PIL import Image

from tests.kit.nts_server import KEY, Misbehaving, client, numbers
from workbench.__main__ import main
from workbench.case import Case
from workbench.domain.model import Field, Geometry, Reading, TaxFailure, TaxRecord
from workbench.pipeline.tax.nts_client import NationalTaxService
from workbench.pipeline.tax.standin import StandIn
from workbench.pipeline.tax.standin_rows import GOLDEN
from workbench.review.background_jobs import forget, jobs_of
from workbench.settings import Settings

GENERAL = "111-11-11119"


@pytest.fixture
def server():
    with StandIn(key=KEY, invent=True) as standin:
        yield standin


@pytest.fixture
def open_case(tmp_path, server):
    cases = []

    def make(wanted, name="case", **settings):
        settings = Settings(**({"nts_key": KEY, "nts_url": server.url} | settings))
        case = Case.open(tmp_path / name, settings)
        cases.append(case)
        put_numbers(case, wanted, tmp_path)
        return case

    yield make
    for case in cases:
        case.close()


def put_numbers(case, wanted, folder, colour="white"):
    """As if one page with a receipt for each number had been read: what OCR does is tested elsewhere."""
    if not wanted:
        return
    picture = folder / "page.png"
    Image.new("RGB", (300, 300), colour).save(picture)
    (first,) = case.add(picture).new

    def reading(number):
        values = {"business_number": number, "issued_at": "2025-10-03", "total": "11000", "vat": "1000"}
        fields = [Field(name, value, value or "", 0.99) for name, value in values.items()]
        return Reading(Geometry(), (), fields=(*fields, Field("approval_number", "12345678")))

    case.store.put_page(first, tuple(reading(number) for number in wanted))
    case.refresh()


def taxes(case):
    return [receipt.tax for receipt in case.receipts()]


def test_every_row_gets_its_answer_and_no_number_is_asked_twice(open_case, server):
    case = open_case(["111-11-11119", "444-44-44444", "111-11-11119", None, "123-45-67890"])
    assert set(case.look_up_tax()) == {"111-11-11119", "444-44-44444", "123-45-67890"}
    assert [asked.numbers for asked in server.log] == [["1111111119", "4444444444"]]
    assert [getattr(tax, "code", None) for tax in taxes(case)] == [
        "GENERAL",
        "SIMPLIFIED",
        "GENERAL",
        None,
        "not-asked",
    ]
    assert [r.deduction for r in case.receipts()] == ["공제 후보", "불공제 후보", "공제 후보", "확인 필요", "확인 필요"]
    assert all("모의" in r.deduction_reason for r in case.receipts()[:3])
    assert case.look_up_tax() == {}
    assert len(server.log) == 1


def test_answers_and_the_time_asked_outlive_the_process(open_case, server):
    case = open_case(["111-11-11119"])
    case.look_up_tax()
    asked_at = taxes(case)[0].asked_at
    case.close()
    again = open_case([])
    assert taxes(again)[0].asked_at == asked_at
    assert again.look_up_tax() == {}
    assert len(server.log) == 1


def test_re_query_asks_the_failed_ones_only(open_case, server, tmp_path):
    wanted = numbers(1000)
    case = open_case(wanted)
    failing = set(wanted[500:530])

    class Leaky(NationalTaxService):
        def look_up(self, asked):
            return super().look_up([number for number in asked if number not in failing])

    case.look_up_tax(service=Leaky(KEY, server.url))
    assert [len(asked.numbers) for asked in server.log] == [100] * 5 + [70] + [100] * 4
    server.log.clear()
    put_numbers(case, numbers(5, first=5000), tmp_path, "black")  # new ones: not what is asked for now
    assert set(case.look_up_tax(retry=True)) == failing
    assert [set(asked.numbers) for asked in server.log] == [{number.replace("-", "") for number in failing}]
    assert [type(tax) for tax in taxes(case)] == [TaxRecord] * 1000 + [type(None)] * 5
    server.log.clear()
    case.look_up_tax()
    assert [len(asked.numbers) for asked in server.log] == [5]


def test_re_query_of_chosen_rows(open_case, server):
    wanted = numbers(5)
    case = open_case(wanted)
    server.switches.fault = True
    case.look_up_tax(service=NationalTaxService(KEY, server.url, backoff=0.001))
    assert {tax.code for tax in taxes(case)} == {"service-down"}
    server.switches.fault = False
    server.log.clear()
    chosen = [receipt.id for receipt in case.receipts()[1:3]]
    assert case.look_up_tax(ids=[]) == {}
    assert list(case.look_up_tax(ids=chosen)) == wanted[1:3]
    assert [isinstance(tax, TaxRecord) for tax in taxes(case)] == [False, True, True, False, False]
    assert case.look_up_tax(ids=chosen) == {}  # known: not asked again
    assert len(server.log) == 1


def test_plug_pulled_in_mid_run_and_one_more_call_finishes(open_case, server):
    case = open_case(numbers(450))
    service = NationalTaxService(KEY, server.url, backoff=0.001)

    class Unplugged:
        source = "standin"

        def look_up(self, asked):
            server.switches.fault = len(server.log) >= 2
            return service.look_up(asked)

    case.look_up_tax(service=Unplugged())
    codes = [tax.code for tax in taxes(case)]
    assert (len(codes) - codes.count("service-down"), codes.count("service-down")) == (200, 250)
    assert {r.deduction for r in case.receipts()[200:]} == {"확인 필요"}
    server.switches.fault = False
    server.log.clear()
    case.look_up_tax(retry=True)
    assert all(isinstance(tax, TaxRecord) for tax in taxes(case))
    assert [len(asked.numbers) for asked in server.log] == [100, 100, 50]


def test_answered_batches_are_kept_even_if_the_program_dies_then(open_case, server):
    case = open_case(numbers(300))
    service = NationalTaxService(KEY, server.url)

    class Dying:
        def look_up(self, asked):
            if len(server.log) == 2:
                raise SystemExit
            return service.look_up(asked)

    with pytest.raises(SystemExit):
        case.look_up_tax(service=Dying())
    assert sum(isinstance(tax, TaxRecord) for tax in taxes(open_case([]))) == 200


@pytest.mark.parametrize(
    ("settings", "code", "word"),
    [({"nts_key": ""}, "no-key", "인증키가 없어"), ({"nts_key": "other"}, "wrong-key", "활용신청")],
)
def test_a_key_problem_is_said_on_every_row(open_case, settings, code, word):
    case = open_case(numbers(3), **settings)
    case.look_up_tax()
    assert [tax.code for tax in taxes(case)] == [code] * 3
    assert all(word in receipt.deduction_reason for receipt in case.receipts())
    assert all(any(word in found.message for found in receipt.findings) for receipt in case.receipts())


def age(case, **gone):
    """As if the answers had been kept that long ago."""
    aged = {tax.number: replace(tax, asked_at=tax.asked_at - timedelta(**gone)) for tax in taxes(case)}
    case.store.put_tax(aged)
    case.refresh()


def test_an_answer_is_asked_for_again_after_a_day_and_stays_if_that_fails(open_case, server):
    case = open_case(["111-11-11119"])
    case.look_up_tax()
    age(case, hours=23)
    assert case.look_up_tax() == {}
    age(case, hours=2)
    old = taxes(case)[0]
    assert isinstance(case.look_up_tax()["111-11-11119"], TaxRecord)
    assert taxes(case)[0].asked_at > old.asked_at


def test_not_registered_is_asked_for_again_after_an_hour(open_case, server):
    case = open_case(["000-00-00001", "123-45-67891"])
    server.invent = False
    case.look_up_tax()
    assert taxes(case)[1].code == "NOT_REGISTERED"
    case.store.put_tax({"123-45-67891": replace(taxes(case)[1], asked_at=datetime.now(UTC) - timedelta(hours=2))})
    case.refresh()
    assert list(case.look_up_tax()) == ["123-45-67891"]


class Real:
    """Stands for the official service, which no test may call."""

    source = "nts"

    def __init__(self):
        self.calls = []

    def look_up(self, asked):
        self.calls.append(list(asked))
        now = datetime.now(UTC)
        return {
            number: TaxRecord(number, "계속사업자", "부가가치세 면세사업자", "EXEMPT", now, "nts") for number in asked
        }


def test_an_invented_answer_gives_way_to_the_real_one_and_never_the_other_way(open_case, server):
    case, real = open_case(["111-11-11119"]), Real()
    case.look_up_tax()
    assert taxes(case)[0].source == "standin"
    case.look_up_tax(service=real)
    assert (taxes(case)[0].source, taxes(case)[0].code) == ("nts", "EXEMPT")
    age(case, hours=48)
    server.log.clear()
    case.look_up_tax()
    assert server.log == []
    assert taxes(case)[0].source == "nts"


def test_an_invented_answer_does_not_hide_that_the_real_one_could_not_be_had(open_case):
    case = open_case(["111-11-11119"])
    case.look_up_tax()
    keyless = NationalTaxService("")
    assert keyless.source == "nts"
    case.look_up_tax(service=keyless)
    assert isinstance(taxes(case)[0], TaxFailure)
    assert case.receipts()[0].deduction == "확인 필요"


def test_two_askers_at_once_ask_once(open_case, server):
    case = open_case(numbers(20))
    server.switches.delay = 0.2
    threads = [threading.Thread(target=case.look_up_tax) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.log) == 1


def test_a_corrected_number_is_a_new_question(open_case, server):
    case = open_case(["111-11-11119"])
    case.look_up_tax()
    case.correct(case.receipts()[0].id, "business_number", "4444444444", by="kim")
    assert taxes(case) == [None]
    assert case.receipts()[0].deduction == "확인 필요"
    case.look_up_tax()
    assert taxes(case)[0].code == "SIMPLIFIED"


# The key is nowhere.


def spoken(path):
    """Every byte under a folder, archives opened too."""
    for file in path.rglob("*"):
        if file.is_file():
            yield from contents(file.read_bytes())


def contents(data):
    yield data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from contents(archive.read(member))


ECHO = json.dumps({"status_code": "OK", "data": [GOLDEN["1111111119"] | {"tax_type": f"일반 {KEY}"}]}).encode()
EVERY_END = {
    "answered": lambda answer: answer,
    "wrong key": lambda answer: (401, b'{"code":-4,"msg":"?"}'),
    "quota": lambda answer: (400, b'{"code":-10,"msg":"?"}'),
    "html": lambda answer: (502, b"<html>"),
    "dropped": lambda answer: None,
    "echoed": lambda answer: (200, ECHO),
    "echoed in an error": lambda answer: (400, json.dumps({"code": -2, "msg": KEY}).encode()),
}


@pytest.mark.parametrize("end", EVERY_END)
def test_the_key_is_in_no_log_no_case_no_export(end, open_case, tmp_path, caplog, capfd, monkeypatch):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    with Misbehaving(EVERY_END[end], invent=True) as server:
        case = open_case([GENERAL, "444-44-44444"], nts_url=server.url)
        case.look_up_tax()
        case.look_up_tax(retry=True)
    assert {type(tax) for tax in taxes(case)} == {TaxRecord if end == "answered" else TaxFailure}
    for ending in ("csv", "xlsx", "json", "zip"):
        case.export(tmp_path / f"out.{ending}")
    texts = [repr(case), repr(case.settings), repr(vars(case)), repr(case.receipts()), case.frame().to_string()]
    texts += [record.getMessage() + repr(vars(record)) for record in caplog.records]
    texts += [*capfd.readouterr()]
    told = [text.encode() for text in texts] + list(spoken(tmp_path))
    assert any(b"111-11-11119" in data for data in told[5:])  # what is in the case would have been seen
    assert not [form for form in (KEY, quote(KEY, safe=""), quote(KEY)) for data in told if form.encode() in data]


def test_rows_of_a_standin_are_marked_in_every_export(open_case, tmp_path):
    case = open_case([GENERAL])
    case.look_up_tax()
    for ending in ("csv", "xlsx", "json", "zip"):
        data = case.export(tmp_path / f"out.{ending}").read_bytes()
        assert any("일반과세자(모의)".encode() in part or b'"standin"' in part for part in contents(data)), ending
    row = case.frame().iloc[0]
    assert (row["tax_type"], row["tax_status"]) == ("일반과세자(모의)", "계속사업자(모의)")
    assert "모의" in row["findings"]


def test_a_wrong_address_is_told_before_anything_is_read(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WORKBENCH_NTS_URL", "http://tax.example.org")
    assert main(["read", str(tmp_path), "--case", str(tmp_path / "case")]) == 1
    assert "WORKBENCH_NTS_URL" in capsys.readouterr().err
    assert not (tmp_path / "case").exists()


def test_the_command_line_says_why_there_is_no_answer(open_case, server, tmp_path, monkeypatch, capsys):
    open_case(numbers(3)).close()
    (tmp_path / "nothing").mkdir()
    monkeypatch.setenv("WORKBENCH_NTS_URL", server.url)
    monkeypatch.setenv("WORKBENCH_NTS_KEY", "")
    assert main(["read", str(tmp_path / "nothing"), "--case", str(tmp_path / "case")]) == 0
    told = capsys.readouterr()
    assert "국세청 조회 실패 3건: 국세청 인증키가 없어" in told.err
    assert told.out.count("조회 실패(인증키 없음)") == 3
    monkeypatch.setenv("WORKBENCH_NTS_KEY", KEY)
    assert main(["read", str(tmp_path / "nothing"), "--case", str(tmp_path / "case")]) == 0
    told = capsys.readouterr()
    assert "조회 실패" not in told.err + told.out
    assert told.out.count("(모의)") == 3


def test_reading_asks_for_what_was_just_read_and_not_again_for_what_failed(open_case, server):
    case = open_case(
        ["222-22-22227"], engine="tests.kit.fakes:ScriptedEngine", jobs=2, nts_url="http://127.0.0.1:9/none"
    )
    case.look_up_tax()
    jobs = jobs_of(case)
    page = io.BytesIO()
    Image.new("RGB", (400, 400), (10, 10, 10)).save(page, "PNG")
    case.add(("fresh.png", page.getvalue()))
    assert jobs.start(service=client(server))
    deadline = time.monotonic() + 300
    while not server.log:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    forget(case.folder)
    assert [asked.numbers for asked in server.log] == [[GENERAL.replace("-", "")]]


def test_a_name_that_stands_for_no_form_is_told_before_the_long_reading(tmp_path, capsys, monkeypatch):
    """What was read into a case for a while would be gone."""
    monkeypatch.setattr(Case, "add", lambda *_: pytest.fail("it began to read"))
    (tmp_path / "papers").mkdir()
    assert main(["read", str(tmp_path / "papers"), "-o", str(tmp_path / "a.csv"), "-o", str(tmp_path / "b.doc")]) == 1
    assert "b.doc" in capsys.readouterr().err
