"""A copy of all cases below a folder while they are worked on; each original held against its row. `restoring` is back.

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
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from workbench.domain.errors import CaseError, ExportFailed
from workbench.pipeline.storage.atomic import DRAFT, replacing, sweep_drafts
from workbench.pipeline.storage.database import HEAD
from workbench.pipeline.storage.database import NAME as DATABASE
from workbench.pipeline.storage.intake import COMING

ASIDE = ".restoring"
"""Where a restoration unpacks until all is whole."""
LOCK = ".restoring-lock"
SCRATCH = ".backup-"
LEFT_OUT = (".tmp", "log", COMING, ".heartbeat", ".serving", ASIDE, LOCK, "lost+found")
TRIES = 3
"""How often a case is copied anew whose originals were deleted meanwhile."""
NO_DATABASE = "사건 기록을 읽을 수 없어 있는 그대로 복사했습니다 ({why}). 먼저 받아 둔 복사본을 확인해 주세요."
NO_ROOM = "복사본을 쓰지 못했습니다: {folder} ({why}). 공간을 비우거나 다른 곳을 골라 다시 해 주세요."
NOT_LOOKED_INTO = "바로가기이거나 열 수 없는 폴더라 그 안의 것은 복사본에 없습니다. 사건이 있는지 확인해 주세요."
UNREADABLE = "읽지 못해 복사본에 없거나 온전하지 않습니다. 디스크와 권한을 확인해 주세요."


@dataclass(slots=True)
class Report:
    """What a backup or a restoration found: `problems` are (case, sentence)."""

    cases: int = 0
    originals: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)
    deleted: list[tuple[str, str]] = field(default_factory=list)
    """As `problems`: originals deleted for good while they were copied; another copy does not name them."""


def back_up(folder: Path, target: Path) -> Report:
    """Writes every case below `folder`, and what else lies there, to `target` (.tar.gz); whole or not at all.

    Raises CaseError where there is nothing to copy, ExportFailed where it cannot be written.
    """
    if not folder.is_dir():
        raise CaseError(f"폴더가 없습니다: {folder}")
    if target.resolve().is_relative_to(folder.resolve()):
        raise CaseError("복사본을 그 폴더 안에 둘 수는 없습니다. 다른 곳을 골라 주세요.")
    sweep_drafts(target.resolve().parent, SCRATCH)
    with replacing(target) as draft:
        for _ in range(TRIES):
            report = _written(folder, draft, target.resolve().parent)
            if not report.deleted:
                break
        report.problems += report.deleted
    if not report.cases:
        raise CaseError(f"사건이 하나도 없습니다: {folder}")
    return report


def _written(folder: Path, draft: Path, beside: Path) -> Report:
    """Writes the whole copy to `draft`, anew where there is one."""
    report = Report()
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with (
        tempfile.TemporaryDirectory(dir=beside, prefix=f"{SCRATCH}{os.getpid()}-") as scratch,
        os.fdopen(handle, "wb") as raw,
        gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=1) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        unread: list[Path] = []
        below = files_below(folder, unread)
        report.problems += [(path.relative_to(folder).as_posix(), NOT_LOOKED_INTO) for path in unread]
        for database in below:
            if database.name == DATABASE:
                _add_case(archive, database.parent, database.parent.relative_to(folder), Path(scratch), report)
        _add_rest(archive, folder, below, report)
    return report


def _leads_where_nobody_may_look(path: Path) -> bool:
    """Whether it is a link whose end may not be seen: a folder, perhaps."""
    if not path.is_symlink():
        return False
    try:
        path.stat()
    except PermissionError:
        return True
    except OSError:  # to nothing
        pass
    return False


def files_below(folder: Path, unread: list[Path]) -> list[Path]:
    """All files that lie there, in order; folders that are links or may not be looked into are added to `unread`."""
    found: list[Path] = []
    for here, folders, names in os.walk(folder, onerror=lambda error: unread.append(Path(error.filename))):
        folders[:] = [name for name in folders if name not in LEFT_OUT]
        unread.extend(Path(here, name) for name in folders if os.path.islink(os.path.join(here, name)))
        unread.extend(Path(here, name) for name in names if _leads_where_nobody_may_look(Path(here, name)))
        found += [Path(here, name) for name in names if name not in LEFT_OUT]
    return sorted(found)


def _add_case(archive: tarfile.TarFile, case: Path, name: Path, scratch: Path, report: Report) -> None:
    report.cases += 1
    copy = scratch / DATABASE
    for attempt in range(TRIES):
        try:
            rows = _copied(case / DATABASE, copy)
        except sqlite3.Error as error:
            if _is_whole(case / DATABASE):
                raise ExportFailed(NO_ROOM.format(folder=scratch.parent, why=error)) from error
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
        if digest_of(original) == file_hash and _add(archive, original, name / "files" / original.name):
            report.originals += 1
        else:
            lost = (name.as_posix(), f"원본이 없거나 바뀌었습니다: {file_hash[:12]}…{suffix}")
            (report.problems if _names(case / DATABASE, file_hash) else report.deleted).append(lost)


def _copied(source: Path, copy: Path) -> list[tuple[str, str]]:
    """Copies a database as it is at one moment; what its rows name as originals. sqlite3.Error where it is damaged."""
    copy.unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True, timeout=30)) as live,
        closing(sqlite3.connect(copy)) as target,
    ):
        live.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
    return rows_of(copy)


def rows_of(database: Path) -> list[tuple[str, str]]:
    """(hash, ending) of the originals that a database names; sqlite3.Error where it is damaged."""
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as db:
        if (found := db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise sqlite3.DatabaseError(found)
        return [(str(name), str(suffix)) for name, suffix in db.execute("SELECT hash, suffix FROM files")]


def _is_whole(database: Path) -> bool:
    """Whether a living database can be read to its end, so that a copy failed for the sake of its place."""
    with suppress(sqlite3.Error):
        rows_of(database)
        return True
    return False


def _names(database: Path, file_hash: str) -> bool:
    """Whether a living database names that original by now; True where it cannot be asked."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as db:
        return db.execute("SELECT 1 FROM files WHERE hash = ?", (file_hash,)).fetchone() is not None
    return True


