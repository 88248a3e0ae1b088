import hashlib
import io
import json
import random
import shutil
import zipfile
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from asn1crypto import algos, cms, core, tsp
from pypdf import PdfReader

from tests.kit.pile import pile
from workbench import Case
from workbench.__main__ import main
from workbench.pipeline.export.package import MANIFEST, SEALED, seal
from workbench.pipeline.export.package_check import NoPackage, check_package
from workbench.settings import Settings


@pytest.fixture(scope="module")
def case(tmp_path_factory) -> Case:
    made = pile(tmp_path_factory.mktemp("cases") / "가나 사건", 6, Settings())
    first, second, third, *_ = made.receipts()
    made.correct(second.id, "total", "12,500", by="김")
    made.approve(third.id, by="이")
    made.delete([first.id])
    return made


@pytest.fixture(scope="module")
def package(case, tmp_path_factory) -> Path:
    return case.export(tmp_path_factory.mktemp("packages") / "꾸러미.zip", by="이검토")


def changed(package: Path, folder: Path, place: int) -> Path:
    """A copy with one byte another."""
    data = bytearray(package.read_bytes())
    data[place] ^= 0x01
    copy = folder / package.name
    copy.write_bytes(data)
    return copy


def rewritten(package: Path, target: Path, change) -> Path:
    """A copy whose parts are what `change` makes of {name: bytes}, sealed anew, as one who knows how would."""
    with zipfile.ZipFile(package) as source:
        parts = {name: source.read(name) for name in source.namelist()}
        comment = source.comment
    change(parts)
    with zipfile.ZipFile(target, "w") as out:
        for name, data in parts.items():
            out.writestr(name, data)
        out.comment = comment
    seal(target)
    return target


def refused(path: Path) -> bool:
    try:
        return bool(check_package(path).complaints)
    except NoPackage:
        return True


def test_a_package_holds_everything_and_proves_itself_elsewhere(case, package, tmp_path):
    elsewhere = shutil.copy(package, tmp_path / "다른 이름.zip")
    found = check_package(Path(elsewhere))
    assert found.complaints == []
    count, head = case.chain_head()
    assert any(head in sentence for sentence in found.said)
    with zipfile.ZipFile(package) as made:
        assert made.testzip() is None
        names = set(made.namelist())
        told = json.loads(made.read(MANIFEST))
        cover = PdfReader(io.BytesIO(made.read("조서.pdf"))).pages[0].extract_text()
        lines = [json.loads(line) for line in made.read("기록.jsonl").splitlines()]
    assert {"조서.pdf", "영수증.xlsx", "영수증.csv", "영수증.json", "기록.jsonl", "목록.csv", MANIFEST} < names
    assert sum(name.startswith("원본/") for name in names) == sum(name.startswith("표시/") for name in names) == 5
    assert (told["made_by"], told["chain"], told["receipts"]) == ("이검토", {"entries": count, "head": head}, 5)
    assert {part["name"] for part in told["parts"]} == names - {MANIFEST}
    assert head in cover.replace("\n", "")
    assert len(lines) == count
    assert any("seal" in line for line in lines)  # what was deleted for good leaves its seal only


def test_rows_of_the_workbook_lead_to_their_picture_and_their_page(case, package):
    with zipfile.ZipFile(package) as made:
        sheet = openpyxl.load_workbook(io.BytesIO(made.read("영수증.xlsx")))["영수증"]
        names = set(made.namelist())
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(made.read("조서.pdf"))).pages]
    head = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, 7):
        assert unquote(sheet.cell(row, head["그림"]).hyperlink.target) in names
        leads = sheet.cell(row, head["조서 쪽"]).hyperlink
        target = f"{leads.target}#{leads.location}" if leads.location else leads.target
        file, _, page = target.partition("#page=")
        assert file == "조서.pdf"
        assert sheet.cell(row, head["영수증ID"]).value in pages[int(page) - 1].replace("\n", "")


def test_one_changed_byte_in_any_part_is_found(package, tmp_path):
    with zipfile.ZipFile(package) as made:
        parts = [(info.filename, info.header_offset, info.compress_size) for info in made.infolist()]
    rng = random.Random(7)
    size = package.stat().st_size
    places = [offset + 30 + len(name.encode()) + 20 + rng.randrange(max(1, packed)) for name, offset, packed in parts]
    places += [rng.randrange(size) for _ in range(120)] + [*range(size - SEALED - 40, size, 3)]
    missed = [place for place in places if not refused(changed(package, tmp_path, min(place, size - 1)))]
    assert missed == []


