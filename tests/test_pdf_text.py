import io
import random
from pathlib import Path

import pypdf
import pytest

from tests.kit import drawn_pdfs as drawn
from tests.kit.drawn_pdfs import Paper, Text
from workbench.domain.model import Reading
from workbench.pipeline.imaging import pages, pdf
from workbench.pipeline.imaging.pages import Limits
from workbench.pipeline.layout.printed_lines import SOURCE, direction, printed_lines
from workbench.pipeline.ocr.engine import EngineSpec
from workbench.pipeline.reading.worker import extract_again, read_page

SPEC, LIMITS = EngineSpec(), Limits()


def saved(folder: Path, data: bytes) -> Path:
    path = folder / "paper.pdf"
    path.write_bytes(data)
    return path


def texts(path: Path) -> list[str]:
    told = pdf.text(path, 1)
    return [printed.line.text for printed in printed_lines(told, direction(told))]


def readings(path: Path, page: int = 1) -> list[Reading]:
    return [one.reading for one in read_page(str(path), page, SPEC, LIMITS)]


def value(reading: Reading, name: str) -> str | None:
    return next((field.value for field in reading.fields if field.name == name), None)


def hidden(reading: Reading) -> list[str]:
    return [finding.message for finding in reading.findings if "보이는 것과 숨은 글이 다릅니다" in finding.message]


WAYS = {
    "embedded": drawn.reportlab,
    "serif": lambda paper: drawn.reportlab(paper, "NanumMyeongjo"),
    "not_embedded": drawn.not_embedded,
    "rotated_90": lambda paper: drawn.sideways(paper, 90),
    "rotated_180": lambda paper: drawn.sideways(paper, 180),
    "drawn_sideways": drawn.drawn_sideways,
    "letter_by_letter": drawn.letter_by_letter,
}


@pytest.mark.parametrize("way", WAYS)
def test_the_characters_of_a_page_are_its_lines(tmp_path: Path, way: str) -> None:
    for seed in range(3):
        paper = drawn.slip(random.Random(seed))
        found = texts(saved(tmp_path, WAYS[way](paper)))
        assert sorted(found) == sorted(" ".join(text.text.split()) for text in paper.texts)


def test_lines_stand_where_the_picture_shows_them(tmp_path: Path) -> None:
    path = saved(tmp_path, drawn.sideways(drawn.slip(random.Random(5)), 270))
    image, told = pages.load_printed(path, 1, LIMITS)
    turn = direction(told)
    image = pages.turned(image, turn)
    found = printed_lines(told, turn)
    assert all(printed.glyphs for printed in found)
    assert len(found) >= 5
    for printed in found:
        for _, box in printed.glyphs:
            part = image[int(box.top) : int(box.bottom) + 1, int(box.left) : int(box.right) + 1]
            assert part.min() < 100, printed.line.text


def test_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    found = texts(saved(tmp_path, drawn.reportlab(drawn.slip(random.Random(1), drawn.A4, columns=True))))
    sides = [text.split()[0] for text in found if "단의" in text]
    assert sides == ["왼쪽"] * 4 + ["오른쪽"] * 4
    assert found.index("합계") + 1 == next(k for k, text in enumerate(found) if text.endswith("원"))


def test_a_page_with_text_is_read_by_its_characters(tmp_path: Path) -> None:
    paper = drawn.slip(random.Random(7))
    [reading] = readings(saved(tmp_path, drawn.reportlab(paper)))
    assert {line.source for line in reading.lines} == {SOURCE}
    assert {line.confidence for line in reading.lines} == {1.0}
    assert value(reading, "total") == paper.total
    assert value(reading, "business_number") == paper.number
    assert (value(reading, "issued_at") or "").startswith(paper.day)
    assert hidden(reading) == []
    assert extract_again(reading).fields == reading.fields


