"""A file from outside becomes a file of the case: copied, named by its hash, checked; the original stays untouched."""

import hashlib
import os
import stat
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from workbench.domain.errors import CaseError, FileRefused
from workbench.pipeline.imaging import pages
from workbench.pipeline.imaging.file_type import HEAD, NO_FILE, Limits, sniff, unreadable
from workbench.pipeline.storage.atomic import runs, sweep_drafts

CHUNK = 1 << 20
LONGEST_NAME = 255
COMING = ".coming"
"""Folder of the case where files lie until they are whole and looked at."""
Given = Path | bytes | FileRefused
"""A file, what an upload brought, or why something that was named is not taken."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What comes in: SHA-256 as hex, file ending by content (".jpg"), bytes, pages, its copy and its place."""

    hash: str
    suffix: str
    size: int
    pages: int
    copy: Path
    place: Path

    def arrive(self) -> None:
        """Puts it in its place: while its row is kept, so that nobody finds one without the other."""
        self.copy.replace(self.place)


@contextmanager
def taken_in(source: Given, folder: Path, limits: Limits) -> Iterator[Taken]:
    """A copy of `source` on the disk that may arrive in `folder`. FileRefused says why it cannot be read.

    Marked as coming until its row is kept: `sweep` tells of what was killed in between.
    """
    coming, mark = folder.parent / COMING, None
    try:
        coming.mkdir(exist_ok=True)
        handle, name = tempfile.mkstemp(dir=coming, prefix=f"{os.getpid()}-")
    except OSError as error:
        raise CaseError(_NO_ROOM.format(folder)) from error
    temporary = Path(name)
    try:
        file_hash, size = _copy(source, handle, limits.max_bytes)
        count = pages.probe(temporary, limits)
        with temporary.open("rb") as file:
            suffix = "." + sniff(file.read(HEAD))
        mark = Path(f"{temporary}-{file_hash}{suffix}")
        mark.touch()
        yield Taken(file_hash, suffix, size, count, temporary, folder / f"{file_hash}{suffix}")
    except OSError as error:
        raise CaseError(_NO_ROOM.format(folder)) from error
    finally:
        temporary.unlink(missing_ok=True)
        if mark is not None:
            mark.unlink(missing_ok=True)


_NO_ROOM = "사건 폴더에 저장하지 못했습니다: {}. 공간과 권한을 확인해 주세요."


def coming_in(case: Path) -> set[str]:
    """The names of originals whose rows are not kept yet, or whose coming in was killed."""
    return {mark.name.split("-")[2] for mark in case.glob(f"{COMING}/*-*-*")}


def sweep(case: Path) -> list[Path]:
    """Removes what processes that are gone left half taken in; originals of theirs that may have no row."""
    stray = []
    for rest in [*case.glob(f"{COMING}/*"), *case.glob("files/.incoming-*")]:
        owner = rest.name.partition("-")[0]
        if not (owner.isdecimal() and runs(int(owner))):
            stray += [case / "files" / name for name in rest.name.split("-")[2:]]
            rest.unlink(missing_ok=True)
    for folder in (case, case / "pictures"):
        sweep_drafts(folder)
    return stray


def size_of(source: Given) -> int:
    """Bytes of a source; FileRefused where it is none."""
    if isinstance(source, FileRefused):
        raise source
    if isinstance(source, bytes):
        return len(source)
    try:
        return source.stat().st_size
    except OSError as error:
        raise FileRefused(unreadable(error)) from error


def _copy(source: Given, handle: int, most: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with os.fdopen(handle, "wb") as target:
        for chunk in _chunks(source):
            digest.update(chunk)
            size += len(chunk)
            if size > most:
                raise FileRefused(f"파일이 너무 큽니다. {most // CHUNK:,} MB까지 넣을 수 있습니다.")
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return digest.hexdigest(), size


def _chunks(source: Given) -> Iterator[bytes]:
    if isinstance(source, FileRefused):
        raise source
    if isinstance(source, bytes):
        yield source
        return
    with _opened(source) as file:
        while True:
            try:
                chunk = file.read(CHUNK)
            except OSError as error:
                raise FileRefused(unreadable(error)) from error
            if not chunk:
                return
            yield chunk


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file open for reading. A pipe or a device is never waited for, whenever it took the file's place."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise FileRefused(unreadable(error)) from error
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise FileRefused(NO_FILE)
        yield file


def walk(sources: Iterable[str | Path | tuple[str, bytes | Path]]) -> Iterator[tuple[str, Given]]:
    """Every file named, folders in order of name; the name of a file in a folder tells where it lay.

    What is hidden is left out. A link inside a folder that leads out of it is not followed, and said to be so, as is
    a folder below that may not be looked into.
    """
    for source in sources:
        if isinstance(source, tuple):
            yield source
            continue
        path = Path(source).expanduser()
        if path.is_dir():
            yield from _below(path)
        elif path.exists():
            yield _shown(path.name), path
        else:
            raise CaseError(f"파일이나 폴더가 없습니다: {path}")


def _below(folder: Path) -> Iterator[tuple[str, Given]]:
    closed: list[OSError] = []
    found: list[Path] = []
    for here, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        linked = [name for name in folders if os.path.islink(os.path.join(here, name))]
        found += [Path(here, name) for name in (*names, *linked) if not name.startswith(".")]
    refused = {Path(str(error.filename)): error for error in closed}
    if folder in refused:
        raise CaseError(f"폴더를 읽을 권한이 없습니다: {folder}") from refused[folder]
    home = folder.resolve()
    for path in sorted([*found, *refused]):
        name = _shown(path.relative_to(folder).as_posix())
        if path in refused:
            yield name, FileRefused(_CLOSED)
        elif not os.path.islink(path):
            if not _is_special(path):
                yield name, path
        elif not _leads_below(path, home):
            yield name, FileRefused("폴더 밖의 파일을 가리키는 바로가기입니다. 넣으려면 그 파일을 직접 골라 주세요.")
        elif not os.path.isdir(path):  # else its files are come by where they lie
            yield name, path


_CLOSED = "폴더를 읽지 못해 그 안의 파일을 넣지 못했습니다. 폴더 권한과 저장 장치를 확인해 주세요."


def _is_special(path: Path) -> bool:
    """Whether it is a pipe, a socket or a device; what cannot be asked is told of when it is taken in."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode)


def _leads_below(link: Path, home: Path) -> bool:
    try:
        return link.resolve().is_relative_to(home)
    except (OSError, RuntimeError):  # a circle: told when it is taken in
        return True


def _shown(name: str) -> str:
    """A name on this disk: what is UTF-8 is not asked whether it were CP949, as the bytes of Café are, too."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return spelled(os.fsencode(name)) or name
    return name


def spelled(name: bytes) -> str:
    """The name that these bytes write, in UTF-8 or as Korean Windows does, in CP949; "" where it is neither.

    Few bytes are both; then the reading with fewer letters that are neither ASCII nor East Asian holds.
    """
    readings = []
    for encoding in ("utf-8", "cp949"):
        with suppress(UnicodeDecodeError):
            readings.append(name.decode(encoding))
    return min(readings, key=lambda text: sum("\x80" <= c < "\u1100" for c in text), default="")


def tidy(name: str) -> str:
    """A name fit for any screen: NFC (macOS gives NFD), no control characters, no way out of its folder."""
    parts = [
        p for p in PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).parts if p not in ("/", "..")
    ]
    text = "".join(c for c in "/".join(parts) if unicodedata.category(c)[0] != "C")
    return text[-LONGEST_NAME:] or "이름 없음"
