"""Invented PDFs with known text, by several producers, whole and tampered with; every name and number is made up."""

import io
import random
import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
import pypdf
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tests.kit.drawn_lines import BRANCHES, CARDS, GOODS, SHOPS, TRADES, business_number

NANUM = Path("/usr/share/fonts/truetype/nanum")
FONTS = ("NanumGothic", "NanumMyeongjo", "NanumBarunGothic", "NanumSquareR", "NanumGothicCoding")
A4 = (595.0, 842.0)
ROLL = (260.0, 560.0)


@dataclass(frozen=True)
class Text:
    """One string as printed: left end of its baseline in points from the page's upper left corner."""

    text: str
    x: float
    y: float
    size: float = 10.0


@dataclass(frozen=True)
class Paper:
    """A page: its strings, and what of them a reader has to find (total without marks, ISO date)."""

    texts: tuple[Text, ...]
    size: tuple[float, float]
    total: str
    day: str
    number: str


def slip(rng: random.Random, size: tuple[float, float] = ROLL, columns: bool = False) -> Paper:
    """A till slip or an A4 form: labels left, values right; `columns` puts two columns of small print below."""
    total = rng.randrange(3, 900) * 100
    vat = round(total / 11)
    day = f"2026-{rng.randrange(1, 11):02}-{rng.randrange(1, 28):02}"
    number = business_number(rng)
    left, right, y, step = 18.0, size[0] - 90, 40.0, 19.0
    shop = f"{rng.choice(SHOPS)}{rng.choice(TRADES)} {rng.choice(BRANCHES)}"
    texts = [Text(shop, left, y, 14)]
    rows: list[tuple[str, str | None]] = [
        (f"사업자번호: {number}", None),
        (f"대표: 가나다  TEL 02-{rng.randrange(300, 999)}-{rng.randrange(1000, 9999)}", None),
        (f"거래일시: {day} {rng.randrange(9, 22):02}:{rng.randrange(60):02}:{rng.randrange(60):02}", None),
        *((f"{rng.choice(GOODS)} {k + 1}", f"{rng.randrange(1, 30) * 500:,}") for k in range(rng.randrange(1, 5))),
        ("공급가액", f"{total - vat:,}"),
        ("부가세", f"{vat:,}"),
        ("합계", f"{total:,}원"),
        (f"카드번호: {rng.choice(CARDS)} {rng.randrange(4000, 6000)}-****-****-{rng.randrange(1000, 9999)}", None),
        (f"승인번호: {rng.randrange(10_000_000, 99_999_999)}", None),
        ("이용해 주셔서 감사합니다.", None),
    ]
    for label, value in rows:
        y += step
        texts.append(Text(label, left, y))
        if value:
            texts.append(Text(value, right, y))
    if columns:
        for k in range(4):
            texts.append(Text(f"왼쪽 단의 안내 글 {k + 1} 번째 줄입니다", left, y + 40 + 15 * k, 9))
            texts.append(Text(f"오른쪽 단의 다른 안내 글 {k + 1} 번째 줄", size[0] / 2 + 10, y + 40 + 15 * k, 9))
    return Paper(tuple(texts), size, str(total), day, number)


def font(name: str) -> str:
    """A font registered with ReportLab by that name."""
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, str(NANUM / f"{name}.ttf")))
    return name


def reportlab(paper: Paper, face: str = "NanumGothic", before: Callable[[Canvas], None] | None = None,
              after: Callable[[Canvas], None] | None = None, compress: int = 1) -> bytes:  # fmt: skip
    """Drawn with ReportLab: embedded subset fonts; `before` and `after` draw below and above the text."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=paper.size, pageCompression=compress)
    if before:
        before(canvas)
    for text in paper.texts:
        put(canvas, paper, text, face)
    if after:
        after(canvas)
    canvas.save()
    return out.getvalue()


def put(canvas: Canvas, paper: Paper, text: Text, face: str = "NanumGothic", mode: int = 0) -> None:
    """One string on the canvas, in a text render mode (3 is invisible)."""
    drawn = canvas.beginText(text.x, paper.size[1] - text.y)
    drawn.setFont(face if face == "HYSMyeongJo-Medium" else font(face), text.size)
    drawn.setTextRenderMode(mode)
    drawn.textOut(text.text)
    canvas.drawText(drawn)


def not_embedded(paper: Paper) -> bytes:
    """With a Korean font that every reader has of its own."""
    if "HYSMyeongJo-Medium" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont("HYSMyeongJo-Medium"))
    return reportlab(paper, "HYSMyeongJo-Medium")


def sideways(paper: Paper, turn: int) -> bytes:
    """The page drawn as it is and turned by its /Rotate."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(reportlab(paper)))
    writer.pages[0].rotate(turn)
    return written(writer)


