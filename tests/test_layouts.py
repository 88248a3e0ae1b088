import csv
import io
import os
import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.receipts import CaseDialog, receipt
from tests.kit.sample_receipts import sample_receipts
from workbench.domain.errors import ExportFailed
from workbench.domain.law import Parameter
from workbench.domain.model import Finding, Receipt
from workbench.pipeline.export import writers
from workbench.pipeline.export.layouts.cards import full_number, full_numbers
from workbench.pipeline.export.layouts.fill import fill
from workbench.pipeline.export.layouts.layout import Ask, load, names, source_of
from workbench.pipeline.export.layouts.write import records
from workbench.pipeline.export.papers import About, Options
from workbench.pipeline.ledger.readers import read_sheets
from workbench.review.export_choice import ExportChoice

GOLDEN = Path(__file__).parent / "golden"
AT = datetime(2026, 11, 22, 10, 0, 0)
FACTS = {
    "year": "2025", "half": "2", "month": "6", "number": "1234567891", "company": "견본회계 주식회사",
    "person": "김견본",
    "identity": "1101110000001", "submitted": "20260125",
}  # fmt: skip
CARDS = ("9430120000000001", "4265860000000002", "5365100000000003", "5137920000000004", "5570420000000005")
TABLES = [name for name, layout in names().items() if layout.records is None]


def written(folder: Path, name: str, receipts=None, ending=".xlsx", told=None) -> Path:
    receipts = sample_receipts() if receipts is None else receipts
    options = Options(layout=name, facts=FACTS, cards=CARDS, tell=(told if told is not None else []).append)
    return writers.write(receipts, folder / f"out{ending}", CaseDialog(folder / "papers"), About("사건", AT), options)


def cells(path: Path) -> list[list[object]]:
    return [list(row) for row in openpyxl.load_workbook(path).active.iter_rows(values_only=True)]


