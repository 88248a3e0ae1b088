"""How far the chosen amounts can be trusted, and what a reviewer should know about them."""

import re

from workbench.domain.model import Field, Finding
from workbench.domain.schema import BY_NAME
from workbench.pipeline.extraction.amounts.breakdown import PARTS
from workbench.pipeline.extraction.amounts.choice import Split
from workbench.pipeline.extraction.amounts.doubts import astray, rival_totals, vat_unfitting
from workbench.pipeline.extraction.amounts.printed import Amount, amounts_in
from workbench.pipeline.extraction.amounts.settlement import card_part, ways_to_pay
from workbench.pipeline.extraction.candidates import Again, at_most
from workbench.pipeline.extraction.sureness import DISPUTED, DOUBTED, GUESSED, LIKELY, PROVEN, SUPPORTED

TOTALS = ("paid", "total", "cancelled", "amount", "tender", "subtotal", "received")
"""Roles of labels before a total, the surest first; a part stands behind its own."""

TINY = 100
"""Won: what reads as less is the head of an amount, the rest of which was cut off or not read."""

BEFORE_DISCOUNT = "before-discount"
"""Code of the finding that the parts are printed before a discount, and so make up more than the total."""


def judge(
    amounts: tuple[Amount, ...], split: Split, other: Split | None, again: Again
) -> tuple[list[Field], tuple[Finding, ...]]:
    """Fields for the amounts of `split`, with confidence from the rules that agree, and findings."""
    ways = ways_to_pay(amounts, split.total) if split.total else ()
    fields, findings = _placed(amounts, split, other, again)
    certainty = {f.name: LIKELY for f in fields if f.name in ("total", "vat") and vat_unfitting(amounts, split)}
    if doubts := rival_totals(amounts, split, other, ways):
        certainty = {f.name: DOUBTED for f in fields}
    if lost := astray(amounts, split, ways):
        certainty["total"] = DOUBTED
    certainty |= {f.name: DOUBTED for f in fields if _may_be_a_part(f, split)}
    fields = [at_most(f, certainty.get(f.name, 1.0)) for f in fields]
    findings += [*doubts, *lost]
    fields += _card_amount(ways)
    findings += _settled(split, ways)
    return fields, tuple(findings)


def _may_be_a_part(field: Field, split: Split) -> bool:
    """Whether it may be the head or tail of an amount, the rest of which a fold or an edge took, from all alike."""
    value = abs(int(field.read or 0))
    if (split.total or 0) < TINY or not split.proofs & {"sum", "tenth"}:
        least = 10 * TINY if field.name == "total" else TINY
        lone = field.name == "total" and "repeated" not in split.proofs
        return 0 < value < least or (lone and value > 0 and not re.search("[,.]", field.raw or ""))
    return False


def _placed(
    amounts: tuple[Amount, ...], split: Split, other: Split | None, again: Again
) -> tuple[list[Field], list[Finding]]:
    """The chosen amounts where they are printed; a clearly labelled part that fits no sum is shown, and doubted."""
    fields, findings = [], []
    for name in ("total", *PARTS):
        value = getattr(split, name)
        place = _place_of(amounts, value, TOTALS if name == "total" else (name,))
        if place is None:
            place = _unfitting(amounts, name) if split.total else None  # of nothing paid there are no parts
            if place is not None:
                fields.append(_field_of(name, place, GUESSED, ("표시 옆에 인쇄되었으나 합계와 맞지 않음",)))
            continue
        fields.append(_field(name, place, split, other, again))
        if place.second:
            findings.append(_second_reading(name, place))
    return fields, findings


def _place_of(amounts: tuple[Amount, ...], value: int | None, roles: tuple[str, ...]) -> Amount | None:
    """The printed place of a chosen value: one under a fitting label if there is one, else the surest reading."""

    def rank(amount: Amount) -> tuple[int, float, int]:
        wanted = roles.index(amount.role) if amount.role in roles else len(roles)
        return wanted, -amount.confidence, amount.row

    return min((a for a in amounts if a.value == value), key=rank, default=None)


