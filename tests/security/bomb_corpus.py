"""The whole corpus of bombs, with figures: `python -m tests.security.bomb_corpus`.

A line for each: its size, seconds to look at it and to open it, the largest child and how much this process grew (MB).
"""

import tempfile
import time
from pathlib import Path

from tests.kit.bombs import bombs
from tests.kit.watched import Watched
from workbench.domain.errors import WorkbenchError
from workbench.pipeline.imaging import pages
from workbench.pipeline.imaging.file_type import Limits

LIMITS = Limits()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, data in bombs():
            file = Path(folder) / name
            file.write_bytes(data)
            began, said = time.monotonic(), "opened"
            with Watched() as watched:
                try:
                    pages.probe(file, LIMITS)
                    pages.load(file, 1, LIMITS)
                except WorkbenchError as error:
                    said = str(error)
            seconds, child, own = time.monotonic() - began, watched.most / 1e6, watched.grown / 1e6
            figures = f"{len(data) / 1e6:6.2f} MB {seconds:6.1f} s {child:6.0f} {own:+6.0f}"
            print(f"{name:20} {figures}  {said[:50]}", flush=True)


if __name__ == "__main__":
    main()
