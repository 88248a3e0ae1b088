"""What a library imports for nothing is left out, and comes back for whoever wants it."""

import importlib
import subprocess
import sys

import pytest

from workbench.pipeline.ocr.unused_modules import left_out, set_apart


def test_a_module_left_out_takes_any_use_and_is_itself_again_behind() -> None:
    sys.modules.pop("wave", None)
    with left_out("wave"):
        wave = importlib.import_module("wave")
        inside = importlib.import_module("wave.deeper")

        class Kind(wave.Wave_read):  # type: ignore[name-defined, misc]
            """A library's own class, of one that is left out."""

        assert issubclass(Kind, Exception)
        assert wave.offsets.Day(3).of(inside.x) is not None
    assert "wave.deeper" not in sys.modules
    assert importlib.import_module("wave").Wave_read.__name__ == "Wave_read"


def test_what_is_needed_of_a_package_left_out_is_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "wsgiref"]:  # a test before may want it
        monkeypatch.delitem(sys.modules, name)
    with left_out("wsgiref", needed=("wsgiref.util",)):
        util = importlib.import_module("wsgiref.util")
        assert [*importlib.import_module("wsgiref.handlers").NAMES] == []
        assert util.guess_scheme({}) == "http"
    assert issubclass(importlib.import_module("wsgiref.handlers").BaseHandler, object)


WORKER = "from workbench.pipeline.reading import worker; "
ENGINE = (
    WORKER + "from workbench.pipeline.ocr.engine import EngineSpec, engine; engine(EngineSpec('paddle', threads=1)); "
)
SCREEN = ("panel", "bokeh", "holoviews", "param")
DECODERS = ("pillow_heif", "pypdfium2")
BESIDE_READING = ("pandas", "openpyxl", "modelscope", "scipy", "requests", "aiohttp", "xlsxwriter", "torch", "paddle",
                  "paddlex.inference.pipelines.layout_parsing", "paddlex.inference.models.video_detection")  # fmt: skip


@pytest.mark.parametrize(
    ("what", "never"),
    [
        (WORKER, (*SCREEN, *DECODERS, *BESIDE_READING)),
        (ENGINE, (*SCREEN, *BESIDE_READING)),
        ("import workbench.case; ", (*SCREEN, *DECODERS, "scipy", "reportlab", "pandas.plotting._matplotlib", "dask")),
        ("import workbench.pipeline.imaging.opener; ", (*SCREEN, *DECODERS, "pandas", "cv2", "requests")),
    ],
)
def test_a_process_loads_what_it_needs(what: str, never: tuple[str, ...]) -> None:
    told = f"import sys; print([name for name in {never} if name in sys.modules])"
    run = [sys.executable, "-c", what + told]
    assert subprocess.run(run, capture_output=True, text=True, check=True).stdout.splitlines()[-1] == "[]"


BESIDE = """
import logging, os, sys
from workbench.pipeline.imaging import pages
from workbench.pipeline.imaging.file_type import Limits
from workbench.pipeline.ocr import model_files, paddle
from workbench.pipeline.ocr.engine import EngineSpec, engine
from pathlib import Path

sys.modules["paddle"] = None  # as where it is not installed: it takes ten seconds
FILE, SPEC = Path("data/sample/card_slip.jpg"), EngineSpec("paddle", threads=1)
def ours():
    return len(engine(SPEC).read(pages.load(FILE, 1, Limits())))
def theirs():
    import paddleocr, paddlex
    assert paddleocr.PPStructureV3.__module__ == "paddleocr._pipelines.pp_structurev3", paddleocr.PPStructureV3
    from paddleocr import PaddleOCR, TextRecognition
    from paddlex.inference.pipelines.layout_parsing import pipeline_v2
    assert "PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK" not in os.environ
    assert callable(pipeline_v2.re.compile) and paddlex.inference.pipelines.layout_parsing is not None
    assert not [m for m in sys.modules.values() if type(m).__name__ == "_StandIn"]
    logging.getLogger("paddlex").setLevel(logging.WARNING)
    with paddle.model_folders(SPEC) as (found, _):
        made = PaddleOCR(
            text_detection_model_name=paddle.DETECTOR, text_detection_model_dir=str(found), engine="onnxruntime",
            text_recognition_model_name=paddle.RECOGNISER, text_recognition_model_dir=str(model_files.BUNDLED),
            use_doc_orientation_classify=False, use_doc_unwarping=False, use_textline_orientation=False, device="cpu")
    return len(made.predict(str(FILE))[0]["rec_texts"])
"""


def test_a_notebook_that_made_our_engine_can_use_paddleocr_as_ever() -> None:
    """Without us it would work; so it does in a process in which we have read, and we read on with theirs."""
    script = f"{BESIDE}\nlines = [ours(), theirs()]\nengine.cache_clear()\nprint(min(*lines, ours()))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout.splitlines()[-1]) > 20


def test_what_is_set_apart_is_known_inside_alone_and_is_the_same_there_each_time() -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "wsgiref"]:
        del sys.modules[name]
    found = []
    for _ in range(2):
        with set_apart("a trial", "wsgiref"), left_out("wsgiref.handlers"):
            found.append(importlib.import_module("wsgiref.simple_server"))
        assert "wsgiref" not in sys.modules
    assert found[0] is found[1]
    whole = importlib.import_module("wsgiref.simple_server")
    assert issubclass(whole.ServerHandler, importlib.import_module("wsgiref.handlers").BaseHandler)
    with set_apart("another", "wsgiref"):
        assert importlib.import_module("wsgiref.simple_server") is whole
    assert importlib.import_module("wsgiref.simple_server") is whole
