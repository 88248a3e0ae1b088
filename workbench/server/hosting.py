"""One server's people and their cases, and what it does on its own in between."""

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from workbench.case import Case
from workbench.domain.errors import CaseError, WorkbenchError
from workbench.event_log import event
from workbench.pipeline.storage import temporary
from workbench.review import texts
from workbench.review.background_jobs import CaseJobs, all_jobs, forget, open_case
from workbench.server import auth
from workbench.server.case_record import About, is_empty
from workbench.server.case_registry import CaseRegistry
from workbench.server.disk_room import DiskRoom
from workbench.server.identity import Authenticator, Person, secret_of
from workbench.server.login import Logins
from workbench.server.phone import Phones
from workbench.settings import Settings

TABS_A_PERSON = 20
HOUSEKEEPING_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class WorkbenchServer:
    """One server's people and cases; `watchers` counts the pages that show each case folder."""

    settings: Settings
    registry: CaseRegistry
    access: auth.Access
    listening: str | None = None
    """Where it listens; None under `panel serve`, where no phone can be invited."""
    watchers: Counter[Path] = field(default_factory=Counter)
    tabs: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def open(cls, settings: Settings, token: str = "", listening: str | None = None) -> "WorkbenchServer":
        """The office over `settings.home`, tidied of what an earlier server left; raises CaseError, SettingsError."""
        access = access_of(settings, token)
        registry = CaseRegistry(settings.home, settings.keep_hours, DiskRoom(settings.max_disk_mb))
        registry.clean()
        if not token:
            access.has_work = partial(_has_work, registry)
        temporary.stay_under(settings.home / ".tmp")
        return cls(settings, registry, access, listening)

    @property
    def alone(self) -> bool:
        """Whether only this machine's user comes here: nobody logs in, nobody reaches it from elsewhere."""
        s, here = self.settings, self.listening in auth.LOCAL_NAMES
        return here and not (s.basic_auth or s.oauth_provider or s.user_header or s.origins)

    def case_of(self, person: Person, wanted: str) -> About:
        """The case to show: the one asked for, else the one used last, else a new one."""
        if wanted:
            return self.registry.find(person, wanted)
        own = self.registry.cases(person)
        return own[0] if own else self.registry.make(person, texts.FIRST_CASE)

    def watch(self, about: About, person: Person | None = None) -> Case:
        """The open case, with one page more looking at it; `leave` when that page is gone."""
        folder = self.registry.folder(about)
        with self.lock:
            case = open_case(folder, self.settings)
            self.watchers[folder] += 1
            self.tabs[person.key if person else about.owner] += 1
        case.owner = about.owner
        case.check_room = partial(self.registry.check_room, about.owner)
        self.registry.touch(about)
        return case

    def phones(self, folder: Path, may_still: Callable[[], bool] = lambda: True) -> Phones | None:
        """Who invites phones to the case in `folder`; None where there is no page for them."""
        if self.listening is None:
            return None
        return Phones(self.access.passes, str(folder), self.listening, lambda: self.access.port, may_still)

    def open_for_phone(self, folder: str, person: Person) -> tuple[Case, Callable[[], None]]:
        """The case in `folder` for a phone that has a pass to it, and what to call when the phone's page is gone."""
        about = next((one for one in self.registry.all() if str(self.registry.folder(one)) == folder), None)
        if about is None:  # the one case served
            case = open_case(Path(folder), self.settings)
            with self.lock:
                self.tabs[person.key] += 1
            return case, partial(self._closed, person)
        return self.watch(about, person), partial(self.leave, about, person)

    def _closed(self, person: Person) -> None:
        with self.lock:
            self.tabs[person.key] -= 1

    def full(self, person: Person) -> bool:
        """Whether as many pages are open as the server's memory is meant for, or as one person may open."""
        with self.lock:
            return self.watchers.total() >= self.settings.max_tabs or self.tabs[person.key] >= TABS_A_PERSON

    def may_see(self, person: Person, about: About) -> bool:
        """Whether the case is still there for that person; looked at before each word on a page."""
        return self.registry.is_open_to(person, about)

    def leave(self, about: About, person: Person | None = None) -> None:
        """One page less looks at the case; from now on it ages."""
        with self.lock:
            self.watchers[self.registry.folder(about)] -= 1
            self.tabs[person.key if person else about.owner] -= 1
        self.registry.touch(about)

    def delete(self, person: Person, about: About) -> threading.Thread:
        """Deletes a case for good. It is out of sight at once; what goes on in it is ended and waited for elsewhere."""
        self.registry.let_go(person, about.id)
        jobs = forget(self.registry.folder(about))
        going = threading.Thread(target=self._finish_deleting, args=(about, jobs), name="deleting", daemon=True)
        going.start()
        return going

    def _finish_deleting(self, about: About, jobs: CaseJobs | None) -> None:
        try:
            if jobs is not None:
                jobs.stop()
                if jobs.case.run is not None:
                    jobs.case.run.wait(progress=False)
                jobs.case.close()
            self.registry.finish(about)
        except WorkbenchError as error:
            self.registry.take_back(about)
            event("case-delete-failed", case=about.id, kind=type(error).__name__)
        else:
            event("case-deleted", case=about.id)

    def keep_house(self, seconds: float, after_start: bool = False) -> None:
        """Lets time pass for cases without a named owner, and closes cases that nobody looks at any more."""
        with self.lock:
            for jobs in all_jobs():
                if self.watchers[jobs.case.folder] <= 0 and not jobs.reading.running and not jobs.asking:
                    forget(jobs.case.folder)
                    jobs.case.close()
                else:
                    jobs.case.finish_erasing()
            used = frozenset(jobs.case.folder.name for jobs in all_jobs())
            gone = self.registry.age(seconds, used, after_start)
        for about in gone:
            event("case-expired", case=about.id)
        (self.settings.home / ".heartbeat").touch()

    def unfinished(self) -> tuple[int, int]:
        """(cases, receipts) whose reading an earlier server did not finish."""
        counts = [_waiting(self.registry.folder(about)) for about in self.registry.all()]
        return sum(map(bool, counts)), sum(counts)


