"""Full and read-only disks, clocks that jump, a case copied while it is open, two servers on one case."""

import os
import shutil
import subprocess
import sys
import textwrap
from datetime import UTC, datetime

import pytest

from tests.kit.processes import environment
from tests.kit.scripted import SETTINGS, picture
from workbench.case import Case
from workbench.domain.errors import CaseError
from workbench.pipeline.storage import journal


@pytest.fixture
def case(tmp_path):
    case = Case.open(tmp_path / "case", SETTINGS)
    case.add(*((f"{i}.png", picture(shade=i)) for i in range(4)))
    case.read().wait(progress=False)
    yield case
    case.close()


def in_a_process_of_its_own(script: str, *arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", "import sys\n" + textwrap.dedent(script), *map(str, arguments)],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_a_full_disk_is_told_in_words_and_what_was_accepted_stays(case):
    name = case.receipts()[0].id
    case.correct(name, "total", "1", by="kim")
    done = in_a_process_of_its_own(
        """
        import resource, signal
        from tests.kit.scripted import SETTINGS
        from workbench.case import Case
        from workbench.domain.errors import WorkbenchError
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        case = Case.open(sys.argv[1], SETTINGS)
        largest = max(path.stat().st_size for path in case.folder.glob("case.sqlite*"))
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest + 64 * 1024,) * 2)  # no file grows beyond this any more
        try:
            for number in range(2000):
                case.correct(sys.argv[2], "merchant", "가" * 200 + str(number), by="lee")
                kept = number
        except WorkbenchError as error:
            print(kept, error)
        """,
        case.folder,
        name,
    )
    assert done.returncode == 0, done.stderr
    kept, words = done.stdout.split(" ", 1)
    assert words.strip().endswith(("다.", "요."))
    case.refresh()
    assert case.receipt(name).value("total") == "1"
    assert case.receipt(name).value("merchant").endswith(kept)
    case.correct(name, "total", "2", by="kim")  # there is room again
    assert case.receipt(name).value("total") == "2"


def test_an_upload_that_does_not_fit_leaves_nothing_half(case):
    done = in_a_process_of_its_own(
        """
        import resource, signal
        from tests.kit.scripted import SETTINGS, picture
        from workbench.case import Case
        from workbench.domain.errors import WorkbenchError
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        case = Case.open(sys.argv[1], SETTINGS)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200 * 1024,) * 2)
        try:
            added = case.add(("big.png", picture(shade=99) + bytes(400_000)))
            print(added.refused)
        except WorkbenchError as error:
            print(error)
        """,
        case.folder,
    )
    assert done.returncode == 0, done.stderr
    assert "다" in done.stdout or "요" in done.stdout
    case.refresh()
    assert len(case.receipts()) == 4
    assert not list((case.folder / "files").glob(".incoming-*"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give up its rights to a folder for one process")
def test_a_read_only_folder_is_told_in_words(case):
    case.close()
    for path in [case.folder, *case.folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    for parent in case.folder.parents[:3]:
        parent.chmod(0o755)
    done = in_a_process_of_its_own(
        """
        import os
        from tests.kit.scripted import SETTINGS, picture
        from workbench.case import Case
        from workbench.domain.errors import WorkbenchError
        os.setuid(65534)
        try:
            case = Case.open(sys.argv[1], SETTINGS)
            case.correct(case.receipts()[0].id, "total", "5", by="kim")
            print("written")
        except WorkbenchError as error:
            print(error)
        """,
        case.folder,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith(("다.", "요.")), done.stdout


def test_a_case_copied_while_it_is_open_and_written_is_whole(case, tmp_path):
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.kit.reviewer", case.folder, "3"],
        stdout=subprocess.PIPE,
        env=environment(),
    )
    try:
        told = [writer.stdout.readline().split() for _ in range(40)]
        copy = tmp_path / "copy"
        shutil.copytree(case.folder, copy, ignore=shutil.ignore_patterns(".incoming-*"))
    finally:
        writer.kill()
        writer.wait()
        writer.stdout.close()
    copied = Case.open(copy, SETTINGS)
    assert len(copied.receipts()) == 4
    kept = {(entry.receipt, entry.value) for entry in copied.journal()}
    assert {(line[1].decode(), line[2].decode()) for line in told if line[0] == b"did"} <= kept
    copied.close()


def test_two_servers_on_one_case_keep_each_others_words(case):
    ids = [receipt.id for receipt in case.receipts()]
    script = """
        from tests.kit.scripted import SETTINGS
        from workbench.case import Case
        case = Case.open(sys.argv[1], SETTINGS)
        for number in range(50):
            case.correct(sys.argv[2], "total", f"{sys.argv[3]}{number:02}", by=sys.argv[3])
        """
    both = [
        subprocess.Popen(
            [sys.executable, "-c", "import sys\n" + textwrap.dedent(script), case.folder, ids[0], who],
            env=environment(),
        )
        for who in ("1", "2")
    ]
    assert [process.wait(120) for process in both] == [0, 0]
    words = [(entry.by, entry.value) for entry in case.journal()]
    assert sorted(words) == sorted((who, f"{who}{number:02}") for who in ("1", "2") for number in range(50))


@pytest.mark.parametrize("year", [1970, 2099])
def test_a_clock_that_jumps_changes_neither_order_nor_words(case, monkeypatch, year):
    name = case.receipts()[0].id
    case.correct(name, "total", "1", by="kim")
    monkeypatch.setattr(journal, "now", lambda: datetime(year, 1, 1, tzinfo=UTC).isoformat())
    case.correct(name, "total", "2", by="kim")
    monkeypatch.undo()
    case.correct(name, "total", "3", by="kim")
    assert [entry.value for entry in case.journal()] == ["1", "2", "3"]
    assert case.receipt(name).value("total") == "3"


def test_a_damaged_database_is_told_in_words(case):
    case.close()
    path = case.folder / "case.sqlite"
    path.write_bytes(b"not a database " * 100)
    with pytest.raises(CaseError, match=r"[다요]\."):
        Case.open(case.folder, SETTINGS)