def same_as_golden(name: str, data: bytes) -> None:
    """Compares with the file kept; WORKBENCH_GOLDEN=1 keeps it anew."""
    kept = GOLDEN / name
    if os.environ.get("WORKBENCH_GOLDEN"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(data)
    assert kept.read_bytes() == data


@pytest.mark.parametrize("name", TABLES)
def test_each_table_is_as_kept_and_its_workbook_says_the_same(tmp_path, name):
    receipts = sample_receipts()
    # The sample holds no purchase without proof: two of its receipts as if they were slips written by hand.
    bare = [r.with_field(replace(r.field("card_issuer"), read=None)) for r in receipts[:2]]
    bare = [replace(r.with_field(replace(r.field("card_number"), read=None)), kind="simple_receipt") for r in bare]
    receipts = [*bare, *receipts[2:]] if name == "no-proof" else receipts
    data = written(tmp_path, name, receipts, ending=".csv").read_bytes()
    same_as_golden(f"{name}.csv", data)
    layout = load(name)
    lines = list(csv.reader(io.StringIO(data.decode(layout.encoding), newline="")))
    assert lines[layout.heading_row - 1] == [column.heading for column in layout.columns]
    sheet = cells(written(tmp_path, name, receipts))
    shown = [["" if cell is None else f"{cell:%Y-%m-%d}" if isinstance(cell, datetime) else str(cell) for cell in row]
             for row in sheet]  # fmt: skip
    rows = [line + [""] * (len(layout.columns) - len(line)) for line in lines]
    assert shown[layout.first_row - 1 :] == rows[layout.first_row - 1 :]
    assert shown[layout.heading_row - 1] == rows[layout.heading_row - 1]


def test_douzone_purchases_has_18_columns_and_only_candidates_each_part_in_a_row_of_its_own(tmp_path):
    receipts = sample_receipts()
    head, *rows = cells(written(tmp_path, "douzone-purchases"))
    assert len(head) == 18
    candidates = [r for r in receipts if r.deduction == "공제 후보"]
    assert candidates
    both = [r for r in candidates if r.value("exempt") and r.value("vat")]
    assert both
    assert len(rows) == len(candidates) + len(both)
    table = [dict(zip(head, row, strict=True)) for row in rows]
    assert sum(row["공급가액"] + row["부가세"] for row in table) == sum(int(r.value("total")) for r in candidates)
    assert {row["과세유형"] for row in table} == {"57", "58", "61"}
    cash = next(row for row in table if row["과세유형"] == "61")
    assert (cash["현금영수증 승인번호"], cash["매입매출구분(1-매출/2-매입)"]) == ("148203957", "2")
    assert all(row["현금영수증 승인번호"] is None for row in table if row["과세유형"] != "61")
    assert all(isinstance(row["공급가액"], int) and isinstance(row["사업자(주민)등록번호"], str) for row in table)


@pytest.mark.parametrize(
    ("name", "debit", "credit"), [("douzone-journal", "차변", "대변"), ("wehago-journal", "차변(출금)", "대변(입금)")]
)
def test_a_journal_balances_receipt_by_receipt(tmp_path, name, debit, credit):
    head, *rows = cells(written(tmp_path, name))
    table = [dict(zip(head, row, strict=True)) for row in rows]
    left, right = (sum(row[side] or 0 for row in table) for side in (debit, credit))
    assert left == right == sum(int(r.value("total")) for r in sample_receipts())
    vat = [row[debit] for row in table if row["계정과목명"] == "부가세대급금"]
    assert sum(vat) == sum(int(r.value("vat")) for r in sample_receipts() if r.deduction == "공제 후보")


@pytest.mark.parametrize("name", ["douzone-journal", "wehago-journal"])
@pytest.mark.parametrize(
    ("lacking", "kind"), [({"total": None}, "card_slip"), ({"issued_at": None}, "card_slip"), ({}, "order_slip")]
)
def test_a_voucher_is_whole_or_not_there(tmp_path, name, lacking, kind):
    bad = replace(receipt(4, **lacking), kind=kind)
    told: list[str] = []
    _, *rows = cells(written(tmp_path, name, [bad, replace(receipt(5), kind="card_slip")], told=told))
    assert len(rows) == 2  # those of the other receipt
    assert all(row[0] and row[1] and (row[-1] or row[-2]) for row in rows)
    assert any(bad.id in sentence for sentence in told) == bool(lacking)
    assert len(told) == len(set(told))


def with_account(name: str) -> Receipt:
    return replace(receipt(4, account=name), kind="card_slip")


def test_the_account_that_a_person_wrote_is_the_vouchers_and_one_without_a_code_is_told(tmp_path):
    told: list[str] = []
    given = [with_account("복리후생비"), replace(receipt(5), kind="card_slip"), with_account("우리만의 계정")]
    head, *rows = cells(written(tmp_path, "douzone-journal", given, told=told))
    table = [dict(zip(head, row, strict=True)) for row in rows]
    debits = [(row["계정과목코드"], row["계정과목명"]) for row in table if row["차변"]]
    assert debits == [("811", "복리후생비"), ("830", "소모품비")]
    assert any("‘우리만의 계정’의 코드를 모릅니다" in sentence for sentence in told)


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("douzone-purchases", {"deduction": "확인 필요"}, "확인 필요 2건.*국세청에 조회하면"),
        ("douzone-purchases", {"deduction": "불공제 후보"}, "대상은 공제 후보인데 고른 영수증은 불공제 후보 2건"),
        ("hometax-cash", {"kind": "card_slip"}, "카드전표 2건"),
        ("no-proof", {"kind": "simple_receipt"}, "30,000원 이하 2건"),
        ("card-purchases", {"status": "waiting"}, "대기 2건"),
    ],
)
def test_a_layout_that_no_receipt_belongs_to_is_refused_with_why(tmp_path, name, change, words):
    given = [replace(receipt(n, total="20000", card_issuer=None, card_number=None), **change) for n in (1, 2)]
    with pytest.raises(ExportFailed, match=words):
        written(tmp_path, name, given)
    possible, said = ExportChoice("layout", layout=name).preview(given)
    assert not possible
    assert re.search(words, said[0])
    with pytest.raises(ExportFailed, match="영수증을 골라 주세요"):
        written(tmp_path, name, [])


def test_what_nobody_approved_and_what_is_still_wrong_is_told_before_it_is_booked():
    fine, wrong = (replace(receipt(n), kind="card_slip") for n in (1, 2))
    wrong = replace(wrong, findings=(Finding("error", "두 번 들어갔습니다.", ()),), status="approved")
    _, said = ExportChoice("layout", layout="douzone-journal").preview([fine, wrong])
    assert "그 가운데 승인하지 않은 영수증 1건과 오류가 남은 영수증 1건이 있습니다." in said


