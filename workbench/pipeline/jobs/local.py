"""Files become receipts, in parallel, as a stream that can be stopped; the only module that knows joblib.

One process has one queue and one pool: joblib shuts a loky pool under a second stream's feet, and streams with unequal
`n_jobs` hang (both measured). Several people share it and are served in turn, see `fair_queue`. Stopping is ending the
task iterable; a stream that has nothing to do ends, and its idle workers stay warm for the next one.
"""

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from typing import Any

import joblib
from joblib.externals.loky.process_executor import BrokenProcessPool, TerminatedWorkerError

from workbench.domain.errors import WorkbenchError
from workbench.pipeline.jobs import clean_path
from workbench.pipeline.jobs.batch import Batch, Outcome, Task
from workbench.pipeline.jobs.fair_queue import FairQueue
from workbench.pipeline.jobs.worker_watch import MOST_BYTES, has_grown, watch

log = logging.getLogger(__name__)

MAX_DEATHS = 2
"""A task whose worker died this often is set aside."""
IDLE_WORKER_SECONDS = 300


class ReadingQueue:
    """The process's one queue: people are served in turn, one task at a time each, by a pool of `jobs` workers."""

    def __init__(self, jobs: int, backend: str = "loky", **backend_options: Any) -> None:
        self.jobs = jobs
        self._backend, self._options = backend, backend_options
        self._waiting: FairQueue[Task] = FairQueue()
        self._running: dict[int, Task] = {}
        self._suspects: deque[Task] = deque()
        self._lock = threading.Condition()
        self._numbers = iter(range(1 << 62))
        self._thread: threading.Thread | None = None

    def check(self, call: Callable[[], Any]) -> None:
        """Makes sure that `call` succeeds wherever tasks may run; this machine's workers are what we are."""

    def batch(self, owner: Hashable, person: Hashable = None) -> Batch:
        """A new batch of that owner's, taking turns of that person's (None: of its own)."""
        return Batch(self, owner, owner if person is None else person)

    def put(self, task: Task) -> None:
        """Adds a task at the end of its owner's line."""
        with self._lock:
            self._waiting.put(task.person, task.owner, task)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._serve, name="reading-queue", daemon=True)
                self._thread.start()
            self._lock.notify_all()

    def withdraw(self, person: Hashable, owner: Hashable) -> int:
        """Takes back an owner's tasks that have not begun."""
        with self._lock:
            return self._waiting.withdraw(person, owner)

    def position(self, person: Hashable, owner: Hashable) -> int:
        """How many tasks of others come before the owner's next one, those in hand among them."""
        with self._lock:
            if any(task.owner == owner for task in self._running.values()) or not self._waiting.has(person, owner):
                return 0
            return self._waiting.before(person, owner) + len(self._running)

    def _next(self) -> Iterator[tuple[int, Task]]:
        """Numbered tasks as the pool asks for them; ends when there are none. Suspects of a death go alone."""
        while True:
            with self._lock:
                if self._suspects:
                    if self._running:
                        return  # let the stream drain: a suspect must be the only one in hand
                    task = self._suspects.popleft()
                elif self._waiting:
                    task = self._waiting.take()
                else:
                    return
                number = next(self._numbers)
                task.fed_at = time.monotonic()
                self._running[number] = task
                alone = task.deaths > 0
            yield number, task
            if alone:
                return

    def _serve(self) -> None:
        while True:
            with self._lock:
                while not (self._waiting or self._suspects):
                    if not self._lock.wait(timeout=60):
                        self._thread = None
                        return
            try:
                self._stream()
            except Exception as error:  # a pool dies of many things; whoever waits must not wait for ever
                if not isinstance(error, TerminatedWorkerError | BrokenProcessPool):
                    log.exception("the pool ended in an unusual way")
                    time.sleep(1)  # it may end so again, as where no more processes can be started
                self._after_death(has_grown(error))

    def _stream(self) -> None:
        # With one job joblib would read inside the server, where a bad file could end it; see `clean_path`.
        with joblib.parallel_config(self._backend, n_jobs=max(2, self.jobs), **self._options):
            parallel = joblib.Parallel(return_as="generator_unordered", pre_dispatch=self.jobs, batch_size=1)
            for number, value, error in parallel(
                joblib.delayed(run_task)(number, task.call, task.path) for number, task in self._next()
            ):
                with self._lock:
                    task = self._running.pop(number)
                task.deliver(Outcome(task.key, value, error, time.monotonic() - task.fed_at))

    def _after_death(self, grown: bool = False) -> None:
        """A worker died: what it had in hand is tried once more, alone; the second death sets it aside."""
        with self._lock:
            suspects, self._running = list(self._running.values()), {}
        for task in suspects:
            task.deaths += 1
            if task.deaths >= MAX_DEATHS:
                task.deliver(set_aside(task.key, grown))
            else:
                with self._lock:
                    self._suspects.append(task)


def set_aside(key: str, grown: bool = False) -> Outcome:
    """The end of a task that keeps killing its workers, or of one in which they grow past their limit."""
    if grown:
        return Outcome(
            key, error="읽는 데 메모리가 너무 많이 들어 따로 두었습니다. 그림을 줄이거나 나누어 넣어 주세요."
        )
    return Outcome(key, error="이 파일을 읽는 동안 프로그램이 두 번 멈춰 따로 두었습니다. 파일을 확인해 주세요.")


def run_task(number: int, call: Callable[..., Any], path: str | None = None) -> tuple[int, Any, str]:
    """Runs in the worker. One bad receipt never stops the others, so whatever it raises becomes a sentence."""
    try:
        return number, call() if path is None else call(path), ""
    except WorkbenchError as error:
        return number, None, str(error)
    except MemoryError:
        return number, None, "메모리가 부족해서 읽지 못했습니다. 그림을 줄이거나 다른 프로그램을 닫고 다시 읽어 주세요."
    except Exception as error:  # noqa: BLE001  # the engine may raise anything; its text may hold paths, so only its kind
        return number, None, f"읽는 중에 오류가 났습니다 ({type(error).__name__}). 파일을 확인하고 다시 읽어 주세요."


def cores() -> int:
    """Cores this process may use."""
    return int(joblib.cpu_count())


def local_queue(jobs: int, backend: str = "loky") -> ReadingQueue:
    """A queue served by worker processes of this machine."""
    options: dict[str, Any] = {}
    if backend == "loky":
        clean_path.prepare()
        backend = clean_path.BACKEND
        options = {"processes": jobs, "idle_worker_timeout": IDLE_WORKER_SECONDS, "initializer": watch}
        options["initargs"] = (os.getpid(), MOST_BYTES)
    return ReadingQueue(jobs, backend, **options)
