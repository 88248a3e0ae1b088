"""Starts `workbench` at once: a process that has everything imported forks one for each line it is sent.

A line is JSON: the module whose `main` is called, the command's arguments, its environment, folder and log file; the
answer is the new process's id. Ends, and leaves its children to their tests, when its input ends.
"""

import importlib
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import Any


def main() -> None:
    """Imports what a server needs, then answers until the input ends."""
    import workbench.__main__
    import workbench.app  # noqa: F401  # the page, its widgets and the server

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here waits for them
    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            os._exit(_become(**asked))
        print(pid, flush=True)


def _become(program: str, arguments: Sequence[str], environment: Mapping[str, str], folder: str, log: str) -> int:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    output, nothing = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["workbench", *arguments]
    module: Any = importlib.import_module(program)
    code = module.main(arguments)
    sys.stdout.flush()
    return int(code)


if __name__ == "__main__":
    main()
