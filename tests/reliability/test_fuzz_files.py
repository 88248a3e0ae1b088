"""Files that nobody meant well: through `probe` and `load` in a process of their own, as a worker does it.

The long run: `HOSTILE_EACH=150 python -m pytest -s tests/reliability/test_fuzz_files.py --timeout 7200`; it last said
"7946 files: 4403 refused, 3543 read; slowest 6.3 s (flat.png), 379 MB" on two loaded cores.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit import hostile
from workbench import Case

EACH = int(os.environ.get("HOSTILE_EACH", "8"))
SLOWEST = 30.0
"""seconds for one file"""

WORKER = """
import json, re, sys, time, warnings
from pathlib import Path
from workbench.domain.errors import WorkbenchError
from workbench.pipeline.imaging.file_type import Limits
from workbench.pipeline.imaging import pages
warnings.simplefilter("ignore")  # Pillow warns of damaged metadata; the answer counts
limits = Limits()
status = Path("/proc/self/status")  # getrusage would tell the memory of the process that started this one
for name in sys.stdin.read().splitlines():
    print(json.dumps({"began": name}), flush=True)
    began, answer = time.perf_counter(), {"name": name}
    try:
        count = pages.probe(Path(name), limits)
        image = pages.load(Path(name), count, limits)
        answer["shape"] = image.shape
    except WorkbenchError as error:
        answer["refused"] = str(error)
    answer["seconds"] = time.perf_counter() - began
    answer["mb"] = int(re.search("VmHWM:\\s+(\\d+)", status.read_text())[1]) // 1024 if status.exists() else 0
    print(json.dumps(answer), flush=True)
"""


@pytest.mark.timeout(7200)
def test_every_hostile_file_gets_an_answer_in_words(tmp_path: Path) -> None:
    made = hostile.write(tmp_path, EACH)
    assert made >= 500
    names = sorted(str(path) for path in tmp_path.iterdir())
    worker = subprocess.run(
        [sys.executable, "-c", WORKER], input="\n".join(names), capture_output=True, text=True, check=False
    )
    said = [json.loads(line) for line in worker.stdout.splitlines()]
    answers = [line for line in said if "name" in line]
    assert worker.returncode == 0, f"died at {said[-1:]}: {worker.stderr[-2000:]}"
    assert [answer["name"] for answer in answers] == names
    for answer in answers:
        assert answer["seconds"] < SLOWEST, answer
        if "shape" in answer:
            height, width, colours = answer["shape"]
            assert height * width > 0, answer
            assert colours == 3, answer
        else:
            assert re.search("[가-힣]", answer["refused"]), answer
    assert max(answer["mb"] for answer in answers) < 1500
    refused = sum("refused" in answer for answer in answers)
    assert 0.3 * made < refused < made
    slowest = max(answers, key=lambda answer: answer["seconds"])
    print(
        f"{made} files: {refused} refused, {made - refused} read; slowest {slowest['seconds']:.1f} s "
        f"({Path(slowest['name']).name}), {max(answer['mb'] for answer in answers)} MB"
    )


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow warns of damaged metadata; the answer counts
def test_every_hostile_file_dropped_on_a_case_is_taken_or_refused_in_words(tmp_path: Path) -> None:
    dropped = tmp_path / "dropped"
    dropped.mkdir()
    made = hostile.write(dropped, EACH)
    case = Case.open(tmp_path / "case")
    added = case.add(dropped)
    assert len({name for name, _ in added.refused}) > 0.2 * made
    assert all(re.search("[가-힣]", why) for _, why in added.refused)
    taken = {path.name for path in (tmp_path / "case" / "files").iterdir()}
    assert len(added.refused) + len(taken) <= made
    assert {Path(name).suffix for name in taken} <= {".jpg", ".png", ".webp", ".tif", ".bmp", ".gif", ".heic", ".pdf"}
