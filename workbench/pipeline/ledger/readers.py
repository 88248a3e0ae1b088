"""A list's file becomes rows of cells: .xlsx, .xls, the HTML that banks call .xls, and text in UTF-8, UTF-16 or CP949.

The kind is told by the bytes, never by the name. Cells are texts and numbers; days and times become ISO texts. All but
short texts are opened by a child with limits (`list_opener`), never in the process that asks.
"""

import csv
import io
import subprocess
import sys
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

import msgspec
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from workbench.domain.errors import FileRefused
from workbench.pipeline.ledger.amounts import Cell
from workbench.pipeline.ledger.hidden import hidden_in, hidden_told, seen
from workbench.pipeline.ledger.web_page import rows_of_page

Rows = list[list[Cell]]
Source = str | Path | tuple[str, bytes]
"""A list's file: its path, or its name and bytes."""

MOST_ROWS = 200_000
MOST_COLUMNS = 300
MOST_CELLS = 2_000_000
MOST_TOLD = 40 << 20
"""Bytes of cells that the child hands over: whoever asks holds all of them."""
MOST_BYTES = 50 << 20
SHORT = 1 << 18
"""Bytes up to which a text of separated cells is read on the spot."""
TOO_LARGE = "{name}: 칸이 너무 많습니다. 필요한 열과 기간만 따로 저장해 주세요."
WALL_SECONDS = 90.0
MOST_UNPACKED = 400 << 20
"""Bytes that an .xlsx may unfold to: a few kilobytes can hold gigabytes of zeros."""
ENDINGS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".csv", ".tsv", ".txt")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file, its name and its rows from the first on, so that row n of the file is `rows[n - 1]`.

    `note` says, in words, what of it its own program does not show.
    """

    name: str
    rows: Rows
    note: str = ""


def read_sheets(source: Path | bytes, name: str = "") -> list[Sheet]:
    """The sheets of a list that hold anything; FileRefused says, in words, why a file cannot be taken."""
    name = name or (source.name if isinstance(source, Path) else "명세서")
    try:
        data = source if isinstance(source, bytes) else source.read_bytes()
    except OSError as error:
        raise FileRefused(f"{name} 파일을 열 수 없습니다 ({error.strerror}). 경로와 권한을 확인해 주세요.") from error
    if len(data) > MOST_BYTES:
        raise FileRefused(f"{name}: 파일이 너무 큽니다. 목록은 {MOST_BYTES >> 20} MB까지 받습니다.")
    if len(data) <= SHORT and data[:2] not in (b"PK", b"\xd0\xcf") and b"<" not in data:
        return sheets_of(data, name)
    return _confined(data, name)


@lru_cache(maxsize=1)  # a person who chooses its columns has one list understood again and again
def _confined(data: bytes, name: str) -> list[Sheet]:
    command = [sys.executable, "-P", "-m", "workbench.pipeline.ledger.list_opener"]
    try:
        child = subprocess.run(  # noqa: S603  # our own module
            command, input=msgspec.msgpack.encode((name, data)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            timeout=WALL_SECONDS, check=True,
        )  # fmt: skip
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise FileRefused(
            f"{name}: 여는 데 시간이나 메모리가 너무 많이 듭니다. 필요한 표만 따로 저장해 주세요."
        ) from None
    sentence, sheets = msgspec.msgpack.decode(child.stdout)
    if sentence:
        raise FileRefused(sentence)
    return [Sheet(title, rows, note) for title, rows, note in sheets]


def sheets_of(data: bytes, name: str) -> list[Sheet]:
    """What `read_sheets` gives, opened by the process that asks."""
    sheets = [sheet for sheet in _sheets(data, name) if any(_filled(row) for row in sheet.rows)]
    if not sheets:
        raise FileRefused(f"{name}: 내용이 없습니다. 다른 파일을 골라 주세요.")
    if any(len(sheet.rows) > MOST_ROWS for sheet in sheets):
        raise FileRefused(f"{name}: {MOST_ROWS:,}줄까지 받습니다. 기간을 나누어 내려받아 주세요.")
    if sum(len(row) for sheet in sheets for row in sheet.rows) > MOST_CELLS:
        raise FileRefused(TOO_LARGE.format(name=name))
    return sheets


def _sheets(data: bytes, name: str) -> list[Sheet]:
    if data[:4] == b"PK\x03\x04" or data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _workbook(data, name)
    if b"\0" in data[:4096] and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise FileRefused(f"{name}: 표로 읽을 수 없는 파일입니다. Excel이나 CSV로 저장해 주세요.")
    text = _decoded(data, name)
    if text.lstrip()[:1] == "<":
        rows, hidden = rows_of_page(text, MOST_COLUMNS)
        if not rows:
            raise FileRefused(f"{name}: 표가 없는 웹 문서입니다. Excel이나 CSV로 저장해 주세요.")
        return [Sheet("", rows, hidden_told(hidden))]
    return [Sheet("", _separated(text, name))]


def _workbook(data: bytes, name: str) -> list[Sheet]:
    if data[:2] == b"PK":
        _check_unpacked(data, name)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        hidden = hidden_in(data) if data[:2] == b"PK" else {}
        # Rows above the first filled one are kept: the rows' numbers are those that Excel shows.
        return [
            Sheet(
                title,
                [[cell_of(cell) for cell in row[:MOST_COLUMNS]] for row in sheet.to_python(skip_empty_area=False)],
                hidden_told(hidden.get(title, []), "" if seen(about) else title),
            )
            for title, about in zip(book.sheet_names, book.sheets_metadata, strict=True)
            for sheet in [book.get_sheet_by_name(title)]
        ]
    except PasswordError:
        raise FileRefused(f"{name}: 암호가 걸려 있습니다. Excel에서 암호를 풀고 다시 저장해 주세요.") from None
    except (CalamineError, OSError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        if _encrypted(data):
            raise FileRefused(f"{name}: 암호가 걸려 있습니다. Excel에서 암호를 풀고 다시 저장해 주세요.") from None
        raise FileRefused(f"{name}: Excel 파일이 손상되었거나 다른 형식입니다. 다시 저장해 주세요.") from error


def _check_unpacked(data: bytes, name: str) -> None:
    try:
        size = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(data)).infolist())
    except zipfile.BadZipFile:
        raise FileRefused(f"{name}: Excel 파일이 손상되었습니다. 다시 저장해 주세요.") from None
    if size > MOST_UNPACKED:
        raise FileRefused(f"{name}: 풀면 너무 커지는 파일입니다. 필요한 시트만 따로 저장해 주세요.")


def _encrypted(data: bytes) -> bool:
    return "EncryptedPackage".encode("utf-16-le") in data


def cell_of(value: object) -> Cell:
    """A cell as lists keep it: text, number, or nothing; days and times as ISO texts."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return (datetime.min + value).time().isoformat("seconds")
    if isinstance(value, str):
        return value.strip() or None
    return value if isinstance(value, int | float | bool) else None


