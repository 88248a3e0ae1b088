"""What a worker looks at beside its task: that its server is still there, and that it has not grown past its limit."""

import os
import threading
import time

import psutil
from joblib.externals.loky import process_executor

MOST_BYTES = 3_000_000_000
"""What a worker may hold: far above what pages were seen to take (`python -m tests.reliability.worker_memory`)."""
GROWN = 78
"""The status with which a worker ends that held more."""
WORKER_GROWTH = 2_000_000_000
"""Bytes by which a worker may grow before loky replaces it, between two tasks."""
LOOK_SECONDS = 0.2


def watch(server: int, most: int = MOST_BYTES) -> None:
    """Starts a thread in a worker that ends it when the process `server`, its parent, is gone, or when it holds more
    than `most` bytes.

    Workers of a killed server stayed until they had long been idle, and for ever where it died holding one of loky's
    locks. What grows without end would take the whole machine's memory, and with it everybody's work.
    """
    # loky sends a worker away that has grown by 300 MB since its first task, which an engine does by being loaded and
    # by its first large photo: each restart cost 2 s. What an engine needs at most is about 1 GB.
    process_executor._MAX_MEMORY_LEAK_SIZE = WORKER_GROWTH
    own = psutil.Process()

    def look() -> None:
        while os.getppid() == server:
            if own.memory_info().rss > most:
                os._exit(GROWN)
            time.sleep(LOOK_SECONDS)
        os._exit(1)

    threading.Thread(target=look, name="worker-watch", daemon=True).start()


def has_grown(death: BaseException) -> bool:
    """Whether a pool died of a worker that held too much; loky tells the statuses in its sentence only."""
    return f"EXIT({GROWN})" in str(death)
