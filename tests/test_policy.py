from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.filed import filed
from workbench.domain.errors import SettingsError
from workbench.domain.law import law
from workbench.domain.model import Field, Receipt
from workbench.pipeline.validation.policy import default_policy, read_policy
from workbench.pipeline.validation.policy_rules import holiday
from workbench.pipeline.validation.policy_table import policy_of_rows


def receipt(name="r", kind="receipt", **values):
    return Receipt(name, f"{name}.jpg", name, 1, 1, "read", kind, fields=tuple(Field(k, v) for k, v in values.items()))


def said(policy, *receipts, words="", person=""):
    found = policy.findings(receipts, lambda _: words, lambda _: person)
    return {f.code.removeprefix("policy-"): f.message for findings in found.values() for f in findings}


LUNCH = {"merchant": "가람식당", "issued_at": "2026-10-06 12:30", "total": "12000", "approval_number": "1"}


@pytest.mark.parametrize(
    ("changed", "words", "code", "part"),
    [
        ({"issued_at": "2026-10-06 23:40"}, "", "hours", "23:00~05:00"),
        ({"issued_at": "2026-10-10 12:00"}, "", "days", "주말(토요일)"),
        ({"issued_at": "2026-10-09 12:00"}, "", "days", "한글날"),
        ({"total": "29900"}, "", "near-limit", "30,000원"),
        ({"total": "55000", "approval_number": ""}, "", "evidence", "가산세 추정 1,100원"),
        ({}, "서울 단란 주점 영수증", "restricted", "단란주점"),
        ({"merchant": "큰별 상품권"}, "", "restricted", "상품권"),
    ],
)
def test_each_default_rule_speaks_in_its_own_words(changed, words, code, part):
    policy = default_policy()
    assert said(policy, receipt(**LUNCH)) == {}
    assert part in said(policy, receipt(**LUNCH | changed), words=words)[code]


def test_a_taxi_at_night_is_what_taxis_are_for():
    late = receipt(**LUNCH | {"issued_at": "2026-10-06 23:40"})
    assert "hours" not in said(default_policy(), late, words="개인택시 영수증")


def test_split_purchases_are_told_of_together():
    two = [receipt(f"r{n}", **LUNCH | {"total": "20000", "issued_at": f"2026-10-06 12:3{n}"}) for n in range(2)]
    found = default_policy().findings(two)
    assert {f.message for name in ("r0", "r1") for f in found[name] if f.code == "policy-split"} == {
        "같은 날 같은 곳에서 2건, 모두 40,000원입니다. 한도 30,000원을 피하려고 나누었는지 확인해 주세요."
    }


LIMITS = """
[[limit]]
purpose = "야근 식대"
per = "{per}"
won = 12_000
say = "{{purpose}} 한도 {{limit}}원: {{person}} {{sum}}원."
[[leave]]
person = "김하나"
from = 2026-10-05
to = 2026-10-07
say = "{{person}}의 휴가입니다."
"""


@pytest.mark.parametrize(("per", "count"), [("receipt", 0), ("day", 2), ("month", 3)])
def test_limits_of_a_purpose_per_person_receipt_day_and_month(per, count):
    meals = [
        receipt(
            f"r{n}",
            **LUNCH | {"purpose": "야근 식대", "person": "박둘", "total": "8000", "issued_at": f"2026-10-{day}"},
        )
        for n, day in enumerate(("06", "06", "20"))
    ]
    other = receipt(
        "x", **LUNCH | {"purpose": "야근 식대", "person": "이셋", "total": "8000", "issued_at": "2026-10-06"}
    )
    found = read_policy(LIMITS.format(per=per)).findings([*meals, other])
    assert len(found) == count
    assert all("박둘" in f.message for findings in found.values() for f in findings)


def test_leave_days_by_the_person_a_statement_names():
    policy = read_policy(LIMITS.format(per="receipt"))
    assert said(policy, receipt(**LUNCH), person="김하나") == {"leave": "김하나의 휴가입니다."}
    assert said(policy, receipt(**LUNCH), person="박둘") == {}


