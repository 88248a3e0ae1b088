"""The workbench for many people: who somebody is, which case they see, and what the server does on its own in between.

Stands above `page`, which makes the page for a case.
"""

import base64
import hmac
import os
import shutil
import sqlite3
import tempfile
import threading
import time
import webbrowser
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

import panel as pn

from workbench import event_log
from workbench.case import Case
from workbench.domain.errors import CaseError, SettingsError, WorkbenchError
from workbench.event_log import event
from workbench.page import start, workbench_page
from workbench.review import texts
from workbench.review.background_jobs import CaseJobs, all_jobs, forget, open_case
from workbench.server import auth
from workbench.server.case_dialog import CaseDialog
from workbench.server.case_record import About
from workbench.server.case_registry import CaseRegistry
from workbench.server.disk_room import DiskRoom
from workbench.server.identity import Authenticator, Person, secret_of
from workbench.server.listening import listen, run
from workbench.server.login import Logins
from workbench.server.phone import Phones, phone_page
from workbench.server.routes import stand_before_running
from workbench.settings import Settings

TABS_A_PERSON = 20
HOUSEKEEPING_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class WorkbenchServer:
    """One server's people and cases; `watchers` counts the pages that show each case folder."""

    settings: Settings
    registry: CaseRegistry
    door: auth.Door
    listening: str | None = None
    """Where it listens; None under `panel serve`, where no phone can be invited."""
    watchers: Counter[Path] = field(default_factory=Counter)
    tabs: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def open(cls, settings: Settings, token: str = "", listening: str | None = None) -> "WorkbenchServer":
        """The office over `settings.home`, tidied of what an earlier server left; raises CaseError, SettingsError."""
        door = door_of(settings, token)
        registry = CaseRegistry(settings.home, settings.keep_hours, DiskRoom(settings.max_disk_mb))
        registry.clean()
        _own_temporary_folder(settings.home)
        return cls(settings, registry, door, listening)

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
        return Phones(self.door.passes, str(folder), self.listening, lambda: self.door.port, may_still)

    def open_for_phone(self, folder: str, person: Person) -> tuple[Case, Callable[[], None]]:
        """The case in `folder` for a phone that has a pass to it, and what to call when the phone's page is gone."""
        about = next((one for one in self.registry.all() if str(self.registry.folder(one)) == folder), None)
        if about is None:  # the one case served
            return open_case(Path(folder), self.settings), lambda: None
        return self.watch(about, person), partial(self.leave, about, person)

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
                if self.watchers[jobs.case.folder] <= 0 and not jobs.progress().running and not jobs.asking:
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


def door_of(settings: Settings, token: str = "") -> auth.Door:
    """The door as the settings want it; SettingsError where they cannot be."""
    secret = secret_of(settings.home)
    origins = frozenset(part.lower() for part in _listed(settings.origins))
    keeper = Authenticator(secret, settings.user_header, tuple(_listed(settings.trusted_proxies)))
    passwords = Path(settings.basic_auth) if settings.basic_auth else None
    logins = Logins(passwords, secret, settings.home / ".logged-out") if passwords else None
    return auth.Door(keeper, origins, logins, token)


def case_token(home: Path, folder: Path) -> str:
    """What opens the one case served: the same at each start, so that a page goes on by itself after a restart."""
    said = hmac.digest(secret_of(home).encode(), f"case {folder.expanduser().resolve()}".encode(), "sha256")
    return base64.urlsafe_b64encode(said[:24]).decode()


