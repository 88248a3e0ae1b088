"""Work for the queue, named by misbehaviour. Top-level, so that a worker can import it."""

import os
import signal
import time
from pathlib import Path

from workbench.errors import ReadFailed


def well(value):
    return value


def slow(value, seconds=0.3):
    time.sleep(seconds)
    return value


def raising():
    raise RuntimeError("secret path /home/kim/receipt.jpg")


def refusing():
    raise ReadFailed("그림이 손상되었습니다.")


def out_of_memory():
    raise MemoryError


def dying():
    os.kill(os.getpid(), signal.SIGKILL)


def dying_once(marker):
    if not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def pid():
    return os.getpid()
