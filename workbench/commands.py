"""What each command of the shell does; `__main__` says how it is called.

Each loads what it needs when it is called: together that is a second.
"""

import argparse
import socket
import sys
import tempfile
import webbrowser
from collections import Counter
from dataclasses import replace
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.domain.errors import CaseError, ExportFailed, SettingsError
from workbench.domain.model import TaxFailure
from workbench.pipeline.jobs.loading import at_once
from workbench.settings import Settings

if TYPE_CHECKING:
    from workbench.case import Case
    from workbench.pipeline.storage.backup import Report

SHOWN = ["file", "page", "region", "status", "merchant", "business_number", "issued_at", "total", "vat", "tax_type"]


def read(given: argparse.Namespace, settings: Settings) -> int:
    """Reads folders and files into tables."""
    chosen = {name: getattr(given, name) for name in ("jobs", "backend", "scheduler")}
    settings = replace(settings, **{name: value for name, value in chosen.items() if value is not None})
    from workbench.pipeline.tax.service import NationalTaxService

    service = NationalTaxService(settings.nts_key, settings.nts_url)  # a wrong address is told before the long reading
    settings = _made_ready(given, settings)
    with at_once():
        import pandas as pd

        from workbench.case import Case
        from workbench.pipeline.export.writers import refuse_ending
    with tempfile.TemporaryDirectory(prefix="workbench-case-") as scratch:
        for output in given.output:  # what was read into a case for a while would be gone
            refuse_ending(output)
        case = Case.open(given.case or scratch, settings)
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


def _made_ready(given: argparse.Namespace, settings: Settings) -> Settings:
    """Has workers, and the child that opens files, load what they need while this process does; no more workers than
    there are pictures, each of which then has more of the machine. Nothing where a source is missing, which is told.
    """
    if not all(source.exists() for source in given.sources):
        return settings
    from workbench.pipeline.imaging import confined
    from workbench.pipeline.imaging.file_type import ONE_PAGE
    from workbench.pipeline.jobs.local import cores
    from workbench.pipeline.reading import started_workers

    pictures = sum(source.suffix.lower() in ONE_PAGE and source.is_file() for source in given.sources)
    if given.case is None and pictures == len(given.sources):
        settings = replace(settings, jobs=min(settings.jobs or cores(), pictures))
    confined.start()
    started_workers.start(settings)
    return settings


def serve(given: argparse.Namespace, settings: Settings) -> int:
    """Serves the page until it is stopped."""
    from workbench.review import texts
    from workbench.server import running

    alone = given.show and given.port is None
    if alone and given.case is None and (url := running.where(settings.home)):
        print(texts.SERVED_ALREADY.format(url=url))
        webbrowser.open(url)
        return 0
    early = given.show and given.case is None  # a case's address holds its token, which is known later
    sockets = _shown_early(given, settings, alone) if early else []
    with at_once():
        from workbench.server import application, door
    if given.case is not None and given.add:
        from workbench.case import Case

        case = Case.open(given.case, settings)
        for name, why in case.add(*given.add).refused:
            print(f"넣지 못함: {name}: {why}", file=sys.stderr)
        case.close()
    sockets = sockets or door.sockets_at(given.port, given.address, alone)
    application.serve(settings, given.case, sockets, given.address, show=given.show and not early)
    return 0


def _shown_early(given: argparse.Namespace, settings: Settings, alone: bool) -> list[socket.socket]:
    """Sockets at which the browser, which is started, waits for the page; workers get ready beside, all but one."""
    from workbench.server import door
    from workbench.server.identity import secret_of

    secret_of(settings.home)  # where it cannot be used a browser would find nobody
    sockets = door.sockets_at(given.port, given.address, alone)
    door.show_early(settings.home, sockets, given.address)
    from workbench.pipeline.jobs.local import cores
    from workbench.pipeline.reading import started_workers

    started_workers.start(settings, max(1, cores() - 1))
    return sockets


def _opened(folder: Path, settings: Settings) -> "Case":
    """The case in that folder; none is made by asking for it."""
    from workbench.case import Case

    if not (folder / "case.sqlite").is_file():
        raise CaseError(f"사건 폴더가 아닙니다: {folder}")
    return Case.open(folder, settings)


def export(given: argparse.Namespace, settings: Settings) -> int:
    """Writes a case, or what of it was asked for, to files."""
    from workbench.pipeline.export.layouts.cards import full_numbers

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


def layouts(given: argparse.Namespace, settings: Settings) -> int:
    """Lists the layouts, or prints or copies one."""
    from workbench.pipeline.export.layouts.layout import names, source_of

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


def verify(given: argparse.Namespace, settings: Settings) -> int:
    """Says whether a case or a package is as it was made."""
    from workbench.pipeline.storage import verification
    from workbench.pipeline.storage.sqlite import Store

    if not given.case.is_dir():
        return _verify_package(given.case)
    if not (given.case / "case.sqlite").is_file():
        raise CaseError(f"사건 폴더가 아닙니다: {given.case}")
    store = Store(given.case)  # not the case: what it holds may be no records any more
    found, first, (count, head) = verification.verify(store), verification.vouched_since(store), store.head()
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
    from workbench.pipeline.export.package_check import check_package

    found = check_package(path)
    for sentence in (*found.complaints, *found.said):
        print(sentence)
    if found.complaints:
        print(f"꾸러미가 만든 그대로가 아닙니다: {len(found.complaints):,}가지", file=sys.stderr)
        return 1
    print("꾸러미의 모든 부분이 만든 그대로입니다.")
    return 0


def backup(given: argparse.Namespace, settings: Settings) -> int:
    """Copies every case into one file."""
    from workbench.pipeline.storage.backup import back_up

    return _told(back_up(given.folder, given.target), f"저장: {given.target.resolve()}")


def restore(given: argparse.Namespace, settings: Settings) -> int:
    """Puts the cases of such a file into a new folder."""
    from workbench.pipeline.storage import restoring

    return _told(restoring.restore(given.source, given.folder), f"되살림: {given.folder.resolve()}")


def _told(report: "Report", done: str) -> int:
    for case, why in report.problems:
        print(f"주의: {case}: {why}", file=sys.stderr)
    print(f"{done} · 사건 {report.cases:,}개, 원본 {report.originals:,}개, 문제 {len(report.problems):,}건")
    return 1 if report.problems else 0


def password(given: argparse.Namespace, settings: Settings) -> int:
    """Writes a name and its password into the file of logins."""
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


def standin(given: argparse.Namespace, settings: Settings) -> int:
    """Serves a stand-in of the tax service."""
    from workbench.pipeline.tax.standin import serve_standin

    serve_standin(given.port)
    return 0
