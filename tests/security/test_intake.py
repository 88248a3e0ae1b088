"""What lies among somebody's papers and is none: pipes, links that lead out, files that go."""

import os
import threading

import pytest

from tests.kit.nobody import as_nobody
from tests.kit.scripted import SETTINGS, picture
from workbench.case import Case
from workbench.domain.errors import CaseError, FileRefused
from workbench.pipeline.storage.intake import size_of, walk

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes and links")


@pytest.fixture
def case(tmp_path):
    case = Case.open(tmp_path / "case", SETTINGS)
    yield case
    case.close()


@pytest.fixture
def pile(tmp_path):
    """A folder with one picture, and something outside it."""
    folder = tmp_path / "pile"
    folder.mkdir()
    (folder / "a.png").write_bytes(picture())
    (tmp_path / "outside.png").write_bytes(picture(shade=9))
    return folder


def added(case: Case, *sources):
    """What became of them; a pipe that is waited for would hold the thread, and is told of."""
    found = []
    adding = threading.Thread(target=lambda: found.append(case.add(*sources)), daemon=True)
    adding.start()
    adding.join(300)
    assert found, "it waits for ever"
    return found[0]


def refusal(source) -> str:
    try:
        return "" if size_of(source) else "empty"
    except FileRefused as error:
        return str(error)


@pytest.mark.parametrize("named", [True, False], ids=["by name", "in a folder"])
def test_a_pipe_is_not_waited_for(case, pile, named):
    os.mkfifo(pile / "pipe.png")
    found = added(case, *([pile / "pipe.png", pile / "a.png"] if named else [pile]))
    assert len(found.new) == 1
    assert len(found.refused) == named  # in a folder, what is no file is not listed


def test_a_pipe_that_takes_a_files_place_after_the_look_is_not_waited_for(case, pile):
    listed = list(walk([pile]))
    (pile / "a.png").unlink()
    os.mkfifo(pile / "a.png")
    found = added(case, *listed)
    assert (len(found.new), len(found.refused)) == (0, 1)


def test_a_link_that_leads_out_of_the_folder_is_refused_and_said(case, pile, tmp_path):
    (pile / "link.png").symlink_to(tmp_path / "outside.png")
    (pile / "within.png").symlink_to(pile / "a.png")
    (pile / "folder").symlink_to(tmp_path)
    found = added(case, pile)
    assert [name for name, _ in found.refused] == ["folder", "link.png"]
    assert all("폴더 밖" in why for _, why in found.refused)
    assert {receipt.file for receipt in case.receipts()} <= {"a.png", "within.png"}
    assert not (case.folder / "files" / "outside.png").exists()
    assert len(list((case.folder / "files").iterdir())) == 1


def test_a_link_to_nothing_is_said_and_one_in_a_circle_is_not_followed(case, pile):
    (pile / "gone.png").symlink_to("nowhere.png")
    (pile / "round.png").symlink_to("round.png")
    (pile / "again").symlink_to(pile)
    found = added(case, pile)
    assert [name for name, _ in found.refused] == ["gone.png", "round.png"]
    assert [receipt.file for receipt in case.receipts()] == ["a.png"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give up its rights")
@pytest.mark.parametrize("rights", [0o000, 0o444], ids=["closed", "listed only"])
def test_a_folder_below_that_may_not_be_read_hides_no_other_and_is_said(case, pile, rights):
    (pile / "b").mkdir()
    (pile / "b" / "c.png").write_bytes(picture(shade=3))
    (pile / "b").chmod(rights)
    with as_nobody(pile) as shown:
        named = [(name, refusal(source)) for name, source in walk([shown])]
        if rights == 0:
            with pytest.raises(CaseError, match="읽을 권한"):
                list(walk([shown / "b"]))
    assert named[0] == ("a.png", "")
    assert [name for name, why in named[1:] if "권한" in why] == ["b" if rights == 0 else "b/c.png"]


def test_a_file_that_is_gone_when_its_turn_comes_is_refused_and_stops_no_other(case, pile):
    (pile / "b.png").write_bytes(picture(shade=3))
    listed = list(walk([pile]))
    (pile / "a.png").unlink()
    found = added(case, *listed)
    assert [name for name, _ in found.refused] == ["a.png"]
    assert len(found.new) == 1
