import errno
import os
import shutil
import struct
import unicodedata
import zlib
from pathlib import Path

import numpy as np
import pillow_heif
import pypdf
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw

from workbench.domain.errors import FileRefused
from workbench.domain.model import Box, Geometry, Line
from workbench.pipeline.imaging import kept_size, pages, pdf
from workbench.pipeline.imaging.file_type import sniff
from workbench.pipeline.imaging.pages import Limits
from workbench.pipeline.reading.worker import receipts_of

LIMITS = Limits()


def page(size: tuple[int, int] = (200, 300)) -> Pillow.Image:
    """White paper, a red block at its top left, a blue one at its bottom right."""
    picture = Pillow.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((10, 10, 70, 50), fill=(200, 0, 0))
    draw.rectangle((size[0] - 70, size[1] - 50, size[0] - 10, size[1] - 10), fill=(0, 0, 200))
    return picture


def close(image: np.ndarray, expected: Pillow.Image, by: float = 4.0) -> bool:
    wanted = np.asarray(expected.convert("RGB")).astype(int)
    return image.shape == wanted.shape and float(np.abs(image.astype(int) - wanted).mean()) < by


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "tif", "bmp", "gif", "heic"])
def test_each_format_becomes_the_same_rgb(tmp_path: Path, ending: str) -> None:
    pillow_heif.register_heif_opener()
    file = tmp_path / f"a.{ending}"
    page().save(file)
    assert sniff(file.read_bytes()[:1024]) == ending
    assert pages.probe(file, LIMITS) == 1
    image = pages.load(file, 1, LIMITS)
    assert image.dtype == np.uint8
    assert image.flags.c_contiguous
    assert close(image, page())


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("ending", ["jpg", "png", "tif", "webp", "heic"])
def test_exif_is_obeyed(tmp_path: Path, orientation: int, ending: str) -> None:
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the transposing that the tag takes back
    stored = page() if orientation == 1 else page().transpose(Pillow.Transpose(back[orientation]))
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    file = tmp_path / f"a.{ending}"
    if ending == "heic":  # there the turn is a property of the picture, and EXIF only tells of it
        held = pillow_heif.from_pillow(stored)
        held.info["exif"] = exif.tobytes()
        held.save(file)
    else:
        stored.save(file, exif=exif)
    assert close(pages.load(file, 1, LIMITS), page())


def test_transparent_paper_is_white(tmp_path: Path) -> None:
    clear = page().convert("RGBA")
    clear.putalpha(Pillow.fromarray(np.where(np.asarray(page()).min(axis=2) == 255, 0, 255).astype(np.uint8)))
    for name, picture in (("rgba", clear), ("palette", clear.quantize(16)), ("la", clear.convert("LA"))):
        picture.save(tmp_path / f"{name}.png")
        wanted = page().convert("L") if name == "la" else page()
        assert close(pages.load(tmp_path / f"{name}.png", 1, LIMITS), wanted), name


def test_light_print_on_transparent_ground_stays_readable(tmp_path: Path) -> None:
    """What a phone's dark theme exports: letters alone, white or tinted, with soft edges."""
    letters = 255 - np.asarray(page().convert("L"))
    for name, ink in (("white", (255, 255, 255)), ("yellow", (255, 230, 120)), ("grey", (200, 200, 200))):
        clear = Pillow.new("RGBA", page().size, ink)
        clear.putalpha(Pillow.fromarray(letters))
        clear.save(tmp_path / f"{name}.png")
        shown = pages.load(tmp_path / f"{name}.png", 1, LIMITS)
        assert np.ptp(shown[..., 0].astype(int)) > 150, name


@pytest.mark.parametrize("ending", ["png", "tif"])
def test_16_bit_grey_is_scaled_not_clipped(tmp_path: Path, ending: str) -> None:
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)[None].repeat(20, axis=0)
    Pillow.fromarray(ramp).save(tmp_path / f"a.{ending}")
    image = pages.load(tmp_path / f"a.{ending}", 1, LIMITS)
    assert np.abs(image[0, :, 0].astype(int) - np.arange(256)).max() <= 1


