"""What both readers lose alike leaves no wrong value that nothing doubts: a line, a digit, or a letter for one."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from benchmarks.fields import record_of
from benchmarks.trust import same
from benchmarks.unknown_words import FAMILIES
from tests.kit.drawn_lines import Drawn, draw
from workbench.domain.model import Line, Receipt
from workbench.pipeline.extraction import extract
from workbench.pipeline.validation.checks import check

LETTERS = {"0": "O", "1": "l", "5": "S", "8": "B"}
EVERY = 3
"""Of the families one in so many is tried here; all of them were when this was written."""

LONE = {("toll", "total"), ("cash", "approval_number")}
"""A number beside which nothing stands that could tell; nine digits of a cash receipt's are eight of a card's."""


def without_a_line(page: Drawn, rng: random.Random) -> Iterator[tuple[Line, ...]]:
    for place in range(len(page.lines)):
        yield page.lines[:place] + page.lines[place + 1 :]


def without_a_digit(page: Drawn, rng: random.Random) -> Iterator[tuple[Line, ...]]:
    for line, places in _numbers(page):
        at = rng.choice(places)
        yield _changed(page, line, line.text[:at] + line.text[at + 1 :])


def with_a_letter_for_a_digit(page: Drawn, rng: random.Random) -> Iterator[tuple[Line, ...]]:
    for line, places in _numbers(page):
        if alike := [at for at in places if line.text[at] in LETTERS]:
            at = rng.choice(alike)
            yield _changed(page, line, line.text[:at] + LETTERS[line.text[at]] + line.text[at + 1 :])


def without_the_right_edge(page: Drawn, rng: random.Random) -> Iterator[tuple[Line, ...]]:
    """As a picture cropped too near, or a fold that runs down the paper, leaves every line."""
    edge = max(line.box.right for line in page.lines)
    for lost in (20, 45, 60):
        yield tuple(_left_of(line, edge - lost) for line in page.lines if line.box.left + 24 < edge - lost)


def _left_of(line: Line, edge: float) -> Line:
    share = min((edge - line.box.left) / line.box.width, 1.0)
    return replace(
        line, text=line.text[: round(share * len(line.text))], box=replace(line.box, right=min(line.box.right, edge))
    )


def with_a_high_thousands_mark(page: Drawn, rng: random.Random) -> Iterator[tuple[Line, ...]]:
    yield tuple(replace(line, text=line.text.replace(",", "'")) for line in page.lines)


def _numbers(page: Drawn) -> Iterator[tuple[Line, list[int]]]:
    for line in page.lines:
        if places := [at for at, letter in enumerate(line.text) if letter.isdigit()]:
            yield line, places


def _changed(page: Drawn, line: Line, text: str) -> tuple[Line, ...]:
    return tuple(replace(one, text=text) if one is line else one for one in page.lines)


@pytest.mark.parametrize(
    ("lose", "least"),
    [
        (without_a_line, 200), (without_a_digit, 200), (with_a_letter_for_a_digit, 200), (without_the_right_edge, 50),
        (with_a_high_thousands_mark, 19),
    ],
)  # fmt: skip
def test_what_is_lost_leaves_nothing_wrong_undoubted(lose, least) -> None:  # type: ignore[no-untyped-def]
    wrong, papers = [], 0
    for name in sorted(FAMILIES)[::EVERY]:
        page = draw(0, FAMILIES[name])
        for lines in lose(page, random.Random(0)):
            papers += 1
            texts = {line.box: line.text for line in lines}
            told = extract(lines, page.size, lambda box, texts=texts: texts.get(box, ""))  # type: ignore[misc]
            receipt = Receipt("", "", "", 1, 1, "read", told.kind, fields=told.fields, read_findings=told.findings)
            fields = record_of(receipt, check(receipt, date(2027, 1, 1))).fields
            # A name without its other half, or a logo over a name that was lost, is a name that the paper prints.
            wrong += [
                f"{name}: {field} {fields[field].value}, not {want}"
                for field, want in page.truth.items()
                if field != "merchant" and (name, field) not in LONE
                and field in fields and not fields[field].flagged and not same(field, fields[field].value, want)
            ]  # fmt: skip
    assert papers >= least
    assert not wrong
