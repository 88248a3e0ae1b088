"""A file appears whole or not at all: written beside its place, brought to the disk, then renamed over it."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.domain.errors import ExportFailed

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Yield a new path to write to; on success it becomes `path`, on any error it is gone and `path` is as it was.

    Missing folders are made. Raises OSError.
    """
    path = path.resolve()  # a link stays a link: what it points to is replaced
    # A short name of its own: the target's may already be as long as a file system allows.
    draft = path.parent / f".draft-{secrets.token_hex(6)}"
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
    try:
        with whole(path) as draft:
            yield draft
    except OSError as error:
        raise ExportFailed(in_words(error, path)) from error


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
