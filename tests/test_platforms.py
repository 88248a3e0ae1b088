"""What Windows and macOS do otherwise, as far as it can be shown here: spawned workers, names, files that are open."""

import errno
import multiprocessing
import os
from dataclasses import replace
from functools import partial

import pytest

from tests.kit.scripted import SETTINGS, picture
from workbench.case import Case
from workbench.domain.errors import ExportFailed
from workbench.pipeline.export.file_names import Names, safe_name
from workbench.pipeline.imaging.file_type import Limits
from workbench.pipeline.ocr.engine import EngineSpec
from workbench.pipeline.reading.worker import read_page
from workbench.pipeline.storage import atomic


def test_a_spawned_process_reads_a_page(tmp_path):
    """Nothing that a worker needs comes to it by fork: neither Windows nor macOS has that."""
    (tmp_path / "a.png").write_bytes(picture())
    task = partial(read_page, page=1, spec=EngineSpec(SETTINGS.engine), limits=Limits())
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        [read] = pool.apply(task, (str(tmp_path / "a.png"),))
    assert {f.name: f.read for f in read.reading.fields}["total"] == "11000"


def test_names_that_differ_in_case_alone_do_not_cover_each_other():
    names = Names()
    given = [names.new(name, ".jpg") for name in ("Cafe", "CAFE", "cafe", "Straße", "STRASSE")]
    assert len({name.casefold() for name in given}) == 5


@pytest.mark.parametrize("name", ["con", "NUL.txt", "a:b", "trailing.", "q?*"])
def test_names_that_windows_refuses_are_made_fit(name):
    made = safe_name(name)
    assert made
    assert not set('<>:"/\\|?*') & set(made)
    assert not made.endswith((".", " "))
    assert made.split(".")[0].casefold() not in ("con", "nul")


def open_elsewhere(source, target):
    """As Windows answers while another program, Excel say, has the target open."""
    raise PermissionError(errno.EACCES, "The process cannot access the file", str(target))


def test_a_table_that_is_open_in_excel_stays_as_it_was_and_is_told_of(tmp_path, monkeypatch):
    case = Case.open(tmp_path / "case", replace(SETTINGS, home=tmp_path))
    out = tmp_path / "out.csv"
    out.write_text("before")
    monkeypatch.setattr(atomic.os, "replace", open_elsewhere)
    with pytest.raises(ExportFailed, match=r"out\.csv"):
        case.export(out)
    assert out.read_text() == "before"
    assert sorted(os.listdir(tmp_path)) == ["case", "out.csv"]
    case.close()
