"""Learning from a case's corrections on this machine: a process of its own, a comparison, and who takes it."""

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import psutil

import workbench
from workbench.case import Case
from workbench.domain.korean import in_korea
from workbench.pipeline.storage import own_weights
from workbench.pipeline.storage.own_weights import Learnt
from workbench.review import texts

ROOT = Path(workbench.__file__).parents[1]
"""Where `training` lies: beside the package, in a clone of the repository."""

NEEDED = ("torch", "onnx", "fontTools")
FORGETS = 0.001
"""Errors a character that drawn lines may have more of than before: what chance does in 300 lines"""

_BEGUN: list[subprocess.Popen[bytes]] = []
"""What this program began: let go of, Python would complain that nobody waits for it."""


class Learning:
    """What was learnt last on this machine and what goes on now; one at a time, from whichever case."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._home = case.settings.home

    @staticmethod
    def lacking() -> str:
        """A sentence where this machine cannot train; "" where it can."""
        if not (ROOT / "training" / "learn.py").is_file():
            return texts.LEARN_NO_CLONE
        missing = [name for name in NEEDED if find_spec(name) is None]
        return texts.LEARN_NO_PACKAGES if missing else ""

    def start(self) -> str:
        """Begins, unless it goes on already; why not, or ""."""
        if lacking := self.lacking():
            return lacking
        if self.running:
            return texts.LEARN_RUNNING_ALREADY
        self._clear()
        folder = own_weights.learned(self._home) / f"learned-{in_korea(datetime.now(UTC)):%Y%m%d-%H%M%S}"
        folder.mkdir(parents=True)
        # Nobody waits for it: it goes on when the page, and when the program that began it, is gone.
        with (folder / "log.txt").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603  # our own module
                [sys.executable, "-m", "training.learn", str(self._case.folder.resolve()), str(folder)],
                cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        _BEGUN.append(process)
        (folder / "process").write_text(f"{process.pid} {psutil.Process(process.pid).create_time()}", "utf-8")
        return ""

    def stop(self) -> None:
        """Ends what goes on; nothing of it is kept."""
        if (process := self._process()) is not None:
            process.terminate()
            process.wait(10)

    @property
    def running(self) -> bool:
        """Whether it goes on now."""
        return self._process() is not None

    @property
    def taken(self) -> bool:
        """Whether weights that were learnt here are read with."""
        return bool(self._case.opinion())

    @property
    def offered(self) -> bool:
        """Whether what was learnt last is better on the lines kept back, forgot nothing, and is not taken yet."""
        state, folder = self._state(), self._last()
        if folder is None or state is None or not state.done or state.trouble:
            return False
        better = state.own[1] < state.own[0] and state.elsewhere[1] <= state.elsewhere[0] + FORGETS
        return better and self._case.opinion() != str(folder / "model")

    def take(self) -> None:
        """Asks what was learnt last as well from now on."""
        if self.offered and (folder := self._last()) is not None:
            own_weights.take(self._home, folder.name)

    def undo(self) -> None:
        """Reads with the bundled weights alone again."""
        own_weights.give_back(self._home)

    def words(self) -> str:
        """Where it stands and what came out, for a person."""
        if lacking := self.lacking():
            return lacking
        state = self._state()
        if self.running:
            return texts.LEARN_RUNNING.format(share=round(100 * state.share if state else 0))
        if state is None:
            return texts.LEARN_WHAT
        if not state.done:
            return texts.LEARN_BROKEN_OFF
        if state.trouble:
            return texts.LEARN_TROUBLES[state.trouble].format(count=state.lines + state.kept_back)
        said = texts.LEARN_FOUND.format(
            lines=state.lines, back=state.kept_back,
            own_before=100 * state.own[0], own_after=100 * state.own[1],
            before=100 * state.elsewhere[0], after=100 * state.elsewhere[1],
        )  # fmt: skip
        if self.taken:
            return f"{said} {texts.LEARN_TAKEN}"
        return f"{said} {texts.LEARN_OFFERED if self.offered else texts.LEARN_NO_BETTER}"

    def _clear(self) -> None:
        """Deletes what was learnt before and is not read with: weights may know names by heart."""
        used = self._case.opinion()
        for folder in own_weights.learned(self._home).glob("learned-*"):
            if str(folder / "model") != used:
                shutil.rmtree(folder, ignore_errors=True)

    def _last(self) -> Path | None:
        """The folder of the last attempt."""
        return max(own_weights.learned(self._home).glob("learned-*"), default=None)

    def _state(self) -> Learnt | None:
        folder = self._last()
        return None if folder is None else Learnt.read(folder) or Learnt()

    def _process(self) -> psutil.Process | None:
        _BEGUN[:] = [process for process in _BEGUN if process.poll() is None]
        folder = self._last()
        try:
            pid, began = (folder / "process").read_text("utf-8").split() if folder else ("", "")
            process = psutil.Process(int(pid))
            alive = process.create_time() == float(began) and process.status() != psutil.STATUS_ZOMBIE
        except (OSError, ValueError, psutil.Error):
            return None
        return process if alive else None
