"""The first page of a workpaper: what it is about, its sums, how it was checked, what the marks mean."""

from collections import Counter
from collections.abc import Iterator, Sequence

from reportlab.lib.units import mm
from reportlab.platypus import Table, TableStyle

from workbench.domain.model import Receipt, TaxFailure, TaxRecord
from workbench.domain.money import won
from workbench.pipeline.export.facts import origin
from workbench.pipeline.export.papers import About, period
from workbench.pipeline.export.pdf_pages import ACCENT, FACE, FAINT, INNER, RULE, PdfPages, style, text
from workbench.pipeline.export.ticks import LEGEND
from workbench.pipeline.tax.status_on import answer_for, tax_label

LOOK = TableStyle(
    [
        ("FONT", (0, 0), (-1, -1), FACE, 8), ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.3, RULE),
        ("LEFTPADDING", (0, 0), (-1, -1), 2), ("RIGHTPADDING", (0, 0), (-1, -1), 2),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
)  # fmt: skip
UNKNOWN = "미확인"
SUMMED = ("건수", "합계", "공급가액", "부가세")


def cover(pages: PdfPages, receipts: Sequence[Receipt], about: About) -> None:
    """Draws it, on as many pages as it takes."""
    pages.mark("cover", "표지", 0)
    pages.flow(text("영수증 검토조서", style(20, bold=True)), 2 * mm)
    pages.flow(text(" · ".join(filter(None, (about.case, period(receipts)))), style(11)), 4 * mm)
    _signatures(pages)
    _section(pages, "합계와 공제 후보")
    _sums(pages, "과세유형", [(tax_label(receipt) or UNKNOWN, receipt) for receipt in receipts])
    _sums(pages, "공제구분", [(receipt.deduction or UNKNOWN, receipt) for receipt in receipts])
    pages.flow(text("공제구분은 후보이며 판단은 검토자가 합니다.", style(7, colour=FAINT)), 3 * mm)
    _section(pages, "무엇을 어떻게 확인했는가")
    _pairs(pages, list(_checked(receipts, about)))
    _section(pages, "표시")
    _pairs(pages, list(LEGEND), 12 * mm)
    _section(pages, "만든 곳")
    _pairs(
        pages,
        [(name, f"{value:,}" if isinstance(value, int) else str(value)) for name, value in origin(receipts, about)],
    )


def _signatures(pages: PdfPages) -> None:
    box = [
        [text(word, style(8, colour=FAINT)) for word in ("작성자 / 날짜", "검토자 / 날짜", "조서 번호")],
        ["", "", ""],
    ]
    look = [
        ("FONT", (0, 0), (-1, -1), FACE, 8),
        ("BOX", (0, 0), (-1, -1), 0.5, RULE),
        ("INNERGRID", (0, 0), (-1, -1), 0.5, RULE),
    ]
    pages.flow(Table(box, (INNER / 3,) * 3, (6 * mm, 11 * mm), style=TableStyle(look)), 4 * mm)


def _section(pages: PdfPages, title: str) -> None:
    pages.room(25 * mm)
    pages.flow(text(title, style(11, bold=True)), 1 * mm)


def _sums(pages: PdfPages, heading: str, rows: Sequence[tuple[str, Receipt]]) -> None:
    """Count, total, supply and VAT of each group, and of all."""
    right, bold = style(8, alignment=2), style(8, bold=True)
    groups: dict[str, list[Receipt]] = {}
    for name, receipt in sorted(rows, key=lambda row: row[0]):
        groups.setdefault(name, []).append(receipt)
    groups["계"] = [receipt for _, receipt in rows]
    table = [[text(heading, bold), *(text(word, style(8, bold=True, alignment=2)) for word in SUMMED)]]
    for name, group in groups.items():
        sums = [len(group), *(sum(won(receipt, field) for receipt in group) for field in ("total", "supply", "vat"))]
        table.append([text(name, bold if name == "계" else style(8)), *(text(f"{number:,}", right) for number in sums)])
    pages.flow(Table(table, (INNER - 116 * mm, 20 * mm, 34 * mm, 34 * mm, 28 * mm), style=LOOK, repeatRows=1), 3 * mm)


def _pairs(pages: PdfPages, rows: Sequence[tuple[str, str]], first: float = 42 * mm) -> None:
    if rows:
        cells = [[text(name, style(8, colour=ACCENT)), text(value, style(8))] for name, value in rows]
        pages.flow(Table(cells, (first, INNER - first), style=LOOK), 4 * mm)


def _checked(receipts: Sequence[Receipt], about: About) -> Iterator[tuple[str, str]]:
    """What was done to each receipt, and to how many."""
    states = Counter(receipt.status for receipt in receipts)
    approved = states["approved"] + states["confirmed"]
    yield "판독", f"영수증 {len(receipts):,}건을 기계가 읽었고 {states['failed']:,}건은 읽지 못했습니다."
    yield (
        "사람의 대조",
        f"{approved:,}건을 사람이 그림과 대조해 승인했고, {_corrected(receipts):,}건에서 값을 고쳤습니다.",
    )
    yield (
        "재계산",
        "공급가액·부가세·면세·봉사료의 합과 합계, 사업자번호 검증번호, 날짜, 중복을 모든 영수증에서 계산했습니다.",
    )
    answers = [answer for receipt in receipts if (answer := answer_for(receipt)) is not None]
    real = sum(isinstance(answer, TaxRecord) and answer.source == "nts" for answer in answers)
    failed = sum(isinstance(answer, TaxFailure) for answer in answers)
    mocked = len(answers) - real - failed
    mock = f" 그 밖에 {mocked:,}건은 모의 서비스의 답이며 국세청의 답이 아닙니다." if mocked else ""
    yield "국세청 조회", f"{real:,}건의 답을 받았고 {failed:,}건은 받지 못했습니다.{mock}"
    if about.reconciled:
        confirmed = sum(bool(receipt.statement) for receipt in receipts)
        yield "명세서 대조", f"{confirmed:,}건이 명세서의 거래와 이어졌습니다."
    if about.sampled:
        yield "표본 확인", about.sampled
    open_ones = sum(any(finding.severity != "info" for finding in receipt.findings) for receipt in receipts)
    unapproved = len(receipts) - approved
    yield "남은 것", f"오류나 주의가 있는 영수증 {open_ones:,}건, 승인하지 않은 영수증 {unapproved:,}건."


def _corrected(receipts: Sequence[Receipt]) -> int:
    return sum(receipt.corrected for receipt in receipts)
