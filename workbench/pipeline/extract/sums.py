"""How far the chosen amounts can be trusted, and what a reviewer should know about them."""

from dataclasses import replace

from workbench.model import Field, Finding
from workbench.pipeline.extract.amounts import PARTS, Split, amount_of, missing_vat
from workbench.pipeline.extract.candidates import Again
from workbench.pipeline.extract.money import Amount, amounts_in
from workbench.pipeline.extract.rows import Row
from workbench.schema import BY_NAME

ROLES = {
    "total": ("paid", "total", "amount", "tender", "subtotal", "received"),
    "supply": ("supply",),
    "vat": ("vat",),
    "exempt": ("exempt",),
    "service_charge": ("service_charge",),
}


def judge(
    rows: tuple[Row, ...], amounts: tuple[Amount, ...], split: Split, other: Split | None, again: Again
) -> tuple[list[Field], tuple[Finding, ...]]:
    """Fields for the amounts of `split`, with confidence from the rules that agree, and findings."""
    findings: list[Finding] = []
    proven = {"sum", "tenth"} <= split.proofs or {"sum", "exempt"} <= split.proofs
    fields = []
    for name in ("total", *PARTS):
        value = getattr(split, name)
        place = amount_of(amounts, value, ROLES[name]) if value is not None else None
        if place is None:
            continue
        fields.append(_field(name, place, split, proven, other, again))
    repaired = missing_vat(rows, split, amounts)
    if repaired:
        fields.append(_repaired(rows, *repaired))
        findings.append(
            Finding(
                "warning",
                f"부가세는 잘 읽히지 않아 합계 - 공급가액으로 보정했습니다 ({repaired[0]:,}원). 확인해 주세요.",
                ("vat",),
                "repaired",
            )
        )
    if other and not proven and other.score > split.score - 0.8 and other.total != split.total:
        findings.append(
            Finding(
                "warning",
                f"합계로 볼 수 있는 금액이 더 있습니다 ({other.total:,}원). 확인해 주세요.",
                ("total",),
                "doubt",
            )
        )
        fields = [replace(f, confidence=min(f.confidence, 0.85)) if f.name == "total" else f for f in fields]
    if "ambiguous" in split.proofs:
        findings.append(
            Finding(
                "warning",
                "공급가액·부가세·면세를 나누는 방법이 여럿입니다. 그림과 비교해 주세요.",
                ("supply", "vat", "exempt"),
                "doubt",
            )
        )
    findings.extend(_split_payment(amounts, split))
    return fields, tuple(findings)


def _field(name: str, place: Amount, split: Split, proven: bool, other: Split | None, again: Again) -> Field:
    reasons = split.reasons if name == "total" else _part_reasons(name, place, split)
    if name == "total":
        confidence = _total_trust(place, split, proven, other)
    elif proven:
        confidence = 0.99 if "named" in split.proofs or "exempt" in split.proofs else 0.96
    elif "tenth" in split.proofs and name in ("supply", "vat"):
        confidence = 0.97 if place.confidence > 0.85 else 0.93
    else:
        confidence = 0.9 if place.confidence > 0.9 else 0.8
    if confidence < 0.95 and place.value:
        told = confirm(place, again)
        if told is True:
            confidence = max(confidence, 0.96 if (name != "total" or "label" in split.proofs) else 0.9)
            reasons = (*reasons, "다른 인식기도 같은 금액으로 읽음")
        elif told is False:
            confidence = min(confidence, 0.7)
            reasons = (*reasons, "다른 인식기는 다른 금액으로 읽음")
    if "ambiguous" in split.proofs and name != "total":
        confidence = min(confidence, 0.8)
    return Field(name, str(place.value), place.raw, round(confidence, 3), place.box, reasons)


def _part_reasons(name: str, place: Amount, split: Split) -> tuple[str, ...]:
    own = (f"{BY_NAME[name].label} 표시 옆에 인쇄됨",) if place.role == name else ()
    return own + split.reasons[-1:] if split.proofs & {"sum", "tenth"} else own


def _total_trust(place: Amount, split: Split, proven: bool, other: Split | None) -> float:
    if proven:
        return 0.995 if split.proofs & {"label", "repeated", "named"} else 0.96
    if "tenth" in split.proofs:
        return 0.985
    lead = split.score - (other.score if other else 0.0)
    if "label" in split.proofs and "discount" in split.proofs and lead > 1:
        return 0.97
    if "label" in split.proofs and "repeated" in split.proofs and lead > 1:
        return 0.97
    if "label" in split.proofs:
        return 0.93
    return 0.75 if "repeated" in split.proofs else 0.5


def confirm(place: Amount, again: Again) -> bool | None:
    """Whether the other reader sees the same amount in the line; None where it was not asked or sees no amount."""
    text = again.text(place.line)
    if text is None:
        return None
    seen = amounts_in(text)
    if not seen:
        return None
    return abs(place.value) in seen


def _repaired(rows: tuple[Row, ...], value: int, row: int) -> Field:
    text = rows[row].text
    box = rows[row].box(0, len(text))
    return Field("vat", str(value), text, 0.85, box, ("합계 - 공급가액과 한 글자 차이라 보정함",))


def _split_payment(amounts: tuple[Amount, ...], split: Split) -> list[Finding]:
    """Several card payments that add up to the total."""
    if not split.total:
        return []
    paid = [a for a in amounts if a.role in ("tender", "paid", "amount") and 0 < a.value < split.total]
    by_label: dict[str, list[int]] = {}
    for a in paid:
        by_label.setdefault(a.label.word if a.label else "", []).append(a.value)
    for values in by_label.values():
        if len(values) > 1 and sum(values) == split.total:
            each = ", ".join(f"{v:,}" for v in values)
            return [Finding("info", f"{len(values)}번에 나누어 결제했습니다 ({each}원).", ("total",), "split-payment")]
    return []
