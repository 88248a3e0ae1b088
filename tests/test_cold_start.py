"""What a program loads and starts before there is anything to do."""

import argparse
import gc
import json
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace

import pytest

from workbench import commands
from workbench.pipeline.imaging import confined
from workbench.pipeline.imaging.file_type import Limits
from workbench.pipeline.jobs import clean_path
from workbench.pipeline.jobs.loading import at_once
from workbench.pipeline.ocr.engine import EngineSpec
from workbench.pipeline.reading import started_workers
from workbench.settings import Settings

ROOT = Path(__file__).parents[1]

WORKERS = """
import json, psutil
from tests.kit import fakes
from workbench.pipeline.jobs.process_queue import shared_queue

batch = shared_queue(1).batch("a")
for number in range(3):
    batch.put(str(number), fakes.pid)
pids = {outcome.value for outcome in batch}
started = [" ".join(child.cmdline()) for child in psutil.Process().children()]
print(json.dumps([psutil.Process().pid in pids, len(pids), sum("loky" in one for one in started)]))
"""


def told(code: str):
    return json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout)


@pytest.mark.parametrize("module", ["workbench.__main__", "workbench.pipeline.reading.started_workers"])
def test_what_starts_workers_loads_nothing_large_itself(module):
    """So that they load their models while the rest of the program is still being loaded."""
    loaded = told(f"import json, sys, {module}; print(json.dumps([*sys.modules]))")
    large = {"bokeh", "cv2", "onnxruntime", "openpyxl", "pandas", "panel", "reportlab", "requests", "xlsxwriter"}
    assert not large & set(loaded)


def test_one_job_is_one_worker_and_not_this_process():
    here, workers, started = told(WORKERS)
    assert (here, workers, started) == (False, 1, 1)


LEFT = """
import os, sys
from joblib.externals.loky.backend.resource_tracker import _resource_tracker
from workbench.pipeline.jobs import clean_path

clean_path.prepare()
_resource_tracker.register(sys.argv[1], "folder")
os._exit(1)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there its end cannot be waited for so")
def test_what_a_killed_process_leaves_to_its_workers_is_cleared_up(tmp_path):
    (folder := tmp_path / "left").mkdir()
    subprocess.run([sys.executable, "-c", LEFT, folder], stderr=subprocess.PIPE, check=False)  # until all have ended
    assert not folder.exists()


def test_a_child_that_waits_opens_the_first_file(tmp_path, picture_file):
    confined.leave()
    confined.start()
    confined.start()
    (waiting,) = confined._IDLE.queue
    assert confined.ask("count", picture_file, "png", 1, Limits())[0].pages == 1
    assert list(confined._IDLE.queue) == [waiting]


@pytest.fixture
def picture_file(tmp_path):
    from PIL import Image

    Image.new("RGB", (8, 8)).save(path := tmp_path / "a.png")
    return path


@pytest.mark.parametrize("before", [True, False])
def test_garbage_is_looked_for_again_once_all_is_loaded(before):
    gc.unfreeze()
    (gc.enable if before else gc.disable)()
    try:
        with at_once():
            assert not gc.isenabled()
        assert gc.isenabled() is before
        assert gc.get_freeze_count() > 0
    finally:
        gc.enable()
        gc.unfreeze()


@pytest.mark.parametrize(
    ("names", "case", "jobs"),
    [(["a.jpg"], None, 1), (["a.jpg", "b.PNG", "c.jpg", "d.jpg"], None, 3),
     (["a.JPG"], None, 1), (["a.pdf"], None, 3), (["."], None, 3),
     (["a.jpg"], "case", 3), (["gone.jpg"], None, None)],
)  # fmt: skip
def test_there_are_no_more_workers_than_pictures(tmp_path, monkeypatch, names, case, jobs):
    """A single picture has all of the machine; who knows how many pages a PDF, a folder or a case holds."""
    for name in names:
        if name not in (".", "gone.jpg"):
            (tmp_path / name).touch()
    asked = []
    monkeypatch.setattr(
        "workbench.pipeline.reading.started_workers.start", lambda settings: asked.append(settings.jobs)
    )
    monkeypatch.setattr(confined, "start", lambda: None)
    given = argparse.Namespace(sources=[tmp_path / name for name in names], case=case)
    assert commands._made_ready(given, Settings(jobs=3)).jobs == (jobs or 3)
    assert asked == ([jobs] if jobs else [])
    if jobs == 1:
        assert commands._made_ready(given, Settings()).jobs == 1


class Queue:
    jobs = 4

    def __init__(self):
        self.handed = []

    def batch(self, *given):
        return self

    def put(self, name, task):
        self.handed.append(task)


@pytest.mark.parametrize(
    ("settings", "most", "started"),
    [(Settings(), None, 4), (Settings(), 3, 3), (Settings(), 9, 4), (Settings(backend="dask"), None, 0)],
)
def test_workers_that_are_started_early_share_the_machine(monkeypatch, settings, most, started):
    queue = Queue()
    monkeypatch.setattr(started_workers, "shared_queue", lambda *given: queue)
    monkeypatch.setattr(started_workers, "cores", lambda: 8)
    started_workers.start(settings, most)
    assert [task.args[0].threads for task in queue.handed] == [2] * started


def test_a_worker_has_a_child_that_opens_files_get_ready_while_it_loads_its_engine(monkeypatch):
    seen = []
    monkeypatch.setattr(confined, "start", lambda: seen.append("child"))
    monkeypatch.setattr(started_workers, "engine", seen.append)
    started_workers.warm(spec := EngineSpec())
    gc.unfreeze()
    assert seen == ["child", spec]


@pytest.mark.parametrize(("place", "found"), [("", False), (str(ROOT), True)])
def test_what_clears_up_is_lokys_own_where_a_child_would_not_find_ours(monkeypatch, place, found):
    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(clean_path, "distribution", missing)
    monkeypatch.setenv("PYTHONPATH", place)
    lokys = SimpleNamespace(main="its own", _resource_tracker=SimpleNamespace(ensure_running=lambda: None))
    monkeypatch.setattr(clean_path, "loky_tracker", lokys)
    clean_path.prepare()
    assert (lokys.main != "its own") is found
