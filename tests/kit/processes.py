"""Servers under test as processes of their own: a port, a wait until it is taken, an end."""

import os
import re
import socket
import subprocess
import time
from pathlib import Path

from tests.kit import ROOT


def environment(**more: str) -> dict[str, str]:
    """That of this process, in which a child finds the workbench and the kit."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    return {**os.environ, "PYTHONPATH": path, **more}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(process: subprocess.Popen, port: int, log: Path | None = None, seconds: float = 120) -> None:
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


def stop(process: subprocess.Popen, seconds: float = 20) -> None:
    """Asks it to end, and makes it where it does not."""
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(seconds)


def printed_address(log: Path, seconds: float = 60) -> str:
    """The address that a server printed for its user, with the token of its case."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := re.search(r"http://\S+", log.read_text("utf-8", "replace")):
            return found[0]
        time.sleep(0.1)
    raise TimeoutError("the server printed no address")
