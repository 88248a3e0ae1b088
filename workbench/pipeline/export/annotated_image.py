"""The picture of a receipt with what was read beside it: thin boxes, labels in a margin, a line from each to its box.

Nothing that is printed is covered: labels stand to the right of the picture, and a line runs below its row.
"""

import io
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFont

from workbench.domain import schema
from workbench.domain.errors import ExportFailed
from workbench.domain.model import Box, Field, Receipt
from workbench.domain.visible import printable
from workbench.pipeline.analysis.frame import columns

GREEN, BLUE, ORANGE, RED = "#0f7b3f", "#1557c0", "#b45f06", "#c5221f"
INK, PAPER = "#202124", "#ffffff"
MEANING = ((GREEN, "읽음"), (BLUE, "고침"), (ORANGE, "주의"), (RED, "오류"))
QUALITY = 88
CAPTION = ("issued_at", "merchant", "total", "business_number", "tax_type", "tax_status", "deduction")
MARGIN_LETTERS = 20
"""Width of the margin in letters; a longer label takes several lines."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One field on the picture: its box, and where its label stands (px of the picture); `lines` are the label's."""

    name: str
    colour: str
    box: Box
    label: Box
    lines: tuple[str, ...]


def annotated(picture: bytes, receipt: Receipt) -> bytes:
    """`picture` (JPEG of the receipt, any scale) with boxes and labels, again as JPEG.

    Boxes are scaled from `receipt.geometry.size`; labels are drawn in the project's own font, so that Korean shows on
    any machine. OSError for bytes that are no picture.
    """
    with Image.open(io.BytesIO(picture)) as opened:
        image = opened.convert("RGB")
    letters = max(13, round(image.width / 48))
    found = marks(receipt, image.size, letters)
    right = max((round(mark.label.right) for mark in found), default=image.width) + letters // 2
    bottom = max((round(mark.label.bottom) for mark in found), default=0)
    whole = Image.new("RGB", (right, max(image.height, bottom + letters // 2)), PAPER)
    whole.paste(image)
    draw = ImageDraw.Draw(whole)
    for mark in found:
        _draw(draw, mark, image.width, font(letters))
    out = io.BytesIO()
    _captioned(whole, receipt, letters).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def marks(receipt: Receipt, size: tuple[int, int], letters: int) -> list[Mark]:
    """Where boxes and labels go on a picture of `size` px, in letters of `letters` px; labels right of the picture.

    Each label stands beside its box unless another stands there, from top to bottom, and none upon another.
    """
    scale = size[0] / (receipt.geometry.size[0] or size[0])
    face, row = font(letters), 1.3 * letters
    shown = [field for field in receipt.fields if (field.evidence_box or field.box) is not None]
    texts = {field.name: tuple(_wrapped(_label(field), face, MARGIN_LETTERS * letters)) for field in shown}
    boxes = {field.name: _scaled(box, scale) for field in shown if (box := field.evidence_box or field.box) is not None}
    left, free = size[0] + 2.0 * letters, 0.25 * letters
    found = []
    for field in sorted(shown, key=lambda field: (boxes[field.name].centre[1], boxes[field.name].left)):
        box, lines = boxes[field.name], texts[field.name]
        height = row * len(lines)
        top = max(free, box.centre[1] - height / 2)
        width = max(face.getlength(line) for line in lines)
        label = Box(left, top, left + width + 0.4 * letters, top + height)
        found.append(Mark(field.name, _colour(receipt, field), box, label, lines))
        free = label.bottom + 0.25 * letters
    return found


def _scaled(box: Box, scale: float) -> Box:
    return Box(box.left * scale, box.top * scale, box.right * scale, box.bottom * scale)


def _label(field: Field) -> str:
    return drawable(f"{schema.spec(field.name).label} {schema.render(field.name, field.value) or '없음'}")


def _colour(receipt: Receipt, field: Field) -> str:
    severities = {finding.severity for finding in receipt.findings if field.name in finding.fields}
    if "error" in severities:
        return RED
    if field.corrected:
        return BLUE
    return ORANGE if "warning" in severities else GREEN


def _draw(draw: ImageDraw.ImageDraw, mark: Mark, edge: int, face: ImageFont.FreeTypeFont) -> None:
    box, label = mark.box, mark.label
    thin = max(1, round(face.size / 14))
    around = (box.left - 2, box.top - 2, box.right + 2, box.bottom + 2)
    draw.rectangle(around, outline=mark.colour, width=thin)
    # Below the row, so that what is printed beside the value stays readable; slanted only where nothing is printed.
    middle = label.centre[1]
    draw.line(((box.right + 2, box.bottom + 2), (edge, box.bottom + 2), (label.left - 2, middle)), mark.colour, thin)
    draw.line((label.left - 2, label.top, label.left - 2, label.bottom), mark.colour, 2 * thin)
    for number, line in enumerate(mark.lines):
        draw.text(
            (label.left + 0.2 * face.size, label.top + 1.3 * face.size * (number + 0.5)), line, mark.colour, face, "lm"
        )


def _captioned(image: Image.Image, receipt: Receipt, letters: int) -> Image.Image:
    cells = {column.name: column.cell(receipt) for column in columns()}
    known = [(name, cells[name]) for name in CAPTION if cells[name] is not None]
    texts = [f"{cell:,}원" if name == "total" else str(cell) for name, cell in known]
    texts = [" · ".join(texts) or "읽은 값이 없습니다", f"{receipt.file} · {receipt.page}쪽 {receipt.region}구역"]
    face, row = font(letters), round(letters * 1.6)
    wrapped = [line for text in texts for line in _wrapped(drawable(text), face, image.width - 20)]
    whole = Image.new("RGB", (image.width, image.height + row * (len(wrapped) + 1) + 10), PAPER)
    draw = ImageDraw.Draw(whole)
    for number, line in enumerate(wrapped):
        draw.text((10, 5 + row * (number + 0.5)), line, INK, face, anchor="lm")
    x = 10.0
    for colour, word in MEANING:
        draw.text((x, 5 + row * (len(wrapped) + 0.5)), f"■ {word}", colour, face, anchor="lm")
        x += draw.textlength(f"■ {word}  ", face)
    whole.paste(image, (0, whole.height - image.height))
    return whole


def _wrapped(text: str, face: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines = [""]
    for letter in text:
        if face.getlength(lines[-1] + letter) > width and lines[-1]:
            lines.append("")
        lines[-1] += letter
    return lines


@lru_cache(maxsize=8)
def font(size: int) -> ImageFont.FreeTypeFont:
    """The project's own Korean font at `size` px; no font of the machine is ever asked for."""
    face = files("workbench").joinpath("fonts", "WorkbenchGothic.ttf")
    if not face.is_file():
        raise ExportFailed("한글 글꼴이 설치에서 빠져 있습니다. 프로그램을 다시 설치해 주세요.")
    return ImageFont.truetype(io.BytesIO(face.read_bytes()), size)


def drawable(text: str) -> str:
    """The text with ? for each letter that the font lacks: better a plain mark than an empty box."""
    return "".join(letter if _has(letter) else "?" for letter in printable(text).replace("\n", " "))


def undrawable(text: str) -> str:
    """The letters of a text that the font lacks, each once."""
    return "".join(letter for letter in dict.fromkeys(printable(text)) if not _has(letter))


@lru_cache(maxsize=20_000)
def _has(letter: str) -> bool:
    face = font(32)
    return letter.isspace() or bytes(face.getmask(letter)) != bytes(face.getmask("\U0010fffe"))
