import csv
import json
from pathlib import Path
from types import ModuleType

import pytest

from workbench.domain.model import Line
from workbench.pipeline.imaging import pages
from workbench.pipeline.imaging.file_type import Limits
from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.ocr.engine import EngineSpec, engine
from workbench.pipeline.reading.worker import receipts_of

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
TRUTH = json.loads((SAMPLE / "truth.json").read_text("utf-8"))
LIMITS = Limits()


def receipts(entry: dict) -> list[dict]:
    return entry.get("receipts") or [entry]


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(SAMPLE))
    import make

    return make


def test_the_truth_is_what_the_script_draws(make: ModuleType) -> None:
    assert make.truth() == TRUTH
    with (SAMPLE / "card_statement.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1:] == [[str(cell) for cell in row] for row in make.statement()]


def test_drawing_again_gives_the_same_picture(
    make: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make, "HERE", tmp_path)
    make.draw("mixed_exempt.png", make.PAPERS["mixed_exempt.png"])
    again = pages.load(tmp_path / "mixed_exempt.png", 1, LIMITS).astype(int)
    assert abs(again - pages.load(SAMPLE / "mixed_exempt.png", 1, LIMITS)).mean() < 1


def test_sums_and_check_digits_hold() -> None:
    for receipt in (r for entry in TRUTH for r in receipts(entry) if r["total"] is not None):
        assert (receipt["supply"] or 0) + (receipt["vat"] or 0) + receipt["exempt"] == receipt["total"]
        digits = [int(c) for c in receipt["business_number"] if c.isdigit()]
        weighed = sum(w * d for w, d in zip((1, 3, 7, 1, 3, 7, 1, 3, 5), digits, strict=False)) + digits[8] * 5 // 10
        assert (weighed + digits[9]) % 10 == 0


def test_the_sample_is_small_and_whole() -> None:
    files = [path for path in SAMPLE.iterdir() if path.suffix in (".jpg", ".png", ".pdf")]
    assert {path.name for path in files} == {entry["file"] for entry in TRUTH}
    assert sum(path.stat().st_size for path in SAMPLE.iterdir() if path.is_file()) < 4_000_000


def test_statement_and_receipts_leave_some_over_on_both_sides() -> None:
    with (SAMPLE / "card_statement.csv").open(encoding="utf-8-sig", newline="") as file:
        charged = {row["승인번호"]: int(row["이용금액"]) for row in csv.DictReader(file)}
    held = {r["approval_no"]: r["total"] for entry in TRUTH for r in receipts(entry) if r["total"] is not None}
    assert len(charged.keys() & held.keys()) >= 10
    assert all(charged[number] == held[number] for number in charged.keys() & held.keys())
    assert charged.keys() - held.keys()
    assert held.keys() - charged.keys()


class Counting:
    """The real engine, counting how often it is asked."""

    def __init__(self) -> None:
        self.engine, self.calls = engine(EngineSpec()), 0

    def read(self, image: Image) -> tuple[Line, ...]:
        self.calls += 1
        return self.engine.read(image)


SHORT = ("upside_down.jpg", "simplified_sideways.jpg", "three_on_a_page.jpg", "no_receipt.jpg")
"""what only a real reading shows; all files read well, but that takes a minute"""


@pytest.mark.parametrize("name", SHORT)
def test_papers_are_found_upright_and_legible(name: str) -> None:
    entry = next(entry for entry in TRUTH if entry["file"] == name)
    file, counting = SAMPLE / entry["file"], Counting()
    sheets = range(1, pages.probe(file, LIMITS) + 1)
    found = [receipt for sheet in sheets for receipt in receipts_of(file, sheet, counting, LIMITS)]
    turn = {"upside_down.jpg": 180, "simplified_sideways.jpg": 90}.get(entry["file"], 0)
    assert {receipt.geometry.orientation for receipt in found} == {turn}
    assert counting.calls == len(sheets) + (turn > 0)
    assert len(found) == len(receipts(entry))
    for wanted, one in zip(receipts(entry), found, strict=True):
        if wanted["total"] is not None:
            text = " ".join(line.text for line in one.lines)
            assert wanted["business_number"] in text
            assert f"{wanted['total']:,}" in text
