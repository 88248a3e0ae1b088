"""A copy of all cases below a folder while they are worked on, and the way back; each original held against its row.

Of each case the database is copied first, by SQLite itself, then the originals its rows name: an original is on the
disk before its row is, so that no row of the copy is without. A damaged case is copied as it is and reported; the
others are copied all the same.
"""

import gzip
import hashlib
import os
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from workbench.domain.errors import CaseError
from workbench.pipeline.storage.atomic import replacing
from workbench.pipeline.storage.database import HEAD
from workbench.pipeline.storage.database import NAME as DATABASE
from workbench.pipeline.storage.intake import COMING

LEFT_OUT = (".tmp", "log", COMING, ".heartbeat")
TRIES = 3
"""How often a case is copied anew whose originals were deleted meanwhile."""
CHUNK = 1 << 20
NO_DATABASE = "사건 기록을 읽을 수 없어 있는 그대로 복사했습니다 ({why}). 먼저 받아 둔 복사본을 확인해 주세요."


@dataclass(slots=True)
class Report:
    """What a backup or a restoration found: `problems` are (case, sentence)."""

    cases: int = 0
    originals: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)


def back_up(folder: Path, target: Path) -> Report:
    """Writes every case below `folder`, and what else lies there, to `target` (.tar.gz); whole or not at all.

    Raises CaseError where there is nothing to copy, ExportFailed where it cannot be written.
    """
    if not folder.is_dir():
        raise CaseError(f"폴더가 없습니다: {folder}")
    if target.resolve().is_relative_to(folder.resolve()):
        raise CaseError("복사본을 그 폴더 안에 둘 수는 없습니다. 다른 곳을 골라 주세요.")
    report = Report()
    with replacing(target) as draft:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with (
            tempfile.TemporaryDirectory(dir=target.resolve().parent, prefix=".backup-") as scratch,
            os.fdopen(handle, "wb") as raw,
            gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=1) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
        ):
            for case in _cases(folder):
                _add_case(archive, case, case.relative_to(folder), Path(scratch), report)
            _add_rest(archive, folder)
    if not report.cases:
        raise CaseError(f"사건이 하나도 없습니다: {folder}")
    return report


def restore(source: Path, folder: Path) -> Report:
    """Unpacks a backup into a new or empty folder and looks at every case of it; CaseError where that cannot be."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CaseError(f"빈 폴더가 아닙니다: {folder}. 다른 폴더를 고르거나 먼저 옮겨 주세요.")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tarfile.open(source, "r:gz") as archive:
            for member in archive:
                _unpack(archive, member, folder)
    except (OSError, tarfile.TarError, EOFError, gzip.BadGzipFile, zlib.error, ValueError) as error:
        raise CaseError(
            f"되살리지 못했습니다: {source} ({type(error).__name__}). 파일과 공간을 확인해 주세요."
        ) from error
    report = Report()
    for case in _cases(folder):
        report.cases += 1
        name = case.relative_to(folder).as_posix()
        try:
            rows = _rows(case / DATABASE)
        except sqlite3.Error as error:
            report.problems.append((name, f"사건 기록이 손상되었습니다 ({error})."))
            continue
        for file_hash, suffix in rows:
            if _digest(case / "files" / f"{file_hash}{suffix}") == file_hash:
                report.originals += 1
            else:
                report.problems.append((name, f"원본이 없거나 바뀌었습니다: {file_hash[:12]}…{suffix}"))
    return report


def _unpack(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Plain files only, below `folder` only, readable by their owner only."""
    target = (folder / member.name).resolve()
    found = archive.extractfile(member) if member.isfile() else None
    if found is None or not target.is_relative_to(folder.resolve()):
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with found, os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while chunk := found.read(CHUNK):
            file.write(chunk)


def _cases(folder: Path) -> Iterator[Path]:
    for database in sorted(folder.rglob(DATABASE)):
        if not {*database.relative_to(folder).parts} & {*LEFT_OUT}:
            yield database.parent


def _add_case(archive: tarfile.TarFile, case: Path, name: Path, scratch: Path, report: Report) -> None:
    report.cases += 1
    copy = scratch / DATABASE
    for attempt in range(TRIES):
        try:
            rows = _copied(case / DATABASE, copy)
        except sqlite3.Error as error:
            report.problems.append((name.as_posix(), NO_DATABASE.format(why=error)))
            for path in (*case.glob(f"{DATABASE}*"), *(case / "files").glob("*")):
                if path.is_symlink():  # whatever it points to is no part of the case
                    continue
                _add(archive, path, name / path.relative_to(case))
            return
        missing = [file for file in rows if not (case / "files" / "".join(file)).is_file()]
        if not missing or attempt == TRIES - 1:
            break  # else they were deleted after the copy was made: the next copy does not name them
    archive.add(copy, (name / DATABASE).as_posix(), recursive=False)
    if head := _head(copy):
        (scratch / HEAD).write_text(head, "ascii")
        archive.add(scratch / HEAD, (name / HEAD).as_posix(), recursive=False)
    for file_hash, suffix in rows:
        original = case / "files" / f"{file_hash}{suffix}"
        if _digest(original) == file_hash and _add(archive, original, name / "files" / original.name):
            report.originals += 1
        else:
            report.problems.append((name.as_posix(), f"원본이 없거나 바뀌었습니다: {file_hash[:12]}…{suffix}"))


def _copied(source: Path, copy: Path) -> list[tuple[str, str]]:
    """Copies a database as it is at one moment; what its rows name as originals. sqlite3.Error where it is damaged."""
    copy.unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True, timeout=30)) as live,
        closing(sqlite3.connect(copy)) as target,
    ):
        live.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
    return _rows(copy)


def _rows(database: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as db:
        if (found := db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise sqlite3.DatabaseError(found)
        return [(str(name), str(suffix)) for name, suffix in db.execute("SELECT hash, suffix FROM files")]


def _head(database: Path) -> str:
    """How far the journal of the copy has come: the file beside a living case may be further already."""
    with closing(sqlite3.connect(database)) as db, suppress(sqlite3.Error):  # none in cases of early versions
        seq, told = db.execute("SELECT (SELECT max(seq) FROM journal), value FROM meta WHERE key = 'head'").fetchone()
        return f"{seq} {told}\n" if seq and told else ""
    return ""


def _add_rest(archive: tarfile.TarFile, folder: Path) -> None:
    """Titles, secrets, pictures: what is there, as long as it is."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        in_case = path.parent.name == "files" and (path.parent.parent / DATABASE).exists()
        if path.is_file() and not path.is_symlink() and not in_case and not path.name.startswith((DATABASE, HEAD)):
            if {*name.parts} & {*LEFT_OUT} or path.name.startswith((".draft-", ".about-", ".secret-", f".{HEAD}")):
                continue
            _add(archive, path, name)


def _add(archive: tarfile.TarFile, path: Path, name: Path) -> bool:
    """Adds a file as it is now, its length too; False where it has gone or cannot be read."""
    try:
        with path.open("rb") as file:
            member = archive.gettarinfo(arcname=name.as_posix(), fileobj=file)
            archive.addfile(member, file)
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        return False
    return True


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except OSError:
        return ""
    return digest.hexdigest()
