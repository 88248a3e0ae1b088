"""What a file really is, told by its bytes and never by its name, and whether it may come in."""

import errno
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from workbench.domain.errors import FileRefused

HEAD = 1024
"""bytes of a file's start that tell its kind"""

_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_AVIF_BRANDS = (b"avif", b"avis")
_BMP_HEADERS = (12, 40, 52, 56, 64, 108, 124)
NO_FILE = "파일이 아닙니다. 사진이나 PDF 파일을 넣어 주세요."
_KINDS = "JPG, PNG, WebP, TIFF, BMP, GIF, HEIC, AVIF 사진이나 PDF, 이것들을 담은 ZIP과 메일(.eml)만 넣을 수 있습니다."
_STRANGERS: tuple[tuple[bytes, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "워드·엑셀·한글 문서(97 형식)나 아웃룩 메일(.msg)입니다. PDF로 저장해 넣어 주세요.",
    ),
    (b"HWP Document File", "한글 문서(HWP)입니다. PDF로 저장해 넣어 주세요."),
    (b"PK\x03\x04", "ZIP이나 워드·엑셀·한글 문서입니다. 문서라면 PDF로 저장해 넣어 주세요."),
    (b"7z\xbc\xaf\x27\x1c", "7z 압축 파일입니다. 압축을 풀어 넣어 주세요."),
    (b"Rar!\x1a\x07", "RAR 압축 파일입니다. 압축을 풀어 넣어 주세요."),
    (b"ALZ\x01", "알집(ALZ) 압축 파일입니다. 압축을 풀어 넣어 주세요."),
    (b"EGGA", "알집(EGG) 압축 파일입니다. 압축을 풀어 넣어 주세요."),
    (b"\x1f\x8b", "gzip 압축 파일입니다. 압축을 풀어 넣어 주세요."),
    (b"8BPS", "포토샵 파일(PSD)입니다. JPG나 PNG로 저장해 넣어 주세요."),
    (b"{\\rtf", "서식 있는 글(RTF)입니다. PDF로 저장해 넣어 주세요."),
    (b"\x1aE\xdf\xa3", "동영상입니다. 화면을 사진으로 저장해 넣어 주세요."),
    (b"ID3", "소리 파일입니다."),
)
"""How files of other kinds begin, and what is said of them."""

ONE_PAGE = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".bmp"}
"""Endings of files that are one picture each; others may hold many pages."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is let in: bytes of a file, pixels of a picture (width times height), pages of a PDF or TIFF."""

    max_bytes: int = 50 * 1024 * 1024
    max_pixels: int = 120_000_000
    max_pages: int = 300


def sniff(head: bytes) -> str:
    """The kind of a file from its first `HEAD` bytes, as a file ending, "" for none of ours.

    One of jpg png webp tif bmp gif heic avif pdf.
    """
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "tif"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    if head[4:8] == b"ftyp" and head[8:12] in _AVIF_BRANDS:
        return "avif"
    if head[4:8] == b"ftyp" and (head[8:12] in _HEIC_BRANDS):
        return "heic"
    # "BM" alone is also how a text may begin, so the size of the header behind it is looked at too.
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return "bmp"
    if head.lstrip(b"\xef\xbb\xbf\0 \t\r\n\f").startswith(b"%PDF-"):
        return "pdf"
    return ""


@contextmanager
def opened(path: Path, limits: Limits) -> Iterator[tuple[BinaryIO, str]]:
    """The file open for reading, and its kind; FileRefused where it is none of ours, too large, or cannot be read."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):  # a pipe or a device would be read for ever
            raise FileRefused(NO_FILE)
        file = path.open("rb")
    except OSError as error:
        raise FileRefused(unreadable(error)) from error
    except ValueError as error:  # a NUL in the name
        raise FileRefused("파일 이름을 읽을 수 없습니다. 이름을 바꾼 뒤 다시 넣어 주세요.") from error
    with file:
        try:
            head = file.read(HEAD)
            file.seek(0)
        except OSError as error:
            raise FileRefused(unreadable(error)) from error
        if not head:
            raise FileRefused("빈 파일입니다. 원본을 다시 받아 넣어 주세요.")
        if about.st_size > limits.max_bytes:
            raise FileRefused(
                f"파일이 너무 큽니다({about.st_size / 2**20:,.0f} MB). "
                f"{limits.max_bytes / 2**20:,.0f} MB까지 넣을 수 있습니다."
            )
        kind = sniff(head)
        if not kind:
            raise FileRefused(_stranger(head))
        yield file, kind


def _stranger(head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<svg", b"<?xml")) or b"<svg" in start:
        return f"웹 문서나 SVG 그림은 읽지 않습니다. {_KINDS}"
    for begins, sentence in _STRANGERS:
        if head.startswith(begins):
            return sentence
    if head[4:8] == b"ftyp":
        return "동영상입니다. 화면을 사진으로 저장해 넣어 주세요."
    return f"사진이나 PDF가 아닙니다. {_KINDS}"


def unreadable(error: OSError) -> str:
    """Why a file could not be read, and what to do."""
    if error.errno in (errno.EACCES, errno.EPERM):
        return "파일을 읽을 권한이 없습니다. 파일 권한을 확인해 주세요."
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return "파일이 없습니다. 옮겨졌거나 지워졌는지 확인해 주세요."
    if error.errno == errno.ENAMETOOLONG:
        return "파일 이름이 너무 깁니다. 이름을 줄인 뒤 다시 넣어 주세요."
    return f"파일을 읽을 수 없습니다({error.strerror or error.errno}). 저장 장치를 확인해 주세요."
