"""What a second auditor needs to weigh an export: tool, engine, whom was asked when, counts and sums."""

from collections import Counter
from collections.abc import Iterator, Sequence

from workbench.domain import korean, schema
from workbench.domain.korean import KST
from workbench.domain.model import Receipt, TaxFailure
from workbench.domain.money import won
from workbench.pipeline.analysis.frame import simulated
from workbench.pipeline.export.papers import About, period
from workbench.pipeline.tax.status_on import answer_for
from workbench.version import VERSION

MOCK_NOTE = "(모의)로 표시된 과세유형과 사업자상태는 시험용 모의 서비스의 답이며 국세청의 답이 아닙니다."
NO_CHAIN = "(기록 없음)"


def facts(receipts: Sequence[Receipt], about: About) -> Iterator[tuple[str, object]]:
    """Names and values (text, int, datetime) in the order of reading."""
    yield from origin(receipts, about)
    yield from _counts(receipts)


def origin(receipts: Sequence[Receipt], about: About) -> Iterator[tuple[str, object]]:
    """The first of them: what made this, of which case, when, and whom it asked."""
    yield from _origin(receipts, about)
    yield from _tax_service(receipts)
    yield "시각 기준", "한국 표준시 (UTC+9)"


def _origin(receipts: Sequence[Receipt], about: About) -> Iterator[tuple[str, object]]:
    if about.case:
        yield "사건", about.case
    yield "만든 시각", about.made_at
    if about.made_by:
        yield "만든 사람", about.made_by
    yield "프로그램", f"receipt-workbench {VERSION}"
    yield "문자 인식", ", ".join(sorted({receipt.engine for receipt in receipts if receipt.engine})) or "없음"
    yield "기록의 마지막 해시", about.chain_head or NO_CHAIN


def _tax_service(receipts: Sequence[Receipt]) -> Iterator[tuple[str, object]]:
    answers = [answer for receipt in receipts if (answer := answer_for(receipt)) is not None]
    asked = [answer.asked_at.astimezone(KST).replace(tzinfo=None, microsecond=0) for answer in answers]
    failed = sum(isinstance(answer, TaxFailure) for answer in answers)
    mocked = sum(map(simulated, receipts))
    said = (
        "국세청 사업자등록 상태조회 (api.odcloud.kr)" if len(answers) > mocked + failed else "",
        f"모의 서비스 ({mocked}건)" if mocked else "",
        f"답을 받지 못함 ({failed}건)" if failed else "",
    )
    yield "세무 조회처", " 및 ".join(filter(None, said)) or "조회하지 않음"
    if asked:
        yield "처음 조회한 시각", min(asked)
        yield "마지막 조회한 시각", max(asked)
    if mocked:
        yield "모의 표시", MOCK_NOTE


def _counts(receipts: Sequence[Receipt]) -> Iterator[tuple[str, object]]:
    if days := period(receipts):
        yield "거래 기간", days
    yield "영수증 (건)", len(receipts)
    for status, count in Counter(receipt.status for receipt in receipts).items():
        yield f"  {korean.STATUS[status]} (건)", count
    yield "사람이 고친 영수증 (건)", sum(receipt.corrected for receipt in receipts)
    for name in ("total", "supply", "vat"):
        yield f"{schema.spec(name).label} 계 (원)", sum(won(receipt, name) for receipt in receipts)
    for label, count in Counter(receipt.deduction for receipt in receipts if receipt.deduction).items():
        yield f"{label} (건)", count
        yield f"{label} 부가세 계 (원)", sum(won(receipt, "vat") for receipt in receipts if receipt.deduction == label)