def _decoded(data: bytes, name: str) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused(f"{name}: 글자를 읽을 수 없습니다. UTF-8이나 한글 Windows의 CSV로 저장해 주세요.")


def _separated(text: str, name: str) -> Rows:
    best: Rows = []
    best_mark = ""
    for mark in (",", "\t", ";", "|"):  # the mark that gives most cells in the most rows
        try:
            lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
        except csv.Error:  # a cell of more than 128 KB
            continue
        rows: Rows = [[cell.strip().removeprefix("'") or None for cell in line[:MOST_COLUMNS]] for line in lines]
        if _weight(rows) > _weight(best):
            best, best_mark = rows, mark
    for number, row in enumerate(best, start=1):
        if any(isinstance(cell, str) and _swallows(cell, best_mark) for cell in row):
            where = f"{name}: {number}행의 따옴표가 닫히지 않아 아래 줄들이 한 칸이 되었습니다."
            raise FileRefused(f"{where} 고쳐서 다시 저장해 주세요.")
    return best or [[line] for line in text.splitlines()]


def _swallows(cell: str, mark: str) -> bool:
    """Whether a cell holds whole lines of the table: a quote was opened in it and never closed."""
    first, *lines = cell.splitlines()
    return bool(lines) and first.count(mark) >= 1 and all(line.count(mark) >= 2 for line in lines)


def _weight(rows: Rows) -> int:
    return sum(min(_filled(row), 20) for row in rows[:200] if _filled(row) > 1)


def _filled(row: list[Cell]) -> int:
    return sum(cell is not None and cell != "" for cell in row)


def named_sheets(source: Source) -> tuple[str, list[Sheet]]:
    """The name of a list, as a path or as name and bytes, and its sheets."""
    if isinstance(source, tuple):
        return source[0], read_sheets(source[1], source[0])
    path = Path(source).expanduser()
    return path.name, read_sheets(path)