def test_rules_from_excel_are_the_same_rules():
    rows = [
        ["규칙", "알릴 말", "정도", "한도", "기간", "용도", "사람", "낱말", "부터", "까지"],
        ["한도", "한도 {limit}원을 넘었습니다.", "오류", "10,000", "건", None, None, None, None, None],
        ["제한 업종", "‘{word}’은 안 됩니다.", "주의", None, None, None, None, "가람, 노래방", None, None],
        ["휴가", "휴가입니다.", "참고", None, None, None, "김하나", None, "2026-10-05", "2026-10-07"],
    ]
    found = said(policy_of_rows(rows, "규정.xlsx"), receipt(**LUNCH), person="김하나")
    assert found == {
        "limit": "한도 10,000원을 넘었습니다.",
        "restricted": "‘가람’은 안 됩니다.",
        "leave": "휴가입니다.",
    }


@pytest.mark.parametrize(
    ("text", "said_"),
    [
        ("[hours", "읽을 수 없습니다"), ("[howrs]\nsay='x'", "규칙은 없습니다"), ("[hours]\nfrom='9'", "say"),
        ("[hours]\nsay='x'\nfrom='25:00'\nto='05:00'", "이해할 수 없습니다"), ("[hours]\nsay='x'\nwhen='1'", "'when'"),
        ("[days]\nsay='x'\nseverity='bad'", "severity"), ("[[limit]]\nsay='x'\nper='year'\nwon=1", "per"),
        ("[[limit]]\nsay='x'", "이해할 수 없습니다"), ("[split]\nsay='x'\nlimit='many'", "이해할 수 없습니다"),
    ],
)  # fmt: skip
def test_rules_that_make_no_sense_are_named(text, said_):
    with pytest.raises(SettingsError, match=said_):
        read_policy(text)


def test_holidays_and_their_substitutes():
    assert holiday(date(2026, 10, 9)) == "한글날"
    assert "대체" in holiday(date(2026, 8, 17))
    assert holiday(date(2026, 10, 6)) == ""


def test_the_law_of_the_day_has_a_source_and_a_day_on_which_it_was_looked_up():
    assert law("simple_receipt_limit", date(2026, 1, 1)).value == 30_000
    assert law("evidence_penalty").value == Decimal("0.02")
    assert law("years_kept").value == 5
    for name in ("simple_receipt_limit", "condolence_limit", "simplified_invoice_limit", "years_kept", "vat_rate"):
        assert law(name).source
        assert law(name).checked >= date(2026, 1, 1)


def test_a_case_asks_for_the_rules_it_was_given_and_no_others(tmp_path):
    case = filed(tmp_path / "a", LUNCH | {"issued_at": "2026-10-09 12:00"})

    def codes():
        return {f.code for f in case.receipts()[0].findings if f.code.startswith("policy-")}

    assert (case.policy(), codes()) == (None, set())
    assert case.policy("default", by="kim").name == "기본 규정"
    assert codes() == {"policy-days"}
    case.policy(("우리.toml", b'[[restricted]]\nwords=["\xea\xb0\x80\xeb\x9e\x8c"]\nsay="{word}"'), by="kim")
    assert codes() == {"policy-restricted"}
    with pytest.raises(SettingsError):
        case.policy(("bad.toml", b"[nothing]\nsay='x'"), by="kim")
    assert codes() == {"policy-restricted"}
    case.drop_policy(by="kim")
    assert codes() == set()
    assert [e.field for e in case.entries() if e.action == "setting"] == ["policy"] * 3


@given(st.text(max_size=200))
def test_no_text_of_rules_ends_otherwise_than_in_words(text):
    with suppress(SettingsError):
        read_policy(text)


def test_a_sentence_of_a_rule_fills_in_words_and_does_nothing_else():
    rules = '[hours]\nfrom = "23:00"\nto = "05:00"\nsay = "{from} {from:>999999999} {from.__class__} {open"\n'
    message = said(read_policy(rules), receipt(**LUNCH | {"issued_at": "2026-10-06 23:40"}))["hours"]
    assert len(message) < 200
    assert message == "23:00 {from:>999999999} {from.__class__} {open"
