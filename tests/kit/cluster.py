"""A dask scheduler and workers as processes of their own, each in its folder."""

import json
import os
import signal
import subprocess
import sys
import time

from tests.kit.processes import environment


def started(folder, *arguments, **variables):
    folder.mkdir(parents=True)
    own = environment(DASK_DISTRIBUTED__ADMIN__TICK__LIMIT="1h", **variables)
    command = [sys.executable, "-m", "dask", *arguments]
    with (folder / "log").open("w") as log:
        return subprocess.Popen(command, cwd=folder, env=own, stdout=log, stderr=log, start_new_session=True)


def ended(process):
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class Cluster:
    """A scheduler, and workers to be added."""

    def __init__(self, folder):
        self.folder, self.processes = folder, []
        file = folder / "scheduler.json"
        self.processes.append(
            started(folder / "scheduler", "scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
        )
        deadline = time.monotonic() + 300
        while not (told := _told(file)):
            assert time.monotonic() < deadline, (folder / "scheduler" / "log").read_text()
            time.sleep(0.1)
        self.address = told["address"]

    def add(self, name, *arguments, **variables):
        fast = ["--no-dashboard", "--nthreads", "1", "--death-timeout", "300", *arguments]
        process = started(self.folder / name, "worker", self.address, *fast, **variables)
        self.processes.append(process)
        return process

    def close(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                ended(process)


def _told(file):
    """What the scheduler has written, once it is whole."""
    try:
        return json.loads(file.read_text())
    except (FileNotFoundError, ValueError):
        return None
