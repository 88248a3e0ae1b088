import csv
import errno
import io
import itertools
import json
import os
import tracemalloc
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from tests.kit.pile import pile
from tests.kit.receipts import CaseDialog, failed, judged, receipt
from workbench.domain import schema
from workbench.domain.errors import ExportFailed
from workbench.domain.model import Box, Field, Receipt
from workbench.domain.visible import printable
from workbench.pipeline.analysis.frame import columns
from workbench.pipeline.export import writers
from workbench.pipeline.export.annotated_image import annotated, drawable, marks
from workbench.pipeline.export.csv_file import unwritable
from workbench.pipeline.export.escaping import could_run, plain_text
from workbench.pipeline.export.file_names import Names, safe_name, tidy_name
from workbench.pipeline.export.papers import About, Options
from workbench.pipeline.storage import atomic

ATTACKS = (
    "=1+1",
    "=cmd|'/c calc'!A1",
    "+82 2 1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1+1",
    "'=1",
    '="x"',
    "#N/A",
    "﹢1",
    "−1+2",
    *(
        f"{hidden}{start}1+1"
        for hidden in ("\ufeff", "\u200b", "\u202e", " \u2066", "\x1b")
        for start in "=+-@＝＋－＠"
    ),
)


@pytest.fixture
def papers(tmp_path) -> CaseDialog:
    return CaseDialog(tmp_path / "papers")


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def read_xlsx(path: Path, sheet: str = "영수증") -> list[dict[str, openpyxl.cell.Cell]]:
    head, *rows = openpyxl.load_workbook(path)[sheet].iter_rows()
    table = [dict(zip((cell.value for cell in head), row, strict=True)) for row in rows]
    return table[:-1] if rows and rows[-1][0].value == "합계 (보이는 행)" else table


def test_csv_has_a_mark_for_excel_and_the_public_headings(tmp_path, papers):
    path = writers.write([judged()], tmp_path / "out.csv", papers)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf" + "영수증ID,파일명,쪽".encode())
    headings = list(read_csv(path)[0])
    assert headings[: len(columns())] == [column.heading for column in columns()]
    assert headings[len(columns()) :] == ["승인자", "2차 승인자"]


def test_csv_speaks_korean_and_names_the_approver(tmp_path):
    approved = replace(judged(), status="approved", approved_by="이검토")
    writers.write_csv([approved, failed()], tmp_path / "out.csv")
    one, two = read_csv(tmp_path / "out.csv")
    assert (one["상태"], one["수정여부"], one["승인자"]) == ("승인", "예", "이검토")
    assert (two["상태"], two["수정여부"], two["승인자"]) == ("실패", "아니요", "")


def test_a_workpaper_tells_of_the_letters_that_its_font_lacks(tmp_path):
    told: list[str] = []
    papers, options = CaseDialog(tmp_path / "papers"), Options(tell=told.append)
    receipts = [receipt(merchant="가\U0001f600나뷁①")]
    writers.write(receipts, tmp_path / "out.pdf", papers, options=options)
    assert told == [f"{receipts[0].id}: 상호: 조서의 글꼴에 없는 글자 \U0001f600 대신 ?를 씁니다."]


def test_csv_in_cp949_keeps_what_it_can_and_says_what_it_cannot(tmp_path):
    receipts = [receipt(merchant="가\U0001f600나뷁①")]
    writers.write_csv(receipts, tmp_path / "out.csv", "cp949")
    text = (tmp_path / "out.csv").read_bytes().decode("cp949")
    assert "가?나뷁①" in text
    assert list(unwritable(receipts, "cp949")) == [(receipts[0].id, "상호", "\U0001f600")]
    assert list(unwritable(receipts, "utf-8-sig")) == []
    told: list[str] = []
    options = Options(encoding="cp949", tell=told.append)
    writers.write(receipts, tmp_path / "out.csv", CaseDialog(tmp_path / "papers"), options=options)
    assert told == [f"{receipts[0].id}: 상호: CP949에 없는 글자 \U0001f600 대신 ?를 씁니다."]


def test_csv_numbers_that_are_names_stay_text_and_amounts_stay_numbers(tmp_path):
    writers.write_csv([receipt(total="-60000", merchant="1-2")], tmp_path / "out.csv")
    row = read_csv(tmp_path / "out.csv")[0]
    assert row["승인번호"] == '="00123456"'
    assert row["카드번호"] == '="4265869800000000"'
    assert row["상호"] == '="1-2"'
    assert row["사업자번호"] == "123-45-67891"
    assert row["합계"] == "-60000"
    assert row["거래일시"] == "2025-10-03 15:26:32"


