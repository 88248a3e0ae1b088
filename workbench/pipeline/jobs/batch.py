"""Tasks of one owner, and the stream of how they ended."""

import queue
import threading
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one task ended: `value` as the function returned it, or `error`, a sentence for a person."""

    key: str
    value: Any = None
    error: str = ""
    seconds: float = 0.0


@dataclass(slots=True)
class Task:
    """Something to be done in a worker: `call()`, or `call(path)` where it needs a file. `owner` is whose work it is a
    part of (a case, an area read afresh), `person` whose turn it takes."""

    person: Hashable
    owner: Hashable
    key: str
    call: Callable[..., Any]
    path: str | None
    deliver: Callable[[Outcome], None]
    deaths: int = 0
    fed_at: float = 0.0


class Source(Protocol):
    """The queue that a batch puts its tasks into."""

    def put(self, task: Task) -> None:
        """Adds a task."""

    def withdraw(self, person: Hashable, owner: Hashable) -> int:
        """Takes back what of that owner has not begun; how many."""

    def position(self, person: Hashable, owner: Hashable) -> int:
        """How many other tasks begin before that owner's next one."""


class Batch:
    """The tasks one owner has put in the queue, and the stream of their outcomes in order of completion."""

    def __init__(self, source: "Source", owner: Hashable, person: Hashable) -> None:
        self._queue, self._owner, self._person = source, owner, person
        self._outcomes: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self._open = 0
        self._lock = threading.Lock()

    def _count(self, change: int) -> None:
        with self._lock:
            self._open += change

    def put(self, key: str, call: Callable[..., Any], path: str | None = None) -> None:
        """Adds a task; `call` is sent to a worker, so it is a top-level function or a partial of one.

        The file it needs is named by `path`, and given to it as its argument, wherever it lies for that worker.
        """
        self._count(1)
        self._queue.put(Task(self._person, self._owner, key, call, path, self._outcomes.put))

    def tell(self, key: str, value: Any) -> None:
        """Adds an outcome that is known already."""
        self._count(1)
        self._outcomes.put(Outcome(key, value))

    def stop(self) -> int:
        """Takes back what has not begun; the number of tasks taken back. The rest still ends and is delivered."""
        taken = self._queue.withdraw(self._person, self._owner)
        self._count(-taken)
        return taken

    def position(self) -> int:
        """How many other tasks will begin before this owner's next one; 0 when it is being served."""
        return self._queue.position(self._person, self._owner)

    def __iter__(self) -> Iterator[Outcome]:
        """Outcomes in order of completion, until every task put so far has ended or was taken back."""
        while self._open > 0:
            try:
                outcome = self._outcomes.get(timeout=0.2)  # a stop() from another thread lowers the count
            except queue.Empty:
                continue
            self._count(-1)
            yield outcome
