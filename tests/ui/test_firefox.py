"""The life of a receipt in Firefox, as in Chromium: dropped, read, corrected, approved, copied into the journal."""

import time

import pytest

from tests.kit.firefox import FIREFOX, Firefox
from tests.kit.scripted import picture
from workbench.case import Case
from workbench.settings import Settings


@pytest.mark.skipif(
    FIREFOX is None,
    reason="Asked for by WORKBENCH_FIREFOX: it brings a loop of its own.",
)
def test_the_life_of_a_receipt_in_firefox(serve, tmp_path):
    (tmp_path / "카드.png").write_bytes(picture(shade=1))
    server = serve(tmp_path / "case")
    with Firefox(tmp_path / "profile") as firefox:
        firefox.open(server.url)
        firefox.find("html[data-rw-ready]")
        firefox.choose_files("input.files", tmp_path / "카드.png")
        firefox.find(".tabulator-row", "")
        firefox.click("button", "읽기 시작")
        firefox.find(".field[data-field=total] .value", "11,000")
        firefox.click(".field[data-field=total] .line")
        firefox.press("e", "Control+a", *"12345", "Enter")
        firefox.find(".field[data-field=total] .value", "12,345")
        firefox.click(".title .name")
        firefox.press("a")
        firefox.find(".question")  # it is not the sum of what stands beside it
        firefox.press("y")
        case, end = Case.open(tmp_path / "case", Settings()), time.monotonic() + 60
        while case.receipts()[0].status != "approved" and time.monotonic() < end:
            time.sleep(0.2)
            case.refresh()
        (receipt,) = case.receipts()
        assert (receipt.status, receipt.value("total")) == ("approved", "12345")
        case.close()
        firefox.press("s")
        firefox.find("[role=tab]", "모아 승인")
        firefox.click("button", "요약")
        firefox.find(".heads b", "1건")
