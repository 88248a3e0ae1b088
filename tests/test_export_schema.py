import copy
import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.kit.receipts import NOW, CaseDialog, failed, judged, receipt
from tests.kit.sample_receipts import sample_receipts
from workbench.domain import schema
from workbench.domain.model import Approval, Settled
from workbench.pipeline.export import writers

PUBLISHED = json.loads((Path(__file__).parents[1] / "docs" / "export.schema.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def form():
    import jsonschema  # four seconds, which each worker would spend to know what tests there are

    return jsonschema.Draft202012Validator(PUBLISHED, format_checker=jsonschema.FormatChecker())


def exported(folder: Path, receipts) -> list:
    path = writers.write(receipts, folder / "out.json", CaseDialog(folder / "papers"))
    return json.loads(path.read_text("utf-8"))


def test_the_export_keeps_to_its_published_form(tmp_path, form):
    form.check_schema(PUBLISHED)
    two = replace(
        judged(), status="confirmed", approved_by="이", confirmed_by="박",
        approvals=(Approval("이", NOW, "abc"), Approval("박", NOW, "abc")),
        settled=(Settled("sum", "의견", "이", NOW, "까닭"),),
    )  # fmt: skip
    odd = receipt(3, merchant="\u202e\x00<b>\ud800", issued_at="2025-10-03", vat=None)
    waiting = replace(receipt(4), status="waiting", fields=(), items=())
    records = exported(tmp_path, [judged(source="standin"), two, failed(), odd, waiting, *sample_receipts()])
    form.validate(records)
    assert {*records[0]["fields"]} == {spec.name for spec in schema.FIELDS}
    form.validate(exported(tmp_path, []))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda one: one["fields"]["total"].update(value="60,000"),
        lambda one: one["fields"]["total"].update(value=60000.5),
        lambda one: one["fields"].pop("vat"),
        lambda one: one.update(status="done"),
        lambda one: one["fields"]["issued_at"].update(value="3. Oct"),
        lambda one: one["fields"]["total"].update(box=[1, 2, 3]),
        lambda one: one["lines"][0].update(confidence=98),
    ],
)
def test_the_form_refuses_what_is_none_of_it(tmp_path, form, spoil):
    (record,) = exported(tmp_path, [judged()])
    spoiled = copy.deepcopy(record)
    spoil(spoiled)
    assert not form.is_valid([spoiled])


def test_no_character_that_hides_or_turns_text_stands_bare_in_the_file(tmp_path):
    path = writers.write([receipt(merchant="\u202e가\u200b\ufeff")], tmp_path / "out.json", CaseDialog(tmp_path / "p"))
    assert not set(path.read_text("utf-8")) & set("\u202e\u200b\ufeff")
    assert json.loads(path.read_text("utf-8"))[0]["fields"]["merchant"]["value"] == "\u202e가\u200b\ufeff"
