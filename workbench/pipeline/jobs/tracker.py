"""What clears up after loky when its parent is gone, in a small process: loky's own imports NumPy and all of joblib."""

import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType


def main(line: int, verbose: bool = False) -> None:
    """Loky's `resource_tracker.main`, for a process of its own that `clean_path` has loky start."""
    joblib = find_spec("joblib")
    for name in ("joblib", "joblib.externals", "joblib.externals.loky"):
        package = sys.modules[name] = ModuleType(name)
        package.__path__ = [str(Path(str(joblib and joblib.origin)).parent.joinpath(*name.split(".")[1:]))]
    from joblib.externals.loky.backend import resource_tracker

    resource_tracker.main(line, verbose)
