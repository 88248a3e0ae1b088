"""What a worker looks at beside its task: that its server is still there, and that it has not grown past its limit."""

import os
import threading
import time

import psutil
from joblib.externals.loky import process_executor

MOST_BYTES = 3_000_000_000
"""What a worker may hold whose engine says no less: PaddlePaddle alone takes half of it."""
GROWN = 78
"""The status with which a worker ends that held more."""
LOOK_SECONDS = 0.2
_limit = [MOST_BYTES]


def watch(server: int, most: int = MOST_BYTES) -> None:
    """Starts a thread in a worker that ends it when the process `server`, its parent, is gone, or when it holds more
    than `most` bytes.

    Workers of a killed server stayed until they had long been idle, and for ever where it died holding one of loky's
    locks. What grows without end would take the whole machine's memory, and with it everybody's work.
    """
    hold_at_most(most)
    own = psutil.Process()

    def look() -> None:
        while os.getppid() == server:
            if own.memory_info().rss > _limit[0]:
                os._exit(GROWN)
            time.sleep(LOOK_SECONDS)
        os._exit(1)

    threading.Thread(target=look, name="worker-watch", daemon=True).start()


def hold_at_most(size: int) -> None:
    """What this worker may hold from now on, in bytes; for an engine that knows. Between two tasks one that has grown
    by half of it is replaced.
    """
    _limit[0] = size
    # loky sends a worker away that has grown by 300 MB since its first task, which an engine does by its first large
    # photo: each restart cost 2 s.
    process_executor._MAX_MEMORY_LEAK_SIZE = size // 2


def has_grown(death: BaseException) -> bool:
    """Whether a pool died of a worker that held too much; loky tells the statuses in its sentence only."""
    return f"EXIT({GROWN})" in str(death)