@pytest.mark.parametrize("way", drawn.TAMPERED)
def test_what_the_picture_does_not_show_is_told(tmp_path: Path, way: str) -> None:
    paper = drawn.slip(random.Random(11))
    [reading] = readings(saved(tmp_path, drawn.TAMPERED[way](paper)))
    assert hidden(reading)
    assert hidden(extract_again(reading)) == hidden(reading)
    shown = {"patched": int(paper.total) + 50_000, "pasted": int(paper.total) + 50_000}.get(way, int(paper.total))
    if way != "covered":
        assert value(reading, "total") in (str(shown), None)


def test_fonts_without_a_map_are_recognised(tmp_path: Path) -> None:
    paper = drawn.slip(random.Random(13))
    [reading] = readings(saved(tmp_path, drawn.without_map(drawn.reportlab(paper))))
    assert value(reading, "total") == paper.total
    assert value(reading, "business_number") == paper.number


def test_text_behind_a_scan_is_a_second_reader_and_never_the_truth(tmp_path: Path) -> None:
    paper = drawn.slip(random.Random(17))
    [reading] = readings(saved(tmp_path, drawn.scanned(paper, paper.texts)))
    assert value(reading, "total") == paper.total
    assert {line.source for line in reading.lines} == {""}
    assert hidden(reading) == []
    total = drawn.raised(paper)
    other = [Text(total.text, t.x, t.y, t.size) if t.text.endswith("원") else t for t in paper.texts]
    [reading] = readings(saved(tmp_path, drawn.scanned(paper, other)))
    assert value(reading, "total") == paper.total
    assert hidden(reading)


def test_a_bill_over_several_pages_is_one_receipt(tmp_path: Path) -> None:
    path = saved(tmp_path, drawn.bill(random.Random(19), 3))
    [reading] = readings(path)
    assert (readings(path, 2), readings(path, 3)) == ([], [])
    assert reading.geometry.pages == 3
    assert [f.message.split("을")[0] for f in reading.findings if f.code == "pages"] == ["1~3쪽"]
    total = next(field for field in reading.fields if field.name == "total")
    assert total.box is not None
    assert reading.geometry.page_of(total.box) == 2
    image = pages.render(path, 1, reading.geometry, LIMITS)
    assert image.shape[1::-1] == reading.geometry.size
    box = total.box
    assert image[int(box.top) : int(box.bottom), int(box.left) : int(box.right)].min() < 100


def test_two_receipts_printed_in_one_go_stay_two(tmp_path: Path) -> None:
    papers = [drawn.slip(random.Random(seed), drawn.A4) for seed in (23, 29)]
    sheets = [
        drawn.reportlab(Paper((*paper.texts, Text(f"{k}/2", 500, 800)), drawn.A4, *("",) * 3))
        for k, paper in enumerate(papers, 1)
    ]
    path = saved(tmp_path, drawn.joined(sheets))
    assert [value(readings(path, k)[0], "total") for k in (1, 2)] == [paper.total for paper in papers]


def test_two_slips_of_one_form_on_a_page_come_apart(tmp_path: Path) -> None:
    papers = [drawn.slip(random.Random(seed), drawn.A4) for seed in (31, 37)]
    low = [Text(t.text, t.x, t.y + 300, t.size) for t in papers[1].texts]
    titles = [Text("신용카드 매출전표", 200, 20, 14), Text("신용카드 매출전표", 200, 320, 14)]
    both = Paper((*titles, *papers[0].texts, *low), drawn.A4, "", "", "")
    found = readings(saved(tmp_path, drawn.reportlab(both)))
    assert [value(reading, "total") for reading in found] == [paper.total for paper in papers]


def test_a_blank_page_is_told_as_blank(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(drawn.reportlab(drawn.slip(random.Random(41), drawn.A4))))
    writer.add_blank_page()
    path = saved(tmp_path, drawn.written(writer))
    assert [reading.kind for reading in readings(path, 2)] == ["blank"]