def test_float_black_and_white_and_cmyk(tmp_path: Path) -> None:
    Pillow.fromarray(np.linspace(0, 1, 256, dtype=np.float32)[None].repeat(9, axis=0)).save(tmp_path / "float.tif")
    assert np.abs(pages.load(tmp_path / "float.tif", 1, LIMITS)[0, :, 1].astype(int) - np.arange(256)).max() <= 1
    page().convert("1").save(tmp_path / "bits.tif")
    assert set(np.unique(pages.load(tmp_path / "bits.tif", 1, LIMITS))) == {0, 255}
    for ending in ("jpg", "tif"):
        page().convert("CMYK").save(tmp_path / f"cmyk.{ending}")
        assert close(pages.load(tmp_path / f"cmyk.{ending}", 1, LIMITS), page())
    lab = Pillow.merge("LAB", [page().convert("L")] + [Pillow.new("L", (200, 300), 128)] * 2)
    lab.save(tmp_path / "lab.tif")
    assert close(pages.load(tmp_path / "lab.tif", 1, LIMITS), page().convert("L"))


def test_pages_of_a_tiff(tmp_path: Path) -> None:
    sheets = [Pillow.new("L", (40 + n, 30), 50 * n) for n in range(4)]
    sheets[0].save(tmp_path / "a.tif", save_all=True, append_images=sheets[1:])
    assert pages.probe(tmp_path / "a.tif", LIMITS) == 4
    for number in range(1, 5):
        image = pages.load(tmp_path / "a.tif", number, LIMITS)
        assert image.shape == (30, 39 + number, 3)
        assert int(image.mean()) == 50 * (number - 1)
    with pytest.raises(FileRefused, match="5쪽"):
        pages.load(tmp_path / "a.tif", 5, LIMITS)
    with pytest.raises(FileRefused, match="3쪽까지"):
        pages.probe(tmp_path / "a.tif", Limits(max_pages=3))


def test_huge_photos_are_averaged_down_and_till_rolls_stay_wide(tmp_path: Path) -> None:
    page((4500, 9000)).save(tmp_path / "photo.jpg")
    image = pages.load(tmp_path / "photo.jpg", 1, LIMITS)
    assert image.shape == (4000, 2000, 3)
    width, height = kept_size.kept_size(1080, 12_000)
    assert width >= kept_size.NARROWEST
    assert width * height <= kept_size.AREA
    assert kept_size.kept_size(300, 500) == (300, 500)
    page((4284, 5712)).save(tmp_path / "sharp.jpg")
    assert pages.load(tmp_path / "sharp.jpg", 1, LIMITS).shape == (2856, 2142, 3)