def test_csv_shows_a_date_alone_where_no_time_is_known_and_nothing_where_nothing_is(tmp_path):
    writers.write_csv([receipt(issued_at="2025-10-03", vat=None)], tmp_path / "out.csv")
    row = read_csv(tmp_path / "out.csv")[0]
    assert (row["거래일시"], row["부가세"], row["검토의견"], row["과세유형"]) == ("2025-10-03", "", "", "")


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_printed_on_a_receipt_becomes_a_formula(tmp_path, papers, attack):
    receipts = [receipt(merchant=attack)]
    writers.write(receipts, tmp_path / "out.csv", papers)
    cell = read_csv(tmp_path / "out.csv")[0]["상호"]
    assert cell.startswith(("'", '="')) or attack == "#N/A"  # which a spreadsheet shows as it stands
    assert not set(cell) & set("\ufeff\u200b\u202e\x1b")
    writers.write(receipts, tmp_path / "out.xlsx", papers)
    cell = read_xlsx(tmp_path / "out.xlsx")[0]["상호"]
    assert (cell.data_type, cell.value) == ("s", printable(attack))


def test_no_text_of_any_sheet_list_letter_or_name_can_run_or_hides(tmp_path):
    hidden = "\ufeff\u200b\u202e"
    case = pile(tmp_path / "case", 2)
    bad = f"{hidden}＝cmd|'/c calc'!A1"
    first, second = case.receipts()
    for name in ("merchant", "card_issuer", "note", "person", "purpose"):
        case.correct(first.id, name, bad, by=bad)
    case.approve(second.id, by=bad)
    rows = f'이용일자,가맹점명,이용금액,승인번호,카드번호,이용자\n2026-05-05,"{bad}",777,1,"{bad}","{bad}"\n'
    case.add_statement((f"{hidden}=카드.csv", rows.encode()))
    case.sample(size=1, seed=1)
    case.missing_receipts(tmp_path / "missing.xlsx")
    case.inquire(tmp_path / "letter.xlsx", {first.id: bad}, by=bad)
    for name in ("out.xlsx", "out.json", "out.pdf", "out.zip"):
        case.export(tmp_path / name, by=bad)
    seen = 0
    for book in map(openpyxl.load_workbook, sorted(tmp_path.glob("*.xlsx"))):
        for cell in (
            cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)
        ):
            assert not set(cell.value) & set(hidden), (cell, cell.value)
            if could_run(cell.value) and not cell.value.startswith("=SUBTOTAL"):
                seen += 1
                assert (cell.data_type, cell.quotePrefix or not cell.protection.locked) == ("s", True), cell.value
    assert seen > 10
    said = "".join(page.extract_text() for page in PdfReader(tmp_path / "out.pdf").pages)
    with zipfile.ZipFile(tmp_path / "out.zip") as package:
        said += "".join(package.namelist())
    assert not set(said + (tmp_path / "out.json").read_text("utf-8")) & set(hidden)


@given(text=st.text(min_size=1, max_size=60))
@example(text="_x0041_")
@example(text='"')
@example(text="a\nb")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_text_comes_back_from_csv_and_xlsx(tmp_path, text):
    receipts = [receipt(merchant=text, card_issuer=text)]
    writers.write_csv(receipts, tmp_path / "out.csv")
    cell = read_csv(tmp_path / "out.csv")[0]["상호"]
    assert plain_text(cell) == printable(text)
    assert not cell.startswith(tuple("=+-@")) or cell == f'="{printable(text)}"'
    writers.write_xlsx(receipts, tmp_path / "out.xlsx")
    cell = read_xlsx(tmp_path / "out.xlsx")[0]["상호"]
    assert cell.data_type != "f"
    assert openpyxl.utils.escape.unescape(cell.value or "") == printable(text)


def test_xlsx_holds_real_numbers_dates_and_text(tmp_path):
    writers.write_xlsx([judged(), receipt(2, issued_at="2025-10-03"), failed()], tmp_path / "out.xlsx")
    first, second, third = read_xlsx(tmp_path / "out.xlsx")
    assert (first["합계"].value, first["합계"].number_format) == (60_000, "#,##0;[Red]-#,##0")
    assert first["거래일시"].value == datetime(2025, 10, 3, 15, 26, 32)
    assert second["거래일시"].value in (date(2025, 10, 3), datetime(2025, 10, 3))
    assert second["거래일시"].number_format == "yyyy-mm-dd"
    assert (first["승인번호"].value, first["승인번호"].number_format) == ("00123456", "@")
    assert first["검토의견"].value.split("\n")[1] == "토요일 거래입니다."
    assert (third["상태"].value, third["검토의견"].value) == ("실패", "그림이 깨져 읽을 수 없습니다.")


