"""The command line: `workbench --help` names its commands."""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from getpass import getpass
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.case import Case
from workbench.domain.errors import CaseError, ExportFailed, SettingsError, WorkbenchError
from workbench.domain.model import TaxFailure
from workbench.pipeline.export.csv_file import ENCODINGS
from workbench.pipeline.export.layouts.cards import full_numbers
from workbench.pipeline.export.layouts.layout import names, source_of
from workbench.pipeline.export.package_check import check_package
from workbench.pipeline.storage.backup import Report, back_up
from workbench.pipeline.storage.restoring import restore
from workbench.pipeline.storage.sqlite import Store
from workbench.pipeline.storage.verification import verify, vouched_since
from workbench.pipeline.tax.service import NationalTaxService
from workbench.settings import Settings, left_aside

SHOWN = ["file", "page", "region", "status", "merchant", "business_number", "issued_at", "total", "vat", "tax_type"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when it did what was asked, 1 when not, 2 for wrong arguments.

    Without a command it serves the user's own cases and opens the browser.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    given = _parser().parse_args(words or ["serve", "--show"])
    try:
        if given.config is None and (said := left_aside()):
            print(said, file=sys.stderr)
        return int(given.command(given, Settings.read(file=given.config)))
    except WorkbenchError as error:
        print(f"오류: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("멈췄습니다. 읽은 것은 사건 폴더에 남아 있습니다.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="workbench", description="영수증을 읽고 검토합니다.")
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="설정 파일 (없으면 사용자 설정 폴더의 workbench.toml)"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for one in (_read_parser, _serve_parser, _export_parsers, _keeping_parsers, _password_parser, _standin_parser):
        one(commands)
    return parser


def _read_parser(commands: Any) -> None:
    read = commands.add_parser("read", help="폴더의 영수증을 읽어 표로 만듭니다")
    read.add_argument("sources", nargs="+", type=Path, metavar="FOLDER", help="폴더나 파일")
    read.add_argument("-o", "--output", type=Path, action="append", default=[], help=".csv .xlsx .json .zip")
    read.add_argument("--case", type=Path, help="사건 폴더 (없으면 임시로 만들고 지웁니다)")
    read.add_argument("--jobs", type=int, help="동시에 읽을 개수 (기본: 코어 수)")
    read.add_argument("--backend", choices=("loky", "dask"), help="이 컴퓨터의 코어(loky) 또는 dask 클러스터")
    read.add_argument("--scheduler", help="dask 스케줄러 주소, 예: tcp://10.0.0.5:8786 (--backend dask)")
    read.set_defaults(command=_read)


def _serve_parser(commands: Any) -> None:
    serve = commands.add_parser("serve", help="검토 화면을 엽니다")
    serve.add_argument("--case", type=Path, help="열 사건 폴더")
    serve.add_argument("--add", type=Path, nargs="+", default=[], help="사건에 미리 넣을 폴더나 파일")
    serve.add_argument("--port", type=int, default=5006)
    serve.add_argument("--address", default="127.0.0.1", help="기본은 이 컴퓨터에서만 열립니다")
    serve.add_argument("--show", action="store_true", help="브라우저도 엽니다")
    serve.set_defaults(command=_serve)


def _keeping_parsers(commands: Any) -> None:
    """Whether a case is as it was left, and copies of all cases."""
    verify = commands.add_parser("verify", help="사건이나 내보낸 꾸러미가 바뀌지 않았는지 확인합니다")
    verify.add_argument("case", type=Path, metavar="CASE", help="사건 폴더 또는 꾸러미(.zip)")
    verify.set_defaults(command=_verify)

    backup = commands.add_parser("backup", help="사건 모두를 한 파일로 복사해 둡니다 (서버가 켜져 있어도 됩니다)")
    backup.add_argument("folder", type=Path, metavar="FOLDER", help="WORKBENCH_HOME이나 사건 폴더")
    backup.add_argument("target", type=Path, metavar="FILE.tar.gz")
    backup.set_defaults(command=_backup)

    restore = commands.add_parser("restore", help="복사해 둔 파일을 새 폴더에 되살립니다 (서버를 끄고)")
    restore.add_argument("source", type=Path, metavar="FILE.tar.gz")
    restore.add_argument("folder", type=Path, metavar="FOLDER", help="없거나 빈 폴더")
    restore.set_defaults(command=_restore)


def _password_parser(commands: Any) -> None:
    password = commands.add_parser("password", help="WORKBENCH_BASIC_AUTH 파일에 이름과 비밀번호(해시)를 적습니다")
    password.add_argument("file", type=Path, metavar="FILE", help="없으면 만듭니다")
    password.add_argument("name", metavar="NAME")
    password.set_defaults(command=_password)


def _standin_parser(commands: Any) -> None:
    standin = commands.add_parser("nts-standin", help="인증키 없이 시험할 모의 국세청 서버를 켭니다")
    standin.add_argument("--port", type=int, default=8765)
    standin.set_defaults(command=_standin)


def _export_parsers(commands: Any) -> None:
    export = commands.add_parser("export", help="사건을 파일로 내보냅니다")
    export.add_argument("case", type=Path, metavar="CASE", help="사건 폴더")
    export.add_argument(
        "-o", "--output", type=Path, action="append", required=True, metavar="FILE", help=".csv .xlsx .json .pdf .zip"
    )
    export.add_argument("--layout", default="", metavar="NAME", help="양식의 이름(workbench layouts) 또는 TOML 파일")
    export.add_argument("--filter", metavar="QUERY", help='조건에 맞는 영수증만, 예: "total > 100000"')
    export.add_argument("--encoding", choices=tuple(ENCODINGS), default="utf-8-sig", help="CSV의 글자 (기본 UTF-8)")
    export.add_argument("--what", choices=("originals", "pictures"), default="", help="원본만, 표시한 그림만")
    export.add_argument("--pictures", action="store_true", help="조서에 그림 전체도, Excel에 판독한 자리도 넣습니다")
    export.add_argument("--fact", action="append", default=[], metavar="NAME=VALUE", help="양식이 묻는 것")
    export.add_argument("--cards", type=Path, metavar="FILE", help="회사 카드번호 목록 (한 줄에 하나)")
    export.set_defaults(command=_export)

    layouts = commands.add_parser("layouts", help="내보내기 양식을 보이거나 고쳐 쓸 사본을 만듭니다")
    layouts.add_argument("name", nargs="?", help="양식의 이름")
    layouts.add_argument("-o", "--output", type=Path, metavar="FILE", help="사본의 이름 (.toml)")
    layouts.set_defaults(command=_layouts)


def _read(given: argparse.Namespace, settings: Settings) -> int:
    chosen = {name: getattr(given, name) for name in ("jobs", "backend", "scheduler")}
    settings = replace(settings, **{name: value for name, value in chosen.items() if value is not None})
    service = NationalTaxService(settings.nts_key, settings.nts_url)  # a wrong address is told before the long reading
    with tempfile.TemporaryDirectory(prefix="workbench-case-") as temporary:
        case = Case.open(given.case or temporary, settings)
        added = case.add(*given.sources)
        for name, why in added.refused:
            print(f"넣지 못함: {name}: {why}", file=sys.stderr)
        run = case.read().wait()
        answers = case.look_up_tax(service=service).values()
        for why, count in Counter(a.message for a in answers if isinstance(a, TaxFailure)).items():
            print(f"국세청 조회 실패 {count}건: {why}", file=sys.stderr)
        table = case.frame()
        with pd.option_context("display.unicode.east_asian_width", True, "display.width", 220):
            print(table[SHOWN].to_string(index=False, na_rep="", max_colwidth=36))
        print(f"\n영수증 {len(table)}건, 실패 {run.failed}건, 넣지 못한 파일 {len(added.refused)}개")
        for output in given.output:
            print(f"저장: {case.export(output).resolve()}")
        case.close()
    return 0


def _serve(given: argparse.Namespace, settings: Settings) -> int:
    from workbench.server.application import serve  # the screen is loaded only when it is wanted

    if given.case is not None and given.add:
        case = Case.open(given.case, settings)
        for name, why in case.add(*given.add).refused:
            print(f"넣지 못함: {name}: {why}", file=sys.stderr)
        case.close()
    serve(settings, given.case, port=given.port, address=given.address, show=given.show)
    return 0


def _opened(folder: Path, settings: Settings) -> Case:
    """The case in that folder; none is made by asking for it."""
    if not (folder / "case.sqlite").is_file():
        raise CaseError(f"사건 폴더가 아닙니다: {folder}")
    return Case.open(folder, settings)


def _export(given: argparse.Namespace, settings: Settings) -> int:
    try:
        cards = full_numbers(given.cards.read_text("utf-8-sig").splitlines()) if given.cards else ()
    except (OSError, UnicodeDecodeError) as error:
        raise ExportFailed(f"카드 목록을 읽을 수 없습니다: {given.cards} ({error})") from None
    facts = dict(fact.partition("=")[::2] for fact in given.fact)
    options = {name: getattr(given, name) for name in ("layout", "encoding", "what", "pictures")}
    case = _opened(given.case, settings)
    ids = None if given.filter is None else case.choose(given.filter)
    for output in given.output:
        print(f"저장: {case.export(output, ids, facts=facts, cards=cards, **options).resolve()}")
    case.close()
    return 0


def _layouts(given: argparse.Namespace, settings: Settings) -> int:
    if given.name is None:
        for name, layout in names().items():
            print(f"{name:20} {layout.name} ({layout.version}) {layout.warning}".rstrip())
        return 0
    source = source_of(given.name)
    if given.output is None:
        print(source.decode("utf-8"), end="")
        return 0
    if given.output.exists():
        raise ExportFailed(f"{given.output} 파일이 이미 있습니다. 다른 이름을 적어 주세요.")
    given.output.write_bytes(source)
    print(f"저장: {given.output.resolve()}")
    return 0


def _verify(given: argparse.Namespace, settings: Settings) -> int:
    if not given.case.is_dir():
        return _verify_package(given.case)
    if not (given.case / "case.sqlite").is_file():
        raise CaseError(f"사건 폴더가 아닙니다: {given.case}")
    store = Store(given.case)  # not the case: what it holds may be no records any more
    found, first, (count, head) = verify(store), vouched_since(store), store.head()
    store.close()
    for sentence in found:
        print(sentence)
    if found:
        print(f"사건이 기록과 다릅니다: {len(found):,}가지", file=sys.stderr)
        return 1
    print(f"기록 {count:,}건과 원본이 모두 그대로입니다." if count else "아직 기록이 없는 사건입니다.")
    if first is not None:
        print(f"{first.at:%Y-%m-%d %H:%M}부터 보증합니다. 기록의 끝: {head}")
    return 0


def _verify_package(path: Path) -> int:
    found = check_package(path)
    for sentence in (*found.complaints, *found.said):
        print(sentence)
    if found.complaints:
        print(f"꾸러미가 만든 그대로가 아닙니다: {len(found.complaints):,}가지", file=sys.stderr)
        return 1
    print("꾸러미의 모든 부분이 만든 그대로입니다.")
    return 0


def _backup(given: argparse.Namespace, settings: Settings) -> int:
    return _told(back_up(given.folder, given.target), f"저장: {given.target.resolve()}")


def _restore(given: argparse.Namespace, settings: Settings) -> int:
    return _told(restore(given.source, given.folder), f"되살림: {given.folder.resolve()}")


def _told(report: Report, done: str) -> int:
    for case, why in report.problems:
        print(f"주의: {case}: {why}", file=sys.stderr)
    print(f"{done} · 사건 {report.cases:,}개, 원본 {report.originals:,}개, 문제 {len(report.problems):,}건")
    return 1 if report.problems else 0


def _password(given: argparse.Namespace, settings: Settings) -> int:
    from workbench.server.passwords import set_password

    if sys.stdin.isatty():
        password = getpass(f"{given.name}의 새 비밀번호: ")
        if password != getpass("한 번 더: "):
            raise SettingsError("두 비밀번호가 다릅니다. 다시 해 주세요.")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    set_password(given.file, given.name, password)
    print(f"저장: {given.file.resolve()} ({given.name})")
    return 0


def _standin(given: argparse.Namespace, settings: Settings) -> int:
    from workbench.pipeline.tax.standin import serve_standin

    serve_standin(given.port)
    return 0


if __name__ == "__main__":
    sys.exit(main())
