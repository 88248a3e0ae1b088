"""One file of words, read by layout, extraction and training."""

import re
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

from training.text import drawn_words
from workbench.domain import lexicon
from workbench.pipeline.extraction.labels import amount_label, text_label

ROOT = Path(__file__).parents[1]
HEADINGS = (
    *("labels.amount", "labels.text", "labels.within", "cues.talk", "kinds.known_by", "kinds.signs"),
    *("goods", "names", "parties", "dates", "cards"),
)


@pytest.mark.parametrize("heading", HEADINGS)
def test_every_role_has_words_that_can_be_looked_for(heading):
    for role, words in lexicon.group(heading).items():
        assert words, role
        assert len(set(words)) == len(words), f"{heading}.{role} lists a word twice"
        re.compile(lexicon.any_of(f"{heading}.{role}"))


@pytest.mark.parametrize(("heading", "label_of"), [("labels.amount", amount_label), ("labels.text", text_label)])
def test_a_label_is_known_by_its_role(heading, label_of):
    known = lexicon.group(heading)
    wrong = [word for role, words in known.items() for word in words if label_of(word).role != role]
    often = Counter(chain(*known.values()))
    assert all(often[word] > 1 for word in wrong), "the first role that names a word wins"


def test_a_label_with_a_wrong_stroke_need_not_be_listed():
    assert amount_label("헙계").word == "합계"
    assert amount_label("취소거래금앥").role == "cancelled"


def test_no_label_that_merely_resembles_one_turns_the_sign_of_a_sale():
    assert amount_label("총거래금앥") is None  # 취소거래금액 is as near to it as 거래금액


def test_printed_apart_a_word_is_found_too():
    assert re.search(lexicon.any_of("cues.total", between=r"\s*"), "합  계 12,000")
    assert not re.search(lexicon.any_of("cues.total"), "합  계 12,000")


def test_training_draws_the_labels_that_extraction_knows():
    drawn = set(drawn_words()["labels"])
    assert {*chain(*lexicon.group("labels.amount").values())} <= drawn


def test_no_other_file_lists_the_words_of_receipts():
    """Four labels in a row are a list of its own."""
    known = [*lexicon.group("labels.amount").values(), *lexicon.group("labels.text").values()]
    run = re.compile(rf"(?:(?:{'|'.join(chain(*known))})[| \n]+){{4}}")
    sources = [*ROOT.glob("workbench/pipeline/**/*.py"), *ROOT.glob("training/*.py")]
    assert [path.name for path in sources if run.search(path.read_text("utf8"))] == []
