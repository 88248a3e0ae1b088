"""A ZIP of pictures and a mail with attachments are opened on the way in: what they hold comes in, file by file.

Only the standard library touches them, under limits: a bomb is told by its directory before anything is unpacked, names
are labels and never paths, and a container within one is refused like any other stranger.
"""

import email.policy
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from email.message import EmailMessage, Message
from email.parser import BytesParser
from pathlib import Path, PurePosixPath

from workbench.domain.errors import FileRefused
from workbench.pipeline.imaging.file_type import HEAD, Limits, sniff, unreadable
from workbench.pipeline.storage.intake import Given, spelled

MOST_FILES = 1000
"""files in one container"""

MOST_TIMES = 20
"""times `Limits.max_bytes` that a container may unpack to, all files together"""

MOST_RATIO = 200
"""times its packed size from which a large file is a bomb; a picture packs hardly at all"""

_LARGE = 10_000_000
_DOCUMENT = ("[Content_Types].xml", "mimetype", "META-INF/", "Contents/content.hpf")
"""names in the ZIPs that are documents of Word, Excel, LibreOffice or 한글"""
_DOCUMENT_ENDINGS = (".docx", ".xlsx", ".pptx", ".hwpx", ".odt", ".ods")

_MAIL = re.compile(
    rb"\A\s*(?:received|return-path|delivered-to|mime-version|from|to|subject|date|message-id|x-[\w-]+):", re.IGNORECASE
)

_NAMING = ("content-disposition", "content-type")
_NAME = re.compile(rb'name="?([^";\r\n]+)', re.IGNORECASE)


def unpacked(name: str, source: Given, limits: Limits) -> Iterator[tuple[str, Given]]:
    """The files that `source` holds, named below it, or itself where it is none of the two.

    What cannot be opened comes as a FileRefused in its place; folders, hidden and empty files are left out.
    """
    head = _head(source)
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        yield from _of_zip(name, source, limits)
    elif _MAIL.match(head) and not sniff(head):
        yield from _of_mail(name, source, limits)
    else:
        yield name, source


def _head(source: Given) -> bytes:
    if isinstance(source, FileRefused):
        return b""
    if isinstance(source, bytes):
        return source[:HEAD]
    try:
        if not source.is_file():
            return b""
        with source.open("rb") as file:
            return file.read(HEAD)
    except OSError:  # told by whoever takes it in
        return b""


def _of_zip(name: str, source: Given, limits: Limits) -> Iterator[tuple[str, Given]]:
    try:
        with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else Path(str(source))) as packed:
            entries = [e for e in packed.infolist() if _wanted(e.filename) and not e.is_dir()]
            why = _refused(packed, entries, limits)
            if why:
                yield name, FileRefused(why)
                return
            for entry in entries:
                yield f"{name}/{_label(entry)}", _entry(packed, entry, limits)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        what = "문서" if name.lower().endswith(_DOCUMENT_ENDINGS) else "ZIP"
        yield name, FileRefused(unreadable(error) if isinstance(error, OSError) else f"손상된 {what} 파일입니다.")


def _refused(packed: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limits: Limits) -> str:
    """Why a ZIP is not opened; "" where it is."""
    if any(e.filename.startswith(_DOCUMENT) for e in packed.infolist()):
        return "워드·엑셀·한글 같은 문서 파일은 읽지 않습니다. PDF로 저장해 넣어 주세요."
    if not entries:
        return "빈 ZIP 파일입니다."
    if len(entries) > MOST_FILES:
        return f"ZIP 안의 파일이 너무 많습니다({len(entries):,}개). {MOST_FILES:,}개씩 나누어 넣어 주세요."
    if any(e.flag_bits & 1 for e in entries):
        return "암호가 걸린 ZIP 파일입니다. 압축을 풀어 넣어 주세요."
    if sum(e.file_size for e in entries) > MOST_TIMES * limits.max_bytes:
        most = MOST_TIMES * limits.max_bytes // 2**20
        return f"ZIP을 풀면 너무 큽니다. 모두 {most:,} MB까지 넣을 수 있습니다. 나누어 넣어 주세요."
    if any(e.file_size > max(_LARGE, MOST_RATIO * e.compress_size) for e in entries):
        return "ZIP 안에 비정상으로 압축된 파일이 있어 열지 않았습니다."
    return ""


