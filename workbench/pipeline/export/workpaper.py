"""The workpaper as a PDF: a cover, an index, and for each receipt a card of values, tick marks and what was seen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Table, TableStyle

from workbench.domain import korean, schema
from workbench.domain.errors import WorkbenchError
from workbench.domain.korean import KST
from workbench.domain.model import Receipt, TaxRecord
from workbench.pipeline.analysis.frame import tax_asked_at
from workbench.pipeline.export import words
from workbench.pipeline.export.crops import Crops
from workbench.pipeline.export.papers import About, Options, Papers, Progress, why
from workbench.pipeline.export.pdf_pages import (
    ACCENT,
    FACE,
    FAINT,
    INNER,
    MARGIN,
    RULE,
    PdfPages,
    Shown,
    cell,
    style,
    text,
)
from workbench.pipeline.export.ticks import ticks
from workbench.pipeline.export.workpaper_cover import cover
from workbench.pipeline.storage.atomic import replacing
from workbench.pipeline.tax.status_on import answer_for, tax_label, tax_status

CROP_WIDTH, CROP_HEIGHT = 58 * mm, 4.8 * mm
COLUMNS = (20 * mm, 48 * mm, 19 * mm, 60 * mm, INNER - 147 * mm)
HEADINGS = ("항목", "값", "표시", "판독한 자리", "기계가 읽은 값 · 고친 사람")
SMALL, PLAIN, HEAD = style(7, colour=FAINT), style(8), style(8, bold=True)
CELLS = [
    ("FONT", (0, 0), (-1, -1), FACE, 8), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ("LINEBELOW", (0, 0), (-1, -1), 0.3, RULE),
    ("LEFTPADDING", (0, 0), (-1, -1), 2), ("RIGHTPADDING", (0, 0), (-1, -1), 2),
    ("TOPPADDING", (0, 0), (-1, -1), 1), ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
]  # fmt: skip
GRID = TableStyle(CELLS)
CARD = TableStyle(
    [*CELLS, ("FONTSIZE", (2, 1), (2, -1), 10), ("FONTSIZE", (4, 1), (4, -1), 7), ("TEXTCOLOR", (4, 1), (4, -1), FAINT),
     ("FONTSIZE", (0, 0), (-1, 0), 7), ("TEXTCOLOR", (0, 0), (-1, 0), FAINT)]
)  # fmt: skip
INDEX = TableStyle([*CELLS, ("FONTSIZE", (0, 0), (-1, -1), 7.5), ("ALIGN", (3, 0), (3, -1), "RIGHT")])


@dataclass(slots=True)
class Places:
    """On which page of the workpaper each receipt's card begins; filled while it is made."""

    page: dict[str, int] = field(default_factory=dict)


def write_workpaper(
    receipts: Sequence[Receipt], path: Path, papers: Papers, about: About, options: Options
) -> Iterator[Progress]:
    """Writes the workpaper to `path`, telling how far it is; leaving off early leaves no file."""
    with replacing(path) as draft, draft.open("xb") as stream:
        yield from save_workpaper(receipts, stream, papers, about, options, Places())


def save_workpaper(
    receipts: Sequence[Receipt], stream: IO[bytes], papers: Papers, about: About, options: Options, places: Places
) -> Iterator[Progress]:
    """As `write_workpaper`, to a binary stream; `places` learns each receipt's page."""
    title = f"영수증 검토조서 · {about.case}" if about.case else "영수증 검토조서"
    with PdfPages(stream, title, about.made_at) as pages:
        cover(pages, receipts, about)
        pages.next()
        _index(pages, receipts)
        pages.next()
        pages.mark("cards", "영수증", 0)
        for number, receipt in enumerate(receipts, 1):
            places.page[receipt.id] = _card(pages, number, receipt, papers, options)
            yield Progress(number, len(receipts))
        for receipt in receipts:
            pages.settle(f"page-{receipt.id}", str(places.page[receipt.id]), 7)
        pages.save()


INDEX_WIDTHS = (9 * mm, 38 * mm, 19 * mm, 20 * mm, 18 * mm, 17 * mm, INNER - 129 * mm, 8 * mm)
INDEX_HEADINGS = ("번호", "상호", "거래일", "합계", "공제구분", "상태", "검토의견", "쪽")


