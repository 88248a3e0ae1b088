import json
import logging
import pickle
import socket
import time
import traceback
from datetime import UTC, date, datetime
from urllib.parse import quote

import pytest
import requests

from tests.kit.nts_server import KEY, Misbehaving, Raw, client, dashed, numbers
from workbench.domain.errors import (
    BadAnswer,
    NoKey,
    NoNetwork,
    QuotaUsedUp,
    ServiceDown,
    SettingsError,
    TaxError,
    WrongKey,
)
from workbench.domain.model import TaxFailure
from workbench.pipeline.tax.nts_answer import read_answer
from workbench.pipeline.tax.nts_client import NationalTaxService
from workbench.pipeline.tax.nts_response import record_of
from workbench.pipeline.tax.service import look_up_batches
from workbench.pipeline.tax.standin import StandIn
from workbench.pipeline.tax.standin_rows import GOLDEN

GENERAL = "111-11-11119"


@pytest.fixture
def server():
    with StandIn(key=KEY) as standin:
        yield standin


def post(server, path="/status", params=None, **options):
    params = {"serviceKey": KEY} if params is None else params
    answer = requests.request(options.pop("method", "POST"), server.url + path, params=params, timeout=60, **options)
    return answer.status_code, answer.json() if answer.content else None


# The behaviour table of the stand-in, over the wire, row by row.


def test_row_1_unknown_path(server):
    assert post(server, "/stati") == (404, {"code": -3, "msg": "등록되지 않은 서비스 입니다."})


def test_row_2_no_key(server):
    assert post(server, params={}) == (401, {"code": -401, "msg": "유효하지 않은 인증키 입니다."})


@pytest.mark.parametrize("wrong", ["other", KEY.replace("+", " "), quote(KEY, safe="")])
def test_row_3_wrong_key_after_one_decoding(server, wrong):
    assert post(server, params={"serviceKey": wrong}) == (401, {"code": -4, "msg": "등록되지 않은 인증키 입니다."})


def test_the_key_may_come_in_the_header(server):
    status, answer = post(server, params={}, headers={"Authorization": f"Infuser {KEY}"}, json={"b_no": ["1111111119"]})
    assert (status, answer["match_cnt"]) == (200, 1)


def test_row_4_quota(server):
    server.switches.quota_after = 1
    assert post(server, json={"b_no": ["1111111119"]})[0] == 200
    assert post(server, json={"b_no": ["1111111119"]}) == (
        400,
        {"code": -10, "msg": "트래픽 허용 횟수를 초과하였습니다."},
    )


def test_row_5_not_post(server):
    assert post(server, method="GET") == (405, None)


def test_row_6_not_json(server):
    assert post(server, data=b"b_no=1") == (400, {"status_code": "BAD_JSON_REQUEST"})


@pytest.mark.parametrize("body", [{}, {"b_no": "1111111119"}, {"b_no": []}, ["1111111119"], {"businesses": []}])
def test_row_7_malformed(server, body):
    assert post(server, json=body) == (411, {"status_code": "REQUEST_DATA_MALFORMED"})


def test_row_7_validate_wants_every_required_field(server):
    whole = {"b_no": "1111111119", "start_dt": "20200101", "p_nm": "홍길동"}
    assert post(server, "/validate", json={"businesses": [whole]})[0] == 200
    del whole["p_nm"]
    assert post(server, "/validate", json={"businesses": [whole]}) == (411, {"status_code": "REQUEST_DATA_MALFORMED"})


def test_row_8_more_than_100(server):
    assert post(server, json={"b_no": ["1111111119"] * 101}) == (413, {"status_code": "TOO_LARGE_REQUEST"})
    assert post(server, json={"b_no": ["1111111119"] * 100})[0] == 200


def test_row_9_fault(server):
    server.switches.fault = True
    assert post(server, json={"b_no": ["1111111119"]}) == (500, {"status_code": "INTERNAL_ERROR"})


def test_row_10_html(server):
    server.switches.html = True
    answer = requests.post(f"{server.url}/status", params={"serviceKey": KEY}, json={"b_no": ["1"]}, timeout=60)
    assert (answer.status_code, answer.text[:6]) == (502, "<html>")


def test_row_11_delay(server):
    server.switches.delay = 0.5
    with pytest.raises(requests.ReadTimeout):
        requests.post(f"{server.url}/status", params={"serviceKey": KEY}, json={"b_no": ["1"]}, timeout=0.1)