def _entry(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> Given:
    if entry.file_size > limits.max_bytes:
        return FileRefused(f"파일이 너무 큽니다. {limits.max_bytes // 2**20:,} MB까지 넣을 수 있습니다.")
    try:
        with packed.open(entry) as file:
            data = file.read(limits.max_bytes + 1)  # the directory may say less than comes
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError):
        return FileRefused("ZIP 안의 파일이 손상되었거나 알 수 없는 방식으로 압축되어 있습니다.")
    if len(data) > limits.max_bytes:
        return FileRefused(f"파일이 너무 큽니다. {limits.max_bytes // 2**20:,} MB까지 넣을 수 있습니다.")
    return _or_nested(data)


def _or_nested(data: bytes) -> Given:
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return FileRefused("압축 파일 안의 압축 파일이나 문서는 열지 않습니다. 풀어서 넣어 주세요.")
    return data


def _label(entry: zipfile.ZipInfo) -> str:
    """The name of an entry; neither Korean Windows nor macOS says how it writes it."""
    if entry.flag_bits & 0x800:
        return entry.filename
    with suppress(UnicodeEncodeError):
        return spelled(entry.filename.encode("cp437")) or entry.filename
    return entry.filename


def _wanted(filename: str) -> bool:
    parts = [part for part in PurePosixPath(filename.replace("\\", "/")).parts if part not in ("/", ".", "..")]
    hidden = any(part.startswith(".") for part in parts)
    return bool(parts) and parts[0] != "__MACOSX" and not hidden and parts[-1] != "Thumbs.db"


def _of_mail(name: str, source: Given, limits: Limits) -> Iterator[tuple[str, Given]]:
    data = source if isinstance(source, bytes) else b""
    if isinstance(source, Path):
        try:
            if source.stat().st_size > 2 * limits.max_bytes:
                yield (
                    name,
                    FileRefused(f"메일이 너무 큽니다. {2 * limits.max_bytes // 2**20:,} MB까지 넣을 수 있습니다."),
                )
                return
            data = source.read_bytes()
        except OSError as error:
            yield name, FileRefused(unreadable(error))
            return
    try:
        message = BytesParser(policy=email.policy.default).parsebytes(data)
        parts = list(message.walk())
    except RecursionError:
        yield name, FileRefused("메일이 너무 깊이 겹쳐 있어 열지 않았습니다. 첨부를 따로 저장해 넣어 주세요.")
        return
    assert isinstance(message, EmailMessage)  # noqa: S101  # what that policy makes
    found = 0
    for place, part in enumerate(parts, 1):
        if part.is_multipart() or not (part.get_filename() or part.get_content_maintype() in ("image", "application")):
            continue
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes) or not content:
            continue
        found += 1
        if found > MOST_FILES:
            yield name, FileRefused(f"메일의 첨부가 너무 많습니다. {MOST_FILES:,}개까지 넣을 수 있습니다.")
            return
        label = PurePosixPath(_name_of(part).replace("\\", "/")).name
        yield f"{name}/{label or f'첨부 {place}.{part.get_content_subtype()}'}", _or_nested(content)
    if not found:
        yield name, FileRefused("첨부한 사진이나 PDF가 없는 메일입니다. 본문이 영수증이면 PDF로 저장해 넣어 주세요.")


def _name_of(part: Message) -> str:
    """The name of an attachment; "" for none. Old Korean mails write it in CP949 as it stands, with no word of that."""
    name = part.get_filename() or ""
    if "\ufffd" in name:
        for header, value in part.raw_items():
            found = _NAME.search(value.encode("ascii", "surrogateescape")) if header.lower() in _NAMING else None
            if found and (told := spelled(found[1])):
                return told
    return name