def _index(pages: PdfPages, receipts: Sequence[Receipt]) -> None:
    """A row per receipt with the page of its card, to be clicked on; rows are drawn one by one."""
    pages.mark("index", "목록", 0)
    pages.flow(text("영수증 목록", style(13, bold=True)), 3 * mm)
    look = style(7.5)

    def heading() -> None:
        words = [text(word, style(7.5, bold=True, alignment=2 * (word == "합계"))) for word in INDEX_HEADINGS]
        pages.flow(Table([words], INDEX_WIDTHS, style=GRID))

    heading()
    for number, receipt in enumerate(receipts, 1):
        worst = _worst(receipt)
        cells = [str(number), receipt.value("merchant") or receipt.file, (receipt.value("issued_at") or "")[:10],
                 schema.render("total", receipt.value("total")), receipt.deduction, korean.STATUS[receipt.status],
                 worst, ""]  # fmt: skip
        row = [cell(words, look, width) for words, width in zip(cells, INDEX_WIDTHS, strict=True)]
        table = Table([row], INDEX_WIDTHS, style=INDEX)
        _, height = table.wrapOn(pages.canvas, INNER, 0)
        page = pages.page
        pages.room(height)
        if pages.page != page:
            heading()
        pages.flow(table)
        pages.later(f"page-{receipt.id}", MARGIN + INNER - INDEX_WIDTHS[-1] + 2, pages.y + 4)
        pages.canvas.linkAbsolute("", f"card-{receipt.id}", (MARGIN, pages.y, MARGIN + INNER, pages.y + height))


def _worst(receipt: Receipt) -> str:
    """The gravest finding in a few words."""
    if receipt.error:
        return f"오류: {receipt.error}"
    order = ("error", "warning")
    found = sorted((f for f in receipt.findings if f.severity in order), key=lambda f: order.index(f.severity))
    if not found:
        return ""
    more = f" 외 {len(found) - 1}건" if len(found) > 1 else ""
    message = found[0].message
    return f"{korean.SEVERITY[found[0].severity]}: {message[:38]}{'…' if len(message) > 38 else ''}{more}"


def _card(pages: PdfPages, number: int, receipt: Receipt, papers: Papers, options: Options) -> int:
    """A receipt's values beside what they were read from, then what was found, asked and approved; on which page."""
    crops, trouble = _crops(receipt, papers)
    parts = [_title(number, receipt), _values(receipt, crops)]
    parts += [text(sentence, PLAIN) for sentence in _sentences(receipt, trouble)]
    pages.room(sum(part.wrapOn(pages.canvas, INNER, 10_000)[1] for part in parts) + 10 * mm)
    page = pages.page
    key = f"card-{receipt.id}"
    pages.mark(key, f"{number}. {receipt.value('merchant') or receipt.file}", 1)
    for part in parts:
        pages.flow(part, 1.2)
    if options.pictures and crops is not None:
        _whole(pages, crops)
    pages.y -= 5 * mm
    return page


def _crops(receipt: Receipt, papers: Papers) -> tuple[Crops | None, str]:
    try:
        return Crops(papers.picture_of(receipt.id), receipt), ""
    except (OSError, WorkbenchError) as error:
        return None, f"그림을 열 수 없습니다: {why(error)}"


def _title(number: int, receipt: Receipt) -> Flowable:
    total = schema.render("total", receipt.value("total"))
    shop = receipt.value("merchant") or receipt.file
    said = " · ".join(filter(None, (shop, receipt.value("issued_at"), f"{total}원" if total else "")))
    where = f"{receipt.file} · {receipt.page}쪽 {receipt.region}구역 · {receipt.id} · 원본 SHA-256 {receipt.file_hash}"
    cells = [
        [
            text(f"{number}. {said}", style(10, bold=True)),
            text(korean.STATUS[receipt.status], style(9, bold=True, alignment=2)),
        ],
        [text(where, style(6.5, colour=FAINT)), ""],
    ]
    look = [("LINEABOVE", (0, 0), (-1, 0), 1.2, ACCENT), ("SPAN", (0, 1), (1, 1)), CELLS[0], *CELLS[3:]]
    return Table(cells, (INNER - 24 * mm, 24 * mm), style=TableStyle(look))


