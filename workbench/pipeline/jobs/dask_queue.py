"""The reading queue over several machines: the same contract as `batch`, served by a dask scheduler.

Tasks go through dask's own `submit`: joblib's dask backend waits for ever for a task that keeps killing its workers
(measured). Only as many are handed over as the workers can do at once, so that owners are still served in turn and a
stop is a stop. A file that a worker cannot see travels with its task.
"""

import os
import queue
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.domain.errors import SettingsError
from workbench.event_log import event
from workbench.pipeline.jobs.batch import Outcome, Task
from workbench.pipeline.jobs.local import ReadingQueue, cores, run_task, set_aside

CONNECT_SECONDS = 20
NO_WORKER_SECONDS = 120
"""A cluster without a single worker for so long is given up: what waits ends with a sentence, not never."""
LOOK_SECONDS = 2.0
"""How old the count of workers may be."""
UNSEEN = "workbench: send the file"
"""What a worker answers that cannot see the file of its task."""


class ClusterQueue(ReadingQueue):
    """A queue whose workers are those of the dask scheduler at `address` ("tcp://host:8786")."""

    def __init__(self, address: str) -> None:
        super().__init__(jobs=cores(), backend="dask")
        self._address = address
        self._client: Any = None
        self._threads, self._counted_at, self._seen_at = 0, 0.0, 0.0
        self._send_files = False
        self._done: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()

    def check(self, call: Callable[[], Any]) -> None:
        """Runs `call` once on every worker there is; SettingsError says which of them cannot read as we do."""
        client = self.connected()
        for worker, about in client.scheduler_info(n_workers=-1)["workers"].items():
            if about["nthreads"] > 1:
                raise SettingsError(
                    f"작업기 {worker}는 --nthreads 1로 켜 주세요. 한 작업기는 한 번에 영수증 하나만 읽습니다."
                )
        try:
            answers = client.run(run_task, 0, call, on_error="return")
        except Exception as error:
            raise SettingsError(f"dask 작업기를 확인하지 못했습니다 ({type(error).__name__}).") from error
        for worker, answer in answers.items():
            problem = type(answer).__name__ if isinstance(answer, BaseException) else answer[2]
            if problem:
                raise SettingsError(f"작업기 {worker}: {problem}")

    def connected(self) -> Any:
        """dask's client of this queue, made anew where there is none or its scheduler was lost; SettingsError."""
        with self._lock:
            if self._client is None or self._client.status not in ("running", "connecting"):
                self._client = _connect(self._address)
                self._counted_at, self._seen_at = 0.0, time.monotonic()
            return self._client

    def _room(self) -> int:
        """How many more tasks the cluster may have in hand: one in work and one at the door for each worker."""
        now = time.monotonic()
        if now - self._counted_at > LOOK_SECONDS:
            workers = self.connected().scheduler_info(n_workers=-1)["workers"]
            self._threads, self._counted_at = sum(w["nthreads"] for w in workers.values()), now
            if self._threads:
                self._seen_at = now
            elif now - self._seen_at > NO_WORKER_SECONDS:
                raise SettingsError(f"{self._address}에 작업기가 없습니다. dask worker를 켜고 다시 읽어 주세요.")
        return 2 * self._threads - len(self._running)

    def _stream(self) -> None:
        futures: dict[int, Any] = {}
        try:
            feed = self._next()
            more = True
            while True:
                more = self._feed(feed, futures) if self._room() > 0 else more
                if not futures and not more:
                    return
                try:
                    number, future = self._done.get(timeout=LOOK_SECONDS)
                except queue.Empty:
                    if self._client.status != "running":
                        raise SettingsError(_LOST.format(self._address)) from None
                    if not any(task.deaths for task in self._running.values()):  # a suspect runs alone
                        feed, more = self._next(), True
                    continue
                if futures.get(number) is not future:
                    continue  # of an earlier, broken connection
                del futures[number]
                if (again := self._ended(number, future)) is not None:
                    futures[number] = again
                if not more:
                    feed, more = self._next(), True
        except SettingsError as error:
            self._give_up(str(error))
        except Exception as error:  # noqa: BLE001  # whatever breaks in between, nobody may wait for ever
            event("cluster-lost", kind=type(error).__name__)
            self._give_up(_LOST.format(self._address))

    def _feed(self, feed: Any, futures: dict[int, Any]) -> bool:
        """Hands over tasks while there is room; whether there may be more of them."""
        for _ in range(self._room()):
            if (fed := next(feed, None)) is None:
                return False
            if (future := self._submit(*fed)) is not None:
                futures[fed[0]] = future
        return True

    def _submit(self, number: int, task: Task) -> Any:
        """The future of a task; None where its file is gone, which ends it."""
        path = Path(task.path) if task.path else None
        try:
            data = path.read_bytes() if path and self._send_files else None
            size = path.stat().st_size if path else 0
        except OSError:
            with self._lock:
                del self._running[number]
            task.deliver(Outcome(task.key, error="원본 파일을 읽을 수 없습니다. 사건 폴더를 확인해 주세요."))
            return None
        client = self.connected()
        future = client.submit(_run_there, number, task.call, path and named(path), size, data, pure=False)
        future.add_done_callback(lambda done: self._done.put((number, done)))
        return future

    def _ended(self, number: int, future: Any) -> Any:
        """Delivers what a task came to; the future of its second try where the worker asks for the file."""
        with self._lock:
            task = self._running[number]
        if future.cancelled():  # the scheduler is gone
            raise SettingsError(_LOST.format(self._address))
        try:
            _, value, error = future.result(timeout=CONNECT_SECONDS)
        except Exception as error_there:  # noqa: BLE001  # KilledWorker, or whatever kept the answer from coming back
            with self._lock:
                del self._running[number]
            self._died(task, type(error_there).__name__)
            return None
        if error == UNSEEN:
            self._send_files = True
            return self._submit(number, task)
        with self._lock:
            del self._running[number]
        task.deliver(Outcome(task.key, value, error, time.monotonic() - task.fed_at))
        return None

    def _died(self, task: Task, kind: str) -> None:
        """No answer came: once more alone, then it is told.

        It may have killed its worker four times, or a neighbour did: or took the answer with it while it was fetched.
        """
        if not task.deaths:
            task.deaths += 1
            with self._lock:
                self._suspects.append(task)
        elif kind == "KilledWorker":
            task.deliver(set_aside(task.key))
        else:
            task.deliver(Outcome(task.key, error=f"작업기가 답을 보내지 못했습니다 ({kind}). 다시 읽어 주세요."))

    def _give_up(self, reason: str) -> None:
        """Ends everything in hand and waiting with a sentence; the next task put tries to connect afresh."""
        with self._lock:
            left = [*self._running.values(), *self._suspects, *self._waiting.drain()]
            self._running, client, self._client = {}, self._client, None
            self._suspects.clear()
        for task in left:
            task.deliver(Outcome(task.key, error=reason))
        if client is not None:
            client.close(timeout=2)


