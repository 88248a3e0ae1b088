import json
from pathlib import Path

import pytest
from PIL import Image

from tests.kit.receipts import NOW
from workbench import Case
from workbench.domain.errors import CaseError, Changed
from workbench.domain.model import Correction, Field, Geometry, Reading, Receipt
from workbench.pipeline.ledger.exchange import reckoned, understand_rates
from workbench.pipeline.ledger.readers import Sheet, read_sheets
from workbench.review.session import Session

TABLE = '날짜,통화,환율\n2026-10-02,USD,"1,380.50"\n2026-10-05,USD,1390\n2026-10-05,JPY(100),930.00\n2026-10-05,???,x\n'


def rates(text: str = TABLE):
    return understand_rates(read_sheets(text.encode(), "rates.csv"), "rates.csv")


def foreign(**values: str):
    fields = tuple(Field(name, value, confidence=0.97) for name, value in values.items())
    return Receipt("a-1-1", "a.png", "a", 1, 1, "read", "foreign", fields=fields)


def test_a_foreign_total_is_reckoned_by_the_last_rate() -> None:
    table = rates()
    told = reckoned(foreign(currency="USD", foreign_total="22.00", issued_at="2026-10-04 10:00"), [table])
    assert told is not None
    field, finding = told
    assert (field.read, field.evidence) == ("30371", ("계산값: USD 22.00 × 1,380.5 (2026-10-02 환율)",))
    assert "계산값" in finding.message
    told = reckoned(foreign(currency="JPY", foreign_total="3520", issued_at="2026-10-05"), [table])
    assert told is not None
    assert told[0].read == "32736"
    assert "1개는 쓰지 않습니다" in repr(table)


@pytest.mark.parametrize("values", [
    {"currency": "USD", "foreign_total": "22.00", "issued_at": "2026-10-05", "total": "30000"},
    {"currency": "USD", "foreign_total": "22.00", "issued_at": "2026-11-05"},
    {"currency": "USD", "foreign_total": "22.00", "issued_at": "2026-09-05"},
    {"currency": "EUR", "foreign_total": "22.00", "issued_at": "2026-10-05"},
    {"currency": "USD", "foreign_total": "22.00"},
    {"total": "12500", "issued_at": "2026-10-05"},
])  # fmt: skip
def test_nothing_is_reckoned_where_won_stand_or_no_rate_is_known(values: dict[str, str]) -> None:
    assert reckoned(foreign(**values), [rates()]) is None


def test_a_person_who_says_that_there_is_no_total_is_believed() -> None:
    receipt = foreign(currency="USD", foreign_total="22.00", issued_at="2026-10-05")
    said = receipt.with_field(Field("total", corrections=(Correction("", "kim", NOW),)))
    assert reckoned(said, [rates()]) is None


def test_a_case_proposes_won_and_says_how(tmp_path: Path) -> None:
    case = Case.open(tmp_path / "case")
    Image.new("RGB", (40, 40), "white").save(tmp_path / "a.png")
    [name] = case.add(tmp_path / "a.png").new
    fields = foreign(currency="USD", foreign_total="22.00", issued_at="2026-10-05").fields
    case.store.put_page(name, (Reading(Geometry(size=(40, 40)), (), kind="foreign", fields=fields),))
    (tmp_path / "rates.csv").write_text(TABLE, "utf8")
    case.add_rates(tmp_path / "rates.csv")
    row = case.frame().iloc[0]
    assert (row["currency"], row["foreign_total"], row["total"]) == ("USD", "22.00", 30580)
    assert "계산값" in row["findings"]
    case.correct(name, "total", "31000", by="kim")
    assert case.frame().iloc[0]["total"] == 31000
    case.close()


def test_a_table_of_something_else_is_refused_in_words() -> None:
    with pytest.raises(CaseError, match="통화"):
        understand_rates([Sheet("a", [["이름", "값"], ["가", 1]])], "a.csv")


@pytest.mark.parametrize(
    ("currency", "rate", "told"), [("JPY", "912.4", True), ("JPY(100)", "912.4", False), ("JPY", "9.1", False)]
)
def test_a_rate_that_is_taken_for_that_of_a_hundred_is_told(currency: str, rate: str, told: bool) -> None:
    table = understand_rates([Sheet("a", [["날짜", "통화", "환율"], ["2026-10-05", currency, rate]])], "a.csv")
    assert any("JPY" in note and "100" in note for note in table.notes) is told


@pytest.fixture
def abroad(tmp_path: Path):
    """A case with a foreign receipt whose won a rate gives, and how to add another rate."""
    case = Case.open(tmp_path / "case")
    Image.new("RGB", (40, 40), "white").save(tmp_path / "a.png")
    [name] = case.add(tmp_path / "a.png").new
    fields = foreign(currency="USD", foreign_total="22.00", issued_at="2026-10-05").fields
    case.store.put_page(name, (Reading(Geometry(size=(40, 40)), (), kind="foreign", fields=fields),))

    def rate(won: int) -> None:
        case.add_rates((f"{won}.csv", f"date,currency,rate\n2026-10-05,USD,{won}\n".encode()))

    yield case, name, rate
    case.close()


def test_a_reckoned_total_is_approved_as_it_was_seen_and_another_rate_ends_that(abroad):
    case, name, rate = abroad
    before = case.approve(name, by="kim")
    rate(1400)
    reckoned = case.receipt(name)
    assert (reckoned.status, reckoned.changed_values) == ("changed", (("total", "", "30800"),))
    with pytest.raises(Changed):
        case.approve(name, by="lee", revision=before.revision)
    assert case.approve(name, by="lee", revision=reckoned.revision).approved_by == "lee"
    rate(1500)
    assert (case.receipt(name).status, case.receipt(name).value("total")) == ("changed", "33000")
    with pytest.raises(Changed):
        case.approve(name, by="kim", revision=reckoned.revision)
    assert case.verify() == []


def test_an_export_tells_by_the_revision_whether_an_approval_of_a_reckoned_total_stands(abroad, tmp_path):
    case, name, rate = abroad
    for won, by in ((1400, "kim"), (1500, "")):
        rate(won)
        if by:
            case.approve(name, by=by)
        case.export(tmp_path / "out.json")
        [told] = json.loads((tmp_path / "out.json").read_text("utf8"))
        assert (told["approvals"][0]["revision"] == told["revision"]) == (told["status"] == "approved") == bool(by)


def test_many_reckoned_totals_are_approved_together_and_again(abroad):
    case, name, rate = abroad
    rate(1400)
    for finding in case.receipt(name).open_findings:
        case.settle(name, finding, by="kim")
    assert case.approve_clean(by="kim") == (name,)
    seen = case.receipt(name)
    assert seen.status == "approved"
    case.reopen(name, by="kim")
    assert [type(one) for one in case.approve_again([seen], by="kim")] == [int]
    case.reopen(name, by="kim")
    rate(1500)
    assert [type(one) for one in case.approve_again([seen], by="kim")] == [Changed]


def test_a_reckoned_total_is_corrected_on_the_page_and_that_is_undone(abroad):
    case, name, rate = abroad
    rate(1400)
    session = Session(case, "kim")
    assert session.correct("31000", "total", name)
    assert session.question is None
    assert case.receipt(name).value("total") == "31000"
    session.undo()
    assert (case.receipt(name).value("total"), case.receipt(name).reckoned) == ("30800", ("total",))
    session.redo()
    assert case.receipt(name).value("total") == "31000"
