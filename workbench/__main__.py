"""The command line: `workbench --help` names its commands."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workbench import commands
from workbench.domain.errors import WorkbenchError
from workbench.pipeline.export.encodings import ENCODINGS
from workbench.pipeline.storage import temporary
from workbench.settings import Settings, left_aside


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when it did what was asked, 1 when not, 2 for wrong arguments.

    Without a command it serves the user's own cases and opens the browser.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    given = _parser().parse_args(words or ["serve", "--show"])
    try:
        if given.config is None and (said := left_aside()):
            print(said, file=sys.stderr)
        with temporary.for_a_while():
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
    group = parser.add_subparsers(required=True, metavar="COMMAND")
    for one in (_read_parser, _serve_parser, _export_parsers, _keeping_parsers, _password_parser, _standin_parser):
        one(group)
    return parser


def _read_parser(group: Any) -> None:
    read = group.add_parser("read", help="폴더의 영수증을 읽어 표로 만듭니다")
    read.add_argument("sources", nargs="+", type=Path, metavar="FOLDER", help="폴더나 파일")
    read.add_argument("-o", "--output", type=Path, action="append", default=[], help=".csv .xlsx .json .zip .pdf")
    read.add_argument("--case", type=Path, help="사건 폴더 (없으면 임시로 만들고 지웁니다)")
    read.add_argument("--jobs", type=int, help="동시에 읽을 개수 (기본: 코어 수)")
    read.add_argument("--backend", choices=("loky", "dask"), help="이 컴퓨터의 코어(loky) 또는 dask 클러스터")
    read.add_argument("--scheduler", help="dask 스케줄러 주소, 예: tcp://10.0.0.5:8786 (--backend dask)")
    read.set_defaults(command=commands.read)


def _serve_parser(group: Any) -> None:
    serve = group.add_parser("serve", help="검토 화면을 엽니다")
    serve.add_argument("--case", type=Path, help="열 사건 폴더")
    serve.add_argument("--add", type=Path, nargs="+", default=[], help="사건에 미리 넣을 폴더나 파일")
    serve.add_argument("--port", type=_port, help="기본은 5006 (--show이면 비어 있는 다른 포트도)")
    serve.add_argument("--address", default="127.0.0.1", help="기본은 이 컴퓨터에서만 열립니다")
    serve.add_argument("--show", action="store_true", help="브라우저도 엽니다")
    serve.set_defaults(command=commands.serve)


def _keeping_parsers(group: Any) -> None:
    """Whether a case is as it was left, and copies of all cases."""
    verify = group.add_parser("verify", help="사건이나 내보낸 꾸러미가 바뀌지 않았는지 확인합니다")
    verify.add_argument("case", type=Path, metavar="CASE", help="사건 폴더 또는 꾸러미(.zip)")
    verify.set_defaults(command=commands.verify)

    backup = group.add_parser("backup", help="사건 모두를 한 파일로 복사해 둡니다 (서버가 켜져 있어도 됩니다)")
    backup.add_argument("folder", type=Path, metavar="FOLDER", help="WORKBENCH_HOME이나 사건 폴더")
    backup.add_argument("target", type=Path, metavar="FILE.tar.gz")
    backup.set_defaults(command=commands.backup)

    restore = group.add_parser("restore", help="복사해 둔 파일을 새 폴더에 되살립니다 (서버를 끄고)")
    restore.add_argument("source", type=Path, metavar="FILE.tar.gz")
    restore.add_argument("folder", type=Path, metavar="FOLDER", help="없거나 빈 폴더")
    restore.set_defaults(command=commands.restore)


def _password_parser(group: Any) -> None:
    password = group.add_parser("password", help="WORKBENCH_BASIC_AUTH 파일에 이름과 비밀번호(해시)를 적습니다")
    password.add_argument("file", type=Path, metavar="FILE", help="없으면 만듭니다")
    password.add_argument("name", metavar="NAME")
    password.set_defaults(command=commands.password)


def _standin_parser(group: Any) -> None:
    standin = group.add_parser("nts-standin", help="인증키 없이 시험할 모의 국세청 서버를 켭니다")
    standin.add_argument("--port", type=_port, default=8765)
    standin.set_defaults(command=commands.standin)


def _port(word: str) -> int:
    """A port's number; the system would take 70000 for 4464."""
    if not word.isascii() or not word.isdecimal() or int(word) > 65_535:
        raise argparse.ArgumentTypeError(f"포트는 0에서 65535 사이의 수입니다: {word}")
    return int(word)


def _export_parsers(group: Any) -> None:
    export = group.add_parser("export", help="사건을 파일로 내보냅니다")
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
    export.set_defaults(command=commands.export)

    layouts = group.add_parser("layouts", help="내보내기 양식을 보이거나 고쳐 쓸 사본을 만듭니다")
    layouts.add_argument("name", nargs="?", help="양식의 이름")
    layouts.add_argument("-o", "--output", type=Path, metavar="FILE", help="사본의 이름 (.toml)")
    layouts.set_defaults(command=commands.layouts)


if __name__ == "__main__":
    sys.exit(main())
