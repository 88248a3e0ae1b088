"""A picture read once is not read again in the owner's next case; rules are applied afresh without any reading."""

import os

import pytest

from tests.kit.scripted import SETTINGS, picture
from workbench.case import Case
from workbench.domain.errors import ReadFailed
from workbench.domain.model import Box, Geometry, Line, Reading
from workbench.pipeline.reading import reading_cache


def no_reading(*given, **named):
    raise ReadFailed("읽지 않아야 할 것을 읽었습니다.")


@pytest.fixture
def opened(tmp_path):
    cases = []

    def open_case(name):
        cases.append(Case.open(tmp_path / name, SETTINGS))
        return cases[-1]

    yield open_case
    for case in cases:
        case.close()


def test_another_case_of_the_owner_spares_the_reading(opened, monkeypatch):
    first = opened("kim/a")
    first.add(*((f"{i}.png", picture(shade=i)) for i in range(3)))
    first.read().wait(progress=False)
    first.correct(first.receipts()[0].id, "merchant", "다른상회", by="kim")
    monkeypatch.setattr("workbench.case.read_page", no_reading)
    second = opened("kim/b")
    second.add(*((f"other {i}.png", picture(shade=i)) for i in range(3)), ("new.png", picture(shade=9)))
    run = second.read().wait(progress=False)
    states = {r.file: r for r in second.receipts()}
    assert run.done == 4
    assert [states[f"other {i}.png"].status for i in range(3)] == ["read"] * 3
    assert states["other 0.png"].value("merchant") == "견본상회"  # what people say stays in their case
    assert states["new.png"].status == "failed"
    assert second.lines_of(states["other 1.png"].id) == first.lines_of(first.receipts()[1].id)
    twin = states["other 2.png"].id
    assert (second.folder / "pictures" / f"{twin}.jpg").read_bytes() == first.picture_of(twin)


@pytest.mark.parametrize("later", [(Box(0, 0, 9, 9),), (Box(0, 0, 4, 9), Box(5, 0, 9, 9)), (Box(0, 0, 4, 9),)])
def test_a_page_whose_receipts_stayed_from_several_readings_is_read_by_the_next_case(opened, later):
    """A receipt that somebody corrected stays as it was read beside what a later reading found, or with a gap."""
    first, second = opened("kim/a"), opened("kim/b")
    name = first.add(("a.png", picture())).new[0]
    earlier = (Box(0, 0, 4, 9), Box(5, 0, 9, 4), Box(5, 5, 9, 9))
    for found in (earlier, later):
        readings = [Reading(Geometry(0, box, (9, 9)), (), engine="e") for box in found]
        ids = first.store.put_page(name, tuple(readings))
        first.correct(ids[-1], "total", "5", by="kim")
    pages = {(one.file_hash, one.page) for one in first.receipts()}
    assert list(reading_cache.cached_readings(second.folder, pages, "e")) == []


def test_another_persons_case_another_engine_and_a_wish_to_read_again_do_not(opened, monkeypatch):
    first = opened("kim/a")
    first.add(("a.png", picture()))
    first.read().wait(progress=False)
    monkeypatch.setattr("workbench.case.read_page", no_reading)
    stranger = opened("lee/a")
    stranger.add(("a.png", picture()))
    stranger.read().wait(progress=False)
    assert [r.status for r in stranger.receipts()] == ["failed"]
    first.read_again([first.receipts()[0].id])
    first.read().wait(progress=False)
    assert [r.status for r in first.receipts()] == ["failed"]
    monkeypatch.setattr("workbench.pipeline.ocr.engine.EngineSpec.label", lambda spec: "another engine")
    other = opened("kim/b")
    other.add(("a.png", picture()))
    other.read().wait(progress=False)
    assert [r.status for r in other.receipts()] == ["failed"]


@pytest.mark.parametrize(("cases", "databases"), [(1, 99), (99, 1)])
def test_only_the_latest_cases_up_to_a_number_and_a_size_are_looked_into(
    opened, tmp_path, monkeypatch, cases, databases
):
    for age, name in enumerate(("new", "old")):
        case = opened(f"kim/{name}")
        case.add((f"{name}.png", picture(shade=age)))
        case.read().wait(progress=False)
        case.close()
        os.utime(case.folder / "case.sqlite", (1e9 - age, 1e9 - age))
    size = max(one.stat().st_size for one in tmp_path.glob("kim/*/case.sqlite"))
    monkeypatch.setattr(reading_cache, "CASES", cases)
    monkeypatch.setattr(reading_cache, "BYTES", databases * size)
    monkeypatch.setattr("workbench.case.read_page", no_reading)
    third = opened("kim/third")
    third.add(("new.png", picture(shade=0)), ("old.png", picture(shade=1)))
    third.read().wait(progress=False)
    assert {r.file: r.status for r in third.receipts()} == {"new.png": "read", "old.png": "failed"}


def test_extract_again_goes_over_every_receipt_once(opened):
    case = opened("kim/a")
    texts = ["가맹점명: 견본상회", "사업자번호: 111-11-11119", "거래일시: 2026-03-05 12:33:10", "공급가액: 10,000",
             "부가세: 1,000", "합계: 11,000", "승인번호: 12345678",
             *(f"품목{i}  1  {i},000" for i in range(1, 20))]  # fmt: skip
    lines = tuple(Line(t, 0.99, Box(10, 20 + 40 * i, 300, 50 + 40 * i)) for i, t in enumerate(texts))
    ids, _ = case.store.add_file("1" * 64, "all.pdf", ".pdf", 1, 1)
    case.store.put_page(ids[0], (Reading(Geometry(0, None, (400, 1200)), lines),) * 100)
    assert case.extract_again() == 100
    assert {r.value("total") for r in case.receipts()} == {"11000"}
    assert case.extract_again() == 0