@pytest.mark.parametrize(
    ("name", "words"),
    [("조서.pdf", "내용이 바뀌었습니다: 조서.pdf"), ("영수증.csv", "내용이 바뀌었습니다: 영수증.csv")],
)
def test_a_part_changed_and_sealed_anew_is_named(package, tmp_path, name, words):
    def change(parts):
        parts[name] += b" "

    assert check_package(rewritten(package, tmp_path / "p.zip", change)).complaints == [words]


def test_a_part_added_or_taken_away_is_named(package, tmp_path):
    def change(parts):
        del parts["영수증.json"]
        parts["덤.txt"] = b"x"

    found = check_package(rewritten(package, tmp_path / "p.zip", change)).complaints
    assert found == ["목록에 없는 부분이 들어 있습니다: 덤.txt", "목록에 있는 부분이 없습니다: 영수증.json"]


@pytest.mark.filterwarnings("ignore:Duplicate name")  # which is what is made here
def test_a_second_part_of_one_name_is_named(package, tmp_path):
    """A program that unpacks the first and one that unpacks the last would each show something else."""
    target = tmp_path / "p.zip"
    with zipfile.ZipFile(package) as source, zipfile.ZipFile(target, "w") as out:
        out.writestr("영수증.csv", b"another")
        for name in source.namelist():
            out.writestr(name, source.read(name))
        out.comment = source.comment
    seal(target)
    assert check_package(target).complaints == ["같은 이름의 부분이 둘 이상입니다: 영수증.csv"]


def relisted(parts: dict[str, bytes], name: str) -> None:
    """The manifest as if it had always been so."""
    told = json.loads(parts[MANIFEST])
    for part in told["parts"]:
        if part["name"] == name:
            part |= {"size": len(parts[name]), "sha256": hashlib.sha256(parts[name]).hexdigest()}
    parts[MANIFEST] = json.dumps(told).encode()


def test_one_who_rewrites_the_manifest_too_is_betrayed_by_the_journal(package, tmp_path):
    def other_words(parts):
        parts["기록.jsonl"] = parts["기록.jsonl"].replace(b'"12500"', b'"92500"')
        relisted(parts, "기록.jsonl")

    found = check_package(rewritten(package, tmp_path / "a.zip", other_words)).complaints
    assert any("사슬이 끊어졌습니다" in sentence for sentence in found)

    def other_original(parts):
        name = next(name for name in parts if name.startswith("원본/"))
        parts[name] = b"another"
        relisted(parts, name)

    (said,) = check_package(rewritten(package, tmp_path / "b.zip", other_original)).complaints
    assert said.startswith("기록에 넣었다고 적히지 않은 원본입니다")


def test_of_receipts_left_out_the_journal_shows_only_seals(case, tmp_path):
    chosen = case.receipts()[1]
    package = case.export(tmp_path / "p.zip", [chosen.id])
    assert check_package(package).complaints == []
    with zipfile.ZipFile(package) as made:
        text = made.read("기록.jsonl").decode()
        receipts = {line.get("receipt") for line in map(json.loads, text.splitlines())}
    assert receipts <= {chosen.id, "", None}
    assert '"12500"' not in text


def test_the_same_case_gives_the_same_package_but_for_the_time(case, tmp_path, monkeypatch):
    moment = datetime(2026, 11, 22, 10, 0)
    monkeypatch.setattr("workbench.case.now", lambda: moment)
    one, two = (case.export(tmp_path / f"{name}.zip", by="김").read_bytes() for name in "ab")
    assert one == two


@pytest.mark.parametrize("data", [b"", b"PK", b"nothing" * 99])
def test_what_is_no_package_is_told_in_words(tmp_path, data, capsys):
    path = tmp_path / "p.zip"
    path.write_bytes(data)
    assert main(["verify", str(path)]) == 1
    assert "꾸러미가 아니거나 바뀌었습니다" in capsys.readouterr().err
    with zipfile.ZipFile(path, "w") as other:
        other.writestr("a.txt", "a")
    assert main(["verify", str(path)]) == 1
    assert main(["verify", str(tmp_path / "none.zip")]) == 1


def test_verify_says_so_and_exits_1_after_a_change(package, tmp_path, capsys):
    assert main(["verify", str(package)]) == 0
    said = capsys.readouterr().out
    assert "그대로입니다" in said
    assert f"꾸러미의 SHA-256: {hashlib.sha256(package.read_bytes()).hexdigest()}" in said
    place = package.read_bytes().index(b"%PDF") + 40
    assert main(["verify", str(changed(package, tmp_path, place))]) == 1
    assert "조서.pdf" in capsys.readouterr().out


