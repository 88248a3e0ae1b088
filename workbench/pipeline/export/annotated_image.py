"""The picture of a receipt with what was read drawn on it: a box and a label for each field, a caption above."""

import io
from functools import lru_cache
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFont

from workbench.domain import schema
from workbench.domain.errors import ExportFailed
from workbench.domain.model import Field, Receipt
from workbench.pipeline.analysis.frame import columns
from workbench.pipeline.export.escaping import printable

GREEN, BLUE, ORANGE, RED = "#0f7b3f", "#1557c0", "#b45f06", "#c5221f"
INK, PAPER = "#202124", "#ffffff"
MEANING = ((GREEN, "읽음"), (BLUE, "고침"), (ORANGE, "주의"), (RED, "오류"))
QUALITY = 88
CAPTION = ("issued_at", "merchant", "total", "business_number", "tax_type", "tax_status", "deduction")


def annotated(picture: bytes, receipt: Receipt) -> bytes:
    """`picture` (JPEG of the receipt, any scale) with boxes and labels, again as JPEG.

    Boxes are scaled from `receipt.geometry.size`; labels are drawn in the project's own font, so that Korean shows on
    any machine. OSError for bytes that are no picture.
    """
    with Image.open(io.BytesIO(picture)) as opened:
        image = opened.convert("RGB")
    letters = max(13, round(image.width / 48))
    draw = ImageDraw.Draw(image)
    width = receipt.geometry.size[0] or image.width
    for field in receipt.fields:
        if field.box is not None:
            _box(draw, field, _colour(receipt, field), image.width / width, font(letters))
    out = io.BytesIO()
    _captioned(image, receipt, letters).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _colour(receipt: Receipt, field: Field) -> str:
    severities = {finding.severity for finding in receipt.findings if field.name in finding.fields}
    if "error" in severities:
        return RED
    if field.corrected:
        return BLUE
    return ORANGE if "warning" in severities else GREEN


def _box(draw: ImageDraw.ImageDraw, field: Field, colour: str, scale: float, face: ImageFont.FreeTypeFont) -> None:
    assert field.box is not None  # noqa: S101  # the caller has looked
    left, top, right, bottom = (
        side * scale for side in (field.box.left, field.box.top, field.box.right, field.box.bottom)
    )
    draw.rectangle((left - 2, top - 2, right + 2, bottom + 2), outline=colour, width=max(2, round(face.size / 8)))
    label = drawable(f"{schema.spec(field.name).label} {schema.render(field.name, field.value) or '없음'}")
    text_width, height = draw.textlength(label, face), face.size * 1.3
    picture_width, _ = draw.im.size
    x = max(0.0, min(left - 2, picture_width - text_width - 6))
    y = top - height - 3 if top > height + 3 else bottom + 3  # above, so that the next row of the paper stays readable
    draw.rectangle((x, y, x + text_width + 6, y + height), fill=colour)
    draw.text((x + 3, y + height / 2), label, PAPER, face, anchor="lm")


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


@lru_cache(maxsize=20_000)
def _has(letter: str) -> bool:
    face = font(32)
    return letter.isspace() or bytes(face.getmask(letter)) != bytes(face.getmask("\U0010fffe"))