def test_xlsx_can_be_worked_with(tmp_path):
    writers.write_xlsx([judged(), receipt(2)], tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["영수증", "품목", "검토의견", "수정이력", "조회 정보"]
    sheet = book["영수증"]
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, sheet.max_column).column_letter}3"
    assert sheet.freeze_panes == "E2"
    headings = {cell.value: cell.column_letter for cell in sheet[1]}
    total = headings["합계"]
    assert sheet[f"{total}4"].value == f"=SUBTOTAL(109,{total}2:{total}3)"
    shown = openpyxl.load_workbook(tmp_path / "out.xlsx", data_only=True)["영수증"]
    assert shown[f"{total}4"].value == 120_000
    last = openpyxl.utils.column_index_from_string(headings["검토의견"])
    assert (
        last <= openpyxl.utils.range_boundaries(sheet.print_area.split("!")[1].replace("$", ""))[2]
    )  # findings are on the page of their receipt
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (
        "landscape",
        9,
        0,
    )
    assert sheet.print_title_rows == "$1:$1"
    goods = read_xlsx(tmp_path / "out.xlsx", "품목")[0]
    assert [goods[name].value for name in ("품목", "수량", "단가", "금액")] == ["연필", 3, 500, 1500]


def test_an_amount_in_another_currency_is_printed_beside_the_won(tmp_path):
    abroad = receipt(2, total=None, supply=None, vat=None, currency="USD", foreign_total="22.00")
    writers.write_xlsx([receipt(), abroad], tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["영수증"]
    printed = openpyxl.utils.range_boundaries(sheet.print_area.split("!")[1].replace("$", ""))[2]
    head = {cell.value: cell.column for cell in sheet[1]}
    assert head["외화금액"] <= printed
    assert (sheet.cell(3, head["통화"]).value, sheet.cell(3, head["외화금액"]).value) == ("USD", "22.00")
    writers.write_csv([abroad], tmp_path / "out.csv")
    row = read_csv(tmp_path / "out.csv")[0]
    assert (row["통화"], plain_text(row["외화금액"]), row["합계"]) == ("USD", "22.00", "")


def test_a_workbook_shows_the_pieces_that_totals_were_read_from_at_choice(tmp_path):
    gone = receipt(2)
    papers = CaseDialog(tmp_path / "papers", missing=(gone.id,))
    told = {"options": Options(pictures=True)}
    writers.write([judged(), gone, failed()], tmp_path / "out.xlsx", papers, **told)
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert len(book["영수증"]._images) == 1  # openpyxl has no other name for them
    writers.write([judged()], tmp_path / "plain.xlsx", papers)
    assert not openpyxl.load_workbook(tmp_path / "plain.xlsx")["영수증"]._images


def test_xlsx_keeps_the_journal_and_says_whom_was_asked_when(tmp_path):
    writers.write_xlsx([judged()], tmp_path / "out.xlsx")
    (entry,) = read_xlsx(tmp_path / "out.xlsx", "수정이력")
    assert [entry[name].value for name in ("항목", "읽은 값", "고친 값", "고친 사람")] == [
        "합계",
        "50,000",
        "60000",
        "김감사",
    ]
    assert entry["고친 시각"].value == datetime(2026, 11, 22, 10, 2, 3)
    facts = {row["항목"].value: row["값"].value for row in read_xlsx(tmp_path / "out.xlsx", "조회 정보")}
    assert facts["문자 인식"] == "rapid test"
    assert facts["세무 조회처"].startswith("국세청")
    assert facts["마지막 조회한 시각"] == datetime(2026, 11, 22, 10, 2, 3)
    assert facts["합계 계 (원)"] == 60_000


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".json"])
def test_answers_of_a_stand_in_are_marked_everywhere(tmp_path, papers, ending):
    path = writers.write([judged(1, "standin"), judged(2)], tmp_path / f"out{ending}", papers)
    if ending == ".csv":
        mock, real = ([row["과세유형"], row["사업자상태"]] for row in read_csv(path))
    elif ending == ".xlsx":
        mock, real = ([row["과세유형"].value, row["사업자상태"].value] for row in read_xlsx(path))
        facts = {row["항목"].value: row["값"].value for row in read_xlsx(path, "조회 정보")}
        assert "모의 서비스 (1건)" in facts["세무 조회처"]
        assert "국세청의 답이 아닙니다" in facts["모의 표시"]
    else:
        one, two = json.loads(path.read_text("utf-8"))
        assert (one["tax"]["simulated"], two["tax"]["simulated"]) == (True, False)
        mock, real = ["모의"] * (one["tax"]["source"] == "standin"), [two["tax"]["source"]]
    assert mock
    assert all("모의" in cell for cell in mock)
    assert all("모의" not in cell for cell in real)


