"""What a library imports for nothing is left out, and comes back for whoever wants it."""

import importlib
import subprocess
import sys

import pytest

from workbench.pipeline.ocr.unused_modules import left_out


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


def test_what_is_needed_of_a_package_left_out_is_itself() -> None:
    sys.modules.pop("wsgiref.handlers", None)
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
