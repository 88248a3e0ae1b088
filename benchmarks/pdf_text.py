"""Born-digital PDFs by several producers: is every line exact, and what does a page cost; then tampered ones.

python -m benchmarks.pdf_text [EACH]    EACH papers a producer (5)

Chromium comes with playwright; LibreOffice is used where `soffice` is found, jsPDF where JSPDF names its node module.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psutil

from tests.kit import drawn_pdfs as drawn
from tests.kit.drawn_pdfs import Paper
from workbench.domain.model import Reading
from workbench.pipeline.imaging.file_type import Limits
from workbench.pipeline.ocr.engine import EngineSpec
from workbench.pipeline.reading.picture_check import SENTENCE
from workbench.pipeline.reading.started_workers import warm
from workbench.pipeline.reading.worker import read_page

SPEC = EngineSpec(threads=1)
Producer = Callable[[Paper], bytes]


def by_chromium(paper: Paper) -> bytes:
    """The paper as Chromium prints a web page."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"))
        page = browser.new_page()
        page.set_content(drawn.html([paper]))
        data = page.pdf(prefer_css_page_size=True)
        browser.close()
    return data


def by_fpdf(paper: Paper) -> bytes:
    """The paper as fpdf2 draws it."""
    from fpdf import FPDF

    pdf = FPDF(unit="pt", format=paper.size)
    pdf.add_font("nanum", "", str(drawn.NANUM / "NanumGothic.ttf"))
    pdf.add_page()
    for text in paper.texts:
        pdf.set_font("nanum", size=text.size)
        pdf.text(text.x, text.y, text.text)
    return bytes(pdf.output())


def by_jspdf(paper: Paper) -> bytes:
    """The paper as jsPDF draws it in node."""
    texts = [[t.text, t.x, t.y, t.size] for t in paper.texts]
    script = f"""
    const {{ jsPDF }} = require({json.dumps(os.environ["JSPDF"])});
    const doc = new jsPDF({{unit: "pt", format: {list(paper.size)}}});
    const font = require("fs").readFileSync({json.dumps(str(drawn.NANUM / "NanumGothic.ttf"))}).toString("base64");
    doc.addFileToVFS("n.ttf", font); doc.addFont("n.ttf", "n", "normal"); doc.setFont("n");
    for (const [t, x, y, s] of {json.dumps(texts)}) {{ doc.setFontSize(s); doc.text(t, x, y); }}
    process.stdout.write(Buffer.from(doc.output("arraybuffer")));
    """
    return subprocess.run(["node", "-e", script], check=True, capture_output=True).stdout


def by_libreoffice(paper: Paper) -> bytes | None:
    """The paper's strings as LibreOffice sets them."""
    with tempfile.TemporaryDirectory() as folder:
        return drawn.by_libreoffice(Path(folder), paper)


PRODUCERS: dict[str, Callable[[Paper], bytes | None]] = {
    **{face: partial(drawn.reportlab, face=face) for face in drawn.FONTS},
    "not_embedded": drawn.not_embedded,
    "rotated_90": lambda paper: drawn.sideways(paper, 90),
    "rotated_270": lambda paper: drawn.sideways(paper, 270),
    "drawn_sideways": drawn.drawn_sideways,
    "letter_by_letter": drawn.letter_by_letter,
    "fpdf2": by_fpdf,
    "chromium": by_chromium,
    "libreoffice": by_libreoffice,
    **({"jspdf": by_jspdf} if "JSPDF" in os.environ else {}),
}


def papers(each: int) -> Iterator[tuple[str, Paper, bytes]]:
    """Producer, paper and file."""
    for place, (name, make) in enumerate(PRODUCERS.items()):
        for seed in range(each):
            size = drawn.A4 if seed % 2 else drawn.ROLL
            paper = drawn.slip(random.Random(100 * place + seed), size, columns=bool(seed % 2))
            data = make(paper)
            if data is not None:
                yield name, paper, data


def used() -> float:
    """CPU seconds of this process and of the child that opens files."""
    each = [psutil.Process(), *psutil.Process().children(recursive=True)]
    return sum(sum(process.cpu_times()[:2]) for process in each)


def read(data: bytes, folder: Path) -> tuple[Reading, float]:
    """The reading of a page, and the CPU seconds it took."""
    path = folder / "paper.pdf"
    path.write_bytes(data)
    began = used()
    found = read_page(str(path), 1, SPEC, Limits())
    return found[0].reading, used() - began


def whole(each: int, folder: Path) -> None:
    """Exact lines of sound papers, false alarms and seconds."""
    counted: Counter[str] = Counter()
    seconds: list[float] = []
    for name, paper, data in papers(each):
        reading, took = read(data, folder)
        seconds.append(took)
        left = Counter(line.text for line in reading.lines)
        for text in paper.texts:
            wanted = " ".join(text.text.split())
            exact = left[wanted] > 0
            left[wanted] -= exact
            counted.update(lines=1, exact=exact)
            if not exact:
                print(name, "not exact:", wanted)
        values = {field.name: field.value for field in reading.fields}
        right = values.get("total") == paper.total and values.get("business_number") == paper.number
        alarm = any(SENTENCE in finding.message for finding in reading.findings)
        counted.update(papers=1, right=right, alarms=alarm)
        if alarm or not right:
            print(name, "alarm" if alarm else "", "" if right else values)
    seconds.sort()
    print(dict(counted), f"exact {counted['exact'] / counted['lines']:.2%}",
          f"CPU s a page: median {seconds[len(seconds) // 2]:.2f}, most {seconds[-1]:.2f}")  # fmt: skip


def tampered(folder: Path) -> None:
    """Papers whose file says something else than their picture: how many are told."""
    told = 0
    made = [(name, make, seed) for name, make in drawn.TAMPERED.items() for seed in (1, 2, 3)]
    for name, make, seed in made:
        paper = drawn.slip(random.Random(900 + seed), drawn.A4 if seed % 2 else drawn.ROLL)
        reading, _ = read(make(paper), folder)
        found = any(SENTENCE in finding.message for finding in reading.findings)
        told += found
        if not found:
            print(name, seed, "not told")
    print(f"tampered: {told} of {len(made)} told")


if __name__ == "__main__":
    warm(SPEC)
    with tempfile.TemporaryDirectory() as name:
        read(drawn.reportlab(drawn.slip(random.Random(0))), Path(name))  # loads the second reader too
        whole(int(sys.argv[1]) if len(sys.argv) > 1 else 5, Path(name))
        tampered(Path(name))