def test_json_has_the_public_form(tmp_path, papers):
    path = writers.write([judged(), failed()], tmp_path / "out.json", papers)
    one, two = json.loads(path.read_text("utf-8"))
    total = one["fields"]["total"]
    assert (total["value"], total["read"], total["confidence"], total["box"]) == (
        60_000,
        50_000,
        0.97,
        [40, 160, 200, 184],
    )
    assert total["corrections"] == [
        {"value": 60_000, "undone": False, "by": "김감사", "at": "2026-11-22T01:02:03+00:00"}
    ]
    assert one["fields"]["issued_at"]["value"] == "2025-10-03T15:26:32"
    assert one["fields"]["exempt"]["value"] is None
    assert one["findings"][0]["fields"] == ["total", "supply", "vat"]
    assert one["lines"] == [{"text": "합계 60,000", "confidence": 0.9877, "box": [1, 2, 3, 4]}]
    assert one["tax"]["asked_at"] == "2026-11-22T01:02:03+00:00"
    assert one["items"][0]["amount"] == 1500
    assert (two["status"], two["tax"]["answered"]) == ("failed", False)
    assert json.loads(writers.write([], tmp_path / "none.json", papers).read_text("utf-8")) == []


def test_zip_holds_papers_and_tables_under_names_that_windows_shows(tmp_path, papers):
    receipts = [receipt(1), receipt(2), receipt(3), receipt(3, page=2), failed()]
    path = writers.write(receipts, tmp_path / "out.zip", papers)
    with zipfile.ZipFile(path) as made:
        assert made.testzip() is None
        names = made.namelist()
        for entry in made.infolist():
            assert entry.filename.isascii() or entry.flag_bits & 0x800, entry.filename
            assert entry.external_attr >> 16 & 0o777 == 0o644, "unzip would make a file that nobody may read"
        listed = list(csv.DictReader(io.TextIOWrapper(made.open("목록.csv"), "utf-8-sig")))
        assert made.read("원본/2025-10-03_가나다상회_60000_외1.pdf") == b"original 0000000000000003-1-1"
        assert made.read("영수증.csv").startswith(b"\xef\xbb\xbf")
        json.loads(made.read("영수증.json"))
        openpyxl.load_workbook(io.BytesIO(made.read("영수증.xlsx")))
    assert {"원본/2025-10-03_가나다상회_60000.pdf", "원본/2025-10-03_가나다상회_60000_2.pdf", "원본/사진 9.pdf"} <= set(
        names
    )
    assert sum(name.startswith("표시/") for name in names) == 5
    assert sum(name.startswith("원본/") for name in names) == 4
    assert {row["영수증ID"] for row in listed} == {r.id for r in receipts}
    assert {row["ZIP 안의 이름"] for row in listed} == {n for n in names if "/" in n}


def test_a_paper_that_is_gone_is_named_and_the_others_go_on(tmp_path):
    one, two = receipt(1), receipt(2)
    path = tmp_path / "out.zip"
    steps = list(writers.write_zip([one, two], path, CaseDialog(tmp_path / "papers", missing=(one.id,))))
    assert steps[-1] == (6, 6)
    with zipfile.ZipFile(path) as made:
        listed = list(csv.DictReader(io.TextIOWrapper(made.open("목록.csv"), "utf-8-sig")))
    notes = [row["비고"] for row in listed if row["영수증ID"] == one.id]
    assert [note.split(":")[0] for note in notes] == ["원본을 열 수 없습니다", "그림이 없습니다"]
    assert not any(row["비고"] for row in listed if row["영수증ID"] == two.id)


def test_leaving_off_early_leaves_nothing_behind(tmp_path, papers):
    steps = writers.write_zip_pictures([receipt(i) for i in range(5)], tmp_path / "out.zip", papers)
    assert next(steps) == (1, 5)
    steps.close()
    assert [path.name for path in tmp_path.iterdir()] == ["papers"]