def _head(database: Path) -> str:
    """How far the journal of the copy has come: the file beside a living case may be further already."""
    with closing(sqlite3.connect(database)) as db, suppress(sqlite3.Error):  # none in cases of early versions
        seq, told = db.execute("SELECT (SELECT max(seq) FROM journal), value FROM meta WHERE key = 'head'").fetchone()
        return f"{seq} {told}\n" if seq and told else ""
    return ""


def _add_rest(archive: tarfile.TarFile, folder: Path, below: list[Path], report: Report) -> None:
    """Titles, secrets, pictures: what is there, as long as it is."""
    for path in below:
        name = path.relative_to(folder)
        in_case = path.parent.name == "files" and (path.parent.parent / DATABASE).exists()
        if not path.is_symlink() and path.is_file() and not in_case and not path.name.startswith((DATABASE, HEAD)):
            if path.name.startswith((DRAFT, ".about-", ".secret-", f".{HEAD}")):
                continue
            if not _add(archive, path, name) and path.exists():
                report.problems.append((name.as_posix(), UNREADABLE))


class _AsLong:
    """A file that gives the bytes it had when it was opened, zeros where the disk gives none."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._left, self.short = file, size, False

    def read(self, most: int) -> bytes:
        wanted, found = min(most, self._left), b""
        if not self.short:
            with suppress(OSError):
                found = self._file.read(wanted)
        self.short = self.short or len(found) < wanted
        self._left -= wanted
        return found.ljust(wanted, b"\0")


def _add(archive: tarfile.TarFile, path: Path, name: Path) -> bool:
    """Adds a file as it is now, its length too; False where it has gone or cannot be read to its end."""
    try:
        if not path.is_file():
            return False
        file = path.open("rb")
    except OSError:
        return False
    with file:
        member = archive.gettarinfo(arcname=name.as_posix(), fileobj=file)
        given = _AsLong(file, member.size)
        archive.addfile(member, cast(BinaryIO, given))
    return not given.short


def digest_of(path: Path) -> str:
    """SHA-256 as hex; "" where it is no file (a pipe would be read for ever) or cannot be read."""
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