def test_row_12_answers_in_the_measured_form(server):
    """Byte by byte what the real service sent for a general taxpayer, but for the number."""
    answer = requests.post(
        f"{server.url}/status", params={"serviceKey": KEY}, json={"b_no": ["1111111119"]}, timeout=60
    )
    assert answer.content.decode() == (
        '{"request_cnt":1,"match_cnt":1,"status_code":"OK","data":[{"b_no":"1111111119","b_stt":"계속사업자",'
        '"b_stt_cd":"01","tax_type":"부가가치세 일반과세자","tax_type_cd":"01","end_dt":"","utcc_yn":"N",'
        '"tax_type_change_dt":"","invoice_apply_dt":"","rbf_tax_type":"해당없음","rbf_tax_type_cd":"99"}]}'
    )


@pytest.mark.parametrize("number", ["0000000000", "1234567891", "123-45-67891", "12"])
def test_row_12_not_registered_has_no_match_count(server, number):
    status, answer = post(server, json={"b_no": [number, number]})
    assert status == 200
    assert "match_cnt" not in answer
    assert [row["b_no"] for row in answer["data"]] == [number, number]
    assert answer["data"][0]["tax_type"] == "국세청에 등록되지 않은 사업자등록번호입니다."
    assert set(answer["data"][0].values()) == {number, "", answer["data"][0]["tax_type"]}


def test_the_standin_listens_on_loopback_only(server):
    assert server.socket.getsockname()[0] == "127.0.0.1"


# The client, over the wire.


def test_every_golden_row_becomes_its_record(server):
    records = client(server).look_up([dashed(bare) for bare in GOLDEN])
    assert {number: record.code for number, record in records.items()} == {
        "111-11-11119": "GENERAL",
        "444-44-44444": "SIMPLIFIED",
        "555-55-55553": "SIMPLIFIED_INVOICE",
        "222-22-22227": "EXEMPT",
        "333-33-33336": "GENERAL",
        "666-66-66661": "GENERAL",
        "777-77-77770": "GENERAL",
        "888-83-88883": "NON_PROFIT",
        "888-89-88885": "NON_PROFIT",
        "888-85-88887": "GENERAL",
    }
    assert records["333-33-33336"].status == "폐업자"
    assert records["333-33-33336"].closed_on == date(2025, 1, 1)
    assert records["666-66-66661"].status == "휴업자"
    assert (records["777-77-77770"].changed_on, records["777-77-77770"].previous_code) == (
        date(2025, 7, 1),
        "SIMPLIFIED",
    )
    assert records["555-55-55553"].invoice_from == date(2024, 7, 1)
    assert records["888-85-88887"].merged
    assert json.loads(records["111-11-11119"].raw) == GOLDEN["1111111119"]
    assert {record.source for record in records.values()} == {"standin"}


def test_not_registered_is_a_record(server):
    (record,) = client(server).look_up(["123-45-67891"]).values()
    assert (record.code, record.status, record.number) == ("NOT_REGISTERED", "", "123-45-67891")


@pytest.mark.parametrize("form", [KEY, quote(KEY, safe=""), f"  {KEY}\n"])
def test_both_forms_of_the_key_are_encoded_exactly_once(server, form):
    assert client(server, form).look_up([GENERAL])
    assert server.log[0].target.endswith(f"/v1/status?serviceKey={quote(KEY, safe='')}")


def test_numbers_go_out_as_ten_digits_each_once(server):
    client(server).look_up([GENERAL, "1111111119", GENERAL, "444-44-44444"])
    assert server.log[0].numbers == ["1111111119", "4444444444"]


def test_base_address_may_end_in_a_slash_or_lack_its_path(server):
    for url in (f"{server.url}/", f"{server.url}/status", server.url.removesuffix("/api/nts-businessman/v1")):
        assert NationalTaxService(KEY, url).look_up([GENERAL])


