"""Whether the amounts of a receipt go back: one sign for all of them, from what the paper calls itself and its sums."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from workbench.domain.model import Finding
from workbench.pipeline.extraction.amounts.printed import Amount
from workbench.pipeline.extraction.amounts.settlement import Settlement, settle

SUMS = frozenset({"paid", "total", "amount", "tender", "supply", "vat", "exempt", "cancelled"})
TOTALS = frozenset({"paid", "total", "amount", "cancelled"})
WHOLE = frozenset({"paid", "total", "amount", "subtotal"})
CLEAR = 0.6
"""How alike a label must be for its amount to have a say."""


@dataclass(frozen=True, slots=True)
class Direction:
    """`back`: what was paid is given back; `doubt`: why that may be wrong (a Korean sentence, "" for no doubt)."""

    back: bool
    doubt: str = ""


def direction_of(amounts: Iterable[Amount], cancelled: bool, said: bool = False, titled: bool = False) -> Direction:
    """The direction of the whole receipt; its words call it `cancelled`, and `said`: the words before an amount too;
    `titled`: a title may mean that.

    A sign is lost or seen by mistake more easily (a fold, a stroke of the pen, a dash after the label) than on every
    sum at once: so it counts where the words say the same, or where all sums that stand on the paper carry it.
    """
    sums = [a for a in amounts if a.role in SUMS and a.value and a.label and a.label.score >= CLEAR and not a.second]
    if not cancelled:
        sums = [a for a in sums if a.role != "cancelled"]  # a refund taken off the sale carries its minus rightly
    signed = [a for a in sums if a.minus]
    totals = [a for a in sums if a.role in TOTALS]
    some = "빼기 표시가 없는 금액이 함께 있습니다. 취소·환불 전표인지 그림과 비교해 주세요."
    if cancelled:
        lost = "취소·환불 전표인데 금액에 빼기 표시가 없어 음수로 보았습니다. 그림과 비교해 주세요."
        sound = said or (signed and all(a.minus for a in totals or signed))
        return Direction(True, "" if sound else some if signed else lost)
    perhaps = "제목에 취소·환불이 있으나 빼기 표시가 없습니다. 취소 전표인지 그림과 비교해 주세요." if titled else ""
    if not signed or not (any(a.minus == "-" for a in signed) or len(signed) == len(sums)):
        return Direction(False, perhaps)
    if len({(a.row, a.box.right) for a in signed}) > 1 and all(a.minus for a in totals) and 2 * len(signed) > len(sums):
        return Direction(True, some if len(signed) < len(sums) else "")
    return Direction(
        False, "빼기 표시가 한 금액에만 있어 얼룩이나 줄로 보았습니다. 환불 전표인지 그림과 비교해 주세요."
    )


def given_back(amounts: Iterable[Amount], headed: bool) -> tuple[bool, frozenset[int]]:
    """Whether a sale is cancelled, as a whole or in part, and the amounts (won) that the paper says were given back.

    `headed`: a heading calls it so. Without one, a refund that leaves a payment is a reduction of the sale (order
    apps); one that leaves nothing but a rest, or stands alone, is the paper's own amount.
    """
    amounts = tuple(replace(a, value=abs(a.value)) if a.label else a for a in amounts)
    back = frozenset(a.value for a in amounts if a.role == "cancelled" and a.value)
    if headed or not back:
        return headed, back
    settlement = settle(amounts)
    if settlement and any(a.role == "cancelled" for a in settlement.off):
        return False, frozenset()
    alone = not {a.value for a in amounts if a.role in TOTALS and a.value} - back
    return (True, back) if alone or any(a.role == "rest" for a in amounts) else (False, frozenset())


def unsettled(amounts: Iterable[Amount], settlement: Settlement | None) -> str:
    """Why the total may be wrong where a refund is printed beside a sale that stands, in words; "" where none is."""
    used = {abs(a.value) for a in settlement.off} if settlement else set()
    for a in amounts:
        if a.role == "cancelled" and a.value and a.marked and abs(a.value) not in used:
            return f"취소·환불된 금액이 따로 인쇄되어 있습니다 ({a.raw}). 합계가 맞는지 그림과 비교해 주세요."
    return ""


def turned(amounts: Iterable[Amount], direction: Direction) -> tuple[Amount, ...]:
    """The amounts as their positive twins: all of a receipt that goes back, where the signs have said all they say,
    else only its sums (of a discount the sign says what it does)."""
    if direction.back:
        return tuple(replace(a, value=abs(a.value), minus="") for a in amounts)
    return tuple(replace(a, value=abs(a.value)) if a.role in SUMS and a.label else a for a in amounts)


def partly(amounts: Iterable[Amount], back: frozenset[int], total: int) -> tuple[Finding, ...]:
    """What a partial cancellation leaves: the sale's sum is printed beside the part that was given back."""
    whole = max((a.value for a in amounts if a.role in WHOLE and a.value > total), default=0) if total in back else 0
    if not whole:
        return ()
    sentence = f"부분 취소입니다: 원래 {whole:,}원 가운데 {total:,}원이 취소되어 {whole - total:,}원이 남았습니다."
    return (Finding("info", sentence, (), "partial-cancel"),)
