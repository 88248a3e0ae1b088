"""What the system and SQLite complain of, as a CaseError that says what to do."""

import errno
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from workbench.domain.errors import CaseError

FULL = "디스크가 가득 찼거나 고장 나서 저장하지 못했습니다: {name}. 공간을 확인하고 다시 해 주세요."
NO_RIGHT = "사건 폴더에 쓸 수 없습니다: {name}. 폴더의 권한을 확인해 주세요."
BUSY = "다른 프로그램이 사건을 쓰고 있습니다: {name}. 잠시 뒤 다시 시도해 주세요."
DAMAGED = "사건 파일이 손상되었습니다: {name}. 백업에서 복원해 주세요."
NO_LOCKS = (
    "이 드라이브는 파일 잠금을 지원하지 않아 사건을 안전하게 둘 수 없습니다: {name}. 네트워크 드라이브라면 이 컴퓨터의 "
    "디스크에 있는 폴더로 옮겨 주세요."
)
REPLACED = (
    "열려 있는 동안 사건 폴더가 다른 것으로 바뀌었거나 없어져서 저장하지 않았습니다: {name}. 화면을 새로 고치거나 "
    "사건을 다시 열어 주세요."
)
OLD = (
    "열려 있는 동안 사건 폴더가 다른 것으로 바뀌었거나 없어졌습니다: {name}. 지금 보이는 것은 그 전의 내용입니다. "
    "화면을 새로 고치거나 사건을 다시 열어 주세요."
)
CHANGED = "사건의 내용이 손상되었거나 바뀌었습니다: {name}. workbench verify로 확인하고 백업에서 복원해 주세요."
OTHER = "사건을 저장하지 못했습니다: {name} ({error}). 공간과 권한을 확인해 주세요."
BY_CODE = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_IOERR: FULL,  # a quota that is used up, too
    sqlite3.SQLITE_READONLY: NO_RIGHT,
    sqlite3.SQLITE_CANTOPEN: NO_RIGHT,
    sqlite3.SQLITE_PERM: NO_RIGHT,
    sqlite3.SQLITE_AUTH: NO_RIGHT,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
}
"""By primary result code, the low byte of SQLite's extended ones."""
LOCKS = frozenset({
    sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOLFS, sqlite3.SQLITE_IOERR_LOCK, sqlite3.SQLITE_IOERR_UNLOCK,
    sqlite3.SQLITE_IOERR_RDLOCK, sqlite3.SQLITE_IOERR_CHECKRESERVEDLOCK, sqlite3.SQLITE_IOERR_SHMOPEN,
    sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMLOCK, sqlite3.SQLITE_IOERR_SHMMAP,
})  # fmt: skip
"""Extended codes of a drive without locks, or without the memory that processes share over a file."""


def busy() -> sqlite3.OperationalError:
    """What SQLite raises where another writes too long, for one who waited for another thread."""
    error = sqlite3.OperationalError("database is busy")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return error


def is_full(error: CaseError) -> bool:
    """Whether it was raised for want of room on the disk."""
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return BY_CODE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF) == FULL
    return isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def in_words(folder: Path) -> Iterator[None]:
    """Raises CaseError for what SQLite or the system says of the case in `folder`."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)  # misuse of the module itself has none
        if code == sqlite3.SQLITE_ERROR and isinstance(error, sqlite3.OperationalError):
            sentence = CHANGED  # a table or column that is not there, a text that is none
        else:
            sentence = NO_LOCKS if code in LOCKS else BY_CODE.get(code & 0xFF, OTHER)
        raise CaseError(sentence.format(name=folder.name, error=error)) from error
    except (msgspec.DecodeError, zlib.error) as error:  # what is stored is no record any more
        raise CaseError(CHANGED.format(name=folder.name)) from error
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        reason = "디스크가 가득 찼습니다" if full else "폴더에 쓸 수 없습니다"
        raise CaseError(f"{reason}: {folder.name}. 공간과 권한을 확인해 주세요.") from error