FAULTS = {
    "key": ({"code": -4, "msg": "?"}, 401, WrongKey, 1),
    "key under 200": ({"code": -4, "msg": "?"}, 200, WrongKey, 1),
    "key invalid": ({"code": -401, "msg": "?"}, 401, WrongKey, 1),
    "service unknown": ({"code": -3, "msg": "?"}, 404, WrongKey, 1),
    "quota": ({"code": -10, "msg": "?"}, 400, QuotaUsedUp, 1),
    "code as text": ({"code": "-10", "msg": "?"}, 400, QuotaUsedUp, 1),
    "gateway inside": ({"code": -1, "msg": "?"}, 400, ServiceDown, 3),
    "gateway api": ({"code": -5, "msg": "?"}, 500, ServiceDown, 3),
    "parameter": ({"code": -2, "msg": "?"}, 400, BadAnswer, 1),
    "parameter missing": ({"code": -11, "msg": "?"}, 400, BadAnswer, 1),
    "ended": ({"code": -9, "msg": "?"}, 400, ServiceDown, 1),
    "unknown": ({"code": -999, "msg": "?"}, 400, BadAnswer, 1),
    "code no number": ({"code": None}, 200, BadAnswer, 1),
    "internal": ({"status_code": "INTERNAL_ERROR"}, 500, ServiceDown, 3),
    "http error": ({"status_code": "HTTP_ERROR"}, 500, ServiceDown, 3),
    "bad request": ({"status_code": "BAD_JSON_REQUEST"}, 400, BadAnswer, 1),
    "malformed": ({"status_code": "REQUEST_DATA_MALFORMED"}, 411, BadAnswer, 1),
    "too large": ({"status_code": "TOO_LARGE_REQUEST"}, 413, BadAnswer, 1),
    "no data": ({"status_code": "OK"}, 200, BadAnswer, 1),
    "data no list": ({"status_code": "OK", "data": {"b_no": "1111111119"}}, 200, BadAnswer, 1),
    "rows under an error": ({"status_code": "OK", "data": [GOLDEN["1111111119"]]}, 503, ServiceDown, 3),
    "no status": ({"data": [GOLDEN["1111111119"]]}, 200, BadAnswer, 1),
    "list": ([], 200, BadAnswer, 1),
    "null": (None, 200, BadAnswer, 1),
    "plain unauthorized": (b"Unauthorized", 401, WrongKey, 1),
    "plain forbidden": (b"Forbidden", 403, WrongKey, 1),
    "too many": (b"", 429, QuotaUsedUp, 1),
    "html under 200": (b"\n <!DOCTYPE html><p>login", 200, ServiceDown, 3),
    "xml": (b"<OpenAPI_ServiceResponse/>", 200, ServiceDown, 3),
    "empty": (b"", 200, BadAnswer, 1),
    "redirect": (b"", 302, BadAnswer, 1),
    "gateway time-out": (b"", 504, ServiceDown, 3),
    "half a json": (b'{"status_code":"OK","data":[{"b_no"', 200, BadAnswer, 1),
    "not utf-8": (b'{"status_code":"OK","data":["\xff\xfe"]}', 200, BadAnswer, 1),
    "deep": (b"[" * 200_000, 200, BadAnswer, 1),
    "huge": (b'{"status_code":"OK","data":[]}' + b" " * 1_100_000, 200, BadAnswer, 1),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_has_its_error_and_only_hopeful_ones_are_tried_again(name):
    content, status, error, calls = FAULTS[name]
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    with Misbehaving(lambda answer: (status, body)) as server, pytest.raises(error) as caught:
        client(server).look_up([GENERAL])
    assert len(server.log) == calls
    assert type(caught.value) is error
    assert "다시" in str(caught.value) or "확인" in str(caught.value)


@pytest.mark.parametrize(
    ("switch", "value", "error", "calls"),
    [("fault", True, ServiceDown, 3), ("html", True, ServiceDown, 3), ("quota_after", 0, QuotaUsedUp, 1)],
)
def test_switches_of_the_standin(server, switch, value, error, calls):
    setattr(server.switches, switch, value)
    with pytest.raises(error):
        client(server).look_up([GENERAL])
    assert len(server.log) == calls


def test_a_slow_service_is_no_network(server):
    server.switches.delay = 0.5
    with pytest.raises(NoNetwork):
        client(server, read=0.1).look_up([GENERAL])
    end = time.monotonic() + 300  # a busy computer takes a call long after its client hung up
    while len(server.log) < 3 and time.monotonic() < end:
        time.sleep(0.01)
    assert len(server.log) == 3


def test_a_passing_fault_is_survived():
    faults = iter([(502, b"<html>"), (500, b""), None])
    with Misbehaving(lambda answer: next(faults) or answer) as server:
        assert client(server).look_up([GENERAL])[GENERAL].code == "GENERAL"
    assert len(server.log) == 3


def test_a_dropped_connection_is_tried_again():
    faults = iter([True, True, False])
    with Misbehaving(lambda answer: None if next(faults) else answer) as server:
        assert client(server).look_up([GENERAL])
    assert len(server.log) == 3


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        HEAD + b'Content-Length: 500\r\n\r\n{"status_code":"OK","da',  # cut off
        HEAD + b'Transfer-Encoding: chunked\r\n\r\n5\r\n{"sta\r\n',  # cut off between chunks
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}",
        b"\x15\x03\x01\x00\x02\x02\x46",  # speaks TLS
        b"",
    ],
)
def test_a_cut_off_or_garbled_answer_is_no_network(sent):
    with Raw(sent) as server, pytest.raises(NoNetwork):
        client(server).look_up([GENERAL])
    assert server.connections == 3


