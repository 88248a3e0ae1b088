from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.errors import CaseError
from workbench.pipeline.ledger.levels import LEVELS
from workbench.pipeline.ledger.pairing import CALLED_OFF
from workbench.pipeline.ledger.reconcile import match

COLUMNS = {"receipt_id": "string", "file": "string", "merchant": "string", "issued_at": "datetime64[us]",
           "total": "Int64", "approval_number": "string"}  # fmt: skip


def receipts(*rows):
    """Rows of (moment, total, approval number, merchant), each but the first two may be left out."""
    full = [(f"r{n}", f"{n}.jpg", *_filled(row)) for n, row in enumerate(rows, start=1)]
    return pd.DataFrame(full, columns=list(COLUMNS)).astype(COLUMNS)


def _filled(row):
    moment, total, approval, merchant = (*row, None, None)[:4]
    return merchant, pd.Timestamp(moment) if moment else pd.NaT, total, approval


def statement(*rows):
    return pd.DataFrame(list(rows), columns=["이용일", "이용시간", "가맹점명", "이용금액(원)", "승인번호", "취소여부"])


def pairs(result):
    return {row.receipt_id: (row.ledger_row, row.level) for row in result.matched.itertuples()}


def test_columns_are_found_by_what_banks_call_them():
    ledger = statement(("2025.10.03", "15:26", "가나상회", "12,500", "00123456", ""))
    result = match(receipts(("2025-10-03 15:26", 12500, "00123456")), ledger)
    assert result.columns == {
        "date": "이용일", "time": "이용시간", "amount": "이용금액(원)", "approval": "승인번호", "merchant": "가맹점명",
        "cancelled": "취소여부",
    }  # fmt: skip
    assert list(result.matched["match"]) == [LEVELS[0]]


def test_columns_that_are_given_win_and_unknown_ones_are_named():
    ledger = pd.DataFrame({"when": ["2025-10-03"], "won": [12500], "금액": [1]})
    ours = receipts(("2025-10-03", 12500))
    assert pairs(match(ours, ledger, date="when", amount="won")) == {"r1": (0, 4)}
    with pytest.raises(CaseError, match="'없는열'"):
        match(ours, ledger, date="없는열")
    with pytest.raises(CaseError, match=r"날짜 열\(date=\)"):
        match(ours, ledger)


@pytest.mark.parametrize(
    ("receipt", "row", "level"),
    [
        (("2025-10-03 15:26", 9000, "123456"), ("2025-10-03", "", "", 9000, "123456", ""), 1),
        (("2025-10-03 15:26", 9000, "123456"), ("2026-10-03", "", "", 9000, "123456", ""), 2),
        ((None, 9000, "123456"), ("2025-10-03", "", "", 9000, 123456.0, ""), 2),
        (("2025-10-03 15:26", 9000), ("2025-10-03", "15:28:01", "", 9000, "123456", ""), 3),
        (("2025-10-03 15:26", 9000), ("2025-10-03", "18:00", "", 9000, "", ""), 4),
        (("2025-10-03 15:26", 9000, "123457"), ("2025-10-03", "15:26", "", 9000, "123456", ""), 5),
        (("2025-10-03 15:26", 9000), ("2025-10-06", "", "", 9000, "", ""), 6),
        ((None, 9000), ("2025-10-06", "", "", 9000, "", ""), 7),
    ],
)
def test_each_row_says_how_strictly_it_matched(receipt, row, level):
    result = match(receipts(receipt), statement(row))
    assert pairs(result) == {"r1": (0, level)}
    assert list(result.matched["match"]) == [LEVELS[level - 1]]


def test_what_does_not_fit_stays_on_both_sides_with_a_reason():
    ours = receipts(("2025-10-03", 9000), ("2025-10-03", 100), ("2025-10-03", None), ("2025-10-03", 700, "111111"))
    ledger = statement(
        ("2025-10-07", "", "", 9000, "", ""),
        ("2025-10-03", "", "", 55, "", ""),
        ("2025-10-04", "", "", 700, "222222", ""),
    )
    result = match(ours, ledger, days=3)
    assert result.matched.empty
    assert list(result.receipts_only["receipt_id"]) == ["r1", "r2", "r3", "r4"]
    reasons = list(result.receipts_only["reason"])
    assert "4일" in reasons[0]
    assert "같은 금액이 명세서에 없습니다" in reasons[1]
    assert "금액을 알 수 없습니다" in reasons[2]
    assert "승인번호" in reasons[3]
    assert list(result.ledger_only.index) == [0, 1, 2]
    assert len(match(ours, ledger, days=4).matched) == 1


