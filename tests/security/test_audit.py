"""`make audit ADVISORIES=FILE`: what is installed, held against a file, without a network."""

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / ".ci" / "audit.py"


def record(name: str, *events: dict) -> dict:
    ranges = [{"type": "ECOSYSTEM", "events": list(events)}]
    return {"id": f"X-{name}", "affected": [{"package": {"ecosystem": "PyPI", "name": name}, "ranges": ranges}]}


def audit(path: Path, *records: dict) -> subprocess.CompletedProcess:
    path.write_text(json.dumps(list(records)))
    return subprocess.run([sys.executable, SCRIPT, path], capture_output=True, text=True, timeout=300)


def test_an_installed_version_in_a_range_is_found_and_others_are_not(tmp_path):
    ours = version("tornado")
    found = audit(
        tmp_path / "a.json",
        record("Tornado", {"introduced": "0"}),
        record("pillow", {"introduced": "0"}, {"fixed": "0.1"}),
        record("none-such", {"introduced": "0"}),
    )
    assert found.returncode == 1
    assert f"tornado {ours}: X-Tornado" in found.stdout
    assert "pillow" not in found.stdout
    assert audit(tmp_path / "b.json", record("tornado", {"introduced": "0"}, {"fixed": ours})).returncode == 0