def test_a_clock_before_1980_makes_a_zip_all_the_same(tmp_path, papers):
    list(writers.write_zip_originals([receipt()], tmp_path / "out.zip", papers, About(made_at=datetime(1970, 1, 1))))
    assert zipfile.is_zipfile(tmp_path / "out.zip")


def test_pictures_carry_boxes_labels_and_caption(papers):
    of = judged(source="standin")
    image = Image.open(io.BytesIO(annotated(papers.picture_of(of.id), of)))
    assert image.width > 200  # labels in a margin
    shift = image.height - max(300, round(marks(of, (200, 300), 13)[-1].label.bottom) + 6)
    assert shift > 0  # the caption is above
    red, *_ = image.getpixel((60, shift + 81))  # upper edge of the total's box, half scale; its finding is an error
    assert red > 150


@given(
    boxes=st.lists(
        st.tuples(st.floats(0, 380), st.floats(0, 590), st.floats(5, 400), st.floats(5, 80)), min_size=11, max_size=11
    ),
    value=st.text(max_size=60),
)
@settings(max_examples=40)
def test_no_label_meets_a_printed_line_or_another_label(boxes, value):
    fields = [
        Field(spec.name, value if spec.kind == "text" else None, "", 0.9, Box(x, y, x + w, y + h))
        for spec, (x, y, w, h) in zip(schema.FIELDS, boxes, strict=False)
    ]
    of = replace(receipt(), fields=tuple(fields))
    for scale in (0.5, 1, 3):
        size = (round(400 * scale), round(600 * scale))
        found = marks(of, size, max(13, size[0] // 48))
        assert [mark.name for mark in found if mark.label.left < size[0]] == []  # lines are inside of the picture
        below = sorted(found, key=lambda mark: mark.label.top)
        assert all(one.label.bottom <= other.label.top for one, other in itertools.pairwise(below))
        assert {mark.name for mark in found} == {field.name for field in fields}


def test_marked_pictures_keep_each_pixel_and_come_as_one_pdf(tmp_path):
    class Large(CaseDialog):
        def full_picture_of(self, receipt_id: str) -> bytes:
            out = io.BytesIO()
            Image.new("RGB", (2000, 3000), "#eee").save(out, "JPEG")
            return out.getvalue()

    papers = Large(tmp_path / "papers", missing=(receipt(2).id,))
    list(writers.write_zip_pictures([judged()], tmp_path / "out.zip", papers))
    with zipfile.ZipFile(tmp_path / "out.zip") as made:
        name = next(name for name in made.namelist() if name.endswith(".jpg"))
        assert Image.open(io.BytesIO(made.read(name))).width > 2000
    book = PdfReader(
        writers.write([judged(), receipt(2)], tmp_path / "out.pdf", papers, options=Options(what="pictures"))
    )
    assert [len(page.images) for page in book.pages] == [1, 0]
    assert "그림이 없습니다" in book.pages[1].extract_text()
    assert [entry.title for entry in book.outline] == ["1. 가나다상회", "2. 가나다상회"]


def test_every_korean_letter_can_be_drawn_and_what_cannot_is_a_question_mark():
    every = "".join(map(chr, range(0xAC00, 0xD7A4)))
    assert drawable(every) == every
    assert drawable("가\U0001f600나\x1b[31m") == "가?나[31m"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "etc passwd"),
        ("C:\\Windows\\a", "C Windows a"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("끝점...", "끝점"),
        ("a\u202egpj.exe", "a gpj.exe"),
        ("nul .txt", "_nul .txt"),
        ("LPT²", "_LPT²"),
        ("conin$", "_conin$"),
        ("a" * 300, "a" * 80),
        ("가" * 300, "가" * 60),  # 180 bytes: with day, total and ending below the 255 of Linux and macOS
        ("가" * 59 + "aa.bbb", "가" * 59 + "aa"),  # cut behind the point
        ("\u1112\u1161\u11ab", "한"),
        ("\x00\n", ""),
    ],
)
def test_names_are_fit_for_windows(name, safe):
    assert safe_name(name) == safe


@given(st.text(max_size=300))
def test_no_merchant_makes_a_bad_name(text):
    name = tidy_name([receipt(merchant=text)])
    assert not set(name) & set('<>:"/\\|?*\n\r\t\0')
    assert len(name) < 120
    assert name == name.strip(". ")


