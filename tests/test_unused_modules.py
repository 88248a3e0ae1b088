"""What a library imports for nothing is left out, and comes back for whoever wants it."""

import importlib
import subprocess
import sys

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


def test_a_worker_starts_without_tables_and_hubs_and_the_screen_without_statistics() -> None:
    told = (
        "import sys; print([n for n in ('pandas', 'openpyxl', 'modelscope', 'scipy', 'reportlab') if n in sys.modules])"
    )
    worker = "from workbench.pipeline.ocr.engine import EngineSpec, engine; engine(EngineSpec('paddle', threads=1)); "
    for what, loaded in ((worker, "[]"), ("import workbench.case; ", "['pandas']")):
        run = [sys.executable, "-c", what + told]
        assert subprocess.run(run, capture_output=True, text=True, check=True).stdout.splitlines()[-1] == loaded