def drawn_sideways(paper: Paper) -> bytes:
    """The text itself drawn at a right angle on a page that stands."""
    out = io.BytesIO()
    wide, high = paper.size
    canvas = Canvas(out, pagesize=(high, wide))
    canvas.translate(high, 0)
    canvas.rotate(90)
    for text in paper.texts:
        put(canvas, paper, text)
    canvas.save()
    return out.getvalue()


def letter_by_letter(paper: Paper) -> bytes:
    """Each character placed by itself, without any blanks, as some form printers do."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=paper.size)
    for text in paper.texts:
        x = text.x
        for c in text.text:
            if c != " ":
                put(canvas, paper, Text(c, x, text.y, text.size))
            x += pdfmetrics.stringWidth(c, font("NanumGothic"), text.size)
    canvas.save()
    return out.getvalue()


def without_map(data: bytes) -> bytes:
    """The fonts' ToUnicode maps taken away: only their shapes are left."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    for each in writer.pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
        each.get_object().pop("/ToUnicode", None)
    return written(writer)


def with_map(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The fonts' ToUnicode maps changed: the page looks the same and says something else."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    for each in writer.pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
        told = each.get_object().get("/ToUnicode")
        if told is not None:
            stream = told.get_object()
            stream.set_data(change(stream.get_data()))
    return written(writer)


def written(writer: pypdf.PdfWriter) -> bytes:
    """The bytes of what a writer holds."""
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def joined(pages: Sequence[bytes]) -> bytes:
    """Several PDFs as one."""
    writer = pypdf.PdfWriter()
    for data in pages:
        writer.append(io.BytesIO(data))
    return written(writer)


def html(papers: Iterable[Paper]) -> str:
    """The papers as a web page, each string where it stands."""
    size = next(iter(papers := tuple(papers))).size
    body = "".join(
        f"<section>{''.join(f'<p style=left:{t.x}pt;top:{t.y - t.size}pt;font-size:{t.size}pt>{escape(t.text)}</p>' for t in p.texts)}</section>"  # noqa: E501
        for p in papers
    )
    style = (
        f"@page{{size:{size[0]}pt {size[1]}pt;margin:0}}body{{margin:0;font-family:NanumGothic}}"
        "section{position:relative;height:100vh;page-break-after:always}p{position:absolute;margin:0;white-space:pre}"
    )
    return f"<!doctype html><meta charset=utf-8><style>{style}</style>{body}"


def picture(paper: Paper, scale: float = 3.0, texts: Sequence[Text] | None = None) -> Image.Image:
    """The paper as a scan: pixels, `scale` of them a point."""
    image = Image.new("RGB", (int(paper.size[0] * scale), int(paper.size[1] * scale)), "white")
    draw = ImageDraw.Draw(image)
    for text in paper.texts if texts is None else texts:
        face = ImageFont.truetype(str(NANUM / "NanumGothic.ttf"), int(text.size * scale))
        draw.text((text.x * scale, text.y * scale), text.text, fill=(20, 20, 20), font=face, anchor="ls")
    grain = np.random.default_rng(1).normal(0, 4, (image.height, image.width, 1))
    return Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))


