"""One contract for every engine, read off pictures drawn here."""

from types import SimpleNamespace

import numpy as np
import pytest
from joblib.externals.loky import process_executor
from PIL import Image, ImageDraw

from tests.kit.text_page import TEXTS, page
from workbench.domain.errors import ModelMissing, SettingsError
from workbench.pipeline.export.annotated_image import font
from workbench.pipeline.jobs import worker_watch
from workbench.pipeline.ocr import engine as engine_module
from workbench.pipeline.ocr import model_files, paddle
from workbench.pipeline.ocr.engine import EngineSpec, engine
from workbench.pipeline.ocr.found_lines import lines_of
from workbench.pipeline.ocr.model_files import BUNDLED, int8_file, recogniser_weights
from workbench.pipeline.ocr.paddle import PaddleEngine


@pytest.fixture(scope="module", params=["paddle", "paddlepaddle", "rapid"])
def reader(request):
    return engine(EngineSpec(request.param, threads=1))


def test_text_is_read_from_top_to_bottom_with_boxes_where_it_stands(reader):
    lines = reader.read(page())
    assert [line.text.replace(" ", "") for line in lines] == [text.replace(" ", "") for text in TEXTS]
    for i, line in enumerate(lines):
        assert 0.5 < line.confidence <= 1
        assert line.box.left < 60
        assert line.box.top < 60 + 90 * i < line.box.bottom
        assert abs(line.angle) < 3


def test_a_digit_alone_in_its_cell_is_read_as_it_stands(reader):
    image = Image.new("RGB", (900, 400), "white")
    draw = ImageDraw.Draw(image)
    for row, count in enumerate("1372"):
        for x, text in ((40, "김치찌개백반"), (480, count), (640, "12,500")):
            draw.text((x, 40 + 90 * row), text, "black", font(40))
    counts = [line.text for line in reader.read(np.asarray(image)) if 440 < line.box.left < 600]
    assert counts == [*"1372"]


@pytest.mark.parametrize("digit", [*"0123"])
def test_a_digit_that_somebody_drew_a_frame_around_is_read(reader, digit):
    image = Image.new("RGB", (160, 110), "white")
    ImageDraw.Draw(image).text((70, 30), digit, "black", font(40))
    assert [line.text for line in reader.read(np.asarray(image))] == [digit]


def test_a_blank_page_has_no_lines(reader):
    assert reader.read(np.full((400, 300, 3), 255, np.uint8)) == ()


def test_a_tiny_picture_is_no_trouble(reader):
    assert reader.read(np.zeros((5, 3, 3), np.uint8)) == ()


def test_an_engine_is_made_once_a_process():
    assert engine(EngineSpec("rapid", threads=1)) is engine(EngineSpec("rapid", threads=1))


def test_memory_is_kept_where_the_environment_says_to_return_it(monkeypatch):
    asked = []
    monkeypatch.setattr(
        engine_module.ctypes, "CDLL", lambda name: SimpleNamespace(mallopt=lambda *given: asked.append(given))
    )
    monkeypatch.delenv("MALLOC_TRIM_THRESHOLD_", raising=False)
    engine_module.keep_memory()
    assert asked == []
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "65536")
    engine_module.keep_memory()
    assert [option for option, _ in asked] == [-3, -1]
    monkeypatch.setattr(engine_module.ctypes, "CDLL", lambda name: SimpleNamespace())
    engine_module.keep_memory()  # another C library


def test_an_unknown_engine_or_missing_model_is_told_in_words():
    with pytest.raises(SettingsError, match="WORKBENCH_ENGINE"):
        engine(EngineSpec("tesseract"))
    with pytest.raises(ModelMissing, match="WORKBENCH_RECOGNISER"):
        engine(EngineSpec("paddle", "/no/such/folder"))
    with pytest.raises(SettingsError, match="paddle"):
        engine(EngineSpec("rapid", "official"))


def test_a_graphics_card_that_cannot_be_had_is_told_in_words():
    with pytest.raises(SettingsError, match="WORKBENCH_ENGINE=paddlepaddle"):
        engine(EngineSpec("paddle", device="gpu"))
    with pytest.raises(SettingsError, match="paddlepaddle-gpu"):
        engine(EngineSpec("paddlepaddle", device="gpu"))


def test_a_paddle_that_cannot_run_the_models_names_the_version_that_can(monkeypatch):
    def failing(image):
        raise NotImplementedError("ConvertPirAttribute2RuntimeAttribute not support [pir::ArrayAttribute]")

    monkeypatch.setattr(paddle, "lighten", lambda ocr, *_: setattr(ocr, "predict", failing))
    reader = PaddleEngine(EngineSpec(threads=1))
    with pytest.raises(SettingsError, match=r"paddlepaddle==3\.2\.2"):
        reader.read(page())


def test_blank_lines_go():
    square = [(0, 0), (1, 0), (1, 1), (0, 1)]
    assert [line.text for line in lines_of([square] * 2, ["  ", " 합계 "], [0.1, 0.9])] == ["합계"]


@pytest.mark.parametrize("quick", [True, False])
def test_eight_bits_and_single_precision_read_alike(monkeypatch, quick):
    monkeypatch.setattr(model_files, "int8_is_quick", lambda: quick)
    assert [line.text.replace(" ", "") for line in PaddleEngine(EngineSpec(threads=1)).read(page())] == [
        text.replace(" ", "") for text in TEXTS
    ]


def test_eight_bits_are_taken_only_where_made_of_these_weights(monkeypatch, tmp_path):
    monkeypatch.setattr(model_files, "int8_is_quick", lambda: True)
    assert recogniser_weights(BUNDLED) == int8_file(BUNDLED), "run `python -m training.quantise` after new weights"
    (tmp_path / "inference.onnx").write_bytes(b"old weights")
    int8_file(tmp_path).write_bytes(b"in eight bits")
    assert recogniser_weights(tmp_path) == int8_file(tmp_path)
    (tmp_path / "inference.onnx").write_bytes(b"new weights")
    assert recogniser_weights(tmp_path) == tmp_path / "inference.onnx"


@pytest.mark.parametrize(
    ("name", "device", "most"),
    [("paddle", "cpu", 1.5e9), ("rapid", "cpu", 1.5e9), ("paddlepaddle", "cpu", 3e9), ("own:Engine", "cpu", 3e9)],
)
def test_a_worker_may_hold_what_its_engine_is_known_to_need(monkeypatch, name, device, most):
    kinds = dict.fromkeys(("PaddleEngine", "RapidEngine", "Engine"), lambda spec: object())
    monkeypatch.setattr(engine_module, "import_module", lambda _: SimpleNamespace(**kinds))
    asked = []
    monkeypatch.setattr(worker_watch, "hold_at_most", asked.append)
    engine.__wrapped__(EngineSpec(name, device=device))
    assert asked == [most]


def test_a_worker_that_leaks_is_replaced_before_it_is_ended(monkeypatch):
    monkeypatch.setattr(process_executor, "_MAX_MEMORY_LEAK_SIZE", 0)  # loky asks nobody
    worker_watch.hold_at_most(2_000_000_000)
    assert process_executor._MAX_MEMORY_LEAK_SIZE == 1_000_000_000