def _values(receipt: Receipt, crops: Crops | None) -> Flowable:
    marks = ticks(receipt)
    rows: list[list[Any]] = [list(HEADINGS)]
    for spec in schema.FIELDS:
        known = receipt.field(spec.name)
        if known.value is None and not known.corrections:
            continue
        shown: Any = ""
        place = known.evidence_box or known.box  # what was typed stands where the machine read otherwise
        if crops is not None and place is not None:
            jpeg, aspect = crops.of(place)
            width = min(CROP_WIDTH, CROP_HEIGHT * aspect)
            shown = Shown(jpeg, width, width / aspect)
        value = schema.render(spec.name, known.value) or words.EMPTY
        valued = text(value, HEAD) if spec.name == "total" else cell(value, PLAIN, COLUMNS[1])
        history = cell(_history(receipt, spec.name), SMALL, COLUMNS[4])
        rows.append([cell(spec.label, PLAIN, COLUMNS[0]), valued, marks.get(spec.name, ""), shown, history])
    return Table(rows, COLUMNS, style=CARD, repeatRows=1)


def _history(receipt: Receipt, name: str) -> str:
    """What the machine read where a person said otherwise, and who said so when."""
    known = receipt.field(name)
    if not known.corrections:
        return ""
    last = known.corrections[-1]
    said = "읽은 값으로 되돌림" if last.value is None else "고침"
    read = schema.render(name, known.read) or words.EMPTY
    return f"{read} → {last.by} {last.at.astimezone(KST):%Y-%m-%d %H:%M} {said}"


def _sentences(receipt: Receipt, trouble: str) -> Iterator[str]:
    asked, answer = tax_asked_at(receipt), answer_for(receipt)
    if asked is not None:
        said = (tax_label(receipt), tax_status(receipt) if isinstance(answer, TaxRecord) else "")
        yield f"국세청: {' · '.join(filter(None, said))} · {asked:%Y-%m-%d %H:%M} 조회"
    if receipt.deduction:
        yield f"{receipt.deduction}: {receipt.deduction_reason}"
    if receipt.error:
        yield f"▲ 오류: {receipt.error}"
    for finding in receipt.findings:
        if finding.message != receipt.error:
            sign = "" if finding.severity == "info" else "▲ "
            yield f"{sign}{korean.SEVERITY[finding.severity]}: {finding.message}"
    if trouble:
        yield trouble
    for one in receipt.settled:
        who = f"{one.by} {one.at.astimezone(KST):%Y-%m-%d %H:%M}"
        yield f"확인하고 둠: {one.message} ({', '.join(filter(None, (who, one.reason)))})"
    yield _approval(receipt)


def _approval(receipt: Receipt) -> str:
    """Who approved when, and the second of two; or that nobody has, or that it changed since."""
    said = [f"{one.by} {one.at.astimezone(KST):%Y-%m-%d %H:%M}" for one in receipt.approvals]
    if receipt.status == "changed":
        came = " ".join(finding.message for finding in receipt.unseen)
        what = f"새로 알려진 것이 있어 다시 승인해야 함: {came}" if came else "바뀌어 다시 승인해야 함"
        return f"▲ 승인({', '.join(said)}) 뒤에 {what}"
    if not receipt.approved_by:
        return "아직 승인하지 않음"
    first, *second = said or [receipt.approved_by]
    return f"승인: {first}{f' · 2차 승인: {second[-1]}' if receipt.confirmed_by and second else ''}"


def _whole(pages: PdfPages, crops: Crops) -> None:
    """The whole picture, as large as the rest of the page lets it be, or on a page of its own."""
    jpeg, aspect = crops.whole()
    room = pages.room_left()
    if room < 90 * mm:
        pages.next()
        room = pages.room_left()
    height = min(room, INNER / aspect)
    pages.flow(Shown(jpeg, height * aspect, height))
