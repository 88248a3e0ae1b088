"""What was learnt stands beside the engine: believed over a whole page or not at all, and nothing else is changed."""

from dataclasses import replace

import pytest

from tests.kit.text_page import TEXTS, page
from workbench.domain.model import Box, Line
from workbench.pipeline.ocr.engine import EngineSpec, LineReader, engine
from workbench.pipeline.ocr.model_files import BUNDLED
from workbench.pipeline.ocr.second_opinion import ASKED, STRETCHED, surer


class Mumbling:
    """Finds the lines of `page` and one that stands, and reads all of them as the same, this surely."""

    sure = 0.3

    def __init__(self, spec):
        self.spec = spec

    def read(self, image):
        lying = [Line("???", self.sure, Box(30, 30 + 90 * i, 560, 100 + 90 * i)) for i in range(len(TEXTS))]
        return *lying, Line("!", self.sure, Box(600, 20, 620, 200))

    def read_lines(self, strips):
        return [("???", self.sure)] * len(strips)


@pytest.fixture(scope="module")
def reader():
    return engine.__wrapped__(EngineSpec("tests.test_second_opinion:Mumbling", opinion=str(BUNDLED), threads=1))


def test_a_page_that_the_second_reads_more_surely_is_read_by_it(reader):
    *lying, standing = reader.read(page())
    assert [line.text.replace(" ", "") for line in lying] == [text.replace(" ", "") for text in TEXTS]
    assert all(line.confidence > 0.9 for line in lying)
    assert [line.box for line in lying] == [line.box for line in Mumbling(None).read(page())[:-1]]
    assert standing == Line("!", 0.3, Box(600, 20, 620, 200))


def test_a_page_that_the_engine_reads_as_surely_stays_as_it_was(reader, monkeypatch):
    monkeypatch.setattr(Mumbling, "sure", 0.999)
    assert reader.read(page()) == Mumbling(None).read(page())


def test_single_lines_are_read_by_both_as_well(reader):
    assert isinstance(reader, LineReader)
    ((text, score),) = reader.read_lines([page()[30:100, 30:560]])
    assert text.replace(" ", "") == TEXTS[0].replace(" ", "")
    assert score > 0.9


@pytest.mark.parametrize(
    ("lines", "gain", "second"), [(10, 0.2, True), (1, 0.2, False), (1, 0.6, True), (40, 0, False)]
)
def test_it_is_the_lines_together_that_tell(lines, gain, second):
    asked = []

    def other(place, wide):
        asked.append((place, wide))
        return f"other {place}", 0.3 + gain - (wide - 1) / 10

    said = [(f"one {place}", 0.3) for place in range(lines)]
    found = surer(said, other)
    assert found == ([(f"other {place}", 0.3 + gain) for place in range(lines)] if second else said)
    assert sorted(asked) == sorted(set(asked))  # none twice
    assert len(asked) == (lines * (1 + len(STRETCHED)) if second else min(lines, ASKED))


def test_stretched_it_is_believed_no_sooner_but_its_surest_look_holds():
    assert surer([("one", 0.7)], lambda _, wide: ("other", 0.7 if wide == 1 else 0.99)) == [("one", 0.7)]
    assert surer([("one", 0.3)], lambda _, wide: (f"{wide}", {1: 0.95, 1.2: 0.98}.get(wide, 0.9))) == [("1.2", 0.98)]


def test_where_the_second_reads_nothing_the_first_stays():
    told = [("", 0.0), ("zwei", 0.98)]
    assert surer([("one", 0.1), ("two", 0.2)], lambda place, _: told[place]) == [("one", 0.1), ("zwei", 0.98)]


@pytest.mark.parametrize(("first", "second"), [(0.97, 0.99), (0.6, 0.66)])
def test_neither_sure_lines_made_surer_nor_harsh_ones_made_hardly_surer_tell(first, second):
    assert surer([("one", first)] * 10, lambda *_: ("other", second)) == [("one", first)] * 10
    assert surer([("one", first)] * 10, lambda *_: ("other", 1.0)) == [("other", 1.0)] * 10


def test_a_page_without_lines_asks_nobody():
    assert surer([], lambda place, _: pytest.fail(str(place))) == []


def test_no_path_of_this_machine_is_told_of_what_was_asked(tmp_path):
    alone = EngineSpec(threads=1)
    (tmp_path / "learned-1").mkdir()
    (tmp_path / "learned-1" / "model").symlink_to(BUNDLED)
    both = replace(alone, opinion=str(tmp_path / "learned-1" / "model"))
    assert both.label().startswith(f"{alone.label()} + learned-1 ")
    assert str(tmp_path) not in both.label()