def png_bomb() -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(10_000_000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


STRANGERS = {
    "empty.jpg": (b"", "빈 파일"),
    "text.jpg": ("영수증 합계 12,500원".encode(), "사진이나 PDF가 아닙니다"),
    "page.png": (b"<!DOCTYPE html><html><script>alert(1)</script></html>", "웹 문서"),
    "drawing.png": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
    "BMW.bmp": (b"BMW is a car, and this is a text.", "사진이나 PDF가 아닙니다"),
    "archive.pdf": (b"PK\x03\x04" + bytes(100), "ZIP이나 워드"),
    "bomb.png": (png_bomb(), "30,000×30,000"),
    "head.jpg": (b"\xff\xd8\xff\xe0", "손상"),
    "broken.pdf": (b"%PDF-1.7\n" + bytes(200), "손상"),
}


@pytest.mark.parametrize("name", STRANGERS)
def test_what_is_no_picture_is_refused_in_words_at_once(tmp_path: Path, name: str) -> None:
    data, sentence = STRANGERS[name]
    (tmp_path / name).write_bytes(data)
    for attempt in (lambda: pages.probe(tmp_path / name, LIMITS), lambda: pages.load(tmp_path / name, 1, LIMITS)):
        with pytest.raises(FileRefused, match=sentence):
            attempt()


def test_a_name_says_nothing(tmp_path: Path) -> None:
    page().save(tmp_path / "photo.pdf", format="PNG")
    assert pages.load(tmp_path / "photo.pdf", 1, LIMITS).shape == (300, 200, 3)


def test_photos_cut_short_are_damaged_never_half_grey(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    noisy = Pillow.fromarray(rng.integers(0, 255, (300, 200, 3), dtype=np.uint8))
    for ending in ("jpg", "png", "webp", "tif", "bmp", "heic"):
        file = tmp_path / f"a.{ending}"
        noisy.save(file)
        data = file.read_bytes()
        for share in (0.5, 0.9):
            file.write_bytes(data[: int(share * len(data))])
            with pytest.raises(FileRefused, match="손상"):
                pages.load(file, 1, LIMITS)


def test_too_many_bytes(tmp_path: Path) -> None:
    page().save(tmp_path / "a.bmp")
    with pytest.raises(FileRefused, match="너무 큽니다"):
        pages.probe(tmp_path / "a.bmp", Limits(max_bytes=1000))


def test_what_cannot_be_opened_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    refusals = {
        tmp_path: "파일이 아닙니다",
        tmp_path / "pipe.jpg": "파일이 아닙니다",
        tmp_path / "gone.jpg": "없습니다",
    }
    refusals[tmp_path / ("가" * 300 + ".jpg")] = "이름이 너무 깁니다"
    refusals[tmp_path / "a\0b.jpg"] = "이름"
    for path, sentence in refusals.items():
        with pytest.raises(FileRefused, match=sentence):
            pages.probe(path, LIMITS)

    def forbidden(self: Path, mode: str) -> None:  # the tests may run as root, who may read everything
        raise PermissionError(errno.EACCES, "denied")

    page().save(tmp_path / "a.png")
    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(FileRefused, match="권한"):
        pages.probe(tmp_path / "a.png", LIMITS)


@pytest.mark.parametrize(
    "name",
    ["스타 커피 영수증 (1)", unicodedata.normalize("NFD", "한글 영수증"), "n" * 250, "-r", "100%", "a'b\"c;$(d)"],
)
def test_names_of_all_kinds(tmp_path: Path, name: str) -> None:
    for file in (tmp_path / f"{name}.png", tmp_path / f"{name}.pdf"):
        page().save(file)
        assert pages.probe(file, LIMITS) == 1
        assert pages.load(file, 1, LIMITS).shape[2] == 3


def make_pdf(file: Path) -> None:
    """A scan, a page of text that is turned and cropped, and a sheet of one and a half metres."""
    page((500, 700)).save(file.with_suffix(".scan.pdf"), resolution=150)
    writer = pypdf.PdfWriter(file.with_suffix(".scan.pdf"))
    cropped = writer.add_page(pypdf.PdfReader(file.with_suffix(".scan.pdf")).pages[0])
    cropped.cropbox = pypdf.generic.RectangleObject((20, 30, 200, 300))
    cropped.rotate(90)
    writer.add_blank_page(226, 4200)
    writer.write(file)


def test_poppler_and_pdfium_give_the_same_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("pdftoppm") is None:
        pytest.skip("poppler is not installed")
    file = tmp_path / "a.pdf"
    make_pdf(file)
    assert pages.probe(file, LIMITS) == 3
    by_poppler = [pdf.draw(file, number) for number in (1, 2, 3)]
    monkeypatch.setattr(pdf.shutil, "which", lambda _: None)
    by_pdfium = [pdf.draw(file, number) for number in (1, 2, 3)]
    for one, other in zip(by_poppler, by_pdfium, strict=True):
        assert one.shape == other.shape
        assert np.abs(one.astype(int) - other.astype(int)).mean() < 1.5
    assert close(by_pdfium[0], page((500, 700)).resize((1000, 1400)))
    assert by_pdfium[1].shape == (750, 1125, 3)


def test_pdfs_that_stay_shut(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    pypdf.PdfWriter().write(file)
    with pytest.raises(FileRefused, match="쪽이 없는"):
        pages.probe(file, LIMITS)
    make_pdf(file)
    locked = pypdf.PdfWriter(file)
    locked.encrypt("열려라", "owner", algorithm="RC4-128")
    locked.write(tmp_path / "locked.pdf")
    for attempt in (pages.probe, lambda path, limits: pages.load(path, 1, limits)):
        with pytest.raises(FileRefused, match="암호"):
            attempt(tmp_path / "locked.pdf", LIMITS)
    with pytest.raises(FileRefused, match="4쪽"):
        pages.load(file, 4, LIMITS)
    with pytest.raises(FileRefused, match="2쪽까지"):
        pages.probe(file, Limits(max_pages=2))


def test_a_pdf_with_script_and_attachment_is_just_drawn(tmp_path: Path) -> None:
    page((500, 700)).save(tmp_path / "a.pdf", resolution=150)
    writer = pypdf.PdfWriter(tmp_path / "a.pdf")
    writer.add_attachment("run.exe", b"MZ")
    writer.root_object[pypdf.generic.NameObject("/OpenAction")] = pypdf.generic.DictionaryObject(
        {
            pypdf.generic.NameObject("/S"): pypdf.generic.NameObject("/JavaScript"),
            pypdf.generic.NameObject("/JS"): pypdf.generic.TextStringObject("app.alert('x')"),
        }
    )
    writer.write(tmp_path / "b.pdf")
    assert close(pages.load(tmp_path / "b.pdf", 1, LIMITS), page((500, 700)).resize((1000, 1400)))


def test_alike_pictures_have_alike_hashes() -> None:
    rng = np.random.default_rng(3)
    image = np.asarray(Pillow.fromarray(rng.integers(0, 255, (12, 9, 3), dtype=np.uint8)).resize((450, 600)))
    smaller = np.asarray(Pillow.fromarray(image).resize((225, 300)))
    other = rng.integers(0, 255, image.shape, dtype=np.uint8)

    def apart(a: str, b: str) -> int:
        return (int(a, 16) ^ int(b, 16)).bit_count()

    assert len(pages.picture_hash(image)) == 16
    assert apart(pages.picture_hash(image), pages.picture_hash(smaller)) <= 4
    assert apart(pages.picture_hash(image), pages.picture_hash(other)) > 12


class ThreeSlips:
    """Reads three receipts side by side where the page stands with its red block left, nothing otherwise."""

    def __init__(self) -> None:
        self.calls = 0

    def read(self, image: pages.Image) -> tuple[Line, ...]:
        self.calls += 1
        if tuple(image[30, 40]) != (200, 0, 0):
            return (Line("|]", 0.4, Box(0, 0, 20, 9)),)
        texts = ("111-11-1111{}", "2026-03-0{} 12:00", "합계 1{},000", "카드", "승인번호 1234567{}") * 3
        return tuple(
            Line(text.format(n), 0.97, Box(400 * n + 20, 30 * i, 400 * n + 320, 30 * i + 20))
            for n in range(3)
            for i, text in enumerate(texts)
        )


def test_receipts_of_a_page_and_their_pictures_again(tmp_path: Path) -> None:
    page((1200, 600)).rotate(180).save(tmp_path / "a.png")
    engine = ThreeSlips()
    found = receipts_of(tmp_path / "a.png", 1, engine, LIMITS)
    assert engine.calls == 2
    assert [receipt.geometry.orientation for receipt in found] == [180, 180, 180]
    assert [len(receipt.lines) for receipt in found] == [15, 15, 15]
    for number, (geometry, image, lines) in enumerate((r.geometry, r.image, r.lines) for r in found):
        assert image.shape[:2] == geometry.size[::-1]
        assert np.array_equal(pages.render(tmp_path / "a.png", 1, geometry, LIMITS), image)
        assert lines[0].text.endswith(str(number))
        assert all(0 <= line.box.left < line.box.right <= geometry.size[0] for line in lines)


def test_a_blank_page_is_one_receipt_without_lines(tmp_path: Path) -> None:
    class Blank:
        def read(self, image: pages.Image) -> tuple[Line, ...]:
            return ()

    Pillow.new("L", (90, 70), 255).save(tmp_path / "a.png")
    [receipt] = receipts_of(tmp_path / "a.png", 1, Blank(), LIMITS)
    assert (receipt.geometry, receipt.lines) == (Geometry(0, None, (90, 70)), ())
    assert receipt.image.shape == (70, 90, 3)
