import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain import check_digit, schema
from workbench.domain.errors import WrongValue


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("12,500", "12500"),
        ("12.500원", "12500"),
        ("₩ 1,234", "1234"),
        ("-3,000", "-3000"),
        ("5,125.00", "5125"),
        ("0", "0"),
        ("", ""),
    ],
)
def test_won_is_read_as_people_and_printers_write_it(typed, canonical):
    assert schema.parse("total", typed) == canonical


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("2025-10-03", "2025-10-03"),
        ("25/10/03 15:26", "2025-10-03 15:26"),
        ("2025.10.5 오후 3:47", "2025-10-05 15:47"),
        ("2024년 3월 5일", "2024-03-05"),
        ("20260915 12:38:27", "2026-09-15 12:38:27"),
        ("2026-04-02(목) 12:30", "2026-04-02 12:30"),
        ("2026-04-02 오전 12:30", "2026-04-02 00:30"),
    ],
)
def test_time_is_read_as_receipts_print_it(typed, canonical):
    assert schema.parse("issued_at", typed) == canonical


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("total", "12a"),
        ("total", "1.5"),
        ("business_number", "123-45"),
        ("issued_at", "2025-02-30"),
        ("issued_at", "어제"),
    ],
)
def test_a_wrong_value_is_refused_in_words(field, typed):
    with pytest.raises(WrongValue, match=r"적어 주세요|달력에 없는"):
        schema.parse(field, typed)


@pytest.mark.parametrize(
    "number",
    [
        "124-81-00998",
        "120-88-00767",
        "529-86-00830",
        "220-81-62517",
        "111-11-11119",
        "777-77-77770",
        "123-45-67891",
    ],
)
def test_check_digit_holds(number):
    assert check_digit.passes(number)


@pytest.mark.parametrize("number", ["123-45-67890", "215-67-00093", "000-00-00000", "123-45-6789", ""])
def test_check_digit_fails(number):
    assert not check_digit.passes(number)


@given(st.integers(-(10**12), 10**12))
def test_won_survives_the_screen(won):
    assert schema.value_of("total", schema.parse("total", schema.render("total", str(won)))) == won


@given(st.datetimes())
def test_time_survives_the_screen(moment):
    moment = moment.replace(microsecond=0)
    canonical = schema.parse("issued_at", moment.isoformat(sep=" "))
    assert schema.value_of("issued_at", schema.parse("issued_at", canonical)) == moment


@given(st.sampled_from([spec.name for spec in schema.FIELDS]), st.text())
def test_any_text_is_a_value_or_refused(field, text):
    try:
        canonical = schema.parse(field, text)
    except WrongValue:
        return
    assert schema.parse(field, canonical) == canonical


@pytest.mark.parametrize("name", ["merchant", "note", "total", "business_number"])
def test_nothing_that_hides_or_turns_text_is_kept(name):
    plain = {"total": "12500", "business_number": "123-45-67891"}.get(name, "가나상회 (본점)")
    assert schema.parse(name, f"\ufeff\u202e{plain[:3]}\u200b{plain[3:]}\x1b") == plain
    # Hangul's fillers, which NFKC makes of each other, a joiner, selectors of a variant, a blank pattern of Braille.
    assert schema.parse(name, f"\u3164{plain[:2]}\u115f\u1160\uffa0{plain[2:]}\u034f\ufe0f\U000e0100\u2800") == plain