@pytest.mark.parametrize(
    "first", [HEAD + b"Content-Length: 500\r\n\r\n", HEAD + b"X: ", b""], ids=["body", "head", "all"]
)
def test_a_dripping_answer_does_not_hold_us(first):
    drip = [b" "] * 100
    with Raw(first, *drip, pause=0.05) as server, pytest.raises(NoNetwork):
        try:
            client(server, connect=0.1, read=0.1).look_up([GENERAL])
        finally:
            server.wait_for(3)
    assert server.connections == 3
    assert server.unsent >= 3  # hung up on before it had dripped all


def test_nobody_listening_is_no_network():
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(NoNetwork):
        NationalTaxService(KEY, url, backoff=0.001).look_up([GENERAL])


def test_a_certificate_that_does_not_hold_is_not_tried_again():
    """A plain server under https:// is the nearest to a broken certificate that needs no certificate."""
    with Raw(b"HTTP/1.1 400 Bad Request\r\n\r\n") as server, pytest.raises(NoNetwork, match="보안 연결"):
        NationalTaxService(KEY, server.url.replace("http://", "https://"), backoff=0.001).look_up([GENERAL])
    assert server.connections == 1


def test_a_redirect_is_not_followed():
    with StandIn(key=KEY) as elsewhere:
        moved = f"HTTP/1.1 307 Moved\r\nLocation: {elsewhere.url}/status\r\nContent-Length: 0\r\n\r\n"
        with Raw(moved.encode()) as server, pytest.raises(BadAnswer):
            client(server).look_up([GENERAL])
        assert elsewhere.log == []


def test_a_proxy_is_not_asked_for_loopback(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    assert client(server).look_up([GENERAL])


@pytest.mark.parametrize(
    ("reply", "word"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "프록시"),
        (b"HTTP/1.1 200 Connection established\r\n\r\nno TLS here", "보안 연결"),  # an inspecting proxy
    ],
)
def test_a_companys_proxy_stands_between_and_sees_no_key(reply, word, monkeypatch, everything_logged):
    """The official address, but the proxy is ours: nothing leaves this machine."""
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with Raw(reply) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        with pytest.raises(NoNetwork, match=word):
            NationalTaxService(KEY, backoff=0.001).look_up([GENERAL])
    assert all(asked.startswith(b"CONNECT api.odcloud.kr:443") for asked in proxy.received)
    assert proxy.received
    assert not any(form in text for form in forms(KEY) for text in [*everything_logged, repr(proxy.received)])


def test_no_key_asks_nobody(server):
    with pytest.raises(NoKey, match="WORKBENCH_NTS_KEY"):
        client(server, "  ").look_up([GENERAL])
    assert server.log == []


@pytest.mark.parametrize("key", ["열쇠열쇠열쇠", "two words", "line\nbreak", "%ED%82%A4", "\udcff"])
def test_a_key_that_cannot_be_one_asks_nobody(server, key):
    with pytest.raises(WrongKey):
        client(server, key).look_up([GENERAL])
    assert server.log == []


@pytest.mark.parametrize(
    "url",
    [
        "http://api.odcloud.kr/api",
        "http://10.0.0.1:80",
        "ftp://127.0.0.1",
        "api.odcloud.kr",
        "",
        "https://",
        "http://[::1",
        "https://me:secret@api.odcloud.kr",
        "https://api.odcloud.kr/v1?serviceKey=x",
        "http://localhost.evil.kr",
        "https://x:99999999",
        "http://127.0.0.1:port",
    ],
)
def test_addresses_that_would_show_the_key_are_refused(url):
    with pytest.raises(SettingsError, match="WORKBENCH_NTS_URL"):
        NationalTaxService(KEY, url)


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("https://api.odcloud.kr/api/nts-businessman/v1", "nts"),
        ("https://API.odcloud.kr:443/api/nts-businessman/v1/", "nts"),
        ("https://api.odcloud.kr.example.org/api/nts-businessman/v1", "standin"),
        ("https://example.org/api/nts-businessman/v1", "standin"),
        ("https://api.odcloud.kr:8443/", "standin"),
        ("http://127.0.0.1:8791", "standin"),
        ("http://localhost:8791", "standin"),
        ("http://[::1]:8791", "standin"),
    ],
)
def test_only_the_official_host_counts_as_the_real_service(url, source):
    assert NationalTaxService(KEY, url).source == source


