"""What speaks against a chosen total: where no arithmetic proves it, and where another amount was paid below it."""

import re

from workbench.domain.model import Finding
from workbench.pipeline.extraction.amounts.breakdown import ROUNDED_ROWS
from workbench.pipeline.extraction.amounts.choice import Split
from workbench.pipeline.extraction.amounts.printed import Amount, amounts_in
from workbench.pipeline.extraction.amounts.unexplained import KNOWN, known_role, unexplained
from workbench.pipeline.extraction.candidates import doubt
from workbench.pipeline.extraction.labels import amount_label
from workbench.pipeline.layout.rows import Row


def rival_totals(
    amounts: tuple[Amount, ...], split: Split, other: Split | None, ways: tuple[Amount, ...]
) -> list[Finding]:
    """What else may be the total, where no arithmetic decides, or what was paid below it is another amount."""
    last = max((a.row for a in amounts if a.value == split.total), default=0)
    paid = [a for a in amounts if known_role(a) == "paid" and a.value > 0 and a.row > last and not a.second]
    if paid and split.total and not (split.settlement or ways):
        # What was taken off between them was not read.
        return [doubt(f"합계와 결제금액({paid[0].value:,}원)이 다릅니다. 그림과 비교해 주세요.", "total")]
    if split.proven:
        return []
    found = []
    if other and not split.settlement and other.score > split.score - 2:
        found.append(doubt(f"합계로 볼 수 있는 금액이 더 있습니다 ({other.total:,}원). 확인해 주세요.", "total"))
    return found


def astray(amounts: tuple[Amount, ...], split: Split, ways: tuple[Amount, ...]) -> list[Finding]:
    """A reduction whose arithmetic does not come out at the total."""
    settled = split.settlement
    if settled and not settled.exact:
        sentence = f"할인 전 금액에서 할인을 뺀 값이 결제금액과 다릅니다 ({settled.sentence})."
    elif settled and (bent := [a for a in settled.off if a.label and not a.minus and not known_role(a)]):
        # 멤버십포안트 may be points that paid or a discount: what is left is the total of the second alone.
        sentence = f"뺀 금액의 이름을 확실히 읽지 못했습니다 ({bent[0].words} {bent[0].value:,}원)."
    elif against := unexplained(amounts, split, ways):
        sentence = f"합계 아래에 다른 계산이 인쇄되어 있습니다 ({against})."
    else:
        return []
    return [doubt(sentence + " 그림과 비교해 주세요.", "total")]


STRANGE = frozenset({"", "added", "discount", "points", "tender", "paid", "amount"})
"""Roles of amounts under a total that must have to do with it, or are none of its own."""


def strangers(amounts: tuple[Amount, ...], split: Split) -> list[Finding]:
    """Money that has nothing to do with a total for which its label alone speaks: the label may be another's.

    A larger amount of an unknown name may be what was paid (통행료 beside a fare), one under the total may be added to
    it or taken off it.
    """
    total = split.total or 0
    if not total or split.proven or split.settlement or split.proofs & {"repeated", "tenth", "exempt"}:
        return []
    last = max((a.row for a in amounts if a.value == total), default=0)
    other = [a for a in amounts if a.is_money and not a.second and a.value and abs(a.value) != total]
    found = [
        a for a in other
        if (a.value > total and not known_role(a)) or (a.row > last and (known_role(a) in STRANGE or a.value < 0))
    ]  # fmt: skip
    if not found:
        return []
    seen = _listed([a.value for a in found])
    return [doubt(f"합계와 이어지지 않는 금액이 함께 인쇄되어 있습니다 ({seen}). 그림과 비교해 주세요.", "total")]


_SCRAP = re.compile(r"\d\D{0,2}\d.*")


def unread(rows: tuple[Row, ...], split: Split) -> list[Finding]:
    """A row that says what was paid with digits that make no amount: the total was read elsewhere, may be another."""
    if split.proven or split.settlement:
        return []
    for row in rows:
        scrap = _SCRAP.search(row.text)
        label = amount_label(row.text[: scrap.start()]) if scrap else None
        told = label is not None and label.role in ("paid", "total") and label.score >= KNOWN
        if scrap and told and not amounts_in(scrap.group()):
            return [doubt(f"결제금액을 읽지 못했습니다 ({row.text.strip()}). 그림과 비교해 주세요.", "total")]
    return []


def vat_unfitting(amounts: tuple[Amount, ...], split: Split) -> bool:
    """Whether a clearly printed VAT is no eleventh of a total that nothing proves: one of the two may be misread."""
    vats = {a.value for a in amounts if a.role == "vat" and a.value > 0 and a.label and a.label.score >= 0.8}
    if not vats or split.proven or "tenth" in split.proofs or split.total is None:
        return False
    sums = {split.total, split.settlement.before if split.settlement else split.total}
    return not any(abs(11 * vat - whole) <= 11 * ROUNDED_ROWS for vat in vats for whole in sums)


def _listed(values: list[int]) -> str:
    return ", ".join(f"{value:,}원" for value in values[:3])