def test_the_stricter_pair_wins_whatever_the_order():
    ours = receipts(("2025-10-03", 4500), ("2025-10-03", 4500, "777777"))
    ledger = statement(("2025-10-03", "", "", 4500, "777777", ""), ("2025-10-04", "", "", 4500, "888888", ""))
    assert pairs(match(ours, ledger)) == {"r1": (1, 6), "r2": (0, 1)}
    assert pairs(match(ours, ledger[::-1])) == {"r1": (1, 6), "r2": (0, 1)}


def test_several_that_fit_as_well_are_counted_and_names_decide():
    ours = receipts(("2025-10-03", 4500, None, "다라커피"), ("2025-10-03", 4500, None, "가나상회"))
    ledger = statement(
        ("2025-10-03", "", "㈜가나상회", 4500, "", ""), ("2025-10-03", "", "다라커피 본점", 4500, "", "")
    )
    result = match(ours, ledger)
    assert pairs(result) == {"r1": (1, 4), "r2": (0, 4)}
    assert list(result.matched["others"]) == [2, 2]


def test_cancellations_match_cancelled_receipts_and_are_told_of():
    ours = receipts(("2025-10-03 10:00", 5000, "111111"), ("2025-10-03 10:05", -5000, "111111"))
    apart = statement(("2025-10-03", "", "", 5000, "111111", ""), ("2025-10-03", "", "", -5000, "111111", ""))
    marked = statement(("2025-10-03", "", "", 5000, "111111", "N"), ("2025-10-03", "", "", 5000, "111111", "취소"))
    for ledger in (apart, marked):
        result = match(ours, ledger)
        assert pairs(result) == {"r1": (0, 1), "r2": (1, 1)}
        assert result.matched["note"][0] == CALLED_OFF


def test_a_purchase_whose_only_row_is_marked_cancelled_still_matches_with_a_note():
    result = match(receipts(("2025-10-03", 5000)), statement(("2025-10-03", "", "", 5000, "", "Y")))
    assert pairs(result) == {"r1": (0, 4)}
    assert list(result.matched["note"]) == [CALLED_OFF]


def test_a_one_under_another_heading_is_no_cancellation():
    ledger = statement(("2025-10-03", "", "", 5000, "", "1")).rename(columns={"취소여부": "이용구분"})
    assert match(receipts(("2025-10-03", 5000)), ledger).matched["note"].isna().all()


def test_the_ledgers_own_columns_stay_and_clashing_names_are_told_apart():
    ledger = pd.DataFrame({"date": [datetime(2025, 10, 3)], "total": [4500], "memo": ["점심"]}, index=["줄1"])
    result = match(receipts(("2025-10-03", 4500)), ledger)
    row = result.matched.iloc[0]
    assert (row["total_ledger"], row["memo"], row["ledger_row"]) == (4500, "점심", "줄1")
    assert "점심" in result._repr_html_() or "금액·날짜" in result._repr_html_()


DAYS = st.integers(0, 6).map(lambda n: date(2025, 10, 1) + timedelta(n))
AMOUNTS = st.sampled_from([-4500, 4500, 9000, 12000])
APPROVALS = st.sampled_from([None, "111111", "222222"])


@given(
    st.lists(st.tuples(st.none() | DAYS, st.none() | AMOUNTS, APPROVALS), max_size=8),
    st.lists(st.tuples(DAYS, AMOUNTS, APPROVALS, st.sampled_from(["", "취소"])), max_size=8),
)
def test_nothing_is_lost_or_matched_twice(ours, theirs):
    receipts_ = receipts(*ours)
    ledger = statement(*((day, "", "", amount, approval, state) for day, amount, approval, state in theirs))
    result = match(receipts_, ledger)
    seen = [*result.matched["receipt_id"], *result.receipts_only["receipt_id"]]
    assert sorted(seen) == sorted(receipts_["receipt_id"])
    assert sorted([*result.matched["ledger_row"], *result.ledger_only.index]) == list(range(len(ledger)))
    assert (result.matched["total"].abs() == result.matched["이용금액(원)"].astype("Int64").abs()).all()
