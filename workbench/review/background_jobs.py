"""What goes on with one case in this process, whoever looks on: reading, and asking the tax service.

It belongs to the process and not to a page, so closing the tab stops nothing, and coming back shows where it stands.
"""

import logging
import threading
from collections.abc import Collection, Iterable
from pathlib import Path

from workbench.case import Case
from workbench.domain.errors import WorkbenchError
from workbench.domain.model import Receipt
from workbench.pipeline.jobs.run import RunState
from workbench.pipeline.tax.service import TaxService
from workbench.review.cells import cells_of
from workbench.review.kept import Kept, facts_of
from workbench.review.totals import amounts_of
from workbench.settings import Settings

log = logging.getLogger(__name__)

ASK_EVERY = 20
"""Receipts read between two look-ups: the tax types appear while the pile is still being read."""


class CaseJobs:
    """One case and its running work; shared by all pages of this process that show the case."""

    def __init__(self, case: Case) -> None:
        self.case = case
        # The same for all pages that look at it.
        self.facts, self.amounts, self.cells = Kept(facts_of), Kept(amounts_of), Kept(cells_of)
        self.problem = ""
        self._lock = threading.Lock()
        self._asking = 0
        self._watcher: threading.Thread | None = None

    def forget(self, ids: Collection[str]) -> None:
        """Lets go of what is kept of receipts that are deleted."""
        for kept in (self.facts, self.amounts, self.cells):
            kept.forget(ids)

    def start(self, ids: Iterable[str] | None = None, service: TaxService | None = None) -> bool:
        """Reads what waits (or those of `ids`), in the background; False when it is running already."""
        with self._lock:
            if self._watcher is not None and self._watcher.is_alive():
                return False
            self.problem = ""
            self.case.read(ids=ids)
            self._watcher = threading.Thread(target=self._watch, args=(service,), name="case-jobs", daemon=True)
            self._watcher.start()
            return True

    def stop(self) -> None:
        """Ends the reading after the receipts in hand; the rest keeps waiting."""
        if self.case.run is not None:
            self.case.run.stop()

    @property
    def reading(self) -> RunState:
        """Where the reading stands now, also one that a notebook started."""
        return RunState() if self.case.run is None else self.case.run.state

    @property
    def asking(self) -> bool:
        """Whether the tax service is being asked."""
        return self._asking > 0

    def ask(self, ids: Iterable[str] | None = None, retry: bool = False, service: TaxService | None = None) -> None:
        """Asks the tax service in the background: what was never asked, or `ids`, or with `retry` all that failed."""
        wanted = None if ids is None else tuple(ids)
        threading.Thread(target=self._ask, args=(wanted, retry, service), name="case-tax", daemon=True).start()

    def _watch(self, service: TaxService | None) -> None:
        run = self.case.run
        fresh: list[str] = []  # those alone: a service that is down is not asked for the same numbers at every turn
        try:
            for receipt in run or ():
                if _unasked(receipt):
                    fresh.append(receipt.id)
                if len(fresh) >= ASK_EVERY:
                    self._ask(tuple(fresh), False, service)
                    fresh = []
        except WorkbenchError as error:
            self.problem = str(error)
            log.exception("reading ended early")
        if fresh:
            self._ask(tuple(fresh), False, service)

    def _ask(self, ids: tuple[str, ...] | None, retry: bool, service: TaxService | None) -> None:
        self._asking += 1
        try:
            self.case.look_up_tax(ids, retry=retry, service=service)
        except WorkbenchError as error:
            self.problem = str(error)
            log.exception("asking the tax service ended early")
        finally:
            self._asking -= 1


def _unasked(receipt: Receipt) -> bool:
    return receipt.tax is None and receipt.value("business_number") is not None


_JOBS: dict[Path, CaseJobs] = {}
_JOBS_LOCK = threading.Lock()
_OPENING = threading.Lock()


def jobs_of(case: Case) -> CaseJobs:
    """The jobs of that case's folder in this process; made at the first call, with the case it was first asked for."""
    with _JOBS_LOCK:
        return _JOBS.setdefault(case.folder.resolve(), CaseJobs(case))


def open_case(folder: str | Path, settings: Settings | None = None) -> Case:
    """The case in `folder`; within one process always the same one, so that work going on in it is seen again.

    Where another lies there by now, as after a restoration, that one: the pages of the old one say that they are old.
    """
    path = Path(folder).expanduser()
    with _OPENING:
        jobs = known_jobs(path)
        if jobs is not None and jobs.case.is_replaced():
            jobs.stop()
            forget(path)
            jobs = None
        return jobs.case if jobs is not None else jobs_of(Case.open(path, settings)).case


def known_jobs(folder: Path) -> CaseJobs | None:
    """The jobs of that folder if some page of this process has opened it."""
    with _JOBS_LOCK:
        return _JOBS.get(folder.resolve())


def forget(folder: Path) -> CaseJobs | None:
    """Takes the jobs of that folder out of this process, as when nobody looks at it any more; what they were."""
    with _JOBS_LOCK:
        return _JOBS.pop(folder.resolve(), None)


def all_jobs() -> list[CaseJobs]:
    """All cases' jobs of this process."""
    with _JOBS_LOCK:
        return list(_JOBS.values())
