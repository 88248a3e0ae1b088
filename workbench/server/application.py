"""What the server answers with: the page of whoever asks, for their case. Stands above `page`, which makes it."""

import base64
import hmac
import logging
import socket
import threading
from functools import cache, partial
from pathlib import Path
from typing import Any

import panel as pn

from workbench import event_log
from workbench.domain.errors import CaseError, SettingsError
from workbench.event_log import event
from workbench.page import start, workbench_page
from workbench.page_dialogs import Host
from workbench.page_layout import TEMPLATE
from workbench.review import texts
from workbench.review.background_jobs import open_case
from workbench.server import auth, door, quick_models, running
from workbench.server.case_dialog import CaseDialog
from workbench.server.hosting import WorkbenchServer, keep_house_for_ever
from workbench.server.identity import secret_of
from workbench.server.listening import listen, run
from workbench.server.phone import phone_page
from workbench.server.routes import guard_running
from workbench.settings import Settings

log = logging.getLogger(__name__)


def case_token(home: Path, folder: Path) -> str:
    """What opens the one case served: the same at each start, so that a page goes on by itself after a restart."""
    said = hmac.digest(secret_of(home).encode(), f"case {folder.expanduser().resolve()}".encode(), "sha256")
    return base64.urlsafe_b64encode(said[:24]).decode()


def page(server: WorkbenchServer) -> Any:
    """The page for whoever asks: their case, or in words why there is none."""
    # A page of words has no title of its own, and would repeat the head that was sent before it.
    pn.state.curdoc.title, pn.state.curdoc.template = texts.APP, TEMPLATE
    headers, session = pn.state.headers, str(pn.state.curdoc.session_context.id)
    if not auth.was_guarded(headers):
        # This session began before anybody was asked, as the first under `panel serve` does; the next comes through.
        server.access.admit(session, "")
        pn.state.onload(lambda: pn.state.location.param.update(reload=True))
        return pn.pane.HTML(texts.ONE_MOMENT)
    person = auth.person_of(headers)
    server.access.admit(session, person.key)
    pn.state.on_session_destroyed(lambda context: server.access.forget(str(context.id)))
    if server.full(person):
        event("page-refused", open=server.settings.max_tabs)
        return pn.pane.Alert(texts.TOO_MANY_TABS, alert_type="warning")
    wanted = b"".join(pn.state.session_args.get("case", [])).decode("ascii", "replace")
    try:
        about = server.case_of(person, wanted)
        case = server.watch(about, person)
    except CaseError as error:
        return _refused(error)
    pn.state.on_session_destroyed(lambda _: server.leave(about, person))
    server.access.admit(session, person.key, partial(server.may_see, person, about))
    event("page", case=about.id, named=person.named)
    case_dialog = CaseDialog(server.registry, person, about, delete=partial(server.delete, person, about))
    phones = server.phones(server.registry.folder(about), partial(server.may_see, person, about))
    try:
        return workbench_page(case, person.name, about.title, Host(case_dialog, phones, server.alone))
    except CaseError as error:  # it can be read no more
        return _refused(error)


def _refused(error: CaseError) -> Any:
    event("case-refused")
    return pn.pane.Alert(f"{texts.plain(str(error))} [{texts.OWN_CASES}](?)", alert_type="warning")


@cache
def _server() -> WorkbenchServer:
    """The office of a server that `panel serve` started; opened by the first page."""
    quick_models.install()
    settings = Settings.read()
    event_log.start(Path(settings.log_file) if settings.log_file else None)
    server = WorkbenchServer.open(settings)
    guard_running(server.access)
    threading.Thread(target=keep_house_for_ever, args=(server,), name="housekeeping", daemon=True).start()
    return server


def served_page() -> Any:
    """The page under `panel serve workbench/app.py`, guarded as under `workbench serve`; words where it fails."""
    try:
        return page(_server())
    except SettingsError:
        raise
    except Exception:  # Panel would show a traceback
        log.exception("a page failed while it was made")
        event("page-failed")
        return pn.pane.Alert(f"{texts.ANSWER_FAILED}. {texts.ANSWER_FAILED_DO}", alert_type="danger")


def serve(
    settings: Settings, case_folder: Path | None, sockets: list[socket.socket], address: str, show: bool = False
) -> None:
    """Serves until it is stopped: everybody's own cases, or, with a folder, that one case for whoever has the address
    that is printed and, with `show`, opened.
    """
    event_log.start(Path(settings.log_file) if settings.log_file else None)
    token = "" if case_folder is None else case_token(settings.home, Path(case_folder))
    server = WorkbenchServer.open(settings, token, address)
    quick_models.install()
    start()

    def one_case() -> Any:  # panel takes functions for pages, not partials
        person = auth.person_of(pn.state.headers)
        server.access.admit(str(pn.state.curdoc.session_context.id), person.key)
        pn.state.on_session_destroyed(lambda context: server.access.forget(str(context.id)))
        folder = Path(case_folder or "").expanduser().resolve()
        host = Host(phones=server.phones(folder), alone=server.alone)
        return workbench_page(open_case(folder, settings), person.name, host=host)

    def own_cases() -> Any:
        return page(server)

    def phone() -> Any:
        return phone_page(server.access, server.open_for_phone, server.full)

    shown = own_cases if case_folder is None else one_case
    listening = listen(shown, server.access, settings, sockets, phone)
    if case_folder is None:
        cases, receipts = server.unfinished()
        event("started", port=server.access.port, unfinished_cases=cases, unfinished_receipts=receipts)
        if receipts:
            print(texts.UNFINISHED_AT_START.format(cases=cases, receipts=receipts))
        threading.Thread(target=keep_house_for_ever, args=(server,), name="housekeeping", daemon=True).start()
        running.note(settings.home, door.address_of(server.access.port, address))
    if server.access.logins is not None and (clear := server.access.logins.clear):
        print(texts.CLEAR_PASSWORDS.format(count=clear, file=settings.basic_auth))
    url = door.address_of(server.access.port, address) + (f"?token={token}" if token else "")
    print(texts.SERVING.format(url=url), flush=True)
    if show:
        door.show(url)
    run(listening)
