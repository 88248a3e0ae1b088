"""Foreign papers drawn in ten currencies: what is read of currency, amount, day and won.

python -m benchmarks.foreign [PAPERS A FAMILY]    half of them as PDFs with text, half as pictures
"""

import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.kit.drawn_foreign import FAMILIES, ForeignPaper, as_pdf, as_picture
from workbench.domain.model import Reading
from workbench.pipeline.imaging.file_type import Limits
from workbench.pipeline.ocr.engine import EngineSpec
from workbench.pipeline.reading.worker import read_page


def faults(paper: ForeignPaper, reading: Reading) -> list[str]:
    """What is wrong: currency, amount, day (neither right nor doubted), won that are not printed, merchant."""
    fields = {field.name: field for field in reading.fields}
    doubted = {name for finding in reading.findings if finding.severity != "info" for name in finding.fields}
    value = {name: field.value for name, field in fields.items()}
    found = []
    if value.get("currency") != paper.currency:
        found.append("currency")
    if value.get("foreign_total") != paper.amount:
        found.append("amount")
        if "foreign_total" in value and "foreign_total" not in doubted and fields["foreign_total"].confidence >= 0.95:
            found.append("amount unsaid")
    day = (value.get("issued_at") or "")[:10]
    if day != paper.day.isoformat():
        found.append("day")
        if day and "issued_at" not in doubted and fields["issued_at"].confidence >= 0.95:
            found.append("day unsaid")
    if (value.get("total") or "") != paper.won:
        found.append("won")
    if paper.merchant.casefold() not in (value.get("merchant") or "").casefold():
        found.append("merchant")
    return found


def read(paper: ForeignPaper, folder: Path, pdf: bool) -> Reading:
    """The paper as the workbench reads it, from a PDF or a picture."""
    path = folder / ("paper.pdf" if pdf else "paper.png")
    if pdf:
        path.write_bytes(as_pdf(paper))
    else:
        as_picture(paper).save(path)
    return read_page(str(path), 1, EngineSpec(), Limits())[0].reading


def main(each: int = 3) -> None:
    """Prints each fault, and how often each kind of it came."""
    counted: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        for make in FAMILIES:
            for seed in range(each):
                paper = make(random.Random(seed))
                for pdf in (True, False):
                    reading = read(paper, Path(name), pdf)
                    wrong = faults(paper, reading)
                    counted.update(["papers", *wrong])
                    if wrong:
                        told = {f.name: f.value for f in reading.fields}
                        print(paper.name, seed, "pdf" if pdf else "picture", wrong, told)
    print(dict(counted))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
