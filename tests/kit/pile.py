"""A case full of invented receipts that have been "read", without any OCR; for tests and figures of the screen."""

import io
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageDraw

from workbench.case import Case
from workbench.domain.model import Box, Field, Geometry, Line, Reading
from workbench.pipeline.reading.worker import extract_again
from workbench.pipeline.storage.sqlite import Store
from workbench.settings import Settings

SIZE = (400, 620)
MERCHANTS = ("가나다상회", "견본식당 본점", "보기문구", "모형운수", "하늘보기마트")
NUMBERS = ("111-11-11119", "222-22-22227", "333-33-33336", "555-55-55553", "777-77-77770")


def lines_of(number: int) -> tuple[Line, ...]:
    """What stands on receipt `number`: 10,000 won and some, VAT included."""
    supply = 10_000 + 10 * number
    texts = [
        f"가맹점명: {MERCHANTS[number % 5]}",
        f"사업자번호: {NUMBERS[number % 5]}",
        f"거래일시: 2026-{number % 9 + 1:02d}-{number % 28 + 1:02d} 12:33:10",
        f"공급가액: {supply:,}",
        f"부가세: {supply // 10:,}",
        f"합계: {supply + supply // 10:,}",
        f"승인번호: {12345678 + number}",
    ]
    return tuple(Line(text, 0.99, Box(20, 40 + 70 * i, 380, 80 + 70 * i)) for i, text in enumerate(texts))


def picture(number: int) -> bytes:
    """A picture of its own for receipt `number`, with its figures where the lines say they stand."""
    image = Image.new("RGB", SIZE, (250, 249, 246))
    pen = ImageDraw.Draw(image)
    for line in lines_of(number):
        pen.text(
            (line.box.left, line.box.top + 8), line.text.split(": ")[1].encode("ascii", "replace").decode(), "black"
        )
    pen.point((number % SIZE[0], number // SIZE[0]), (200, 0, 0))
    target = io.BytesIO()
    image.save(target, "JPEG")
    return target.getvalue()


def reading(number: int, **wrong: str | None) -> Reading:
    """What was read of receipt `number`; `wrong` fields were misread (None: not found)."""
    read = extract_again(Reading(Geometry(size=SIZE), lines_of(number), engine="test", seconds=0.5))
    fields = {field.name: field for field in read.fields}
    for name, text in wrong.items():
        fields[name] = replace(fields.get(name, Field(name)), read=text, raw=text or "", confidence=0.6, box=None)
    return replace(read, fields=tuple(fields.values()))


def pile(folder: Path, count: int, settings: Settings | None = None, read: int | None = None) -> Case:
    """A case of `count` receipts, the first `read` of them read (all by default); the total of the first is wrong."""
    case = Case.open(folder, settings or Settings())
    added = case.add(*((f"영수증 {number}.jpg", picture(number)) for number in range(count)))
    store = Store(folder)
    (folder / "pictures").mkdir(exist_ok=True)
    for number, name in enumerate(added.new[: count if read is None else read]):
        found = reading(number, **({"total": "1000"} if number == 0 else {}))
        store.put_page(name, (found,), pictures=[picture(number)])
        (folder / "pictures" / f"{name}.jpg").write_bytes(picture(number))
    store.close()
    case.refresh()
    return case