def stamped(digest: bytes, moment: datetime) -> bytes:
    """A time stamp service's answer, unsigned: what a reader takes from it is all there."""
    info = tsp.TSTInfo({
        "version": 1, "policy": "1.2.3",
        "message_imprint": {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": digest},
        "serial_number": 1, "gen_time": core.GeneralizedTime(moment),
    })  # fmt: skip
    signed = cms.SignedData({
        "version": 3, "digest_algorithms": [{"algorithm": "sha256"}], "signer_infos": [],
        "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(info.dump())},
    })  # fmt: skip
    token = cms.ContentInfo({"content_type": "signed_data", "content": signed})
    return bytes(tsp.TimeStampResp({"status": {"status": 0}, "time_stamp_token": token}).dump())


def test_a_time_stamp_beside_the_package_is_held_against_it(package, tmp_path, capsys):
    from datetime import UTC

    copy = Path(shutil.copy(package, tmp_path / "p.zip"))
    token = tmp_path / "p.zip.tsr"
    token.write_bytes(stamped(hashlib.sha256(copy.read_bytes()).digest(), datetime(2026, 12, 1, 3, 4, 5, tzinfo=UTC)))
    assert main(["verify", str(copy)]) == 0
    assert "시각 도장: 2026-12-01 03:04:05" in capsys.readouterr().out
    token.write_bytes(stamped(bytes(32), datetime(2026, 12, 1, tzinfo=UTC)))
    assert main(["verify", str(copy)]) == 1
    token.write_bytes(b"nothing")
    assert main(["verify", str(copy)]) == 1
    assert "시각 도장(RFC 3161)이 아닙니다" in capsys.readouterr().err


def test_export_from_the_shell(case, tmp_path, capsys):
    out = tmp_path / "out"
    folder = str(case.folder)
    arguments = ["export", folder, "-o", str(out / "a.csv"), "-o", str(out / "b.pdf"), "--filter", "total > 11000"]
    assert main(arguments) == 0
    text = (out / "a.csv").read_text("utf-8-sig")
    assert text.count("\n") == 1 + sum(int(r.value("total")) > 11_000 for r in case.receipts())
    assert PdfReader(out / "b.pdf").pages
    assert main(["export", folder, "-o", str(out / "c.csv"), "--encoding", "cp949"]) == 0
    assert "상호" in (out / "c.csv").read_bytes().decode("cp949")
    assert main(["export", folder, "-o", str(out / "d.zip"), "--what", "originals"]) == 0
    assert all(name.endswith((".jpg", "목록.csv")) for name in zipfile.ZipFile(out / "d.zip").namelist())
    capsys.readouterr()
    assert main(["export", folder, "-o", str(out / "e.xlsx"), "--layout", "douzone-journal"]) == 0
    assert "자리를 확인해 주세요" in capsys.readouterr().err
    assert main(["export", str(tmp_path), "-o", str(out / "f.csv")]) == 1  # no case is made by asking for one
    assert "사건 폴더가 아닙니다" in capsys.readouterr().err
    assert main(["export", folder, "-o", str(out / "g.csv"), "--filter", "totl > 1"]) == 1
    assert "조건을 이해하지 못했습니다" in capsys.readouterr().err


def test_layouts_are_named_and_copied_from_the_shell(tmp_path, capsys):
    assert main(["layouts"]) == 0
    assert "douzone-purchases" in capsys.readouterr().out
    own = tmp_path / "우리.toml"
    assert main(["layouts", "douzone-purchases", "-o", str(own)]) == 0
    assert "매입매출" in own.read_text("utf-8")
    assert main(["layouts", "douzone-purchases", "-o", str(own)]) == 1  # what somebody changed is not written over
    assert main(["layouts", "nothing"]) == 1


@pytest.mark.parametrize("odd", [{"receipts": "열"}, {"receipts": None}, {"chain": ["끝"]}])
def test_a_manifest_of_other_shapes_is_told_in_words(package, tmp_path, odd):
    with zipfile.ZipFile(package) as source, zipfile.ZipFile(tmp_path / "odd.zip", "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, json.dumps(json.loads(data) | odd) if name == MANIFEST else data)
    with pytest.raises(NoPackage):
        check_package(tmp_path / "odd.zip")
