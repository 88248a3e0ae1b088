"""8 bits are used where the processor says that it can and the models say there what they should; else never."""

import json
import logging

import pytest

from workbench.pipeline.ocr import eight_bits
from workbench.pipeline.ocr.eight_bits import STORED, agrees, made_of, to_be_used, told
from workbench.pipeline.ocr.model_files import BUNDLED, DETECTOR_INT8, int8_file

MODELS = (int8_file(BUNDLED), DETECTOR_INT8, BUNDLED / "inference.onnx")


@pytest.fixture(autouse=True)
def fresh(monkeypatch, tmp_path):
    """A first start, on a processor that OpenCV does not know."""
    monkeypatch.setattr(eight_bits.platformdirs, "user_cache_path", lambda name: tmp_path / "cache")
    monkeypatch.setattr(eight_bits.cv2, "checkHardwareSupport", lambda number: False)


@pytest.fixture
def flags(monkeypatch, tmp_path):
    def tell(text):
        (tmp_path / "cpuinfo").write_text(text, "utf-8")
        monkeypatch.setattr(eight_bits, "CPUINFO", tmp_path / "cpuinfo")

    return tell


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("flags\t\t: fpu avx2 avx_vnni", True),  # a laptop without AVX512
        ("flags\t\t: fpu avx2 avx512_vnni", True),
        ("flags\t\t: fpu avx2 avx512f", False),
        ("Features\t: fp asimd asimddp", None),  # Arm: measured
        ("model name\t: avx_vnni in its name", None),
    ],
)
def test_the_flags_of_linux(flags, listed, expected):
    flags(listed)
    assert told() is expected


def test_opencv_tells_where_there_is_no_list_of_flags(monkeypatch, tmp_path):
    monkeypatch.setattr(eight_bits, "CPUINFO", tmp_path / "none")
    assert told() is None
    monkeypatch.setattr(eight_bits.cv2, "checkHardwareSupport", lambda number: number == 23)
    assert told() is True


def test_what_is_stored_was_kept_of_the_models_in_the_package():
    assert json.loads(STORED.read_text())["made_of"] == made_of(*MODELS[:2]), "run `python -m training.quantise`"


def test_they_are_used_where_they_say_what_is_stored_and_looked_at_once(monkeypatch, flags):
    flags("flags : avx_vnni")
    monkeypatch.setattr(eight_bits, "agrees", lambda *models: True)
    assert to_be_used(*MODELS)
    monkeypatch.setattr(eight_bits, "agrees", lambda *models: pytest.fail("looked at again"))
    assert to_be_used(*MODELS)
    flags("flags : avx_vnni another")  # the same home on another machine
    monkeypatch.setattr(eight_bits, "agrees", lambda *models: False)
    assert not to_be_used(*MODELS)


@pytest.mark.parametrize("part", ["line", "page"])
def test_other_results_than_stored_ones_mean_single_precision_and_a_word_in_the_log(
    monkeypatch, flags, tmp_path, caplog, part
):
    stored = json.loads(STORED.read_text())
    if part == "line":
        stored["line"][10:14] = [7, 7, 7, 7]
    else:
        stored["page"][2][3] += 0.05
    (tmp_path / "stored.json").write_text(json.dumps(stored))
    monkeypatch.setattr(eight_bits, "STORED", tmp_path / "stored.json")
    flags("flags : avx512_vnni")
    with caplog.at_level(logging.WARNING):
        assert not to_be_used(*MODELS)
    assert "single precision" in caplog.text
    assert not to_be_used(*MODELS)  # known by now


def test_without_a_flag_either_way_the_quicker_ones_are_used(monkeypatch, flags):
    flags("Features : asimddp")
    monkeypatch.setattr(eight_bits, "agrees", lambda *models: True)
    seconds = {MODELS[0]: 1.0, MODELS[2]: 1.5}
    monkeypatch.setattr(eight_bits, "seconds_of", seconds.get)
    assert to_be_used(*MODELS)
    flags("Features : asimddp other")
    seconds[MODELS[0]] = 1.4
    assert not to_be_used(*MODELS)


def test_where_bytes_overflow_nothing_is_tried(monkeypatch, flags):
    flags("flags : avx2")
    monkeypatch.setattr(eight_bits, "agrees", lambda *models: pytest.fail("tried"))
    assert not to_be_used(*MODELS)


@pytest.mark.skipif(not told(), reason="the stored results are those of a processor with VNNI")
def test_this_processor_says_what_is_stored():
    assert agrees(*MODELS[:2])
