"""A field is one entry in the schema: extraction, checks, screen and exports follow it."""

import json
import re

import pandas as pd

from tests.kit import pile
from workbench.domain import schema
from workbench.domain.model import Box, Field, Line
from workbench.page import Workbench
from workbench.review import suggest

BOOKING = schema.FieldSpec(
    "booking", "예약", "digits", None, re.compile(r"N\d{4}"), ("예약번호",), lambda text: f"{text}은 없습니다."
)
PRINT, LINE = pile.lines_of, Line("예약번호: N7001", 0.99, Box(20, 560, 380, 600))


def test_a_field_added_to_the_schema_is_found_everywhere(tmp_path, monkeypatch):
    monkeypatch.setattr(schema, "FIELDS", (*schema.FIELDS, BOOKING))
    monkeypatch.setattr(schema, "BY_NAME", schema.BY_NAME | {"booking": BOOKING})
    monkeypatch.setattr(pile, "lines_of", lambda number: (*PRINT(number), LINE))
    bench = Workbench(pile.pile(tmp_path / "case", 1), "kim")
    case, (receipt,) = bench.session.case, bench.session.case.receipts()
    assert "N7001은 없습니다." in [finding.message for finding in receipt.findings]
    assert list(bench.table.tabulator.value["booking"]) == list(case.frame()["booking"]) == ["N7001"]
    assert bench.editor.view["fields"][-1]["value"] == "N7001"
    assert suggest.picks(receipt.with_field(Field("booking")), "booking", (LINE,)) == ("N7001",)
    files = [case.export(tmp_path / name) for name in ("a.csv", "a.xlsx", "a.json")]
    tables = pd.read_csv(files[0]), pd.read_excel(files[1], engine="openpyxl")
    assert [table["예약"][0] for table in tables] == ["N7001", "N7001"]
    assert json.loads(files[2].read_text("utf8"))[0]["fields"]["booking"]["value"] == "N7001"
