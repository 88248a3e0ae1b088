"""Learning from corrections: from the case to a comparison, and nobody reads with new weights but who took them."""

import os
import shutil
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from tests.kit import pile
from tests.kit.text_page import page
from training import learn
from training.learn import parted
from training.network import load
from training.pair import Sheet
from training.train import Batch
from workbench.case import Case
from workbench.pipeline.ocr.line_model import LineModel, scaled
from workbench.pipeline.ocr.model_files import BUNDLED, weights_mark
from workbench.pipeline.storage import own_weights
from workbench.pipeline.storage.own_weights import Learnt
from workbench.review import learning, texts
from workbench.review.learning import Learning


@pytest.fixture
def case(tmp_path):
    made = pile.pile(tmp_path / "case", 6)
    made.settings = replace(made.settings, home=tmp_path / "home")
    yield made
    made.close()


def learnt(case: Case, own=(0.2, 0.05), elsewhere=(0.02, 0.02), name="learned-1") -> Path:
    """As a finished run leaves it, with the bundled weights for new ones."""
    folder = own_weights.learned(case.settings.home) / name
    shutil.copytree(BUNDLED, folder / "model", ignore=shutil.ignore_patterns("int8*", "*.md"))
    Learnt(1.0, True, 40, 10, own, elsewhere).write(folder)
    return folder


def test_corrections_become_a_model_that_reads_and_a_comparison(case, tmp_path, monkeypatch):
    for place, receipt in enumerate(case.receipts()):
        case.correct(receipt.id, "approval_number", f"8765432{place}", by="kim")
    monkeypatch.setattr(learn, "FEWEST", 3)
    monkeypatch.setattr(learn, "ELSEWHERE", 2)
    monkeypatch.setattr(Case, "open", classmethod(lambda cls, folder: case))
    monkeypatch.setattr(case, "close", lambda: None)
    found = learn.run(case.folder, tmp_path / "run", steps=1)
    assert (found.done, found.trouble, found.lines, found.kept_back) == (True, "", 5, 1)
    assert Learnt.read(tmp_path / "run").lines == 5
    assert found.own[0] > 0
    image = page()
    assert "12,500" in LineModel(tmp_path / "run" / "model" / "inference.onnx", 1).read(scaled(image[30:90, 30:400]))[0]


def test_what_knows_the_syllables_learns_nothing():
    network, characters = load(BUNDLED / "inference.onnx")
    before = {name: parameter.clone() for name, parameter in network.named_parameters()}
    learner = learn.Learner(network, characters)
    batch = Batch(np.random.default_rng(1).integers(0, 255, (2, 48, 96, 3), np.uint8), ["12,500", "커피"], False)
    learner.step(batch, batch)
    moved = {name for name, now in learner.average.named_parameters() if not torch.equal(now, before[name])}
    assert moved
    assert not {name for name in moved if name.startswith(("head", "mixers"))}


def test_a_case_with_few_corrections_says_so_from_a_process_of_its_own(case):
    learning_ = Learning(case)
    assert learning_.words() == texts.LEARN_WHAT
    assert learning_.start() == ""
    assert learning_.start() == texts.LEARN_RUNNING_ALREADY
    while learning_.running:
        time.sleep(0.1)
    assert learning_.words() == texts.LEARN_TROUBLES["few"].format(count=0)
    assert not learning_.offered


def test_it_can_be_stopped(case):
    learning_ = Learning(case)
    learning_.start()
    learning_.stop()
    assert not learning_.running
    assert learning_.words() == texts.LEARN_BROKEN_OFF


class Unhurried:
    """A queue of one worker that keeps what it is handed."""

    jobs = 1

    def __init__(self):
        Unhurried.handed = []

    def batch(self, owner, person=None):
        return self

    def put(self, key, call):
        self.handed.append(call)


def test_what_is_better_is_offered_taken_and_given_back_in_one_act_each(case, monkeypatch):
    folder, learning_ = learnt(case), Learning(case)
    assert learning_.offered
    assert case.opinion() == ""  # nothing is taken by itself
    learning_.take()
    assert case.opinion() == str(folder / "model")
    assert learning_.taken
    assert not learning_.offered
    monkeypatch.setattr("workbench.pipeline.reading.started_workers.shared_queue", lambda *given: Unhurried())
    case.warm()
    (made,) = Unhurried.handed
    spec = made.args[0]
    assert (spec.recogniser, spec.opinion) == ("bundled", str(folder / "model"))
    assert f" / bundled{weights_mark('bundled')} + learned-1 " in spec.label()  # and no path of this machine
    learning_.undo()
    assert case.opinion() == ""
    assert not learning_.taken


@pytest.mark.parametrize(
    ("own", "elsewhere"), [((0.2, 0.2), (0.02, 0.02)), ((0.2, 0.3), (0.02, 0.01)), ((0.2, 0.05), (0.02, 0.03))]
)
def test_what_is_no_better_or_forgot_something_is_not_offered(case, own, elsewhere):
    learnt(case, own, elsewhere)
    learning_ = Learning(case)
    learning_.take()
    assert case.opinion() == ""
    assert learning_.words().endswith(texts.LEARN_NO_BETTER)


def test_a_setting_stands_above_what_was_taken_and_a_cluster_reads_without_it(case):
    learnt(case)
    Learning(case).take()
    settings = case.settings
    for other in ({"recogniser": "official"}, {"backend": "dask"}, {"engine": "our.own:Engine"}):
        case.settings = replace(settings, **other)
        assert case.opinion() == ""


def test_weights_that_are_gone_are_not_read_with(case):
    folder = learnt(case)
    Learning(case).take()
    shutil.rmtree(folder)
    assert case.opinion() == ""


def test_a_new_attempt_deletes_what_nobody_reads_with(case, monkeypatch):
    learnt(case, name="learned-0")
    used = learnt(case)
    Learning(case).take()
    monkeypatch.setattr(
        learning.subprocess, "Popen", lambda *given, **more: SimpleNamespace(pid=os.getpid(), poll=lambda: 0)
    )
    Learning(case).start()
    left = {path.name for path in own_weights.learned(case.settings.home).glob("learned-*")}
    assert len(left) == 2
    assert used.name in left


def test_where_training_cannot_run_a_sentence_says_what_is_missing(case, monkeypatch, tmp_path):
    monkeypatch.setattr(learning, "find_spec", lambda name: None)
    assert "training" in Learning(case).start()
    monkeypatch.setattr(learning, "ROOT", tmp_path)
    assert Learning(case).words() == texts.LEARN_NO_CLONE


def test_whole_receipts_are_kept_back_and_always_the_same():
    lines = {f"receipt-{number}": Sheet([(None, f"{number}-{line}") for line in range(3)]) for number in range(10)}
    own, back = parted(lines)
    kept = [text for sheet in back for _, text in sheet.lines]
    assert len(kept) == 6
    assert not {text.split("-")[0] for _, text in own} & {text.split("-")[0] for text in kept}
    assert parted(dict(reversed(lines.items()))) == (own, back)
