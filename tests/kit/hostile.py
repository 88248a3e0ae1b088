"""Makes a folder of malformed files, the same ones at every run: what a careless or hostile sender might drop."""

import hashlib
import io
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pillow_heif
import pypdf
from PIL import Image

FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "tif": "TIFF", "bmp": "BMP", "gif": "GIF", "heic": "HEIF"}
HTML = b"<!doctype html><html><body onload=alert(1)>&#xAC00;</body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
ZIP = b"PK\x03\x04" + bytes(30) + b"PK\x05\x06" + bytes(18)


def write(folder: Path, each: int, seed: int = 8) -> int:
    """Fills `folder` with `each` cut, thrice as many flipped copies of every seed, and more; returns how many."""
    rng = np.random.default_rng(seed)
    made = 0
    for name, data in (*_damaged(each, rng), *_bombs(), *_strangers()):
        (folder / f"{made:05}-{name}").write_bytes(data)
        made += 1
    return made


def digest(path: Path) -> str:
    """What a case names this file by."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def seeds() -> dict[str, bytes]:
    """Sound files of every kind, small."""
    pillow_heif.register_heif_opener()
    rng = np.random.default_rng(1)
    picture = Image.fromarray(rng.integers(0, 255, (24, 18, 3), dtype=np.uint8)).resize((90, 120))
    exif = Image.Exif()
    exif[0x0112] = 6
    made = {
        ending: _saved(picture, name, exif=exif) for ending, name in FORMATS.items() if ending not in ("bmp", "gif")
    }
    made |= {ending: _saved(picture, FORMATS[ending]) for ending in ("bmp", "gif")}
    made["progressive.jpg"] = _saved(picture, "JPEG", progressive=True)
    made["interlaced.png"] = _saved(picture.convert("RGBA"), "PNG")
    made["lzw.tif"] = _saved(picture, "TIFF", compression="tiff_lzw")
    made["pages.tif"] = _saved(picture.convert("L"), "TIFF", save_all=True, append_images=[picture.convert("1")] * 2)
    made["scan.pdf"] = _saved(picture, "PDF")
    writer = pypdf.PdfWriter(io.BytesIO(made["scan.pdf"]))
    writer.add_blank_page(90, 200)
    writer.encrypt("", "owner", algorithm="RC4-128")
    held = io.BytesIO()
    writer.write(held)
    made["two.pdf"] = held.getvalue()
    return made


def _saved(picture: Image.Image, name: str, **options: object) -> bytes:
    held = io.BytesIO()
    picture.save(held, name, **options)
    return held.getvalue()


def _damaged(each: int, rng: np.random.Generator) -> Iterator[tuple[str, bytes]]:
    for name, data in seeds().items():
        for length in rng.integers(0, len(data), each):
            yield f"cut-{name}", data[:length]
        for n in range(each):
            yield f"flip-{name}", _flipped(data, len(data), 1 + n % 8, rng)
            yield f"flip-head-{name}", _flipped(data, min(len(data), 200), 1 + n % 4, rng)
            start = int(rng.integers(0, len(data)))
            blank = data[:start] + bytes([int(rng.choice([0, 255]))]) * min(64, len(data) - start) + data[start + 64 :]
            yield f"blank-{name}", blank


def _flipped(data: bytes, within: int, count: int, rng: np.random.Generator) -> bytes:
    changed = bytearray(data)
    for at in rng.integers(0, within, count):
        changed[at] ^= 1 << int(rng.integers(0, 8))
    return bytes(changed)


def _bombs() -> Iterator[tuple[str, bytes]]:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    zeros = zlib.compress(bytes(5_000_000))
    for side in (11_000, 30_000, 2**31 - 1):
        header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
        yield "bomb.png", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zeros) + chunk(b"IEND", b"")
        yield "bomb.bmp", b"BM" + bytes(8) + struct.pack("<IIiiHHIIIIII", 54, 40, side, side, 1, 24, 0, 0, 0, 0, 0, 0)
        yield "bomb.tif", _tiff({256: side, 257: side, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: side, 279: 4})
    yield "bomb.gif", b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\x02L\x01\0;"
    yield "bomb.webp", b"RIFF" + struct.pack("<I", 30) + b"WEBPVP8X" + struct.pack("<II", 10, 2) + b"\xff" * 6
    yield "flat.png", _saved(Image.new("1", (10_900, 10_900)), "PNG")
    loop = bytearray(_tiff({256: 4, 257: 4, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: 4, 279: 16}))
    loop[-4:] = struct.pack("<I", 8)  # the next page is this page
    yield "loop.tif", bytes(loop)
    wide = pypdf.PdfWriter()
    wide.add_blank_page(1e7, 1e7)
    deep = b"%PDF-1.7\n1 0 obj" + b"[" * 100_000 + b"\nendobj\ntrailer<</Root 1 0 R>>"
    held = io.BytesIO()
    wide.write(held)
    yield "wide.pdf", held.getvalue()
    yield "deep.pdf", deep
    yield "many.pdf", held.getvalue().replace(b"/Count 1", b"/Count 2000000000")


def _tiff(tags: dict[int, int]) -> bytes:
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(tags.items()))
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + entries + bytes(4)


def _strangers() -> Iterator[tuple[str, bytes]]:
    sound = seeds()
    bodies = {
        "text": "합계 12,500원\n".encode(), "html": HTML, "svg": SVG, "zip": ZIP, "zeros": bytes(4096), "empty": b"",
        "elf": b"\x7fELF" + bytes(200), "script": b"#!/bin/sh\nrm -rf /\n", "bom": b"\xef\xbb\xbf" + HTML,
        "ps": b"%!PS-Adobe-3.0\n(a) run", "cr3": b"\0\0\0\x18ftypcrx ", "mp4": b"\0\0\0\x18ftypmp42" + bytes(64),
    }  # fmt: skip
    for ending in ("jpg", "png", "pdf", "heic", "tif"):
        for name, body in bodies.items():
            yield f"{name}.{ending}", body
        yield f"magic-only.{ending}", sound[ending if ending != "pdf" else "scan.pdf"][:12]
    for name, data in sound.items():
        yield f"zip-behind-{name}", data + ZIP
        yield f"html-behind-{name}", data + HTML
        yield f"html-before-{name}", HTML + data
        yield f"pdf-behind-{name}", data + sound["scan.pdf"]
        yield f"{name}.other.png", data
