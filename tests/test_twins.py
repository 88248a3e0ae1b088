"""Twins within a case are found, linked, and only told."""

from dataclasses import replace
from datetime import UTC, datetime

from workbench.domain.model import Correction, Field, Receipt
from workbench.pipeline.validation.duplicates import duplicates

BASE = {
    "merchant": "가나다식당 시험점",
    "business_number": "123-45-67891",
    "issued_at": "2026-05-20 12:10:00",
    "total": "11000",
}


def receipt(name: str, picture: str = "", file_hash: str = "", **values: str | None) -> Receipt:
    held = {key: value for key, value in (BASE | values).items() if value is not None}
    fields = tuple(Field(key, value, value, 0.99) for key, value in held.items())
    return Receipt(name, f"{name}.jpg", file_hash or name * 8, 1, 1, "read", fields=fields, picture_hash=picture)


def codes(*receipts: Receipt) -> dict[str, set[str]]:
    return {key: {f.code for f in found} for key, found in duplicates(receipts).items()}


def test_unlike_receipts_are_no_twins() -> None:
    other = receipt(
        "b", business_number="777-77-77770", merchant="라마바상회", total="5000", issued_at="2026-04-01 10:00"
    )
    assert duplicates([receipt("a"), other]) == {}


def test_the_same_file_under_two_names() -> None:
    found = duplicates([receipt("a", file_hash="f" * 64), receipt("b", file_hash="f" * 64)])
    assert found["a"][0].links == ("b",)
    assert found["b"][0].code == "duplicate-file"
    assert "a.jpg" in found["b"][0].message


def test_three_of_four_make_a_twin_and_two_do_not() -> None:
    assert codes(receipt("a"), receipt("b", merchant="다른 이름"))["a"] == {"duplicate-purchase"}
    assert codes(receipt("a"), receipt("b", total="12000"))["b"] == {"duplicate-purchase"}
    assert codes(receipt("a"), receipt("b", business_number=None))["a"] == {"duplicate-purchase"}
    assert "duplicate-purchase" not in codes(
        receipt("a"), receipt("b", total="9000", issued_at="2026-05-21 10:00")
    ).get("a", ())


def test_names_match_without_blanks_and_signs() -> None:
    assert (
        "duplicate-purchase"
        in codes(receipt("a"), receipt("b", merchant="가나다식당(시험점)", business_number=None))["a"]
    )


def test_an_edit_hides_no_twin() -> None:
    word = Correction("99000", "kim", datetime(2026, 5, 21, tzinfo=UTC))
    edited = receipt("b")
    for name in ("total", "business_number"):
        edited = edited.with_field(replace(edited.field(name), corrections=(replace(word, value=f"{name}"),)))
    assert "duplicate-purchase" in codes(receipt("a"), edited)["a"]


def test_a_correction_can_show_a_twin() -> None:
    misread = receipt("b", total="17000", business_number=None)
    word = Correction("11000", "kim", datetime(2026, 5, 21, tzinfo=UTC))
    assert "duplicate-purchase" not in codes(receipt("a"), misread).get("a", ())
    corrected = misread.with_field(replace(misread.field("total"), corrections=(word,)))
    assert "duplicate-purchase" in codes(receipt("a"), corrected)["a"]


def test_two_payments_at_one_till_are_split_buying() -> None:
    first = receipt("a", approval_number="11111111")
    second = receipt("b", approval_number="22222222", total="12000")
    assert codes(first, second) == {"a": {"split-buying"}, "b": {"split-buying"}}


def test_the_same_picture_taken_again() -> None:
    unread = dict.fromkeys(BASE)
    one = receipt("a", picture="0f0f3c3c5a5a9696", **unread)
    again = receipt("b", picture="0f0f3c3c5a5a9697", **unread)
    other = receipt("c", picture="f0f0c3c3a5a56969", **unread)
    assert codes(one, again, other) == {"a": {"duplicate-picture"}, "b": {"duplicate-picture"}}


def test_pictures_that_look_alike_but_say_otherwise_are_no_twins() -> None:
    one = receipt("a", picture="0f0f3c3c5a5a9696", approval_number="11111111")
    alike = receipt(
        "b", picture="0f0f3c3c5a5a9681", approval_number="22222222", total="700", issued_at="2026-01-02 08:00"
    )
    assert "duplicate-picture" not in codes(one, alike).get("a", ())


def test_blank_pictures_are_no_twins() -> None:
    unread = dict.fromkeys(BASE)
    assert duplicates([receipt("a", picture="0" * 16, **unread), receipt("b", picture="0" * 16, **unread)]) == {}


def test_failed_receipts_have_no_twins() -> None:
    failed = replace(receipt("b"), status="failed")
    assert duplicates([receipt("a"), failed]) == {}


def test_the_order_changes_nothing() -> None:
    three = [receipt("a"), receipt("b", merchant="다른 이름"), receipt("c", total="5")]
    assert duplicates(three) == duplicates(three[::-1])
