"""Corrections of a case become lines to train on: the command of training/README.md, from the case to the folder."""

import subprocess
import sys

from tests.kit import pile
from tests.kit.processes import environment
from training.lines import read


def test_a_corrected_value_becomes_a_line_as_it_is_printed(tmp_path):
    case = pile.pile(tmp_path / "case", 3)
    corrected = case.receipts()[1]
    case.correct(corrected.id, "approval_number", "87654321", by="kim")
    case.close()
    command = [sys.executable, "-m", "training.collect", str(tmp_path / "case"), str(tmp_path / "lines")]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 lines")
    ((picture, text),) = read(tmp_path / "lines")
    assert text == "승인번호: 87654321"
    assert picture.shape[1] > 5 * picture.shape[0]
