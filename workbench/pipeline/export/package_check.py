"""Whether a package is as it was made, told on any machine, without the case."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.domain.errors import WorkbenchError
from workbench.pipeline.export.archive import ORIGINALS
from workbench.pipeline.export.package import FORM, FORM_VERSION, JOURNAL, MANIFEST, SEAL, SEALED, digest_before_seal
from workbench.pipeline.export.time_stamp import read_time_stamp
from workbench.pipeline.storage.journal_file import check_journal

LARGEST_MANIFEST = 64 << 20
CHANGED = "내용이 바뀌었습니다: {}"
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)
"""What zipfile raises for a ZIP that was changed."""
STAMP = ".tsr"
"""A time stamp's answer (RFC 3161) beside the package has its name and this ending."""


class NoPackage(WorkbenchError):
    """The file is no package of ours at all."""


@dataclass(slots=True)
class PackageCheck:
    """What was found: complaints ([]: it is as it was made), and what the package says of itself, in words."""

    complaints: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def check_package(path: Path) -> PackageCheck:
    """Reads every byte of the package; NoPackage where it is none."""
    found = PackageCheck()
    try:
        with zipfile.ZipFile(path) as package:
            found.complaints += _seal(path, package)
            told = _manifest(package)
            found.complaints += _parts(package, told)
            _chain(package, told, found)
    except FileNotFoundError:
        raise NoPackage(f"파일이 없습니다: {path}") from None
    except BROKEN as error:
        # A ZIP whose own structure was changed cannot be looked into any further.
        raise NoPackage(f"{path.name}을(를) 열 수 없습니다. 꾸러미가 아니거나 바뀌었습니다 ({error}).") from None
    whole = _whole(path)
    # One who makes all parts anew is betrayed only by a value that was kept elsewhere.
    found.said.append(f"꾸러미의 SHA-256: {whole.hex()}")
    _stamp(path, whole, found)
    return found


def _seal(path: Path, package: zipfile.ZipFile) -> Iterator[str]:
    comment = package.comment
    if not comment.startswith(SEAL) or len(comment) != len(SEAL) + SEALED:
        yield "봉인이 없습니다. 이 프로그램이 만든 그대로의 파일이 아닙니다."
    elif digest_before_seal(path) != comment[len(SEAL) :].decode("ascii", "replace"):
        yield "봉인이 맞지 않습니다. 만든 뒤에 한 바이트라도 바뀌었습니다."


def _manifest(package: zipfile.ZipFile) -> dict[str, Any]:
    try:
        info = package.getinfo(MANIFEST)
        if info.file_size > LARGEST_MANIFEST:
            raise NoPackage("목록이 너무 큽니다. 이 프로그램이 만든 꾸러미가 아닙니다.")
        told: dict[str, Any] = json.loads(package.read(info))
        parts = [(str(part["name"]), int(part["size"]), str(part["sha256"])) for part in told["parts"]]
        known = (told["form"], told["version"]) == (FORM, FORM_VERSION)
        shapes = isinstance(told["receipts"], int) and isinstance(told.get("chain") or {}, dict)
    except (KeyError, ValueError, TypeError) as error:
        raise NoPackage(f"꾸러미의 목록을 읽을 수 없습니다 ({error}).") from None
    if known and not shapes:
        raise NoPackage("꾸러미의 목록이 바뀌었습니다.")
    if not known:
        raise NoPackage("이 프로그램이 아는 꾸러미가 아니거나 더 새로운 프로그램이 만들었습니다.")
    return told | {"parts": parts}


def _parts(package: zipfile.ZipFile, told: dict[str, Any]) -> Iterator[str]:
    """Each part as listed, and nothing beside."""
    entries = [info.filename for info in package.infolist()]
    listed = [name for name, _, _ in told["parts"]]
    for name in dict.fromkeys(name for name in entries if entries.count(name) > 1):
        yield f"같은 이름의 부분이 둘 이상입니다: {name}"
    for name in sorted(set(entries) - set(listed) - {MANIFEST}):
        yield f"목록에 없는 부분이 들어 있습니다: {name}"
    for name, size, digest in told["parts"]:
        if name not in entries:
            yield f"목록에 있는 부분이 없습니다: {name}"
        elif _digest(package, name, size) != digest:
            yield CHANGED.format(name)


def _digest(package: zipfile.ZipFile, name: str, size: int) -> str:
    """SHA-256 of a part, never reading more than it should have; "" where it cannot be read or is longer."""
    digest, left = hashlib.sha256(), size
    try:
        with package.open(name) as stream:
            while left > 0 and (piece := stream.read(min(left, 1 << 20))):
                digest.update(piece)
                left -= len(piece)
            return "" if left or stream.read(1) else digest.hexdigest()
    except BROKEN:
        return ""


def _chain(package: zipfile.ZipFile, told: dict[str, Any], found: PackageCheck) -> None:
    """The journal reckoned again ends at the head that the manifest names, and took in each original."""
    chain = told.get("chain") or {}
    found.said.append(f"사건 {told.get('case')}, 영수증 {told.get('receipts'):,}건, {told.get('made_at')}에 만듦")
    if JOURNAL not in package.namelist():
        found.said.append("기록이 들어 있지 않습니다.")
        return
    if CHANGED.format(JOURNAL) in found.complaints:
        return
    with package.open(JOURNAL) as stream:
        journal = check_journal(stream)
    found.complaints += journal.complaints
    if (journal.count, journal.head) != (chain.get("entries"), chain.get("head")):
        found.complaints.append("기록의 끝이 목록에 적힌 것과 다릅니다.")
    for name, _, digest in told["parts"]:
        if name.startswith(ORIGINALS) and digest not in journal.files:
            found.complaints.append(f"기록에 넣었다고 적히지 않은 원본입니다: {name}")
    found.said.append(f"기록 {journal.count:,}건, 기록의 끝: {journal.head}")


def _whole(path: Path) -> bytes:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()


def _stamp(path: Path, whole: bytes, found: PackageCheck) -> None:
    """What a time stamp beside the package says; its signature is not ours to judge."""
    token = path.with_name(path.name + STAMP)
    if not token.is_file():
        return
    moment, imprint = read_time_stamp(token)
    if imprint != whole:
        found.complaints.append(f"시각 도장({token.name})이 이 파일의 것이 아닙니다.")
    else:
        found.said.append(
            f"시각 도장: {moment:%Y-%m-%d %H:%M:%S %Z}. 도장의 서명은 openssl ts -verify로 확인해 주세요."
        )
