"""One reading of a case's waiting receipts, going on in the background; a stream of receipts for whoever looks."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tqdm.auto import tqdm

from workbench.domain.errors import WorkbenchError
from workbench.domain.model import Receipt
from workbench.pipeline.jobs.batch import Batch, Outcome

TOLD_FROM = 3
"""Pages read before a remaining time is told: the first waits for its worker to load the models."""


@dataclass(frozen=True, slots=True)
class RunState:
    """Where a reading stands. `done` of `total` pages, `failed` among them; `place` tasks of other cases come first.

    `seconds_left` is None until TOLD_FROM are read; `stopping` says that only what is in hand still ends.
    """

    running: bool = False
    stopping: bool = False
    done: int = 0
    total: int = 0
    failed: int = 0
    place: int = 0
    seconds_left: float | None = None


class Run:
    """What `Case.read` started. Iterate for receipts in order of completion, or `wait()`; `stop()` ends it early.

    `total` counts pages; `done` and `failed` grow. Receipts are kept in the case as they come, looked at or not.
    """

    def __init__(self, batch: Batch, total: int, keep: Callable[[Outcome], tuple[Receipt, ...]]) -> None:
        self.total, self.done, self.failed = total, 0, 0
        self.error: WorkbenchError | None = None
        self.watched = False
        self._began, self._stopping = time.monotonic(), False
        self._batch, self._keep = batch, keep
        self._fresh: queue.SimpleQueue[Receipt | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="case-run", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            for outcome in self._batch:
                receipts = self._keep(outcome)
                self.done += 1
                self.failed += bool(outcome.error and receipts)  # none: deleted in the meantime
                for receipt in receipts:
                    self._fresh.put(receipt)
        except WorkbenchError as error:  # the case cannot be written any more: nothing more to do, and it must be told
            self.error = error
            self._batch.stop()
        finally:
            self._fresh.put(None)

    @property
    def running(self) -> bool:
        """Whether receipts are still to come."""
        return self._thread.is_alive()

    @property
    def state(self) -> RunState:
        """Where it stands now. What is left is told in whole seconds gone by: else no two states were ever equal."""
        if not self.running:
            return RunState(done=self.done, total=self.total, failed=self.failed)
        seconds = round(time.monotonic() - self._began)
        left = seconds / self.done * (self.total - self.done) if self.done >= TOLD_FROM else None
        return RunState(True, self._stopping, self.done, self.total, self.failed, self._batch.position(), left)

    def __iter__(self) -> Iterator[Receipt]:
        """Receipts as they are read; raises CaseError if they could not be kept."""
        self.watched = True
        while (receipt := self._fresh.get()) is not None:
            yield receipt
        self._fresh.put(None)  # for whoever else looks on: each receipt goes to one of them, the end to all
        self._thread.join()
        if self.error is not None:
            raise self.error

    def wait(self, progress: bool = True) -> "Run":
        """Returns when all is read, with a bar in terminal or notebook unless `progress` is False."""
        with tqdm(total=self.total, unit="장", desc="읽기", disable=not (progress and self.total)) as bar:
            for _ in self:
                bar.update(self.done - bar.n)
                bar.set_postfix_str(f"실패 {self.failed}" if self.failed else "")
            bar.update(self.done - bar.n)
        return self

    def stop(self) -> None:
        """Ends after the receipts in hand; the rest keeps waiting."""
        self._stopping = True
        self.total -= self._batch.stop()

    def __repr__(self) -> str:
        state = "읽는 중" if self.running else "끝남"
        return f"{state}: {self.done}/{self.total}" + (f", 실패 {self.failed}" if self.failed else "")
