"""What looking into the owner's other cases costs: `python -m benchmarks.reading_cache [--cases N] [--files N]`.

A new case with as many waiting pages as each of the others has files; a tenth of them was read there before. Prints
the seconds of looking, those of what was found, and how much the process grew.
"""

import argparse
import resource
import shutil
import tempfile
import time
from pathlib import Path

from benchmarks.records import fill, readings
from workbench.case import Case
from workbench.pipeline.reading.reading_cache import cached_readings


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=50)
    parser.add_argument("--files", type=int, default=1000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        first = Case.open(home / "case-0")
        fill(first, given.files)
        first.close()
        for number in range(1, given.cases):
            shutil.copytree(home / "case-0", home / f"case-{number}")
        (home / "new" / "pictures").mkdir(parents=True)
        new = [(f"{number:064x}", 1) for number in range(given.files)]
        known = [(file_hash, 1) for file_hash, _, _ in readings(given.files // 10)]
        for what, wanted in (("none known", new), ("a tenth known", new[len(known) :] + known)):
            before, cpu = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
            found = sum(1 for _ in cached_readings(home / "new", wanted, "drawn"))
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
            print(
                f"{what}: {given.cases} cases of {given.files} files, {len(wanted)} pages wanted, {found} found: "
                f"{time.process_time() - cpu:.2f} CPU s, {grown:.0f} MB more"
            )


if __name__ == "__main__":
    main()
