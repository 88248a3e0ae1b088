"""A file appears whole or not at all: written beside its place, brought to the disk, then renamed over it."""

import errno
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.domain.errors import ExportFailed

DRAFT = ".draft-"
SURELY_OVER = 3600.0
"""s: what nobody has written to for so long is nobody's any more; on a shared drive its writer may be elsewhere."""
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Yield a new path to write to; on success it becomes `path`, on any error it is gone and `path` is as it was.

    Missing folders are made. Raises OSError.
    """
    path = path.resolve()  # a link stays a link: what it points to is replaced
    # A short name of its own: the target's may already be as long as a file system allows.
    draft = path.parent / f"{DRAFT}{os.getpid()}-{secrets.token_hex(6)}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield draft
        _to_disk(draft)
        os.replace(draft, path)
        _to_disk(path.parent)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """`whole` for what a person asked to have exported: ExportFailed says what stands in the way.

    That is a full disk, a missing right, a file open in another program.
    """
    path = path.resolve()
    sweep_drafts(path.parent)
    try:
        with whole(path) as draft:
            yield draft
    except OSError as error:
        raise ExportFailed(in_words(error, path)) from error


def sweep_drafts(folder: Path, prefix: str = DRAFT) -> None:
    """Removes what programs that were killed have left of their drafts: they hold what was to be written."""
    for rest in folder.glob(f"{prefix}*"):
        owner = rest.name.removeprefix(prefix).partition("-")[0]
        if is_old(rest) and not (owner.isdecimal() and runs(int(owner))):
            if rest.is_dir():
                shutil.rmtree(rest, ignore_errors=True)
            else:
                rest.unlink(missing_ok=True)


def is_old(path: Path) -> bool:
    """Whether nobody has written to it for so long that nobody will; False where it has gone."""
    try:
        return time.time() - path.stat().st_mtime > SURELY_OVER
    except OSError:
        return False


def runs(pid: int) -> bool:
    """Whether a process of that number runs on this machine."""
    if os.name == "nt":
        return False  # what it has open cannot be removed there anyway
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):  # somebody else's, or no number of any
        return True
    return True


def in_words(error: OSError, path: Path) -> str:
    """What a failed write to `path` means for the person who asked for it, and what to do."""
    if error.errno in NO_ROOM:
        return f"디스크에 빈 공간이 없어 {path.name} 파일을 쓰지 못했습니다. 공간을 비우고 다시 내보내 주세요."
    if error.errno == errno.EROFS:
        return f"{path.parent} 폴더는 읽기 전용입니다. 다른 폴더로 내보내 주세요."
    if path.is_dir():
        return f"{path}은(는) 폴더입니다. 파일 이름까지 적어 주세요."
    if isinstance(error, PermissionError):
        return (
            f"{path} 파일을 쓸 수 없습니다. Excel 등 다른 프로그램에서 열려 있으면 닫고, "
            "폴더에 쓰기 권한이 있는지 확인해 주세요."
        )
    if error.errno == errno.ENAMETOOLONG:
        return f"파일 이름이 너무 깁니다. 더 짧은 이름으로 내보내 주세요: {path.name[:40]}…"
    if isinstance(error, FileExistsError | NotADirectoryError):
        return f"{path.parent}은(는) 폴더가 아닙니다. 다른 곳으로 내보내 주세요."
    return f"{path} 파일을 쓰지 못했습니다 ({error.strerror or error})."


def _to_disk(path: Path) -> None:
    """Have the system write what it holds of a file or folder; Windows cannot do it for folders."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDWR if not path.is_dir() else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
