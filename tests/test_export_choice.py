from dataclasses import replace

import pytest

from tests.kit.receipts import receipt
from tests.kit.sample_receipts import sample_receipts
from workbench.pipeline.export.layouts.layout import source_of
from workbench.review import texts
from workbench.review.export_choice import WHAT, ExportChoice, layouts

FACTS = {"year": "2025", "half": "2", "month": "6", "number": "1234567891", "company": "견본", "person": "김",
         "identity": "1101110000001", "submitted": "20260125"}  # fmt: skip


def test_every_choice_of_the_dialog_has_a_file():
    assert set(WHAT) == set(texts.EXPORT_WHAT)
    for what in WHAT:
        choice = ExportChoice(what, layout="douzone-purchases")
        assert choice.ending.startswith(".")
        assert choice.options().what in ("", "originals", "pictures")


def test_a_preview_says_what_is_unsure_missing_or_masked_before_anything_is_written():
    choice = ExportChoice("layout", layout="nts-card-receipts")
    assert choice.preview(sample_receipts()) == (False, ["귀속년도를 적어 주세요 (예: 2026)."])
    possible, said = replace(choice, facts=FACTS).preview(sample_receipts())
    assert not possible  # no card is known
    assert any("자리를 확인해 주세요" in sentence for sentence in said)
    assert any("가려져 있습니다" in sentence for sentence in said)
    possible, said = replace(choice, facts=FACTS, cards="9430-1200-0000-0001").preview(sample_receipts())
    assert possible
    assert ExportChoice("layout", layout="no-proof").preview(sample_receipts())[0] is False


def test_a_wrong_line_in_the_list_of_cards_is_told():
    possible, said = ExportChoice("layout", layout="card-purchases", cards="12").preview(sample_receipts())
    assert (possible, said) == (
        False,
        ["카드 목록의 1번째 줄은 카드번호가 아닙니다. 한 줄에 번호 하나를 모두 적어 주세요."],
    )


LOST = [texts.EXPORT_LETTERS, "상호: \U0001f600"]


@pytest.mark.parametrize(
    ("what", "encoding", "told"),
    [("csv", "utf-8-sig", []), ("csv", "cp949", LOST), ("pdf", "utf-8-sig", LOST), ("zip", "utf-8-sig", LOST),
     ("xlsx", "utf-8-sig", []), ("json", "utf-8-sig", []), ("originals", "utf-8-sig", []), ("book", "utf-8-sig", [])],
)  # fmt: skip
def test_letters_that_an_encoding_or_a_font_lacks_are_told(what, encoding, told):
    assert "글자" in texts.EXPORT_LETTERS
    assert ExportChoice(what, encoding).preview([receipt(merchant="가\U0001f600")]) == (True, told)


def test_layouts_of_ones_own_stand_beside_ours_and_a_broken_one_is_told(tmp_path):
    folder = tmp_path / "layouts"
    folder.mkdir()
    (folder / "우리.toml").write_bytes(source_of("douzone-journal"))
    (folder / "깨짐.toml").write_text("name = ", "utf-8")
    known, complaints = layouts(tmp_path)
    assert next(iter(known)) == "douzone-purchases"
    assert known[str(folder / "우리.toml")].name == "더존 일반전표"
    assert [sentence for sentence in complaints if "깨짐.toml" in sentence] == complaints != []
    choice = ExportChoice("layout", layout=str(folder / "우리.toml"))
    assert (choice.label, choice.ending) == ("_우리", ".xlsx")


def test_numbers_of_cards_show_in_no_repr():
    choice = ExportChoice(
        "layout", layout="card-purchases", cards="9430120000000001", facts={"identity": "1101110000001"}
    )
    assert "943012" not in repr(choice) + repr(choice.options())
    assert "110111" not in repr(choice) + repr(choice.options())
