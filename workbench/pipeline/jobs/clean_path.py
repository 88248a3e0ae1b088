"""How workers are started: as many as are asked for, and none runs what lies in the folder they are started in.

A `signal.py` beside somebody's receipts would else be run by each worker in place of Python's own.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, distribution
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any

from joblib import register_parallel_backend
from joblib._parallel_backends import LokyBackend
from joblib.executor import get_memmapping_executor
from joblib.externals.loky.backend import resource_tracker as loky_tracker
from joblib.externals.loky.backend import spawn

from workbench.pipeline.jobs import tracker

BACKEND = "loky-clean"
SAFE = "PYTHONSAFEPATH"
"""Python's own setting: the working folder is not put at the head of the path."""
_prepared = spawn.get_preparation_data


def prepare() -> None:
    """Makes `BACKEND` known: loky whose workers start so."""
    register_parallel_backend(BACKEND, _CleanLoky)
    if _installed():
        loky_tracker.main = tracker.main
    spawn.get_preparation_data = _clean_data
    with _safe():  # they are started once, as children of this process, and import as much
        loky_tracker._resource_tracker.ensure_running()
        with suppress(AttributeError):  # Windows has none
            resource_tracker.ensure_running()


def _installed() -> bool:
    """Whether a child finds this package by itself: not where only this process has its folder on the path."""
    try:
        distribution("receipt-workbench")
    except PackageNotFoundError:
        places = [place for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if place]
        return str(Path(tracker.__file__).parents[3]) in map(os.path.abspath, places)
    return True


class _CleanLoky(LokyBackend):  # type: ignore[misc]  # untyped
    def configure(self, n_jobs: int = 1, parallel: Any = None, **options: Any) -> int:
        """As `LokyBackend` does, with as many workers as its option `processes` says: joblib itself starts none for one
        job, so that it is told of two."""
        given = {**self.backend_kwargs, **options}
        for unused in ("prefer", "require"):
            given.pop(unused, None)
        processes, timeout = given.pop("processes"), given.pop("idle_worker_timeout")
        env = self._prepare_worker_env(n_jobs)
        self._workers = get_memmapping_executor(processes, timeout=timeout, env=env, context_id=parallel._id, **given)
        self.parallel = parallel
        return n_jobs

    def _prepare_worker_env(self, n_jobs: int) -> dict[str, str]:
        return {**super()._prepare_worker_env(n_jobs), SAFE: "1"}


def _clean_data(name: str, init_main_module: bool = True) -> dict[str, Any]:
    """What loky tells a worker, with the working folder last in its path: still there for functions of a notebook."""
    data: dict[str, Any] = _prepared(name, init_main_module)
    here = {os.path.realpath(place) for place in (data.get("orig_dir") or ".", data.get("dir") or ".")}
    data["sys_path"] = sorted(data["sys_path"], key=lambda place: os.path.realpath(place) in here)
    return data


@contextmanager
def _safe() -> Iterator[None]:
    before = os.environ.get(SAFE)
    os.environ[SAFE] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[SAFE]
        else:
            os.environ[SAFE] = before
