"""Files that nobody meant well through the whole of `workbench read`: real workers, the real engine.

The long run: `HOSTILE_READ=600 python -m pytest -s tests/reliability/test_hostile_reading.py --timeout 7200`;
it last said, "600 hostile and 4 sound files: 181 refused, 508 receipts, 157 of them failed in words; 54 s,
423 files read" (two cores).
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.kit import hostile
from tests.reliability.many_people import slip
from workbench import Case
from workbench.settings import Settings

COUNT = int(os.environ.get("HOSTILE_READ", "30"))
SOUND = 4
SECONDS_EACH = 30.0
"""At most, for one file on loaded cores: a batch that takes longer hangs."""


@pytest.mark.timeout(7200)
def test_a_batch_of_hostile_files_ends_with_an_answer_for_each_and_harms_no_other(tmp_path: Path) -> None:
    everything, dropped = tmp_path / "everything", tmp_path / "dropped"
    everything.mkdir()
    dropped.mkdir()
    hostile.write(everything, max(2, COUNT // 60))
    names = sorted(path.name for path in everything.iterdir())
    chosen = np.random.default_rng(8).choice(len(names), min(COUNT, len(names)), replace=False)
    for place in sorted(chosen):
        (everything / names[place]).rename(dropped / names[place])
    for number in range(SOUND):  # by their names among the others
        (dropped / f"{number * 20_000:05}-sound.png").write_bytes(slip(60, number))

    began = time.monotonic()
    command = [sys.executable, "-m", "workbench", "read", dropped, "--case", tmp_path / "case", "--jobs", "2"]
    command += ["-o", tmp_path / "out.csv"]
    said = subprocess.run(command, capture_output=True, text=True, timeout=120 + SECONDS_EACH * COUNT, check=False)
    seconds = time.monotonic() - began
    assert said.returncode == 0, said.stderr[-3000:]
    assert "Traceback" not in said.stderr

    refused = dict(re.findall(r"^넣지 못함: (\S+): (.+)$", said.stderr, re.MULTILINE))
    case = Case.open(tmp_path / "case", Settings())
    receipts = case.receipts()
    # Files of the same bytes are one file of the case, under the first one's name.
    taken = {path.stem for path in (tmp_path / "case" / "files").iterdir()}
    for path in dropped.iterdir():
        if path.name not in refused:
            assert hostile.digest(path) in taken, f"no answer for {path.name}"
    assert {receipt.status for receipt in receipts} <= {"read", "failed"}
    failed = [receipt for receipt in receipts if receipt.status == "failed"]
    for why in (*refused.values(), *(receipt.error for receipt in failed)):
        assert re.search("[가-힣]", why), why
    sound = [receipt for receipt in receipts if receipt.file.endswith("sound.png")]
    assert [receipt.value("business_number") for receipt in sound] == ["111-11-11119"] * SOUND
    assert (tmp_path / "out.csv").read_text("utf-8-sig").count("\n") >= len(receipts)
    case.close()
    print(
        f"{len(chosen)} hostile and {SOUND} sound files: {len(refused)} refused, {len(receipts)} receipts, "
        f"{len(failed)} of them failed in words; {seconds:.0f} s, {len(taken)} files read"
    )