def test_names_are_handed_out_once():
    names = Names("a.jpg")
    handed = [names.new(stem, ".jpg") for stem in ("A", "a", "a", "a_2", "b")]
    assert handed == ["A_2.jpg", "a_3.jpg", "a_4.jpg", "a_2_2.jpg", "b.jpg"]


def test_unknown_endings_are_refused_in_words(tmp_path, papers):
    with pytest.raises(ExportFailed, match=r"\.xlsx"):
        writers.write([receipt()], tmp_path / "out.docx", papers)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("out.zip", Options(what="orignals")),
        ("out.pdf", Options(what="originals")),
        ("out.csv", Options(what="pictures")),
        ("out.csv", Options(encoding="utf-7")),
        ("out.csv", Options(layout="nothing")),
    ],
)
def test_what_does_not_exist_is_refused_before_anything_is_written(tmp_path, papers, name, options):
    with pytest.raises(ExportFailed):
        writers.write([receipt()], tmp_path / name, papers, options=options)
    assert [path.name for path in tmp_path.iterdir()] == ["papers"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "빈 공간"),
        (errno.EROFS, "읽기 전용"),
        (errno.EACCES, "열려 있으면 닫고"),
        (errno.EIO, "쓰지 못했습니다"),
    ],
)
@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".json", ".zip"])
def test_a_failed_write_is_told_in_words_and_leaves_the_old_file(tmp_path, papers, monkeypatch, ending, number, words):
    path = tmp_path / f"out{ending}"
    path.write_text("old")

    def refuse(source: Path, target: Path) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(atomic.os, "replace", refuse)
    with pytest.raises(ExportFailed, match=words):
        writers.write([receipt()], path, papers)
    assert path.read_text() == "old"
    assert {p.name for p in tmp_path.iterdir()} == {path.name, "papers"}


def test_a_folder_as_target_is_refused_in_words(tmp_path, papers):
    (tmp_path / "out.csv").mkdir()
    with pytest.raises(ExportFailed, match="폴더입니다"):
        writers.write([receipt()], tmp_path / "out.csv", papers)


def test_a_large_excel_file_takes_little_memory(tmp_path):
    receipts: list[Receipt] = [receipt(i) for i in range(1_000)]
    tracemalloc.start()
    writers.write_xlsx(receipts, tmp_path / "out.xlsx")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    with closing(openpyxl.load_workbook(tmp_path / "out.xlsx", read_only=True)) as book:
        assert sum(1 for _ in book["영수증"].iter_rows(values_only=True)) == 1_002  # heading and sums
    assert peak < 10_000_000


def test_statements_and_samples_have_sheets_of_their_own_and_lines_on_the_cover(tmp_path):
    case = pile(tmp_path / "case", 6)
    _, second, *_ = case.receipts()
    with (tmp_path / "카드.csv").open("w", encoding="utf-8-sig", newline="") as file:
        rows = [(second.value("issued_at")[:10], second.value("merchant"), second.value("total"),
                 second.value("approval_number")), ("2026-05-05", "=없는 가게", "777", "99999999")]  # fmt: skip
        csv.writer(file).writerows([("이용일자", "가맹점명", "이용금액", "승인번호"), *rows])
    case.add_statement(tmp_path / "카드.csv")
    drawn = case.sample(size=2, seed=3)
    total = case.receipt(drawn.chosen[0]).value("total")
    case.check_sampled(drawn.chosen[0], {"total": str(int(total) + 100)})
    path = case.export(tmp_path / "out.xlsx")
    (agreed,) = read_xlsx(path, "명세서 대조")
    assert (agreed["영수증ID"].value, agreed["명세서 금액"].value) == (second.id, int(second.value("total")))
    assert len(read_xlsx(path, "명세서에 없는 영수증")) == 5
    (alone,) = read_xlsx(path, "영수증이 없는 거래")
    assert (alone["명세서 가맹점"].value, alone["명세서 가맹점"].data_type) == ("=없는 가게", "s")
    one, two = read_xlsx(path, "표본")
    assert [row["확인함"].value for row in (one, two)] == ["예", "아니요"]
    assert one["다른 값"].value == f"합계: {int(total):,} → {int(total) + 100:,}"
    cover = PdfReader(case.export(tmp_path / "out.pdf")).pages[0].extract_text()
    assert "1건이 명세서의 거래와 이어졌습니다" in cover
    assert "2건 가운데 1건을 확인했습니다" in cover.replace("\n", " ")
    case.close()
