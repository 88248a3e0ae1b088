"""Small files that grow: what takes memory or time out of all proportion when it is opened."""

import io
import struct
import zlib
from collections.abc import Iterator

import numpy as np
import pillow_heif
import pypdf
from PIL import Image
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject, RectangleObject


def bombs() -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of thirty, each at most a few megabytes."""
    for depth in (6, 9, 12):
        yield f"forms-{depth}.pdf", nested_forms(depth)
    for size in (50, 400):
        yield f"stream-{size}.pdf", object_streams(size << 20)
        yield f"flate-{size}.pdf", flate_page(size << 20)
    for side in (14_400, 2_000_000):
        yield f"page-{side}.pdf", large_page(side)
    yield "image.pdf", image_page(20_000, 20_000)
    for width, height in ((10_900, 10_900), (60_000, 1_900), (100_000, 100_000), (2**31 - 1, 2**31 - 1)):
        yield f"grey16-{width}.png", png(width, height, 16, 0)
        yield f"rgba-{width}.png", png(width, height, 8, 6)
    yield "text.png", png(10, 10, 8, 0, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(400 << 20), 9)))
    yield "profile.png", png(10, 10, 8, 0, chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(400 << 20), 9)))
    for tags in (50, 500):
        yield f"tags-{tags}.tif", tiff_tags(tags, 8 << 20)
    yield "pages.tif", tiff_loop()
    yield "strip.tif", tiff_claim(30_000, 4_000)
    yield "claim.bmp", b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 30_000, 3_900, 1, 24, 0, 0, 1, 1, 0, 0)
    yield "large.webp", encoded("WEBP", 12_000, 9_000)
    yield "large.jpg", encoded("JPEG", 12_000, 9_900)
    yield "large.gif", encoded("GIF", 9_000, 9_000)
    yield "large.heic", encoded("HEIF", 6_000, 5_000)


def _pdf(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _stream(data: bytes, **more: object) -> DecodedStreamObject:
    stream = DecodedStreamObject()
    stream.set_data(data)
    stream.update({NameObject(f"/{name}"): value for name, value in more.items()})
    return stream


def nested_forms(depth: int, each: int = 10) -> bytes:
    """A form that draws the next one ten times, `depth` deep: 10 ** depth drawings."""
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(300, 300)
    box = RectangleObject((0, 0, 300, 300))
    kind = {"Type": NameObject("/XObject"), "Subtype": NameObject("/Form"), "BBox": box}
    below = writer._add_object(_stream(b"0 0 9 9 re f", **kind))
    for _ in range(depth):
        resources = DictionaryObject({NameObject("/XObject"): DictionaryObject({NameObject("/F"): below})})
        below = writer._add_object(_stream(b"/F Do " * each, **kind, Resources=resources))
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/XObject"): DictionaryObject({NameObject("/F"): below})}
    )
    page[NameObject("/Contents")] = writer._add_object(_stream(b"/F Do"))
    return _pdf(writer)


def flate_page(size: int) -> bytes:
    """A page whose instructions unpack to `size` bytes."""
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(300, 300)
    stream = _stream(b"1 w " * (size // 4)).flate_encode(9)
    page[NameObject("/Contents")] = writer._add_object(stream)
    return _pdf(writer)


def object_streams(size: int) -> bytes:
    """A file whose table of objects lies in a stream that unpacks to `size` bytes."""
    body = b"%PDF-1.5\n"
    packed = zlib.compress(b"5 0 " + b" " * size + b"<</Type/Catalog/Pages 6 0 R>>", 9)
    first = body
    offset = len(first)
    first += b"4 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    first += packed + b"\nendstream endobj\n"
    pages = len(first)
    first += b"6 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    rows = b"".join(struct.pack(">BIB", *row) for row in (
        (0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0), (1, offset, 0), (2, 4, 0), (1, pages, 0)
    ))  # fmt: skip
    start = len(first)
    first += b"7 0 obj<</Type/XRef/Size 7/W[1 4 1]/Root 5 0 R/Length %d>>stream\n" % len(rows) + rows
    return first + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % start


def large_page(side: int) -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(side, side)
    return _pdf(writer)


def image_page(width: int, height: int) -> bytes:
    """A page with a picture of `width` x `height` px that is all white."""
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(300, 300)
    facts = {"Width": NumberObject(width), "Height": NumberObject(height), "BitsPerComponent": NumberObject(1)}
    kind = {"Type": NameObject("/XObject"), "Subtype": NameObject("/Image"), "ColorSpace": NameObject("/DeviceGray")}
    picture = _stream(bytes(width * height // 8), **facts, **kind).flate_encode(9)
    resources = {NameObject("/XObject"): DictionaryObject({NameObject("/I"): writer._add_object(picture)})}
    page[NameObject("/Resources")] = DictionaryObject(resources)
    page[NameObject("/Contents")] = writer._add_object(_stream(b"300 0 0 300 0 0 cm /I Do"))
    return _pdf(writer)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, depth: int, colour: int, more: bytes = b"") -> bytes:
    """An empty picture of that size; whole where it is within reason, else its header with nothing behind."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    row = 1 + width * depth // 8 * {0: 1, 6: 4}[colour]
    packed = zlib.compressobj(9)
    data = b""
    if row * height < 600_000_000:
        data = b"".join(packed.compress(bytes(row * 100)) for _ in range(height // 100)) + packed.flush()
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + more + chunk(b"IDAT", data or zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )  # fmt: skip


def _ifd(entries: list[tuple[int, int, int, int]], after: int = 0) -> bytes:
    return (
        struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *e) for e in sorted(entries))
        + struct.pack("<I", after)
    )  # fmt: skip


def tiff_tags(tags: int, size: int) -> bytes:
    """Many tags that all point to one block: each reads all of it."""
    entries = [(256, 3, 1, 10), (257, 3, 1, 10), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1)]
    entries += [(273, 4, 1, 8), (278, 3, 1, 10), (279, 4, 1, 100)]
    directory = 8 + size
    entries += [(40_000 + n, 1, size, 8) for n in range(tags)]
    return b"II*\0" + struct.pack("<I", directory) + bytes(size) + _ifd(entries)


def tiff_loop() -> bytes:
    """A page that says that it follows itself."""
    entries = [(256, 3, 1, 10), (257, 3, 1, 10), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8)]
    return b"II*\0" + struct.pack("<I", 8) + _ifd([*entries, (279, 4, 1, 100)], 8) + bytes(200)


def tiff_claim(width: int, height: int) -> bytes:
    """A picture of that size in one strip that is not there."""
    entries = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 16), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8)]
    entries += [(278, 4, 1, height), (279, 4, 1, width * height * 2)]
    return b"II*\0" + struct.pack("<I", 8) + _ifd(entries)


def encoded(kind: str, width: int, height: int) -> bytes:
    """A white picture, as large as it may be."""
    out = io.BytesIO()
    pillow_heif.register_heif_opener()
    Image.fromarray(np.full((height, width), 255, np.uint8)).convert("P" if kind == "GIF" else "RGB").save(out, kind)
    return out.getvalue()
