import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import panel as pn
import pytest
import requests
from bokeh.document import Document
from bokeh.models import ImportedStyleSheet
from panel.io.state import set_curdoc

from tests.kit.processes import environment, free_port, stop, wait_for
from tests.kit.scripted import picture
from tests.kit.visit import visit
from workbench.domain.errors import CaseError
from workbench.pipeline.storage import temporary
from workbench.review import background_jobs
from workbench.server import hosting, listening
from workbench.server.hosting import WorkbenchServer
from workbench.server.identity import Person, named
from workbench.settings import Settings

KIM, BROWSER = named("kim"), Person("a" * 32)
HOUR = 3600


@pytest.fixture
def office(tmp_path):
    settings = Settings(home=tmp_path / "home", jobs=2, engine="tests.kit.fakes:ScriptedEngine", max_disk_mb=1)
    yield WorkbenchServer.open(settings)
    for open_desk in background_jobs.all_jobs():
        background_jobs.forget(open_desk.case.folder)
        open_desk.case.close()


def test_everybody_comes_back_to_the_case_used_last(office):
    first = office.case_of(KIM, "")
    assert office.case_of(KIM, "").id == first.id
    second = office.registry.make(KIM, "다음")
    assert office.case_of(KIM, second.id).id == second.id
    with pytest.raises(CaseError, match="없는 사건이거나"):
        office.case_of(BROWSER, first.id)


def test_a_case_that_nobody_looks_at_is_closed_and_one_on_screen_is_not(office):
    about = office.case_of(KIM, "")
    case = office.watch(about)
    office.watch(about)
    office.leave(about)
    office.keep_house(60)
    assert background_jobs.known_jobs(case.folder) is not None
    office.leave(about)
    office.keep_house(60)
    assert background_jobs.known_jobs(case.folder) is None
    assert office.watch(about) is not case


def test_a_case_on_screen_does_not_expire_and_a_left_one_does(office):
    about = office.case_of(BROWSER, "")
    office.watch(about)
    office.keep_house(100 * HOUR)
    assert office.registry.find(BROWSER, about.id)
    office.leave(about)
    office.keep_house(25 * HOUR)
    assert not office.registry.folder(about).exists()


def test_deleting_a_case_that_is_being_read_leaves_nothing(office):
    about = office.case_of(KIM, "")
    case = office.watch(about)
    case.add(*((f"{i}.png", picture(shade=i)) for i in range(20)))
    background_jobs.jobs_of(case).start()
    gone = office.delete(KIM, about)
    with pytest.raises(CaseError):  # at once, whatever still goes on in it
        office.case_of(KIM, about.id)
    gone.join(300)
    assert not office.registry.folder(about).exists()
    assert office.registry.cases(KIM) == []


def test_room_is_each_persons_own(office):
    case = office.watch(office.case_of(KIM, ""))
    case.check_room(900_000)
    added = case.add(("big.png", picture() + b"\0" * 200_000))
    assert "MB가 찼습니다" in added.refused[0][1]


def test_unfinished_work_is_found_at_the_start(office):
    case = office.watch(office.case_of(KIM, ""))
    case.add(("a.png", picture(shade=1)), ("b.png", picture(shade=2)))
    office.case_of(BROWSER, "")
    assert office.unfinished() == (1, 2)


def test_what_a_killed_server_left_among_temporary_files_goes_and_a_living_ones_stays(tmp_path, office):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for pid in (dead.pid, os.getppid()):
        (tmp_path / "home" / ".tmp" / str(pid)).mkdir()
        (tmp_path / "home" / ".tmp" / str(pid) / "export.zip").write_text("confidential")
    temporary.stay_under(tmp_path / "home" / ".tmp")
    left = {path.parent.name for path in (tmp_path / "home" / ".tmp").glob("*/export.zip")}
    assert left == {str(os.getppid())}
    assert Path(tempfile.gettempdir()).parent == tmp_path / "home" / ".tmp"