def named(path: Path) -> str:
    """How a file is called on a worker that shares this machine's folders."""
    return os.path.abspath(path)


_LOST = "dask 스케줄러({})와 연결이 끊겼습니다. 스케줄러를 확인하고 다시 읽어 주세요."


def _connect(address: str) -> Any:
    try:
        import dask
        from distributed import Client
    except ImportError:
        raise SettingsError("dask가 설치되어 있지 않습니다. pip install 'receipt-workbench[dask]'") from None
    if not address:
        raise SettingsError("dask 스케줄러 주소가 없습니다. WORKBENCH_SCHEDULER=tcp://주소:8786 을 정해 주세요.")
    # An original may weigh 50 MB and travels as an argument; dask warns from 10 MB on.
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})
    try:
        client: Any = Client
        return client(address, timeout=CONNECT_SECONDS, set_as_default=False, name="workbench")
    except (OSError, ValueError) as error:
        raise SettingsError(f"dask 스케줄러에 연결할 수 없습니다: {address}. 주소와 서버를 확인해 주세요.") from error


def _run_there(
    number: int, call: Callable[..., Any], path: str | None, size: int, data: bytes | None
) -> tuple[int, Any, str]:
    """Runs on a worker. Names of originals are hashes of their bytes, so one of that name and size is the file."""
    if path is None:
        return run_task(number, call)
    here = Path(path)
    if here.is_file() and here.stat().st_size == size:
        return run_task(number, call, path)
    if data is None:
        return number, None, UNSEEN
    with tempfile.TemporaryDirectory(prefix="workbench-") as folder:
        copy = Path(folder) / here.name
        copy.write_bytes(data)
        return run_task(number, call, str(copy))
