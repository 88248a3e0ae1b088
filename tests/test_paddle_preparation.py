"""What the lighter preparation gives the models is what PaddleOCR's own would have given them."""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from paddlex.inference.models.text_detection.processors import DBPostProcess
from paddlex.inference.models.text_recognition.processors import CTCLabelDecode
from paddlex.inference.pipelines.components.common.crop_image_regions import CropByPolys

from workbench.pipeline.ocr import paddle, paddle_preparation
from workbench.pipeline.ocr.engine import NARROWEST, EngineSpec
from workbench.pipeline.ocr.model_files import BUNDLED, characters_of
from workbench.pipeline.ocr.paddle import PaddleEngine
from workbench.pipeline.ocr.print_boxes import _in_turn as in_turn
from workbench.pipeline.ocr.print_boxes import paddle_boxes

Picture = npt.NDArray[np.uint8]


@pytest.fixture(scope="module")
def models() -> tuple[Any, Any]:
    """Detector and recogniser of an engine that was left as PaddleOCR makes it."""
    made: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paddle, "lighten", lambda ocr, *_: made.append(ocr.paddlex_pipeline))
        PaddleEngine(EngineSpec(threads=1))
    (pipeline,) = made
    return pipeline.text_det_model, pipeline.text_rec_model


@pytest.fixture(scope="module")
def drawn() -> Any:
    return CropByPolys()


def noise(*shape: int) -> Picture:
    return np.random.default_rng(sum(shape)).integers(0, 256, (*shape, 3), dtype=np.uint8)


def test_a_page_becomes_the_same_planes(models: tuple[Any, Any]) -> None:
    steps, page = models[0].pre_tfs, [noise(320, 640)]
    theirs = steps["ToBatch"](imgs=steps["ToCHW"](imgs=steps["Normalize"](imgs=page)))
    assert len(theirs) == 1
    assert np.abs(theirs[0] - paddle_preparation.planes(page)).max() < 1e-6


@pytest.mark.parametrize(
    "sizes",
    [
        [(30, 200), (50, 417)],  # padded to the widest
        [(60, 20), (48, 31)],  # narrower than what is read
        [(20, 1500)],  # wider than what is read
        [(1, 1), (7, 333)],
    ],
)
def test_lines_become_the_same_batch(models: tuple[Any, Any], sizes: list[tuple[int, int]]) -> None:
    steps, cut = models[1].pre_tfs, [noise(*size) for size in sizes]
    theirs = steps["ToBatch"](imgs=steps["ReisizeNorm"](imgs=cut))
    ours = paddle_preparation.lines(cut, NARROWEST)
    assert theirs[0].shape == ours.shape
    assert np.abs(theirs[0] - ours).max() < 1e-6


def chances(characters: int) -> npt.NDArray[np.float32]:
    """Of three lines: one with a character over three steps, and again after a blank; any; none."""
    draw = np.random.default_rng(4)
    made = draw.random((3, 50, characters)).astype(np.float32)
    made[:, draw.random(50) < 0.7, 0] = 2
    made[0, 10:13, 7] = 3, 5, 4
    made[0, 13, 0] = made[0, 14, 7] = 3
    made[2, :, 0] = 4
    return made


def test_outputs_become_the_same_texts() -> None:
    post = CTCLabelDecode(characters_of(BUNDLED))
    assert post.character[1:] == [*characters_of(BUNDLED), " "]
    made = chances(len(post.character))
    theirs, scored = post([made], return_word_box=False, wh_ratio_list=[1.0] * 3, max_wh_ratio=1.0)
    texts, scores = paddle_preparation.paddle_decoder(post.character)([made], return_word_box=False)
    assert texts == theirs
    assert texts[2] == ""
    assert texts[0] != texts[1]
    assert scores[1:] == pytest.approx(scored[1:])  # no character over more than one step
    assert scores[0] == pytest.approx(scored[0] + (5 - 3) / len(texts[0]))
    assert paddle_preparation.rapid_decoder(post.character)(made, False, max_wh_ratio=1.0) == (
        [*zip(texts, scores, strict=True)],
        [],
    )


@given(st.integers(0, 150), st.integers(0, 80), st.integers(3, 60), st.integers(3, 40))
def test_level_pieces_are_the_same(drawn: Any, left: int, top: int, wide: int, high: int) -> None:
    page = noise(100, 200)
    right, bottom = min(200, left + wide), min(100, top + high)
    assume(bottom - top < right - left)
    level = box(left, top, right - left, bottom - top)
    theirs, ours = drawn(page, [level])[0], paddle_preparation.pieces(page, [level])[0]
    # theirs now and then lacks the last row or column, as 435.99999 pixels become 435
    assert all(0 <= mine - other <= 1 for mine, other in zip(ours.shape, theirs.shape, strict=True))
    if ours.shape == theirs.shape:
        assert np.array_equal(ours, theirs)


