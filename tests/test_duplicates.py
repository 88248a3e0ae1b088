import hashlib

from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.model import Field, Receipt
from workbench.pipeline.validation.duplicates import MOST_LINKS, Twins, duplicates


def receipt(name, *, picture="", status="read", file_hash="", **values):
    fields = tuple(Field(field, text) for field, text in values.items())
    return Receipt(name, f"{name}.jpg", file_hash, 1, 1, status=status, picture_hash=picture, fields=fields)


def lunch(name, **changes):
    values = {"merchant": "가상분식", "business_number": "111-11-11119", "total": "9000",
              "issued_at": "2025-10-03 12:10"}  # fmt: skip
    return receipt(name, **(values | changes))


def codes(found):
    return {name: [(finding.code, finding.links) for finding in findings] for name, findings in found.items()}


def test_the_same_file_and_the_same_picture_are_linked_both_ways():
    here = [receipt("a", file_hash="f"), receipt("b", file_hash="f"), receipt("c", picture="0f0f0f0f0f0f0f0f"),
            receipt("d", picture="0f0f0f0f0f0f0f00"), receipt("e", picture="f0f0f0f0f0f0f0f0")]  # fmt: skip
    assert codes(duplicates(here)) == {
        "a": [("duplicate-file", ("b",))],
        "b": [("duplicate-file", ("a",))],
        "c": [("duplicate-picture", ("d",))],
        "d": [("duplicate-picture", ("c",))],
    }


def test_blank_pictures_are_no_twins():
    assert duplicates([receipt("a", picture="0" * 16), receipt("b", picture="0" * 16)]) == {}


def test_three_of_four_make_one_purchase_and_two_payments_do_not():
    assert codes(duplicates([lunch("a"), lunch("b", merchant="가상분식점")]))["a"] == [("duplicate-purchase", ("b",))]
    assert codes(duplicates([lunch("a"), lunch("b", total="8000", issued_at="2025-10-03 19:00")]))["a"] == [
        ("split-buying", ("b",))
    ]
    apart = [lunch("a", approval_number="11111111"), lunch("b", approval_number="22222222", total="5000")]
    assert codes(duplicates(apart))["a"] == [("split-buying", ("b",))]


def test_an_unreadable_receipt_is_nobodys_twin():
    assert duplicates([lunch("a"), lunch("b", status="failed")]) == {}


def test_twins_of_a_picture_are_found_in_a_crowd():
    crowd = [
        receipt(f"r{n:04d}", picture=f"{int.from_bytes(hashlib.sha256(str(n).encode()).digest()[:7]):014x}ff")
        for n in range(600)
    ]
    twin = receipt("twin", picture=crowd[5].picture_hash[:-1] + "e")
    assert codes(duplicates([*crowd, twin]))["twin"] == [("duplicate-picture", ("r0005",))]


def test_a_crowd_is_told_as_a_number():
    found = duplicates([lunch(f"r{n:02d}") for n in range(60)])
    (finding,) = found["r30"]
    assert len(finding.links) == MOST_LINKS
    assert "외 17건" in finding.message


ONE = st.builds(
    lambda name, picture, status, file_hash, total, day, approval: lunch(
        name, picture=picture, status=status, file_hash=file_hash, total=total, issued_at=day, approval_number=approval
    ),
    st.sampled_from("abcdefgh"),
    st.sampled_from(["", "0f0f0f0f0f0f0f0f", "0f0f0f0f0f0f0f0e"]),
    st.sampled_from(["read", "read", "failed"]),
    st.sampled_from(["", "f", "g"]),
    st.sampled_from(["9000", "5000", None]),
    st.sampled_from(["2025-10-03", "2025-10-03 12:10", None]),
    st.sampled_from([None, "11111111", "22222222"]),
)


@given(st.lists(st.one_of(ONE, st.sampled_from("abcdefgh")), max_size=24))
def test_following_changes_ends_where_starting_afresh_would(steps):
    twins = Twins()
    now = {}
    for step in steps:
        if isinstance(step, str):
            now.pop(step, None)
            twins.update([], gone=[step])
        else:
            now[step.id] = step
            twins.update([step])
    assert twins.findings == duplicates(now.values())
