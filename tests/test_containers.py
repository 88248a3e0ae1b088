# ruff: noqa: E501  (tables of heads read best as they stand)
import io
import os
import re
import sqlite3
import sys
import unicodedata
import zipfile
from collections.abc import Iterable
from email.header import Header
from email.message import EmailMessage
from pathlib import Path

import pytest
from PIL import Image

from workbench import Case
from workbench.domain.errors import CaseError, FileRefused
from workbench.pipeline.imaging import pages
from workbench.pipeline.imaging.file_type import Limits
from workbench.pipeline.storage import complaints
from workbench.pipeline.storage.containers import unpacked
from workbench.pipeline.storage.intake import tidy, walk


def picture(shade: int = 200, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), (shade, 10, 10)).save(out, kind)
    return out.getvalue()


def packed(files: Iterable[tuple[str, bytes]], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as target:
        for name, data in files:
            target.writestr(name, data)
    return out.getvalue()


def mail(*files: tuple[str, bytes]) -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "영수증 보냅니다", "kim@example.com", "lee@example.com"
    message.set_content("첨부를 봐 주세요.")
    for name, data in files:
        message.add_attachment(data, maintype="image", subtype="png", filename=name)
    return message.as_bytes()


def why(data: bytes, limits: Limits | None = None) -> list[str]:
    return [str(held) for _, held in unpacked("a", data, limits or Limits()) if isinstance(held, FileRefused)]


def test_a_zip_and_a_mail_come_in_as_the_files_they_hold(tmp_path: Path) -> None:
    case = Case.open(tmp_path / "case")
    archive = packed(
        [("10월/가.png", picture(1)), ("10월/", b""), ("__MACOSX/x.png", b"1"), ("10월/메모.txt", "글".encode())]
    )
    (tmp_path / "pile.zip").write_bytes(archive)
    added = case.add(tmp_path / "pile.zip", ("보낸 메일.eml", mail(("나.png", picture(2)))), ("다.png", picture(1)))
    assert [receipt.file for receipt in case.receipts()] == ["pile.zip/10월/가.png", "보낸 메일.eml/나.png"]
    assert (len(added.new), [name for name, _ in added.refused]) == (2, ["pile.zip/10월/메모.txt"])
    case.close()


def test_names_of_korean_windows_are_read(tmp_path: Path) -> None:
    archive = packed([("ABCD.png", picture())]).replace(b"ABCD.png", "영수.png".encode("cp949"))
    assert [name for name, _ in unpacked("a.zip", archive, Limits())] == ["a.zip/영수.png"]


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (unicodedata.normalize("NFD", "영수증 모음/카페 (1).png").encode(), "영수증 모음/카페 (1).png"),  # macOS
        ("카카.png".encode("cp949"), "카카.png"),  # bytes that UTF-8 would call īī
        ("똠방각하.png".encode("cp949"), "똠방각하.png"),
        (unicodedata.normalize("NFD", "Café.png").encode(), "Café.png"),
        ("각각.png".encode(), "각각.png"),  # bytes that CP949 reads as three other syllables and signs
        ("café.png".encode("cp437"), "café.png"),  # neither: as the form has it
    ],
)
def test_names_that_do_not_say_how_they_are_written_are_read(stored: bytes, shown: str) -> None:
    place = b"Q" * len(stored)
    archive = packed([(place.decode(), picture())]).replace(place, stored)
    assert [tidy(name) for name, _ in unpacked("a.zip", archive, Limits())] == [f"a.zip/{shown}"]


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="names there are Unicode")
@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("영수증 모음.png".encode(), "영수증 모음.png"),
        ("똠방각하.png".encode("cp949"), "똠방각하.png"),
        ("Café, Müller.png".encode(), "Café, Müller.png"),  # bytes that CP949 would call 챕 and 체
        (b"\xff.png", os.fsdecode(b"\xff.png")),  # neither
    ],
)
def test_names_on_a_disk_are_read_as_they_are_written(tmp_path: Path, stored: bytes, shown: str) -> None:
    there = tmp_path / os.fsdecode(stored)
    there.write_bytes(picture())
    assert [name for name, _ in walk([there, tmp_path])] == [shown, shown]


@pytest.mark.parametrize("header", [b"Content-Disposition: attachment; filename=", b"Content-Type: image/png; name="])
@pytest.mark.parametrize("quote", [b'"', b""])
def test_names_that_old_mails_write_as_they_stand_are_read(header: bytes, quote: bytes) -> None:
    data = mail(("QQQQ.png", picture()))
    if header.startswith(b"Content-Type"):
        data = data.replace(b"Content-Type: image/png\n", b"")
    there = re.search(rb"Content-Disposition: [^\r\n]*", data)
    assert there
    data = data.replace(there[0], header + quote + "영수.png".encode("cp949") + quote)
    assert [name for name, _ in unpacked("a.eml", data, Limits())] == ["a.eml/영수.png"]