@given(st.integers(-90, 90), st.integers(90, 160), st.integers(16, 38))
def test_pieces_at_a_slant_show_the_same(drawn: Any, angle: int, wide: int, high: int) -> None:
    page = np.asarray(cv2.GaussianBlur(noise(240, 240), (0, 0), 4), np.uint8)  # print is wider than a pixel
    polygon = np.array(in_turn(((120, 120), (wide, high), angle))).round().astype(np.int16)
    _, second, third, _ = sorted(polygon[:, 0].tolist())
    assume(second != third)  # of corners right above each other nobody knows which is whose: it comes out either way up
    (theirs,), (ours,) = drawn(page, [polygon]), paddle_preparation.pieces(page, [polygon])
    like = cv2.resize(theirs, ours.shape[1::-1]).astype(int)
    assert np.abs(like - ours)[2:-2, 2:-2].mean() < 1


def test_a_hair_is_no_wider_than_what_is_read() -> None:
    hair = np.array([[0, 0], [9000, 40], [9000, 42], [0, 2]])
    assert paddle_preparation.pieces(noise(60, 9000), [hair])[0].shape == (48, paddle_preparation.WIDEST, 3)


def box(left: int, top: int, wide: int, high: int) -> npt.NDArray[np.int16]:
    return np.array([[left, top], [left + wide, top], [left + wide, top + high], [left, top + high]], np.int16)


def test_a_single_character_stays_upright() -> None:
    page, lines = noise(400, 600), [box(10, top, 300, 40) for top in (10, 60, 110)]
    digit, two_above_each_other = box(400, 20, 22, 44), box(500, 20, 30, 80)
    pieces = paddle_preparation.pieces(page, [*lines, digit, two_above_each_other])
    proportions = [piece.shape[0] / piece.shape[1] for piece in pieces]
    assert proportions[3:] == pytest.approx([44 / 22, 30 / 80], rel=0.05)


def test_on_a_page_that_lies_what_stands_is_laid_down() -> None:
    page, lying = noise(600, 600), box(400, 20, 44, 22)
    standing = [box(left, 10, 40, high) for left, high in ((10, 300), (60, 200), (110, 64))]
    for piece in paddle_preparation.pieces(page, [*standing, lying]):
        assert piece.shape[1] > piece.shape[0]


def test_level_pieces_are_not_drawn() -> None:
    page, level = noise(100, 200), np.array([[10, 20], [90, 20], [90, 44], [10, 44]], np.int16)
    assert np.shares_memory(paddle_preparation.pieces(page, [level])[0], page[20:44, 10:90])
    for other in (level - [20, 0], level[[1, 2, 3, 0]], level + np.array([[0, 0], [0, 1], [0, 1], [0, 0]])):
        assert not np.shares_memory(paddle_preparation.pieces(page, [other])[0], page)


def test_the_engine_uses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made, lighten = [], paddle.lighten
    monkeypatch.setattr(paddle, "lighten", lambda ocr, *given: (lighten(ocr, *given), made.append(ocr)))
    PaddleEngine(EngineSpec(threads=1))
    pipeline = made[0].paddlex_pipeline
    assert pipeline.text_rec_model.result_class is dict
    batch = pipeline.text_det_model.pre_tfs["ToBatch"](imgs=[noise(64, 32)])
    assert batch[0].shape == (1, 3, 64, 32)


@pytest.mark.parametrize("seed", range(8))
def test_a_map_becomes_the_same_boxes(seed: int) -> None:
    """Lines at any slant, some over the edge, some faint, and specks between; the picture smaller or larger."""
    draw = np.random.default_rng(seed)
    chances = draw.random((320, 480)).astype(np.float32) * 0.301
    for _ in range(0 if seed == 0 else 20):
        at, size = draw.uniform(0, 480, 2).tolist(), (draw.uniform(1, 90), draw.uniform(1, 16))
        corners = cv2.boxPoints((at, size, draw.choice([0, 90, draw.uniform(-180, 180)]))).astype(np.int32)
        cv2.fillPoly(chances, [corners], draw.uniform(0.5, 1))
    given, shape = {"thresh": 0.3, "box_thresh": 0.6, "unclip_ratio": 1.5}, np.array([*draw.uniform(99, 3000, 2), 1, 1])
    theirs, scores = DBPostProcess()([chances[None, None]], [shape.round()], **given)
    ours, means = paddle_boxes([chances[None, None]], [shape.round()], **given)
    assert ours[0].dtype == theirs[0].dtype
    assert ours[0].tolist() == theirs[0].tolist()
    assert means == scores
    assert seed == 0 or len(ours[0]) > 3
