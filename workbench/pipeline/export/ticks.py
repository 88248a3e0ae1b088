"""Tick marks of a workpaper: for each value, what it was agreed to; each mark has one meaning, told in the legend."""

from workbench.domain import schema
from workbench.domain.check_digit import is_valid
from workbench.domain.model import Receipt, TaxRecord
from workbench.pipeline.analysis.frame import simulated
from workbench.pipeline.ledger.levels import LEVELS
from workbench.pipeline.tax.status_on import answer_for

SEEN, STATEMENT, RECKONED, ASKED, CORRECTED, EXCEPTION = "√", "◎", "∑", "◇", "※", "▲"
LEGEND = (
    (SEEN, "영수증과 일치: 사람이 그림과 대조해 승인함"),
    (STATEMENT, "카드 명세서와 일치"),
    (RECKONED, "다시 계산하여 일치: 공급가액+부가세+면세+봉사료=합계, 사업자번호 검증번호"),
    (ASKED, "국세청 사업자 상태를 조회하여 확인"),
    (CORRECTED, "사람이 고친 값"),
    (EXCEPTION, "예외: 검토의견(오류·주의)이 있음"),
)
PARTS = ("supply", "vat", "exempt", "service_charge")
ON_STATEMENT = dict(
    zip(
        LEVELS,
        (
            {"total", "issued_at", "approval_number"},
            {"total", "approval_number"},
            *({"total", "issued_at"},) * 3,
            *({"total"},) * 2,
        ),
        strict=False,
    )
)
"""What a statement confirms, by how strictly its row agrees; a sum of several or a person's pairing: nothing."""


def ticks(receipt: Receipt) -> dict[str, str]:
    """The marks of each field that has any, in the order of LEGEND."""
    marks = {name: [mark for mark, of in _marked(receipt) if name in of] for name in schema.BY_NAME}
    return {name: "".join(found) for name, found in marks.items() if found}


def _marked(receipt: Receipt) -> list[tuple[str, set[str]]]:
    present = {field.name for field in receipt.fields if field.value is not None}
    worries = {name for finding in receipt.findings if finding.severity != "info" for name in finding.fields}
    answer = answer_for(receipt)
    asked = isinstance(answer, TaxRecord) and not simulated(receipt)
    return [
        (SEEN, present if receipt.status in ("approved", "confirmed") else set()),
        (STATEMENT, present & ON_STATEMENT.get(receipt.statement, set())),
        (RECKONED, _reckoned(receipt)),
        (ASKED, {"business_number"} if asked else set()),
        (CORRECTED, {field.name for field in receipt.fields if field.corrected}),
        (EXCEPTION, worries),
    ]


def _reckoned(receipt: Receipt) -> set[str]:
    """Fields whose printed amounts add up, and the number whose check digit is right."""
    found = set()
    number = receipt.value("business_number")
    if number and is_valid(number):
        found.add("business_number")
    parts = {name: int(text) for name in PARTS if (text := receipt.value(name)) is not None}
    total = receipt.value("total")
    if total is not None and len(parts) > 1 and sum(parts.values()) == int(total):
        found |= {"total", *parts}
    return found
