"""Workers by the settings: their queue, the engine they make, and their start before there is anything to read.

Light to import, so that they load models while whoever starts them still loads the rest of the program.
"""

from functools import partial

from workbench.pipeline.imaging import confined
from workbench.pipeline.jobs.batch import Batch
from workbench.pipeline.jobs.loading import at_once
from workbench.pipeline.jobs.local import ReadingQueue, cores
from workbench.pipeline.jobs.process_queue import shared_queue
from workbench.pipeline.ocr.engine import ENGINES, EngineSpec, engine
from workbench.pipeline.storage import own_weights
from workbench.settings import Settings


def queue_of(settings: Settings, jobs: int | None = None) -> ReadingQueue:
    """The process's queue; `jobs` instead of the settings' where it is the first that asks."""
    return shared_queue(jobs or settings.jobs or cores(), settings.backend, settings.scheduler)


def opinion_of(settings: Settings) -> str:
    """The folder of what this machine learnt and its user took, asked beside the bundled recogniser; "" for none.

    A recogniser that the settings name reads alone; other machines of a cluster have nothing of what was learnt.
    """
    s = settings
    asked = s.recogniser == own_weights.BUNDLED and s.engine in ENGINES and s.backend != "dask"
    return own_weights.taken(s.home) if asked else ""


def spec_of(settings: Settings, jobs: int) -> EngineSpec:
    """The engine of each of `jobs` workers."""
    s = settings
    threads = max(1, cores() // jobs)
    spec = EngineSpec(s.engine, s.recogniser, threads, device=s.device, opinion=opinion_of(s))
    return spec.expected_everywhere() if s.backend == "dask" else spec


def warm(spec: EngineSpec) -> None:
    """Loads what a worker reads with, so that its first receipt need not wait for it."""
    confined.start()  # it gets ready in a process of its own
    with at_once():
        import workbench.pipeline.reading.worker  # noqa: F401  # heavy for whoever only asks for this

        engine(spec)


def warm_all(batch: Batch, spec: EngineSpec, workers: int) -> None:
    """Puts into the batch what makes so many workers ready."""
    for number in range(workers):
        batch.put(f"warm-{number}", partial(warm, spec))


def start(settings: Settings, most: int | None = None) -> None:
    """Has this machine's workers get ready, `most` of them at most, while the caller does something else."""
    if settings.backend == "dask":
        return  # they run already
    ours = queue_of(settings)
    warm_all(ours.batch("start"), spec_of(settings, ours.jobs), min(most or ours.jobs, ours.jobs))
