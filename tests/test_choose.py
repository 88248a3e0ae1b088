import numpy as np
import pandas as pd
import pytest

from workbench.domain.errors import CaseError
from workbench.domain.model import Receipt
from workbench.pipeline.analysis.selection import chosen

FRAME = pd.DataFrame(
    {
        "receipt_id": pd.array(["a", "b", "c"], dtype="string"),
        "total": pd.array([100, 200_000, None], dtype="Int64"),
        "tax_type": pd.array(["일반과세자", None, "간이과세자"], dtype="string"),
    }
)


@pytest.mark.parametrize(
    ("which", "ids"),
    [
        (None, ["a", "b", "c"]),
        ("b", ["b"]),
        ("total > 1000", ["b"]),
        ("total > 1000 or tax_type == '간이과세자'", ["b", "c"]),
        ("tax_type.str.contains('간이')", ["c"]),
        (FRAME[FRAME["total"] < 1000], ["a"]),
        (FRAME.set_index("receipt_id").loc[["c", "a"]], ["c", "a"]),
        (FRAME["total"] > 1000, ["b"]),
        (FRAME.sort_values("total", ascending=False)["total"] > 1000, ["b"]),
        (FRAME.set_index("receipt_id")["total"].sort_index(ascending=False) > 1000, ["b"]),
        (np.array([True, False, True]), ["a", "c"]),
        ([False, True, False], ["b"]),
        (["c", "a", "c"], ["c", "a"]),
        (FRAME["receipt_id"][1:], ["b", "c"]),
        ([Receipt("b", "b.jpg", "", 1, 1)], ["b"]),
        ([], []),
    ],
)
def test_every_way_of_saying_which(which, ids):
    assert chosen(FRAME, which) == ids


def test_a_query_may_use_the_callers_names():
    assert chosen(FRAME, "total > @limit", {"limit": 1000}) == ["b"]


@pytest.mark.parametrize(
    ("which", "words"),
    [
        ("totl > 1", "열: receipt_id, total"),
        ("total >", "조건을 이해하지 못했습니다"),
        ("total + 1", "참·거짓"),
        ([True], "마스크는 1줄"),
        (["x"], "없는 영수증입니다: x"),
    ],
)
def test_what_is_not_understood_is_told_in_words(which, words):
    with pytest.raises(CaseError, match=words):
        chosen(FRAME, which)
