"""Files that grow when they are opened: the process that asks stays as it is, and says in words what became of them.

The whole corpus, with figures: `python -m tests.security.bomb_corpus`.
"""

import base64
import gzip
import tracemalloc
from pathlib import Path

import psutil
import pytest
from bokeh.core.serialization import Buffer, DeserializationError, Deserializer

from tests.kit import bombs
from tests.kit.scripted import SETTINGS, picture
from tests.kit.watched import Watched
from workbench.case import Case
from workbench.domain.errors import WorkbenchError
from workbench.pipeline.imaging import confined, opener, pages
from workbench.pipeline.imaging.file_type import Limits
from workbench.server import guarded_socket

LIMITS = Limits()
MOST = 1_250_000_000


SMALL = {
    "forms.pdf": lambda: bombs.nested_forms(9),
    "text.png": lambda: bombs.png(10, 10, 8, 0, bombs.chunk(b"zTXt", b"a\0\0" + bombs.zlib.compress(bytes(200 << 20)))),
    "grey16.png": lambda: bombs.png(10_900, 10_900, 16, 0),
    "tags.tif": lambda: bombs.tiff_tags(50, 8 << 20),
    "pages.tif": bombs.tiff_loop,
    "claim.tif": lambda: bombs.tiff_claim(30_000, 4_000),
}


@pytest.mark.parametrize("name", SMALL)
def test_a_bomb_grows_in_its_child_only_and_ends(tmp_path, name, monkeypatch):
    monkeypatch.setattr(confined, "WALL_SECONDS", 20.0)
    file = tmp_path / name
    file.write_bytes(SMALL[name]())
    with Watched() as watched:
        for verb in (lambda: pages.probe(file, LIMITS), lambda: pages.load(file, 1, LIMITS)):
            try:
                verb()
            except WorkbenchError as error:
                assert str(error).endswith(("요.", "다."))  # noqa: PT017  # a sentence for a person
    assert watched.most < MOST
    assert watched.grown < 110_000_000  # the picture that came back, at most
    (tmp_path / "good.png").write_bytes(picture())
    assert pages.probe(tmp_path / "good.png", LIMITS) == 1  # the next file is opened as ever


def only_child(file: Path) -> psutil.Process:
    """The one that has opened a file, and will open the next."""
    confined.leave()
    file.write_bytes(picture())
    assert pages.probe(file, LIMITS) == 1
    (child,) = (one for one in psutil.Process().children() if opener.__name__ in one.cmdline())
    return child


def test_a_child_that_is_killed_or_hangs_is_a_refused_file_and_nothing_else(tmp_path, monkeypatch):
    child = only_child(tmp_path / "a.png")
    child.suspend()
    monkeypatch.setattr(confined, "WALL_SECONDS", 1.0)
    with pytest.raises(WorkbenchError, match="너무 오래"):
        pages.probe(tmp_path / "a.png", LIMITS)
    monkeypatch.undo()
    assert pages.load(tmp_path / "a.png", 1, LIMITS).shape[2] == 3
    assert not child.is_running()


def test_the_child_is_limited_by_the_system(tmp_path):
    resource = pytest.importorskip("resource")
    space, _ = only_child(tmp_path / "a.png").rlimit(resource.RLIMIT_AS)
    assert opener.MEMORY < space < 2_000_000_000


def test_a_bomb_among_papers_is_one_failed_line(tmp_path):
    case = Case.open(tmp_path / "case", SETTINGS)
    bomb = bombs.object_streams(400 << 20)
    with Watched() as watched:
        added = case.add(("bomb.pdf", bomb), ("good.png", picture()))
    assert len(added.new) == 1
    assert added.refused[0][0] == "bomb.pdf"
    assert watched.most < MOST
    assert watched.grown < 110_000_000
    case.close()


def test_no_file_of_a_users_reaches_opencvs_decoders(tmp_path):
    """OpenCV is pinned to an old build by PaddleX: its decoders are never called, in no process that reads."""
    import subprocess
    import sys

    from tests.kit.processes import environment

    (tmp_path / "a.png").write_bytes(picture())
    bombs_pdf = bombs.large_page(300)
    (tmp_path / "b.pdf").write_bytes(bombs_pdf)
    # Run in every Python process that has this folder on its path: workers and openers, too.
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(FORBID)
    given = environment(WORKBENCH_ENGINE="tests.kit.fakes:ScriptedEngine", DECODED=str(tmp_path / "decoded"))
    given["PYTHONPATH"] = f"{tmp_path / 'site'}:{given['PYTHONPATH']}"
    command = [sys.executable, "-m", "workbench", "read", "a.png", "b.pdf", "--case", "case"]
    done = subprocess.run(command, cwd=tmp_path, env=given, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    assert (tmp_path / "decoded").read_text().count("loaded") >= 1  # the watch was there
    assert "used" not in (tmp_path / "decoded").read_text()


FORBID = """
import importlib.abc, importlib.machinery, os, sys

class Watch(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name != "cv2":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec("cv2")
        run = spec.loader.exec_module
        def exec_module(module):
            run(module)
            def told(word):
                with open(os.environ["DECODED"], "a") as file:
                    file.write(word + chr(10))
            told("loaded")
            for verb in ("imread", "imdecode", "imreadmulti", "imdecodemulti", "VideoCapture"):
                if hasattr(module, verb):
                    setattr(module, verb, lambda *a, verb=verb, **k: told("used " + verb))
        spec.loader.exec_module = exec_module
        return spec

import importlib.util
sys.meta_path.insert(0, Watch())
"""


def test_no_module_of_ours_calls_opencvs_decoders():
    import re
    from pathlib import Path

    import workbench

    for path in Path(workbench.__file__).parent.rglob("*.py"):
        assert not re.search(r"cv2\.(imread|imdecode|VideoCapture)", path.read_text("utf-8")), path


def test_bytes_packed_inside_a_message_are_not_unpacked_and_those_beside_it_come():
    assert guarded_socket.GuardedSocket  # whatever serves pages has it
    packed = base64.b64encode(gzip.compress(bytes(50 << 20))).decode()
    tracemalloc.start()
    try:
        for said in ({"type": "bytes", "data": packed}, [{"a": {"type": "bytes", "data": packed}}]):
            with pytest.raises(DeserializationError):
                Deserializer([]).decode(said)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 5 << 20
    beside = [Buffer("0", b"abc")]
    assert Deserializer([]).decode({"type": "bytes", "data": {"id": "0"}}, beside) == b"abc"