def test_card_purchases_has_titles_to_row_8_data_from_row_10_and_short_names(tmp_path):
    told: list[str] = []
    long = receipt(7, merchant="아주 긴 이름을 가진 견본상사 서울 지점", card_number="4265-86**-****-****")
    candidate = replace(long, deduction="공제 후보", kind="card_slip")
    rows = cells(written(tmp_path, "card-purchases", [candidate], told=told))
    assert [cell for cell in rows[8] if cell][:3] == ["카드종류", "신용카드사명", "신용카드번호"]
    row = dict(zip(rows[8], rows[9], strict=True))
    assert row["신용카드번호"] == "4265860000000002"
    assert len(row["거래처명"]) == 15
    assert (row["승인일자"], row["부가세유형"], row["부가세공제여부"]) == ("20251003", "57", "공제")
    assert any("거래처명이 15자를 넘어 잘랐습니다" in sentence for sentence in told)
    assert any("자리를 확인해 주세요" in sentence for sentence in told)


def test_card_purchases_is_a_workbook_of_excel_97_as_its_program_takes_it(tmp_path):
    candidate = replace(receipt(7, merchant="\u202e=cmd()"), deduction="공제 후보", kind="card_slip")
    path = written(tmp_path, "card-purchases", [candidate], ending=load("card-purchases").ending)
    assert path.read_bytes().startswith(b"\xd0\xcf\x11\xe0")
    (sheet,) = read_sheets(path)
    assert sheet.rows[8][:2] == ["카드종류", "신용카드사명"]
    assert (sheet.rows[9][3], sheet.rows[9][5]) == ("20251003", "'=cmd()")
    assert sheet.rows[9][10] == int(candidate.value("total"))
    assert sheet.rows[9] == read_sheets(written(tmp_path, "card-purchases", [candidate]))[0].rows[9]


def record_lines(data: bytes) -> list[bytes]:
    lines = data.split(b"\r\n")
    assert lines.pop() == b""
    return lines


def numbers(line: bytes, start: int, width: int, sign: bool = True) -> int:
    """A number of a record by its first byte (from 1) and width; its sign stands before it."""
    digits = line[start - 1 : start - 1 + width]
    assert digits.isdigit(), line
    return int(digits) * (-1 if sign and line[start - 2 : start - 1] == b"-" else 1)


def parsed(data: bytes) -> tuple[bytes, list[bytes], bytes]:
    """Header, details, trailer by the published ends of columns; the sums of the trailer are those of the details."""
    head, *details, tail = record_lines(data)
    assert {len(line) for line in (head, *details, tail)} == {140}
    assert (head[:2], tail[:2], {line[:2] for line in details}) == (b"HL", b"TL", {b"DL"})
    assert {line[2:18] for line in (head, *details, tail)} == {b"2025261234567891"}
    assert numbers(tail, 19, 7, sign=False) == len(details)
    assert numbers(tail, 26, 9, sign=False) == sum(numbers(line, 50, 9, sign=False) for line in details)
    assert numbers(tail, 36, 15) == sum(numbers(line, 60, 13) for line in details)
    assert numbers(tail, 52, 15) == sum(numbers(line, 74, 13) for line in details)
    assert all(line[86:] == b" " * 54 for line in details)
    assert tail[66:] == b" " * 74
    return head, details, tail


def test_the_record_file_is_as_kept_and_read_back_its_sums_hold(tmp_path):
    told: list[str] = []
    data = written(tmp_path, "nts-card-receipts", ending=".txt", told=told).read_bytes()
    same_as_golden("nts-card-receipts.txt", data)
    head, details, _ = parsed(data)
    assert head[18:78].decode("cp949").rstrip() == "견본회계 주식회사"
    assert head[78:108].decode("cp949").rstrip() == "김견본"
    assert (head[108:121], head[121:129], head[129:]) == (b"1101110000001", b"20260125", b" " * 11)
    lunch_and_dinner = [line for line in details if line[39:49] == b"1111111119"]
    assert len(lunch_and_dinner) == 1  # one row per card and merchant
    (line,) = lunch_and_dinner
    assert (line[18:19], line[19:39]) == (b"4", b"9430120000000001    ")
    assert (numbers(line, 50, 9, sign=False), numbers(line, 60, 13), numbers(line, 74, 13)) == (
        2,
        41818 + 170000,
        4182 + 17000,
    )
    assert any("2025년 2반기가 아닙니다" in sentence for sentence in told)  # the first half's are told, not filed


