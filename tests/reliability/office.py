"""`workbench serve` as a process of its own, for the trials."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

import psutil
import requests

TESTS = Path(__file__).parents[1]
START_SECONDS = 120


class Office:
    """A server over `home`, up when entered and gone with its workers when left; its log is `home`.jsonl."""

    def __init__(self, home: Path, jobs: int = 2, **settings: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.home, self.log = home, home.with_suffix(".jsonl")
        self.url = f"http://127.0.0.1:{self.port}/"
        here = os.pathsep.join([str(TESTS.parent), str(TESTS), os.environ.get("PYTHONPATH", "")])
        given = {"HOME": str(home), "JOBS": str(jobs), "LOG_FILE": str(self.log), **settings}
        environment = os.environ | {"PYTHONPATH": here} | {f"WORKBENCH_{name}": value for name, value in given.items()}
        command = [sys.executable, "-m", "workbench", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self) -> "Office":
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            assert self.process.poll() is None, "the server did not start"
            try:
                if requests.get(self.url + "health", headers={"Connection": "close"}, timeout=5).ok:
                    return self
            except requests.ConnectionError:
                time.sleep(0.2)
        raise TimeoutError("the server did not start")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        workers = psutil.Process(self.process.pid).children(recursive=True)
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(20)
        for worker in workers:  # gone with their server; waited for, so that the next trial has the cores
            if worker.is_running():
                worker.kill()

    @property
    def memory(self) -> int:
        """Bytes the server itself holds, without its workers."""
        return int(psutil.Process(self.process.pid).memory_info().rss)

    @property
    def seconds(self) -> float:
        """CPU seconds the server itself has used."""
        used = psutil.Process(self.process.pid).cpu_times()
        return float(used.user + used.system)