# Rows that make no sense are no answer.


@pytest.mark.parametrize(
    "change",
    [
        {"b_stt": "말소자"},
        {"b_stt": ""},
        {"b_stt_cd": "03"},
        {"end_dt": "2025"},
        {"end_dt": "20250230"},
        {"end_dt": None},
        {"end_dt": "٢٠٢٥٠١٠١"},
        {"tax_type": None},
        {"tax_type": "국세청에 등록되지 않은 사업자등록번호입니다"},
        {"utcc_yn": "?"},
        {"tax_type_change_dt": "tomorrow"},
        {"b_no": 1111111119},
        {"b_no": "4444444444"},
        {"b_no": "x111-11/11119"},
        {"b_no": None},
        {"tax_type": "부가가치세 일반과세자\0"},
        {"tax_type": "부가가치세 일반과세자\u202e"},
        {"more": "y" * 10_000},
    ],
)
def test_a_row_that_makes_no_sense_is_left_out(change):
    rows = [GOLDEN["4444444444"], GOLDEN["1111111119"] | change]
    body = json.dumps({"status_code": "OK", "data": rows}).encode()
    with Misbehaving(lambda answer: (200, body)) as server:
        answered = client(server).look_up([GENERAL, "222-22-22227"])
    assert answered == {}


@pytest.mark.parametrize("data", [[], [None], ["1111111119"], [[]], [{}], [GOLDEN["1111111119"]] * 2])
def test_missing_or_doubled_rows_are_left_out(data):
    body = json.dumps({"status_code": "OK", "match_cnt": 1, "data": data}).encode()
    with Misbehaving(lambda answer: (200, body)) as server:
        assert client(server).look_up([GENERAL]) == {}


TWICE = json.dumps(GOLDEN["1111111119"])[:-1] + ', "tax_type_cd": "04", "tax_type": "부가가치세 면세사업자"}'


@pytest.mark.parametrize(
    "data",
    [
        json.dumps([GOLDEN["1111111119"], GOLDEN["3333333336"] | {"b_no": 1111111119}]),
        f"[{TWICE}]",
        f'[], "data": [{json.dumps(GOLDEN["1111111119"])}]',
    ],
    ids=["two rows, one with a bare number", "two types in a row", "two lists"],
)
def test_an_answer_that_says_two_things_says_nothing(data):
    body = f'{{"status_code": "OK", "data": {data}}}'.encode()
    with Misbehaving(lambda answer: (200, body)) as server:
        assert all(
            type(one) is TaxFailure for batch in look_up_batches(client(server), [GENERAL]) for one in batch.values()
        )


def test_rows_are_joined_by_number_not_by_order():
    def backwards(answer):
        content = json.loads(answer[1])
        return 200, json.dumps(content | {"data": content["data"][::-1]}).encode()

    with Misbehaving(backwards) as server:
        answered = client(server).look_up([GENERAL, "444-44-44444", "222-22-22227"])
    assert {number: record.code for number, record in answered.items()} == {
        GENERAL: "GENERAL", "444-44-44444": "SIMPLIFIED", "222-22-22227": "EXEMPT",
    }  # fmt: skip


def test_a_number_may_come_back_with_its_dashes():
    body = json.dumps({"status_code": "OK", "data": [GOLDEN["1111111119"] | {"b_no": GENERAL}]}).encode()
    with Misbehaving(lambda answer: (200, body)) as server:
        assert list(client(server).look_up([GENERAL])) == [GENERAL]


def test_an_older_row_without_the_later_fields_is_read():
    old = {name: GOLDEN["3333333336"][name] for name in list(GOLDEN["3333333336"])[:8]}
    body = json.dumps({"status_code": "OK", "data": [old]}).encode()
    with Misbehaving(lambda answer: (200, body)) as server:
        (record,) = client(server).look_up(["333-33-33336"]).values()
    assert (record.closed_on, record.previous_code) == (date(2025, 1, 1), "")