def test_a_cancelled_purchase_carries_its_minus_apart(tmp_path):
    back = replace(
        receipt(5, total="-11000", supply="-10000", vat="-1000", card_number="4265-86**-****-****"),
        deduction="공제 후보", kind="card_slip",
    )  # fmt: skip
    data = written(tmp_path, "nts-card-receipts", [back], ending=".txt").read_bytes()
    _, (line,), tail = parsed(data)
    assert (numbers(line, 60, 13), numbers(line, 74, 13), numbers(tail, 36, 15)) == (-10000, -1000, -10000)


@pytest.mark.parametrize(
    ("day", "half", "month", "filed"),
    [
        ("2025-12-31", "2", "6", True), ("2025-07-01", "2", "1", True), ("2025-08-01", "2", "1", False),
        ("2025-06-30", "1", "6", True), ("2025-06-30", "2", "6", False), ("2024-12-31", "2", "6", False),
    ],
)  # fmt: skip
def test_the_record_file_holds_the_months_it_is_for(day, half, month, filed):
    one = receipt(5, issued_at=day, card_number="4265-86**-****-****")
    one = replace(one, deduction="공제 후보", kind="card_slip")
    filled = fill(load("nts-card-receipts"), [one], FACTS | {"half": half, "month": month}, CARDS)
    assert bool(filled.rows) == filed


def test_a_card_that_no_register_tells_is_left_out_and_named(tmp_path):
    known, unknown = (
        replace(receipt(n, card_number=number), deduction="공제 후보", kind="card_slip")
        for n, number in ((1, "4265-86**-****-****"), (2, "1111-22**-****-****"))
    )
    told: list[str] = []
    data = written(tmp_path, "nts-card-receipts", [known, unknown], ending=".txt", told=told).read_bytes()
    assert len(parsed(data)[1]) == 1
    assert any(unknown.id in sentence and "가려져 있습니다" in sentence for sentence in told)
    with pytest.raises(ExportFailed, match="가려져 있습니다"):
        written(tmp_path, "nts-card-receipts", [unknown], ending=".txt")


def test_what_a_layout_asks_for_is_asked_in_words(tmp_path):
    with pytest.raises(ExportFailed, match="귀속년도"):
        fill(load("nts-card-receipts"), sample_receipts(), FACTS | {"year": "스물"})


@pytest.mark.timeout(120)
@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "(.*)*x", "(a?){40}a{40}$"])
def test_an_expression_of_somebodys_layout_holds_nobody(pattern):
    """The server matches what is typed against it: time in proportion to the text, whatever the expression."""
    ask = Ask("name", "이름", pattern)
    assert not ask.allows("a" * 39 + "!" * 100)


@pytest.mark.parametrize("pattern", ["(", "(((a{1000}){1000}){1000})", r"(a)\\1"])
def test_an_expression_that_is_none_is_told_of(tmp_path, pattern):
    own = tmp_path / "own.toml"
    own.write_bytes(source_of("nts-card-receipts").replace(b'"20[0-9]{2}"', f'"{pattern}"'.encode()))
    with pytest.raises(ExportFailed, match="pattern을 이해하지"):
        load(str(own))


def test_no_proof_lists_what_cost_more_than_30000_with_the_surcharge(tmp_path):
    slips = [
        replace(receipt(n, total=total, supply=None, vat=None, card_number=None), kind=kind)
        for n, (total, kind) in enumerate(
            [("30000", "simple_receipt"), ("30001", "simple_receipt"), ("99000", "tax_invoice")]
        )
    ]
    head, *rows = cells(written(tmp_path, "no-proof", slips))
    (row,) = [dict(zip(head, row, strict=True)) for row in rows]
    assert (row["거래금액"], row["구분"], row["가산세 어림(2%)"]) == (30_001, "간이영수증", 600)


def test_the_limit_and_the_surcharge_are_those_of_the_law_on_that_day(tmp_path, monkeypatch):
    held = (
        Parameter(99_000, date(2009, 1, 1), "", date(2026, 1, 1)),
        Parameter(10_000, date(2026, 1, 1), "", date(2026, 1, 1)),
    )
    rates = (Parameter(Decimal("0.05"), date(2009, 1, 1), "", date(2026, 1, 1)),)
    known = {"simple_receipt_limit": held, "evidence_penalty": rates}
    monkeypatch.setattr("workbench.domain.law.parameters", lambda: known)
    old, new = (
        replace(receipt(n, total="20000", issued_at=day, card_number=None, card_issuer=None), kind="simple_receipt")
        for n, day in ((1, "2025-12-31"), (2, "2026-01-01"))
    )
    head, *rows = cells(written(tmp_path, "no-proof", [old, new]))
    (row,) = [dict(zip(head, row, strict=True)) for row in rows]
    assert (f"{row['거래일자']:%Y}", row["가산세 어림(2%)"]) == ("2026", 1_000)


