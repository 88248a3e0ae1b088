"""The reading queue of this process: of this machine's cores, or of a cluster."""

from functools import lru_cache

from workbench.pipeline.jobs.dask_queue import ClusterQueue
from workbench.pipeline.jobs.local import ReadingQueue, local_queue


@lru_cache(maxsize=1)
def shared_queue(jobs: int, backend: str = "loky", scheduler: str = "") -> ReadingQueue:
    """The one there is; `jobs` is fixed by the first call. `scheduler` is the address of dask's."""
    return ClusterQueue(scheduler) if backend == "dask" else local_queue(jobs, backend)