@pytest.mark.parametrize(
    ("sentence", "code", "kind"),
    [
        ("부가가치세 과세특례자", "03", "SPECIAL_LEGACY"),
        ("부가가치세 간이과세자(세금계산서 발급사업자)", "07", "SIMPLIFIED_INVOICE"),
        ("부가가치세 간이과세자", "01", "UNKNOWN"),
        ("부가가치세 면세사업자", "03", "UNKNOWN"),
        ("부가가치세 일반과세자", "", "UNKNOWN"),
        ("새로운 유형", "08", "UNKNOWN"),
    ],
)
def test_sentence_and_code_must_agree(sentence, code, kind):
    changed = GOLDEN["1111111119"] | {"tax_type": sentence, "tax_type_cd": code}
    record = record_of(changed, GENERAL, datetime.now(UTC), "standin")
    assert record is not None
    assert record.code == kind


# The key.


class Listener(logging.Handler):
    def __init__(self):
        super().__init__(logging.DEBUG)
        self.texts = []

    def emit(self, record):
        self.texts.append(logging.Formatter("%(name)s %(message)s").format(record) + repr(record.__dict__))


@pytest.fixture
def everything_logged():
    listener, root = Listener(), logging.getLogger()
    level = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    yield listener.texts
    root.removeHandler(listener)
    root.setLevel(level)


def told(error):
    """All that an exception can tell, the ones it came from included."""
    texts, left = [], [error]
    while left:
        one = left.pop()
        texts += [str(one), repr(one), repr(one.args), repr(vars(one)), "".join(traceback.format_exception(one))]
        texts += [
            repr(frame.f_locals)
            for frame, _ in traceback.walk_tb(one.__traceback__)
            if "workbench" in frame.f_code.co_filename
        ]
        left += [cause for cause in (one.__cause__, one.__context__) if cause is not None]
    return "\n".join(texts)


def forms(key):
    return {key, quote(key, safe=""), quote(key), quote(key, safe=":")}


@pytest.mark.parametrize("fault", [*FAULTS, "good", "dropped", "cut", "odd headers", "refused", "echo", "slow"])
def test_the_key_is_told_nowhere(fault, everything_logged):
    url_path = "/api/nts-businessman/v1"
    echo = json.dumps({"status_code": "OK", "data": [GOLDEN["1111111119"] | {"tax_type": f"일반 {KEY}"}]}).encode()
    raw = {
        "cut": HEAD + b"Content-Length: 500\r\n\r\n{",
        "odd headers": b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n{}",
    }
    if fault in raw:
        server = Raw(raw[fault])
    elif fault in FAULTS:
        content, status, *_ = FAULTS[fault]
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        server = Misbehaving(lambda answer: (status, body))
    else:
        server = Misbehaving(lambda answer: {"dropped": None, "echo": (200, echo)}.get(fault, answer))
        server.switches.delay = 0.3 if fault == "slow" else 0
    with server:
        service = client(server, read=0.1 if fault == "slow" else 2.0)
        if fault == "refused":
            service = NationalTaxService(KEY, f"http://127.0.0.1:1{url_path}", backoff=0.001)
        origins = (None, None)
        try:
            result = repr(service.look_up([GENERAL]))
            assert fault in ("good", "odd headers"), result
        except TaxError as error:
            origins = (error.__cause__, error.__context__)
            result = told(error) + repr(pickle.loads(pickle.dumps(error)))
    assert origins == (None, None)
    text = "\n".join([result, repr(service), str(service), *everything_logged])
    if fault == "good":
        assert "serviceKey=***" in text  # urllib3 did log the address, and we saw it
    for form in forms(KEY):
        assert form not in text


def test_the_key_filter_survives_any_log_record(everything_logged):
    try:
        raise requests.ConnectionError("https://x/?serviceKey=SECRET")
    except requests.ConnectionError:
        logging.getLogger("urllib3.connectionpool").debug("%s", "https://x/?serviceKey=SECRET&a=1", exc_info=True)
    assert "SECRET" not in everything_logged[-1]
    assert "serviceKey=***&a=1" in everything_logged[-1]


def test_read_answer_takes_a_byte_order_mark():
    rows, _, _ = read_answer(200, b"\xef\xbb\xbf" + json.dumps({"status_code": "OK", "data": [1]}).encode())
    assert rows == [1]


def test_asking_a_thousand_is_ten_calls(server):
    answered = client(server).look_up(numbers(1000))
    assert len(answered) == 1000
    assert [len(asked.numbers) for asked in server.log] == [100] * 10