def test_a_copied_layout_can_be_changed(tmp_path):
    own = tmp_path / "우리.toml"
    own.write_bytes(source_of("douzone-purchases").replace(b'text = "830"', b'text = "811"'))
    head, *rows = cells(written(tmp_path, str(own)))
    assert {row[head.index("기본계정")] for row in rows} == {"811"}


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        ('value = "supply"', 'value = "suply"', "'suply'"),
        ('codes = "vat_type"', 'codes = "nothing"', "codes에 없습니다"),
        ("[[columns]]", "[[colums]]", "이해하지 못했습니다"),
        ("first_row", "fist_row", "이해하지 못했습니다"),
        ('name = "', 'name = ', "이해하지 못했습니다"),
        ("heading_row = 9", "heading_row = 10", "아래여야"),
        ("[receipts]", '[receipts]\nover = "no_such_limit"', "no_such_limit"),
    ],
)  # fmt: skip
def test_a_layout_that_makes_no_sense_says_what(tmp_path, was, now, words):
    source = source_of("card-purchases" if "row" in was else "douzone-purchases").decode()
    assert was in source
    own = tmp_path / "own.toml"
    own.write_text(source.replace(was, now), "utf-8")
    with pytest.raises(ExportFailed, match=words):
        load(str(own))


def test_an_unknown_layout_names_ours_and_a_lost_file_itself(tmp_path):
    with pytest.raises(ExportFailed, match="douzone-purchases"):
        load("nothing")
    with pytest.raises(ExportFailed, match="열 수 없습니다"):
        load(str(tmp_path / "nothing.toml"))


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("hidden", ["", "\ufeff", "\u200b", "\u202e", "\x1b"])
@pytest.mark.parametrize("start", ["=", "＝", "@", "＋"])
def test_no_cell_of_an_upload_can_run(tmp_path, name, hidden, start):
    attack = f"{hidden}{start}cmd|'/c calc'!A1"
    bad = replace(
        receipt(1, merchant=attack, card_issuer=attack, card_number=None, total="60001"),
        deduction="공제 후보", kind="simple_receipt",
    )  # fmt: skip
    layout, bare = load(name), bad.with_field(replace(bad.field("card_issuer"), read=None))
    filled = fill(layout, [bad, replace(bad, kind="card_slip"), replace(bad, kind="cash_receipt_business"), bare])
    texts = [cell for row in filled.rows for cell in row if isinstance(cell, str)]
    assert texts
    assert not any(cell.startswith(("=", "＝", "@", "＋")) or set(cell) & set(hidden) for cell in texts)


@given(st.text(max_size=80), st.text(max_size=40))
def test_whatever_stands_on_a_paper_records_keep_their_length(merchant, company):
    slip = replace(
        receipt(1, merchant=merchant, card_number="4265-86**-****-****"), deduction="공제 후보", kind="card_slip"
    )
    facts = FACTS | {"company": company or "가", "half": "2"}
    try:
        filled = fill(load("nts-card-receipts"), [slip], facts, CARDS)
    except ExportFailed:
        return  # the company's name shows nothing
    assert {len(line) for line in record_lines(records(filled))} == {140}


@pytest.mark.parametrize(
    ("printed", "card", "count"),
    [
        ("4265-86**-****-****", "4265860000000002", 1),
        ("4265-8600-0000-0002", "4265860000000002", 1),
        ("****-****-****-0003", "5365100000000003", 1),
        ("5***", "", 3),
        ("9999-**", "", 0),
        ("", "", 0),
        ("****-****", "", 0),
    ],
)
def test_a_masked_number_means_a_card_only_if_no_other_fits(printed, card, count):
    assert full_number(printed, CARDS) == (card, count)


def test_the_register_takes_a_number_a_line_and_shows_none_of_them_when_it_is_wrong():
    assert full_numbers(["4265-8600-0000-0002", "", "4265860000000002,김과장"]) == ("4265860000000002",)
    with pytest.raises(ExportFailed) as refused:
        full_numbers(["4265-8600-0000-0002", "42x5 1234"])
    assert "2번째 줄" in str(refused.value)
    assert "1234" not in str(refused.value)