def scanned(paper: Paper, layer: Sequence[Text] = ()) -> bytes:
    """A scan of the paper, with text laid behind it as scanner programs do."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=paper.size)
    canvas.drawImage(ImageReader(picture(paper)), 0, 0, *paper.size)
    for text in layer:
        put(canvas, paper, text, mode=3)
    canvas.save()
    return out.getvalue()


# tampered with: each looks sound, and its file says something else


def raised(paper: Paper) -> Text:
    """The string of the total, with another amount."""
    told = next(text for text in paper.texts if text.text.endswith("원"))
    return Text(f"{int(paper.total) + 50_000:,}원", told.x, told.y, told.size)


def _patch(canvas: Canvas, paper: Paper, over: Text, colour: float = 1.0) -> None:
    canvas.setFillGray(colour)
    width = 80.0
    canvas.rect(over.x - 2, paper.size[1] - over.y - 3, width, over.size + 5, stroke=0, fill=1)
    canvas.setFillGray(0)


def invisible(paper: Paper) -> bytes:
    other = raised(paper)
    text = Text("청구금액 " + other.text, other.x - 60, other.y + 9)
    return reportlab(paper, after=lambda c: put(c, paper, text, mode=3))


def white(paper: Paper) -> bytes:
    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(1)
        put(canvas, paper, Text("합계 " + raised(paper).text, 20, paper.size[1] - 30))

    return reportlab(paper, after=draw)


def nearly_white(paper: Paper) -> bytes:
    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(0.985)
        put(canvas, paper, Text("결제금액 " + raised(paper).text, 20, paper.size[1] - 20))

    return reportlab(paper, after=draw)


def patched(paper: Paper) -> bytes:
    """The total covered by a white patch with another total printed on it."""

    def draw(canvas: Canvas) -> None:
        _patch(canvas, paper, raised(paper))
        put(canvas, paper, raised(paper))

    return reportlab(paper, after=draw)


def covered(paper: Paper) -> bytes:
    """The total covered by a white patch."""
    return reportlab(paper, after=lambda canvas: _patch(canvas, paper, raised(paper)))


def pasted(paper: Paper) -> bytes:
    """A small picture of another total laid over it."""

    def draw(canvas: Canvas) -> None:
        other = raised(paper)
        part = Image.new("RGB", (320, 60), "white")
        face = ImageFont.truetype(str(NANUM / "NanumGothic.ttf"), 40)
        ImageDraw.Draw(part).text((8, 46), other.text, fill="black", font=face, anchor="ls")
        canvas.drawImage(ImageReader(part), other.x - 2, paper.size[1] - other.y - 3.5, 80, 15)

    return reportlab(paper, after=draw)


def tiny(paper: Paper) -> bytes:
    other = raised(paper)
    return reportlab(paper, after=lambda c: put(c, paper, Text("합계 " + other.text, 20, paper.size[1] - 20, 0.5)))


def outside(paper: Paper) -> bytes:
    other = raised(paper)
    return reportlab(paper, after=lambda c: put(c, paper, Text("합계 " + other.text, paper.size[0] + 40, 100)))


def transparent(paper: Paper) -> bytes:
    def draw(canvas: Canvas) -> None:
        canvas.setFillAlpha(0)
        put(canvas, paper, Text("합계 " + raised(paper).text, 20, paper.size[1] - 25))

    return reportlab(paper, after=draw)


def lying_digit(paper: Paper) -> bytes:
    """The font's map calls one digit of the total another: it looks the same and is told otherwise."""
    digit = paper.total[0]
    other = "9" if digit != "9" else "4"

    def change(told: bytes) -> bytes:
        return told.replace(f"<{ord(digit):04X}>".encode(), f"<{ord(other):04X}>".encode())

    return with_map(reportlab(paper), change)


TAMPERED: dict[str, Callable[[Paper], bytes]] = {
    "invisible": invisible,
    "white": white,
    "nearly_white": nearly_white,
    "patched": patched,
    "covered": covered,
    "pasted": pasted,
    "tiny": tiny,
    "outside": outside,
    "transparent": transparent,
    "lying_digit": lying_digit,
}


def bill(rng: random.Random, pages: int, numbered: bool = True) -> bytes:
    """A bill whose rows fill several pages and whose total stands on the last, the same number on each."""
    name, serial, total = f"{rng.choice(SHOPS)}통신(주)", f"INV-2026-{rng.randrange(1000, 9999)}", 0
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for page in range(1, pages + 1):
        head = [Text(name, 40, 50, 14), Text("거래명세서", 260, 50, 16), Text(f"청구번호: {serial}", 40, 80)]
        if page == 1:
            head += [Text(f"사업자등록번호: {business_number(rng)}", 40, 100), Text("작성일: 2026-10-06", 40, 120)]
        rows = []
        for k in range(25):
            won = rng.randrange(1, 40) * 1000
            total += won
            rows += [Text(f"{rng.choice(GOODS)} {page}-{k}", 40, 150 + 22 * k), Text(f"{won:,}", 450, 150 + 22 * k)]
        last = [Text("합계", 40, 720), Text(f"{total:,}원", 450, 720)]
        foot = [Text("다음 쪽에 계속", 40, 720)] if page < pages else last
        foot += [Text(f"{page} / {pages}", 280, 810)] if numbered else []
        for text in (*head, *rows, *foot):
            put(canvas, Paper((), A4, "", "", ""), text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def by_libreoffice(folder: Path, paper: Paper) -> bytes | None:
    """The strings of the paper as LibreOffice Writer sets them, one a paragraph; None where it is not installed."""
    office = shutil.which("soffice")
    if office is None:
        return None
    (folder / "page.txt").write_text("\n".join(text.text for text in paper.texts), "utf8")
    own, reads = f"-env:UserInstallation=file://{folder}/profile", "--infilter=Text (encoded):UTF8,LF,NanumGothic,ko-KR"
    command = [office, "--headless", own, reads, "--convert-to", "pdf:writer_pdf_Export", "--outdir", str(folder)]
    command.append(str(folder / "page.txt"))
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "page.pdf").read_bytes()