def start_server(home: Path, path: str, *command: str) -> tuple[subprocess.Popen, str]:
    """A server as a process of its own, once `path` answers; and its address."""
    port = free_port()
    given = {
        "WORKBENCH_HOME": str(home / "data"),
        "WORKBENCH_ENGINE": "tests.kit.fakes:ScriptedEngine",
        "WORKBENCH_LOG_FILE": str(home / "log.jsonl"),
        "WORKBENCH_NTS_KEY": "a-key-nobody-may-see",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", *command, "--port", str(port)],
        env=environment(**given),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}/"
    wait_for(process, port)
    requests.get(url + path, headers={"Connection": "close"}, timeout=60).raise_for_status()
    return process, url


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    process, url = start_server(home, "health", "workbench", "serve")
    yield url, home
    stop(process)


def test_under_panel_serve_the_door_stands_from_the_second_request_on(tmp_path):
    script = Path(hosting.__file__).parents[1] / "app.py"
    process, url = start_server(tmp_path, "app", "panel", "serve", str(script))  # the first request asks it to reload
    try:
        one, two = requests.Session(), requests.Session()
        for browser in (one, two, one):
            assert get(url, browser, "app").status_code == 200
        first, second, again = (event["case"] for event in events(tmp_path, "page"))
        assert first != second
        assert again == first
    finally:
        stop(process)


def test_a_full_house_says_so_and_a_closed_tab_makes_room(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_MAX_TABS", "2")
    process, url = start_server(tmp_path, "health", "workbench", "serve")
    try:
        with requests.Session() as browser:
            for _ in range(3):
                assert get(url, browser).status_code == 200
            assert len(events(tmp_path, "page")) == 2
            assert len(events(tmp_path, "page-refused")) == 1
            end = time.monotonic() + 90  # nobody took up these sessions: the server lets them go by itself
            while len(events(tmp_path, "page")) == 2 and time.monotonic() < end:
                time.sleep(3)
                get(url, browser)
        assert len(events(tmp_path, "page")) == 3
    finally:
        stop(process)


def events(home: Path, name: str) -> list[dict]:
    return [
        line for line in map(json.loads, (home / "log.jsonl").read_text().splitlines()) if line.get("event") == name
    ]


def get(url: str, browser: requests.Session, query: str = "") -> requests.Response:
    return visit(browser, url + query, headers={"Connection": "close"})


def test_a_page_that_is_made_for_its_line_alone_asks_nothing_of_other_hosts():
    """As after a loss so long that its session has ended: then no page is written whose addresses Panel would mend."""
    document = Document()
    with set_curdoc(document):
        root = listening.made(lambda: pn.Column("words"))().get_root(document)
    addresses = [str(sheet.url) for sheet in root.references() if isinstance(sheet, ImportedStyleSheet)]
    assert addresses
    assert [address for address in addresses if not address.startswith("static/")] == []


def test_two_browsers_have_two_cases_and_keep_them_over_a_reload(served):
    url, home = served
    one, two = requests.Session(), requests.Session()
    for browser in (one, two, one):
        assert get(url, browser).status_code == 200
    first, second, again = (event["case"] for event in events(home, "page")[-3:])
    assert first != second
    assert again == first
    folders = {path.parent.name for path in (home / "data").glob("people/*/*/case.sqlite")}
    assert {first, second} <= folders


def test_nobody_opens_a_case_of_another_by_its_address(served):
    url, home = served
    one, two = requests.Session(), requests.Session()
    get(url, one)
    theirs = events(home, "page")[-1]["case"]
    pages, refused = len(events(home, "page")), len(events(home, "case-refused"))
    for wrong in (theirs, "../" + theirs, "가", "<script>alert(1)</script>"):
        assert "<script>alert(1)" not in get(url, two, f"?case={wrong}").text
    assert len(events(home, "page")) == pages
    assert len(events(home, "case-refused")) == refused + 4
    get(url, one, f"?case={theirs}")
    assert events(home, "page")[-1]["case"] == theirs


def test_no_key_and_no_secret_reaches_the_log(served):
    _, home = served
    text = (home / "log.jsonl").read_text()
    assert "a-key-nobody-may-see" not in text
    assert (home / "data" / ".secret").read_text() not in text
