"""A backup becomes cases again: unpacked aside, looked at, and only then put into its place."""

import gzip
import os
import shutil
import sqlite3
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path, PurePosixPath

from workbench.domain.errors import CaseError
from workbench.pipeline.storage.backup import ASIDE, LOCK, Report, digest_of, files_below, rows_of
from workbench.pipeline.storage.database import NAME as DATABASE

ROOM_LEFT = 512 << 20
"""Bytes that stay free on the disk, whatever a backup unpacks to."""
CHUNK = 1 << 20
MOST_FILES = 2_000_000
MOST_HEADER = 1 << 17
"""Bytes of a long name or the like, which is read at once; one may follow another as deep as tarfile calls itself."""
NOT_TAKEN = "되살리지 않았습니다: {kind}. 이 프로그램이 만든 복사본에는 없는 것입니다."


def restore(source: Path, folder: Path) -> Report:
    """Unpacks a backup into a new or empty folder and looks at every case of it.

    CaseError where that cannot be; then the folder is as it was.
    """
    made = not folder.exists()
    _refuse_full(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _alone(folder):
            _refuse_full(folder)  # somebody else's may have just come to its end
            report = _restored(source, folder)
    except (OSError, sqlite3.Error) as error:  # what lies at the lock's name may be no file for one
        raise _failed(source, error) from error
    finally:
        if made and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    _look_at(folder, report)
    return report


def _refuse_full(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(path.name not in (ASIDE, LOCK) for path in folder.iterdir())):
        raise CaseError(f"빈 폴더가 아닙니다: {folder}. 다른 폴더를 고르거나 먼저 옮겨 주세요.")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keeps other restorations out of the folder, by SQLite's own lock; a process that is killed lets go of it."""
    path = folder / LOCK
    path.touch(0o600)
    before = path.stat()
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("PRAGMA journal_mode=MEMORY")  # no second file
            lock.execute("BEGIN EXCLUSIVE")
            same = os.path.samestat(before, path.stat())
        except (sqlite3.OperationalError, FileNotFoundError):
            same = False  # whoever held it has gone meanwhile, and the file with it
        if not same:
            raise CaseError(f"다른 되살리기가 이 폴더에서 진행되고 있습니다: {folder}. 끝난 뒤에 확인해 주세요.")
        try:
            yield
        finally:
            with suppress(PermissionError):  # Windows removes nothing that is open
                path.unlink(missing_ok=True)


def _restored(source: Path, folder: Path) -> Report:
    aside, report = folder / ASIDE, Report()
    placed: list[Path] = []
    try:
        shutil.rmtree(aside, ignore_errors=True)  # of a try that was killed
        aside.mkdir(mode=0o700)
        _unpack(source, aside, report)
        # A case is there once its database is: that comes last.
        for path in sorted(aside.iterdir(), key=lambda path: path.name == DATABASE):
            placed.append(path.rename(folder / path.name))
        aside.rmdir()
    except BaseException as error:
        _take_away([*placed, aside])
        if isinstance(error, OSError | tarfile.TarError | EOFError | zlib.error | ValueError | RecursionError):
            raise _failed(source, error) from error
        raise
    return report


def _failed(source: Path, error: Exception) -> CaseError:
    if isinstance(error, FileNotFoundError) and not source.exists():
        return CaseError(f"되살리지 못했습니다: 파일이 없습니다: {source}. 이름과 폴더를 확인해 주세요.")
    if isinstance(error, gzip.BadGzipFile | tarfile.TarError | EOFError | zlib.error):
        return CaseError(
            f"되살리지 못했습니다: 복사본이 아니거나 망가진 파일입니다: {source}. 다른 복사본을 골라 주세요."
        )
    return CaseError(f"되살리지 못했습니다: {source} ({type(error).__name__}). 파일과 공간을 확인해 주세요.")


class _Member(tarfile.TarInfo):
    """What tarfile reads before it says what a member is, within bounds."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "_Member":
        """As tarfile's own; ReadError for a header that would take the memory."""
        member = super().frombuf(buf, encoding, errors)
        if member.type not in tarfile.REGULAR_TYPES and member.size > MOST_HEADER:
            raise tarfile.ReadError("header too large")
        return member


def _take_away(paths: list[Path]) -> None:
    """Removes what was put there."""
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _unpack(source: Path, aside: Path, report: Report) -> None:
    with gzip.open(source, "rb") as packed:
        with tarfile.open(fileobj=packed, mode="r|", tarinfo=_Member) as archive:
            number = 0
            while (member := archive.next()) is not None:
                archive.members.clear()  # type: ignore[attr-defined]  # it would keep them all
                number += 1
                if number > MOST_FILES:
                    raise CaseError(f"파일이 {MOST_FILES:,}개를 넘어 되살리지 않았습니다: {source}")
                wanting = member.size + ROOM_LEFT - shutil.disk_usage(aside).free
                if wanting > 0:
                    raise CaseError(
                        f"되살릴 공간이 모자랍니다: {aside.parent} ({(wanting >> 20) + 1:,} MB가 더 필요합니다). "
                        "공간을 비우거나 다른 디스크의 폴더를 골라 주세요."
                    )
                if why := _unpack_one(archive, member, aside):
                    report.problems.append((member.name[:200], NOT_TAKEN.format(kind=why)))
        while packed.read(CHUNK):  # to its end, where the sum of all bytes stands
            pass


def _unpack_one(archive: tarfile.TarFile, member: tarfile.TarInfo, aside: Path) -> str:
    """Plain files only, below the folder only, readable by their owner only; why one is not taken, else ""."""
    if member.isdir():
        return ""
    if not member.isfile():
        return "링크나 장치"
    name = PurePosixPath(member.name)
    target = aside / name
    if name.is_absolute() or ".." in name.parts or not target.resolve().is_relative_to(aside.resolve()):
        return "폴더 밖을 가리키는 이름"
    if target.exists():
        return "두 번 들어 있는 이름"
    found = archive.extractfile(member)
    if found is None:
        return "내용이 없는 파일"
    for folder in reversed([part for part in target.parents if part.is_relative_to(aside)]):
        folder.mkdir(exist_ok=True, mode=0o700)
    target.touch(0o600, exist_ok=False)
    with found, target.open("wb") as file:
        shutil.copyfileobj(found, file, CHUNK)
    return ""


def _look_at(folder: Path, report: Report) -> None:
    for case in (path.parent for path in files_below(folder, []) if path.name == DATABASE):
        report.cases += 1
        name = case.relative_to(folder).as_posix()
        try:
            rows = rows_of(case / DATABASE)
        except sqlite3.Error as error:
            report.problems.append((name, f"사건 기록이 손상되었습니다 ({error})."))
            continue
        for file_hash, suffix in rows:
            if digest_of(case / "files" / f"{file_hash}{suffix}") == file_hash:
                report.originals += 1
            else:
                report.problems.append((name, f"원본이 없거나 바뀌었습니다: {file_hash[:12]}…{suffix}"))
