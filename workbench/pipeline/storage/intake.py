"""A file from outside becomes a file of the case: copied, named by its hash, checked; the original stays untouched."""

import hashlib
import os
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from workbench.domain.errors import CaseError, FileRefused
from workbench.pipeline.imaging import pages
from workbench.pipeline.imaging.file_type import HEAD, Limits, sniff

CHUNK = 1 << 20
LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken in: SHA-256 as hex, file ending by content (".jpg"), bytes, pages."""

    hash: str
    suffix: str
    size: int
    pages: int


def take_in(source: Path | bytes, folder: Path, limits: Limits) -> Taken:
    """Copies `source` to `folder`/<hash><suffix>, on disk before it returns. FileRefused says why it cannot be read."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=".incoming-")
    temporary = Path(name)
    try:
        file_hash, size = _copy(source, handle, limits.max_bytes)
        count = pages.probe(temporary, limits)
        with temporary.open("rb") as file:
            suffix = "." + sniff(file.read(HEAD))
        temporary.replace(folder / f"{file_hash}{suffix}")
        return Taken(file_hash, suffix, size, count)
    except OSError as error:
        if isinstance(source, Path) and not os.access(source, os.R_OK):
            raise FileRefused("파일을 읽을 권한이 없습니다. 권한을 확인해 주세요.") from error
        raise CaseError(f"사건 폴더에 저장하지 못했습니다: {folder}. 공간과 권한을 확인해 주세요.") from error
    finally:
        temporary.unlink(missing_ok=True)


def _copy(source: Path | bytes, handle: int, most: int) -> tuple[str, int]:
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


def _chunks(source: Path | bytes) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def walk(sources: Iterable[str | Path | tuple[str, bytes]]) -> Iterator[tuple[str, Path | bytes]]:
    """Every file named, folders in order of name; the name of a file in a folder tells where it lay."""
    for source in sources:
        if isinstance(source, tuple):
            yield source
            continue
        path = Path(source).expanduser()
        if path.is_dir():
            try:
                below = sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
                os.listdir(path)
            except OSError:
                below = []
            if not os.access(path, os.R_OK | os.X_OK):
                raise CaseError(f"폴더를 읽을 권한이 없습니다: {path}")
            yield from ((p.relative_to(path).as_posix(), p) for p in below)
        elif path.exists():
            yield path.name, path
        else:
            raise CaseError(f"파일이나 폴더가 없습니다: {path}")


def tidy(name: str) -> str:
    """A name fit for any screen: NFC (macOS gives NFD), no control characters, no way out of its folder."""
    parts = [
        p for p in PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).parts if p not in ("/", "..")
    ]
    text = "".join(c for c in "/".join(parts) if unicodedata.category(c)[0] != "C")
    return text[-LONGEST_NAME:] or "이름 없음"