def _field(name: str, place: Amount, split: Split, other: Split | None, again: Again) -> Field:
    reasons = split.reasons if name == "total" else _part_reasons(name, place, split)
    confidence = _total_trust(split, other) if name == "total" else _part_trust(place, split)
    if place.cut and not split.proven:
        confidence = DISPUTED
        reasons = (*reasons, "앞의 글자가 첫 숫자일 수 있음")
    elif place.second:
        confidence = min(confidence, SUPPORTED if split.proven else DISPUTED)
        reasons = (*reasons, "다른 인식기가 읽은 금액")
    elif confidence < SUPPORTED and place.value:
        told = confirm(place, again)
        if told is True:
            confidence = max(confidence, SUPPORTED if (name != "total" or "label" in split.proofs) else LIKELY)
            reasons = (*reasons, "다른 인식기도 같은 금액으로 읽음")
        elif told is False:
            confidence = min(confidence, DISPUTED)
            reasons = (*reasons, "다른 인식기는 다른 금액으로 읽음")
    return _field_of(name, place, confidence, reasons)


def _field_of(name: str, place: Amount, confidence: float, reasons: tuple[str, ...]) -> Field:
    return Field(name, str(place.value), place.raw, round(confidence, 3), place.box, reasons)


def _part_trust(place: Amount, split: Split) -> float:
    if split.proven:
        return PROVEN if split.proofs & {"label", "repeated", "named"} else LIKELY
    if "exempt" in split.proofs:
        return SUPPORTED if "repeated" in split.proofs else LIKELY
    if {"untaxed", "label", "repeated"} <= split.proofs:
        return SUPPORTED
    # VAT as an eleventh of the total leaves room for a wrong last digit of either.
    return LIKELY


def _unfitting(amounts: tuple[Amount, ...], name: str) -> Amount | None:
    """An amount under a clear label of a part that fits no sum: shown, and doubted."""
    places = [a for a in amounts if a.role == name and a.label and a.label.score >= 0.9 and a.value and not a.second]
    return min(places, key=lambda a: (-a.confidence, a.row), default=None)


def _second_reading(name: str, place: Amount) -> Finding:
    label = BY_NAME[name].label
    sentence = f"{label}: 첫 인식({place.raw})과 달리 다른 인식기의 {place.value:,}원이 합계에 맞습니다."
    return Finding("warning", sentence, (name,), "repaired")


def _part_reasons(name: str, place: Amount, split: Split) -> tuple[str, ...]:
    own = (f"{BY_NAME[name].label} 표시 옆에 인쇄됨",) if place.role == name else ()
    return own + split.reasons[-1:] if split.proofs & {"sum", "tenth"} else own


def _total_trust(split: Split, other: Split | None) -> float:
    if split.proven:  # sums whose words nobody knows may be those of a slip beside this one
        return PROVEN if split.proofs & {"label", "repeated", "named"} else LIKELY
    if split.settlement:
        return SUPPORTED
    lead = split.score - (other.score if other else 0)
    if "label" in split.proofs and "repeated" in split.proofs and lead > 2:
        return SUPPORTED
    if "label" in split.proofs:
        return LIKELY
    return GUESSED


def confirm(place: Amount, again: Again) -> bool | None:
    """Whether the other reader sees the same amount in the line; None where it was not asked or sees no amount."""
    seen = amounts_in(again.text(place.line) or "")
    return abs(place.value) in seen if seen else None


def _card_amount(ways: tuple[Amount, ...]) -> list[Field]:
    """What a card paid of a sale that was paid in several ways: the amount that its statement shows."""
    card = card_part(ways)
    return [_field_of("card_amount", card, SUPPORTED, ("결제수단별 금액의 합이 합계와 같음",))] if card else []


def _settled(split: Split, ways: tuple[Amount, ...]) -> list[Finding]:
    """What a reviewer should know of how the total came about and was paid."""
    found = []
    settled = split.settlement
    if settled and any(a.role == "cancelled" for a in settled.off):
        found.append(Finding("info", f"일부가 환불되어 남은 금액입니다 ({settled.sentence}).", (), "part-refund"))
    if settled and not settled.paid:
        sentence = f"할인·포인트 등으로 낸 돈이 없습니다 ({settled.sentence})."
        found.append(Finding("warning", sentence, ("total",), "nothing-paid"))
    elif "before" in split.proofs:
        what = "할인을 뺀" if settled and settled.off else "미납·배달비 등을 더한"
        sentence = f"공급가액과 부가세는 그 전 금액으로 인쇄되어 있고, 합계는 {what} 결제금액입니다."
        found.append(Finding("info", sentence, (), BEFORE_DISCOUNT))
    if ways:
        each = ", ".join(f"{a.words} {abs(a.value):,}" for a in ways)
        found.append(Finding("info", f"{len(ways)}번에 나누어 결제했습니다 ({each}원).", (), "split-payment"))
    return found