def page(server: WorkbenchServer) -> Any:
    """The page for whoever asks: their case, or in words why there is none."""
    pn.state.curdoc.title = texts.APP  # a page of words has no title of its own
    headers, session = pn.state.headers, str(pn.state.curdoc.session_context.id)
    if not auth.was_guarded(headers):
        # This session began before the door stood, as the first one under `panel serve` does; the next comes through.
        server.door.admit(session, "")
        pn.state.onload(lambda: pn.state.location.param.update(reload=True))
        return pn.pane.HTML(texts.ONE_MOMENT)
    person = auth.person_of(headers)
    server.door.admit(session, person.key)
    pn.state.on_session_destroyed(lambda context: server.door.forget(str(context.id)))
    if server.full(person):
        event("page-refused", open=server.settings.max_tabs)
        return pn.pane.Alert(texts.TOO_MANY_TABS, alert_type="warning")
    wanted = b"".join(pn.state.session_args.get("case", [])).decode("ascii", "replace")
    try:
        about = server.case_of(person, wanted)
        case = server.watch(about, person)
    except CaseError as error:
        event("case-refused")
        return pn.pane.Alert(f"{texts.plain(str(error))} [{texts.OWN_CASES}](?)", alert_type="warning")
    pn.state.on_session_destroyed(lambda _: server.leave(about, person))
    server.door.admit(session, person.key, partial(server.may_see, person, about))
    event("page", case=about.id, named=person.named)
    case_dialog = CaseDialog(server.registry, person, about, delete=partial(server.delete, person, about))
    phones = server.phones(server.registry.folder(about), partial(server.may_see, person, about))
    return workbench_page(case, person.name, title=about.title, case_dialog=case_dialog, phones=phones)


@cache
def _server() -> WorkbenchServer:
    """The office of a server that `panel serve` started; opened by the first page."""
    settings = Settings.read()
    event_log.start(Path(settings.log_file) if settings.log_file else None)
    server = WorkbenchServer.open(settings)
    stand_before_running(server.door)
    threading.Thread(target=_keep_house, args=(server,), name="housekeeping", daemon=True).start()
    return server


def served_page() -> Any:
    """The page under `panel serve workbench/app.py`, behind the same door as under `workbench serve`."""
    return page(_server())


def serve(
    settings: Settings, case_folder: str | Path | None, port: int, address: str = "127.0.0.1", show: bool = False
) -> None:
    """Serves until it is stopped: everybody's own cases, or, with a folder, that one case for whoever has the address
    that is printed.
    """
    event_log.start(Path(settings.log_file) if settings.log_file else None)
    token = "" if case_folder is None else case_token(settings.home, Path(case_folder))
    server = WorkbenchServer.open(settings, token, address)
    start()

    def one_case() -> Any:  # panel takes functions for pages, not partials
        person = auth.person_of(pn.state.headers)
        server.door.admit(str(pn.state.curdoc.session_context.id), person.key)
        pn.state.on_session_destroyed(lambda context: server.door.forget(str(context.id)))
        folder = Path(case_folder or "").expanduser().resolve()
        return workbench_page(open_case(folder, settings), person.name, phones=server.phones(folder))

    def own_cases() -> Any:
        return page(server)

    def phone() -> Any:
        return phone_page(server.door, server.open_for_phone)

    try:
        shown = own_cases if case_folder is None else one_case
        listening = listen(shown, server.door, settings, port, address, phone)
    except OSError as error:
        raise SettingsError(texts.PORT_TAKEN.format(address=address, port=port, why=error.strerror)) from error
    if case_folder is None:
        cases, receipts = server.unfinished()
        event("started", port=server.door.port, unfinished_cases=cases, unfinished_receipts=receipts)
        if receipts:
            print(texts.UNFINISHED_AT_START.format(cases=cases, receipts=receipts))
        threading.Thread(target=_keep_house, args=(server,), name="housekeeping", daemon=True).start()
    if server.door.logins is not None and (clear := server.door.logins.clear):
        print(texts.CLEAR_PASSWORDS.format(count=clear, file=settings.basic_auth))
    name = address if address not in ("", "0.0.0.0", "::") else "localhost"  # noqa: S104  # compared, not bound
    url = f"http://{f'[{name}]' if ':' in name else name}:{server.door.port}/" + (f"?token={token}" if token else "")
    print(texts.SERVING.format(url=url), flush=True)
    if show:
        threading.Thread(target=webbrowser.open, args=(url,), name="browser", daemon=True).start()
    run(listening)


def _listed(setting: str) -> list[str]:
    return [part.strip() for part in setting.split(",") if part.strip()]


def _keep_house(server: WorkbenchServer) -> None:
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


def _own_temporary_folder(home: Path) -> None:
    """Temporary files lie under `home`, one folder a process: what a killed server left goes at the next start."""
    temporary = home / ".tmp"
    for rest in temporary.glob("*"):
        if not (rest.name.isdecimal() and _runs(int(rest.name))):
            shutil.rmtree(rest, ignore_errors=True)
    own = temporary / str(os.getpid())
    own.mkdir(parents=True, exist_ok=True, mode=0o700)
    tempfile.tempdir = str(own)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True
