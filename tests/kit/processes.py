"""Servers under test as processes of their own: a port, a wait until it is taken, an end."""

import contextlib
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import psutil

from tests.kit import ROOT


def environment(**more: str) -> dict[str, str]:
    """That of this process, in which a child finds the workbench and the kit."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    return {**os.environ, "PYTHONPATH": path, **more}


def free_port() -> int:
    """A port that nobody listens at, none of those that systems give to whoever connects: between this look and its use
    another test's connection would take it, even the one that asks whether somebody listens there by now.
    """
    while True:
        port = 10_000 + secrets.randbelow(20_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Workbench:
    """`workbench ARGUMENTS`, or another `program` with a `main`, as a process of its own that begins at once, see
    `zygote`; ends as a `Popen` does.
    """

    returncode = None  # of a process that is another's child nobody knows it

    def __init__(
        self, arguments: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path,
        program: str = "workbench.__main__",
    ) -> None:  # fmt: skip
        asked = {"program": program, "arguments": arguments, "environment": environment}
        asked |= {"folder": str(folder), "log": str(log)}
        zygote = _zygote()
        assert zygote.stdin
        assert zygote.stdout
        print(json.dumps(asked), file=zygote.stdin, flush=True)
        self.pid = int(zygote.stdout.readline())
        self._process = psutil.Process(self.pid)

    def terminate(self) -> None:
        """Asks it to end; one that has ended is left."""
        with contextlib.suppress(psutil.NoSuchProcess):
            self._process.terminate()

    def kill(self) -> None:
        """Ends it; one that has ended is left."""
        with contextlib.suppress(psutil.NoSuchProcess):
            self._process.kill()

    def poll(self) -> int | None:
        """None as long as it runs."""
        return None if self._process.is_running() else 0

    def wait(self, timeout: float | None = None) -> None:
        """Until it has ended."""
        try:
            self._process.wait(timeout)
        except psutil.TimeoutExpired as late:
            raise subprocess.TimeoutExpired("workbench", timeout or 0) from late


@cache
def _zygote() -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.kit.zygote"]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def wait_for(process: subprocess.Popen | Workbench, port: int, log: Path | None = None, seconds: float = 300) -> None:
    """Until the process takes connections; two loaded cores start a server slowly. `log`: shown where it has ended."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, f"the server has ended: {log.read_text('utf-8') if log else process.returncode}"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.2)
    stop(process)
    raise TimeoutError("the server never took a connection")


def stop(process: subprocess.Popen | Workbench, seconds: float = 20) -> None:
    """Asks it to end, and makes it where it does not."""
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(seconds)


def printed_address(log: Path, seconds: float = 300) -> str:
    """The address that a server printed for its user, with the token of its case."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := re.search(r"http://\S+", log.read_text("utf-8", "replace")):
            return found[0]
        time.sleep(0.1)
    raise TimeoutError("the server printed no address")
