"""What is written once and used all over: areas of boxes, greedy CTC, files that appear whole, particles, VAT."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.geometry import overlap, overlaps, share, shared_area
from workbench.domain.korean import with_particle
from workbench.domain.model import Box
from workbench.domain.vat import tenth
from workbench.pipeline.ocr.ctc import greedy
from workbench.pipeline.storage.atomic import whole

EDGES = st.integers(0, 40)
BOXES = st.builds(lambda a, b, c, d: Box(min(a, b), min(c, d), max(a, b), max(c, d)), EDGES, EDGES, EDGES, EDGES)


@given(st.lists(BOXES, max_size=4), st.lists(BOXES, max_size=4))
def test_boxes_one_by_one_and_all_at_once_overlap_alike(ones, others):
    table = overlaps(ones, others)
    assert table.shape == (len(ones), len(others))
    assert np.allclose(table, np.array([[overlap(a, b) for b in others] for a in ones]).reshape(table.shape))


@given(BOXES, BOXES)
def test_what_boxes_share_is_the_same_either_way_and_no_more_than_each(one, other):
    assert shared_area(one, other) == shared_area(other, one)
    assert 0 <= overlap(one, other) <= 1
    assert share(one, other) <= overlap(one, other) or one.width * one.height == 0 or other.width * other.height == 0
    assert shared_area(one, one) == one.width * one.height


@pytest.mark.parametrize(
    ("path", "spelt"),
    [([], []), ([0, 0], []), ([1, 1, 1], [1]), ([1, 0, 1], [1, 1]), ([0, 2, 2, 0, 0, 2, 3, 3], [2, 2, 3])],
)
def test_repeats_are_one_letter_unless_a_blank_parts_them(path, spelt):
    assert greedy(np.array(path, int)) == spelt


@pytest.mark.parametrize(
    ("word", "said"),
    [("합계", "합계를"), ("공급가액", "공급가액을"), ("3", "3을"), ("2025", "2025를"), ("VAT", "VAT을(를)")],
)
def test_the_particle_fits_the_last_sound(word, said):
    assert with_particle(word, "을", "를") == said


def test_vat_is_a_tenth_to_a_won_a_row():
    assert tenth(10_000, 1_000)
    assert tenth(10_004, 1_000)
    assert not tenth(10_030, 1_000)
    assert tenth(10_030, 1_000, rows=3)


def test_a_file_is_there_whole_or_as_it_was(tmp_path):
    path = tmp_path / "new" / "about.json"
    with whole(path) as draft:
        draft.write_text("first")
    with pytest.raises(ZeroDivisionError), whole(path) as draft:
        draft.write_text("sec")
        raise ZeroDivisionError
    assert path.read_text() == "first"
    assert list(path.parent.iterdir()) == [path]
