import io
import random
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from pypdf import PdfReader

from tests.kit.receipts import CaseDialog, failed, judged, receipt
from workbench.domain.model import Approval, Finding, Receipt
from workbench.pipeline.export import writers
from workbench.pipeline.export.papers import About, Options
from workbench.pipeline.export.ticks import LEGEND, ticks
from workbench.pipeline.ledger.levels import LEVELS

AT = datetime(2026, 11, 22, 10, 0, 0)


class Drawn(CaseDialog):
    """Pictures that differ from receipt to receipt and do not compress to nothing."""

    def picture_of(self, receipt_id: str) -> bytes:
        rng = random.Random(receipt_id)
        image = Image.new("RGB", (400, 600), "white")
        pen = ImageDraw.Draw(image)
        for _ in range(400):
            x, y = rng.randrange(400), rng.randrange(600)
            pen.line((x, y, x + rng.randrange(20), y + 2), (rng.randrange(90),) * 3)
        out = io.BytesIO()
        image.save(out, "JPEG")
        return out.getvalue()


def made(folder: Path, receipts: list[Receipt], about: About | None = None, **options: bool) -> PdfReader:
    about = about or About("가나 사건", AT)
    path = writers.write(receipts, folder / "out.pdf", Drawn(folder / "papers"), about, Options(**options))
    return PdfReader(path)


def text(page: object) -> str:
    return re.sub(r"\s+", " ", page.extract_text())  # type: ignore[attr-defined]


def test_the_cover_says_what_it_is_about_and_every_page_its_number(tmp_path):
    pdf = made(tmp_path, [judged(), receipt(2), failed()], About("가나 사건", AT, chain_head="ab" * 32))
    cover = text(pdf.pages[0])
    for words in (
        "가나 사건",
        "2025-10-03",
        "일반과세자",
        "공제 후보",
        "120,000",
        "ab" * 32,
        *(mark for mark, _ in LEGEND),
    ):
        assert words in cover
    for number, page in enumerate(pdf.pages, 1):
        assert f"{number}/{len(pdf.pages)}" in text(page).replace(" ", "")
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)


def test_the_index_names_the_page_of_each_card_and_the_outline_leads_there(tmp_path):
    receipts = [receipt(i, merchant=f"가게{i}호점") for i in range(1, 61)]
    pdf = PdfReader(writers.write(receipts, tmp_path / "out.pdf", CaseDialog(tmp_path / "papers")))
    texts = [text(page) for page in pdf.pages]
    where = {i: next(n for n, words in enumerate(texts, 1) if f"{i}. 가게{i}호점" in words) for i in range(1, 61)}
    rows = " ".join(texts[1 : where[1] - 1])
    for i in (1, 30, 60):
        assert re.search(rf"가게{i}호점 2025-10-03 60,000 읽음 {where[i]}\b", rows), rows[:300]
    cards = next(entry for entry in pdf.outline if isinstance(entry, list))
    assert [pdf.get_destination_page_number(card) + 1 for card in cards] == list(where.values())


def test_a_card_shows_values_marks_findings_approver_and_pieces_of_the_picture(tmp_path):
    saw = datetime(2026, 11, 23, 0, 5, tzinfo=UTC)
    yes = tuple(Approval(by, saw, "") for by in ("이검토", "박확정"))
    approved = replace(
        judged(), status="confirmed", approved_by="이검토", confirmed_by="박확정", approvals=yes, statement=LEVELS[0]
    )
    about = About("사건", AT)
    pdf = made(tmp_path, [approved], about)
    card = text(pdf.pages[-1])
    for words in (
        "가나다상회", "123-45-67891", "2025-10-03 15:26:32", "00123456", "√◎∑※▲",
        "승인: 이검토 2026-11-23 09:05 · 2차 승인: 박확정 2026-11-23 09:05",
        "50,000 → 김감사", "오류: 공급가액과 부가세의 합이 합계와 다릅니다.", approved.file_hash, "일반과세자",
    ):  # fmt: skip
        assert words in card, (words, card)
    assert len(pdf.pages[-1].images) == len(approved.fields)  # a piece beside each value that was read somewhere


def test_every_letter_is_embedded_and_what_a_paper_says_is_no_markup(tmp_path):
    pdf = made(tmp_path, [receipt(merchant="<b>굵게</b>&amp; \u202e거꾸로")])
    assert "<b>굵게</b>&amp; 거꾸로" in text(pdf.pages[-1])
    for page in pdf.pages:
        for font in page["/Resources"]["/Font"].values():
            assert "/FontFile2" in font.get_object()["/FontDescriptor"]


def test_the_same_case_gives_the_same_bytes_but_for_the_time(tmp_path):
    receipts = [judged(), receipt(2), failed()]
    papers = Drawn(tmp_path / "papers")
    one, two, later = (
        writers.write(receipts, tmp_path / f"{name}.pdf", papers, About("사건", at)).read_bytes()
        for name, at in (("a", AT), ("b", AT), ("c", datetime(2026, 11, 23, 1, 2, 3)))
    )
    assert one == two
    assert one != later


def test_a_card_longer_than_a_page_and_a_paper_that_is_gone_are_told(tmp_path):
    long = replace(receipt(1), findings=tuple(Finding("warning", f"의견 {i}: " + "가" * 90, ()) for i in range(80)))
    gone = receipt(2)
    papers = CaseDialog(tmp_path / "papers", missing=(gone.id,))
    pdf = PdfReader(writers.write([long, gone], tmp_path / "out.pdf", papers, About("사건", AT)))
    said = " ".join(map(text, pdf.pages))
    assert all(f"의견 {i}:" in said for i in range(80))
    assert "그림을 열 수 없습니다" in said


def test_whole_pictures_come_at_choice(tmp_path):
    plain, pictured = (made(tmp_path, [judged()], pictures=choice) for choice in (False, True))
    assert len(pictured.pages[-1].images) == len(plain.pages[-1].images) + 1


def test_leaving_off_early_leaves_nothing_behind(tmp_path):
    papers = Drawn(tmp_path / "papers")
    steps = writers.steps([receipt(i) for i in range(3)], tmp_path / "out.pdf", papers)
    assert next(steps) == (1, 3)
    steps.close()
    assert [path.name for path in tmp_path.iterdir()] == ["papers"]


@pytest.mark.parametrize(
    ("values", "reckoned"),
    [
        ({}, {"total", "supply", "vat", "business_number"}),
        ({"vat": "5454"}, {"business_number"}),
        ({"supply": None, "vat": None}, {"business_number"}),  # one number alone is no sum
        ({"business_number": "123-45-67890"}, {"total", "supply", "vat"}),
    ],
)
def test_only_what_adds_up_is_marked_as_reckoned(values, reckoned):
    assert {name for name, marks in ticks(receipt(**values)).items() if "∑" in marks} == reckoned


def test_a_stand_ins_answer_confirms_no_tax_status():
    assert "◇" in ticks(judged())["business_number"]
    assert "◇" not in ticks(judged(source="standin"))["business_number"]