def test_a_name_that_says_how_it_is_written_is_read_as_it_says() -> None:
    data = mail(("QQQQ.png", picture()))
    there = re.search(rb"Content-Disposition: [^\r\n]*", data)
    assert there
    said = Header("영수.png", "utf-8").encode().encode()
    data = data.replace(there[0], b'Content-Disposition: attachment; filename="' + said + b'"')
    assert [name for name, _ in unpacked("a.eml", data, Limits())] == ["a.eml/영수.png"]


def test_hidden_folders_and_broken_documents(tmp_path: Path) -> None:
    files = [(".thumbnails/a.png", picture(1)), (".b.png", picture(3)), ("a.png", picture(2))]
    for name, data in files:
        (tmp_path / "pile" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "pile" / name).write_bytes(data)
    case = Case.open(tmp_path / "case")
    added = case.add(
        tmp_path / "pile", ("a.zip", packed(files)), ("정산.DOCX", b"PK\3\4broken"), ("b.zip", b"PK\3\4broken")
    )
    assert [receipt.file for receipt in case.receipts()] == ["a.png"]
    assert [(name, sentence.split()[1]) for name, sentence in added.refused] == [
        ("정산.DOCX", "문서"),
        ("b.zip", "ZIP"),
    ]
    case.close()


def test_what_a_name_leads_through_is_not_hidden() -> None:
    archive = packed([("./a.png", picture(1)), ("../../b.png", picture(2))])
    assert [tidy(name) for name, _ in unpacked("a.zip", archive, Limits())] == ["a.zip/a.png", "a.zip/b.png"]


def test_bombs_and_strangers_in_a_zip_are_refused_in_words() -> None:
    assert "비정상" in why(packed([("a.png", bytes(50_000_000))]))[0]
    assert "너무 많습니다" in why(packed((f"{k}.png", b"1") for k in range(1001)))[0]
    assert (
        "너무 큽니다"
        in why(
            packed([(f"{k}.png", picture() * 900) for k in range(40)], zipfile.ZIP_STORED), Limits(max_bytes=100_000)
        )[0]
    )
    assert "문서" in why(packed([("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>")]))[0]
    assert "압축 파일 안" in why(packed([("b.zip", packed([("a.png", picture())]))]))[0]
    assert "손상" in why(packed([("a.png", picture())])[:-30])[0]
    locked = bytearray(packed([("a.png", picture())]))
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert "암호" in why(bytes(locked))[0]


def test_a_mail_without_attachments_is_told() -> None:
    assert "메일" in why(mail())[0]


@pytest.mark.parametrize(("head", "word"), [
    (b"7z\xbc\xaf\x27\x1c", "7z"), (b"Rar!\x1a\x07\x01", "RAR"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "한글"), (b"HWP Document File V3", "한글"),
    (b"\0\0\0\x18ftypmp42", "동영상"), (b"ALZ\x01", "알집"), (b"8BPS\0\x01", "포토샵"),
])  # fmt: skip
def test_strangers_are_refused_by_their_right_name(tmp_path: Path, head: bytes, word: str) -> None:
    (tmp_path / "a.jpg").write_bytes(head + bytes(500))
    with pytest.raises(FileRefused, match=word):
        pages.probe(tmp_path / "a.jpg", Limits())


def test_avif_is_a_picture(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(picture(200, "AVIF"))
    assert pages.probe(tmp_path / "a.bin", Limits()) == 1
    image = pages.load(tmp_path / "a.bin", 1, Limits())
    assert image.shape == (80, 60, 3)
    assert abs(int(image[..., 0].mean()) - 200) < 6


def test_a_drive_without_locks_is_told_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Lockless(sqlite3.Connection):
        """As a network drive answers: write-ahead logging is not to be had."""

        def execute(self, query, *values):
            return super().execute("SELECT 'delete'" if "journal_mode" in query else query, *values)

    plain = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: plain(*a, **k, factory=Lockless))
    with pytest.raises(CaseError, match="네트워크 드라이브"):
        Case.open(tmp_path / "case")
    error = sqlite3.OperationalError("locking protocol")
    error.sqlite_errorcode = sqlite3.SQLITE_PROTOCOL
    with pytest.raises(CaseError, match="네트워크 드라이브"), complaints.in_words(tmp_path):
        raise error


def test_a_container_that_breaks_its_reader_stops_no_other_file(tmp_path: Path) -> None:
    heads = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(2000))
    deep = f"From: a\nMIME-Version: 1.0\n{heads}Content-Type: image/png\n\nabc\n".encode()
    newer = bytearray(packed([("a.png", picture())]))
    newer[newer.rfind(b"PK\1\2") + 6] = 99  # asks for version 9.9 of the form
    case = Case.open(tmp_path / "case")
    added = case.add(("깊은.eml", deep), ("새로운.zip", bytes(newer)), ("a.png", picture()))
    case.close()
    assert len(added.new) == 1
    assert [name for name, _ in added.refused] == ["깊은.eml", "새로운.zip"]