def _has_work(registry: CaseRegistry, person: Person) -> bool:
    """Whether a case of the person's, or one that they see, holds anything."""
    return any(not is_empty(registry.folder(about)) for about in registry.cases(person))


def access_of(settings: Settings, token: str = "") -> auth.Access:
    """Access as the settings want it; SettingsError where they cannot be."""
    secret = secret_of(settings.home)
    origins = frozenset(part.lower() for part in _listed(settings.origins))
    keeper = Authenticator(secret, settings.user_header, tuple(_listed(settings.trusted_proxies)))
    passwords = Path(settings.basic_auth) if settings.basic_auth else None
    logins = Logins(passwords, secret, settings.home / ".logged-out") if passwords else None
    return auth.Access(keeper, origins, logins, token)


def _listed(setting: str) -> list[str]:
    return [part.strip() for part in setting.split(",") if part.strip()]


def keep_house_for_ever(server: WorkbenchServer) -> None:
    """Counts the time by a clock that nobody can set; only the time between two servers is taken from the date."""
    heartbeat = server.settings.home / ".heartbeat"
    away = time.time() - heartbeat.stat().st_mtime if heartbeat.exists() else 0.0
    server.keep_house(away, after_start=True)
    last = time.monotonic()
    while True:
        time.sleep(HOUSEKEEPING_SECONDS)
        now = time.monotonic()
        try:
            server.keep_house(now - last)
        except (CaseError, OSError) as error:  # a full disk today must not end housekeeping for good
            event("housekeeping-failed", kind=type(error).__name__)
        last = now


def _waiting(folder: Path) -> int:
    try:
        with sqlite3.connect(f"{(folder / 'case.sqlite').as_uri()}?mode=ro", uri=True) as db:
            return int(
                db.execute("SELECT count(*) FROM receipts WHERE status = 'waiting' AND NOT hidden").fetchone()[0]
            )
    except sqlite3.Error:
        return 0  # no case yet, or one whose page will say what is wrong with it
