"""`workbench serve` as a process of its own, for the trials."""

from pathlib import Path
from types import TracebackType

import psutil
import requests

from tests.kit.processes import Workbench, environment, free_port, stop, wait_for


class ServedWorkbench:
    """A server over `home`, up when entered and gone with its workers when left; its log is `home`.jsonl."""

    def __init__(self, home: Path, jobs: int = 2, **settings: str) -> None:
        self.port = free_port()
        self.home, self.log = home, home.with_suffix(".jsonl")
        self.url = f"http://127.0.0.1:{self.port}/"
        given = {"HOME": str(home), "JOBS": str(jobs), "LOG_FILE": str(self.log), **settings}
        own = environment(**{f"WORKBENCH_{name}": value for name, value in given.items()})
        home.parent.mkdir(parents=True, exist_ok=True)
        self.process = Workbench(["serve", "--port", str(self.port)], own, home.parent, home.with_suffix(".out"))

    def __enter__(self) -> "ServedWorkbench":
        wait_for(self.process, self.port)
        requests.get(self.url + "health", headers={"Connection": "close"}, timeout=60).raise_for_status()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        workers = psutil.Process(self.process.pid).children(recursive=True)
        stop(self.process)
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
