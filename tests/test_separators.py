"""What a till, or a reader, sets between a label and its value: a point for a colon, dots across the row, a dash."""

import pytest

from tests.kit.rows import lines
from workbench.domain.model import SURE, Field
from workbench.pipeline.extraction import extract

SLIP = {
    "상호": "가나다식당 시험점", "사업자번호": "123-45-67891", "거래일시": "2024-03-05 12:30:11", "공급가액": "10,000",
    "부가세": "1,000", "합계": "11,000", "보기카드": "4000-12**-****-7890", "승인번호": "31415926",
}  # fmt: skip
MARKS = (
    "", ":", ".", "..", "......", "…", ",", ":.", ".:", ";", "=", ">", "-->", "→", "☞", "·", "ㆍ", "#", "_", ")", "]",
    "】", "'", "~", "|", " : ", " . ", "(", "[", "<", "★",
)  # fmt: skip
VALUES = {
    "merchant": ("상호", "가나다식당 시험점", "가나다식당 시험점"),
    "business_number": ("사업자번호", "1234567891", "123-45-67891"),
    "issued_at": ("거래일시", "24/03/05 12:30:11", "2024-03-05 12:30:11"),
    "total": ("합계", "11,000", "11000"),
    "supply": ("공급가액", "10,000", "10000"),
    "vat": ("부가세", "1,000", "1000"),
    "approval_number": ("승인번호", "31415926", "31415926"),
}
"""Field: its label, as it is printed here, and its value."""


def fields(*rows: str) -> dict[str, Field]:
    drawn = lines(*rows)
    texts = {line.box: line.text for line in drawn}
    return {field.name: field for field in extract(drawn, (700, 900), texts.__getitem__).fields}


# A word with a comma behind it is part of a sentence, and no label of a name.
@pytest.mark.parametrize(("name", "mark"), [(n, m) for n in VALUES for m in MARKS if (n, m) != ("merchant", ",")])
def test_a_value_is_read_behind_any_mark(name: str, mark: str) -> None:
    label, shown, want = VALUES[name]
    rows = [f"{key}{mark}{shown}" if key == label else f"{key} {value}" for key, value in SLIP.items()]
    found = fields(*rows)
    assert (found[name].read or "").replace("T", " ") == want
    assert found["total"].read == "11000"


@pytest.mark.parametrize(
    ("label", "mark"), [(a, b) for a in ("승인No", "APPR NO", "허가번호") for b in (".", ".:", " : ")]
)
def test_an_approval_behind_other_labels(label: str, mark: str) -> None:
    rows = [f"{label}{mark}31415926" if key == "승인번호" else f"{key} {value}" for key, value in SLIP.items()]
    assert fields(*rows)["approval_number"].read == "31415926"


@pytest.mark.parametrize("mark", ["①", "❶", "¹"])
def test_a_mark_that_is_a_digit_in_a_circle_is_no_digit(mark: str) -> None:
    rows = [f"{key}{mark}{value}" for key, value in SLIP.items()]
    found = fields(*rows)
    for name in ("total", "approval_number", "merchant"):
        assert found[name].read == VALUES[name][2]
    behind = fields(*(f"{key} {value}{mark if key == '합계' else ''}" for key, value in SLIP.items()))
    assert behind["total"].read == "11000"
    assert behind["total"].confidence >= SURE


def test_parts_of_longer_numbers_stay_parts() -> None:
    rows = ("가나다상회", "123-45-67891", "비율 3.500 1,2.345", "전화 02.1234.5678", "합계 7,000")
    assert fields(*rows)["total"].read == "7000"


LIKE_DIGITS = "IlOoDQ!ㅣ丨iSBZ"
CUT = (
    ("거래일시", "2024-03-05 {}2:30:11"),
    ("거래일시", "2024-03-1{} 12:30:11"),
    ("승인번호", "{}1415926"),
    ("승인번호", "3141592{}"),
)


@pytest.mark.parametrize("letter", LIKE_DIGITS)
@pytest.mark.parametrize(("label", "shown"), CUT)
def test_a_value_beside_what_may_be_its_digit_is_not_sure(label: str, shown: str, letter: str) -> None:
    found = fields(*(f"{key} {shown.format(letter) if key == label else value}" for key, value in SLIP.items()))
    name = "issued_at" if label == "거래일시" else "approval_number"
    assert name not in found or found[name].confidence < SURE


@pytest.mark.parametrize("letter", "IlOoDQ!ㅣ丨i")
def test_a_total_behind_what_may_be_its_first_digit_is_not_sure(letter: str) -> None:
    found = fields("가나다상회", "123-45-67891", "2024-03-05 12:30", f"합계 {letter}1,000", f"현금 {letter}1,000")
    assert "total" not in found or found["total"].confidence < SURE
    assert fields("가나다상회", "123-45-67891", "합계 1,000", "현금 1,000")["total"].confidence >= SURE


@pytest.mark.parametrize("row", ["승인번호 # 31415926", "승인#31415926", "일시불 31415926 11,000", "31415926 일시불"])
def test_an_approval_beside_a_sharp_or_the_terms_of_payment(row: str) -> None:
    rows = [row if key == "승인번호" else f"{key} {value}" for key, value in SLIP.items()]
    assert fields(*rows)["approval_number"].read == "31415926"


@pytest.mark.parametrize(("label", "name"), [("거래일시", "issued_at"), ("승인번호", "approval_number")])
def test_a_value_without_one_of_its_digits_is_not_sure(label: str, name: str) -> None:
    """Both readers lose it alike: of a digit that is printed twice one is written."""
    shown = SLIP[label]
    for place in (at for at, letter in enumerate(shown) if letter.isdigit()):
        lost = shown[:place] + shown[place + 1 :]
        found = fields(*(f"{key} {lost if key == label else value}" for key, value in SLIP.items()))
        assert name not in found or found[name].confidence < SURE, lost


@pytest.mark.parametrize("lost", ["11,00O", "11,OO0", "11,0O0원"])
def test_a_total_with_a_letter_in_it_is_not_what_stands_before_its_mark(lost: str) -> None:
    found = fields("가나다상회", "123-45-67891", "2024-03-05 12:30", f"합계 {lost}", f"카드 {lost}")
    assert "total" not in found or found["total"].confidence < SURE
