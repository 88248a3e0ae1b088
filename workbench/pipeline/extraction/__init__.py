"""Lines become fields: rows, then candidates with evidence, then one joint choice. Pure; never raises on any lines."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from workbench.domain import schema
from workbench.domain.check_digit import is_valid
from workbench.domain.model import Box, Field, Finding, Item, Line
from workbench.pipeline.extraction.amounts.choice import choose
from workbench.pipeline.extraction.amounts.doubts import strangers, unread
from workbench.pipeline.extraction.amounts.judgement import judge
from workbench.pipeline.extraction.amounts.printed import Amount, amounts_of
from workbench.pipeline.extraction.amounts.reread import reread
from workbench.pipeline.extraction.amounts.signs import direction_of, given_back, partly, turned, unsettled
from workbench.pipeline.extraction.approval_number import find_approval
from workbench.pipeline.extraction.business_number import find_number
from workbench.pipeline.extraction.candidates import Again, at_most, doubt
from workbench.pipeline.extraction.card import find_card_number, find_issuer
from workbench.pipeline.extraction.document_type import KINDS, NO_EVIDENCE, kind_of, may_be_cancelled, says_cancelled
from workbench.pipeline.extraction.foreign_dates import find_foreign_date
from workbench.pipeline.extraction.foreign_money import Foreign, find_foreign, is_of_nowhere
from workbench.pipeline.extraction.foreign_seller import find_foreign_seller
from workbench.pipeline.extraction.issued_at import find_date
from workbench.pipeline.extraction.items import items_of
from workbench.pipeline.extraction.labelled import find_labelled
from workbench.pipeline.extraction.merchant import find_merchant
from workbench.pipeline.extraction.remarks import buys_voucher, remarks
from workbench.pipeline.extraction.sureness import DOUBTED, LIKELY, PROVEN, READ_WELL, SUPPORTED
from workbench.pipeline.layout.rows import Row, rows_of

__all__ = ["KINDS", "NO_EVIDENCE", "Extraction", "extract"]


@dataclass(frozen=True, slots=True)
class Extraction:
    """What the lines of one receipt say: its kind (a key of KINDS), the fields that were found, goods, findings.

    The findings are only those that the lines alone can tell; `checks.check` judges the values.
    """

    kind: str = "not_receipt"
    fields: tuple[Field, ...] = ()
    items: tuple[Item, ...] = ()
    findings: tuple[Finding, ...] = ()


def extract(
    lines: Iterable[Line], size: tuple[int, int] = (0, 0), again: Callable[[Box], str] | None = None
) -> Extraction:
    """The fields of a receipt from the engine's lines (px of an image of `size`, width x height), in any order.

    `again` reads the line in a box (one that a line carries) with another recogniser; it is asked for the few lines
    that decide and that nothing else confirms.
    """
    lines = tuple(lines)
    rows = rows_of(lines)
    if not rows:
        return Extraction()
    second = Again(again)
    amounts = amounts_of(rows)
    number, number_findings = find_number(rows, second)
    korean = number is not None and is_valid(number.read or "") and number.confidence >= LIKELY
    foreign = find_foreign(rows, korean)
    when, date_findings = _moment(rows, foreign, second)
    vat = foreign.vat(amounts, rows) if foreign else None
    amounts = foreign.won_only(amounts, rows) if foreign else amounts
    won, goods, won_findings = _won(rows, amounts, second)
    if foreign is None and not korean and is_of_nowhere(lines):
        won, won_findings = [at_most(field, DOUBTED) for field in won], (*won_findings, NOWHERE)
    card = find_card_number(rows)
    approval, approval_findings = find_approval(rows, card, second, number, amounts, won)
    shop, firm = find_merchant(rows, number)
    if foreign is not None and not foreign.korean:
        shop = find_foreign_seller(rows) or shop
    fields = [shop, firm, number, when, *won, find_issuer(rows, card), card, approval]
    fields += [foreign.currency, foreign.total, vat] if foreign else []
    fields += [find_labelled(rows, spec) for spec in schema.FIELDS if spec.name not in RULED and not spec.filled]
    found = tuple(field for field in fields if field is not None)
    total = next((int(field.read or 0) for field in found if field.name == "total"), None)
    kind = _kind(rows, amounts, number is not None, total, foreign is not None)
    if _poor(lines):
        found = tuple(at_most(f, LIKELY) if f.name in UNPROVEN and f.confidence < PROVEN else f for f in found)
    kind = "card_slip" if kind == "simple_receipt" and approval else kind  # a card paid what was 정히 영수
    if kind == "simple_receipt":
        found = tuple(at_most(field, LIKELY) if field.name in HANDWRITTEN else field for field in found)
    told = (*number_findings, *date_findings, *won_findings, *approval_findings, *remarks(rows, amounts, total))
    return Extraction(kind, found, goods, (*told, *(foreign.findings if foreign else ())))


NOWHERE = doubt("한글과 원화 표시가 거의 없는 종이입니다. 원화 금액인지 그림과 비교해 주세요.", "total")


def _moment(rows: tuple[Row, ...], foreign: Foreign | None, second: Again) -> tuple[Field | None, tuple[Finding, ...]]:
    """When the sale was made; a paper from abroad may write its dates in another order."""
    when, findings = find_date(rows, second)
    if foreign is not None and not foreign.korean:
        abroad, abroad_findings = find_foreign_date(rows, foreign.country, foreign.sure)
        return (abroad, abroad_findings) if abroad else (when, findings)
    if foreign is None and when is None:  # a till set to another country's way
        when, findings = find_foreign_date(rows, "", sure=False)
        return (at_most(when, LIKELY) if when else None), findings
    return when, findings


def _kind(rows: tuple[Row, ...], amounts: tuple[Amount, ...], numbered: bool, total: int | None, foreign: bool) -> str:
    """The kind of paper, a key of KINDS."""
    kind = kind_of(rows, numbered, total is not None, total is not None and total < 0)
    if foreign and total is None and kind not in STAYS:
        kind = "foreign"
    return "voucher" if kind in BOUGHT and buys_voucher(rows, amounts, total) else kind


BOUGHT = frozenset({"card_slip", "pos_receipt", "receipt", "cash_receipt", "cash_receipt_business"})
"""Kinds that may show a purchase of vouchers."""

HANDWRITTEN = frozenset({"issued_at", "total", "supply", "vat", "exempt"})
"""What is written by hand into a printed form: no reader is sure of it."""


RULED = frozenset({
    "merchant", "business_number", "issued_at", "total", "supply", "vat", "exempt", "service_charge", "card_issuer",
    "card_number", "approval_number", "card_amount", "company",
    "currency", "foreign_total",
})  # fmt: skip
"""Fields that have a rule of their own; any other in the schema is found by its labels."""

STAYS = frozenset({"cancelled", "transport"})
"""Kinds that a paper in foreign money keeps."""

UNPROVEN = ("issued_at", "approval_number", "total")
"""Fields that both readers may misread alike; a business number has its check digit, a proven total its 0.99."""

POOR = 0.3
"""Share of badly read lines from which a page is a poor picture."""


def _poor(lines: tuple[Line, ...]) -> bool:
    """Whether the picture is so poor that two readers who agree may both be wrong."""
    texts = [line.confidence for line in lines if len(line.text) > 2]
    return sum(confidence < READ_WELL for confidence in texts) > POOR * len(texts)


def _won(
    rows: tuple[Row, ...], amounts: tuple[Amount, ...], second: Again
) -> tuple[list[Field], tuple[Item, ...], tuple[Finding, ...]]:
    """The amounts, chosen jointly as positive ones and then signed alike, the goods, and what to know of them."""
    cancelled, back = given_back(amounts, says_cancelled(rows))
    direction = direction_of(amounts, cancelled, said=bool(back), titled=may_be_cancelled(rows))
    plain = turned(amounts, direction)
    split, other = choose(plain, back)
    if split.total is None:
        return [], items_of(rows, plain, frozenset()), ()
    if split.total and not split.proven:
        seen = reread(plain, split, second)
        again_split, again_other = choose((*plain, *seen), back) if seen else (split, other)
        if again_split.proven:
            plain, split, other = (*plain, *seen), again_split, again_other
    parts = frozenset(v for v in (split.supply, split.vat) if v and v != split.total)
    goods = items_of(rows, plain, parts)
    fields, findings = judge(plain, split, other, second)
    if len(goods) > 1 and sum(item.amount or 0 for item in goods) == split.total:
        fields = [_borne_out(f) if f.name == "total" else f for f in fields]
    elif not any("total" in f.fields for f in findings) and (strange := strangers(plain, split) or unread(rows, split)):
        fields = [at_most(f, DOUBTED) if f.name == "total" else f for f in fields]
        findings += tuple(strange)
    if direction.back:
        fields = [replace(f, read=f"-{f.read}") if f.read not in ("0", None) else f for f in fields]
        findings += partly(plain, back, split.total or 0)
    if doubtful := direction.doubt or ("" if direction.back else unsettled(amounts, split.settlement)):
        findings += (Finding("warning", doubtful, tuple(f.name for f in fields), "sign"),)
    return fields, goods, findings


def _borne_out(total: Field) -> Field:
    """A total that the goods add up to; a doubt of another kind stays."""
    sure = max(total.confidence, SUPPORTED) if total.confidence >= LIKELY else total.confidence
    return replace(total, confidence=sure, evidence=(*total.evidence, "품목 금액의 합과 같음"))
