"""What of a list's payments the reader should know, in sentences that name the rows; pure."""

from collections.abc import Iterable, Mapping, Sequence

from workbench.pipeline.ledger.amounts import Cell
from workbench.pipeline.ledger.moments import moment_of
from workbench.pipeline.ledger.payment import Payment

SHOWN = 5
"""Rows that a sentence names."""


def rows_told(numbers: Sequence[int]) -> str:
    """Numbers of rows for a sentence: "3, 5행", "3, 4, 5, 6, 7행 등"."""
    return ", ".join(map(str, numbers[:SHOWN])) + "행" + (" 등" if len(numbers) > SHOWN else "")


def notes_of(payments: Sequence[Payment], cells: Sequence[Mapping[str, Cell]], numbers: Sequence[int]) -> list[str]:
    """What was changed, doubtful or not understood; `cells` by kind, `numbers` of the rows in the file, or none."""
    empty = {n for n, p in enumerate(payments) if p.amount is None and p.foreign is None and _dayless(p)}
    real = [p for n, p in enumerate(payments) if n not in empty]
    serial = sum(bool((moment := moment_of(row.get("date"))) and moment.number) for row in cells)
    told = (
        (
            sum(bool(p.lost) for p in payments),
            "승인번호 {:,}개는 Excel이 뒷자리를 잃었습니다 (예: 5.82E+07). 다른 번호가 아니라 모르는 번호로 봅니다.",
        ),
        (serial, "날짜 {:,}개는 Excel의 일련번호를 날짜로 바꾸었습니다 (예: 46300 → 2026-10-05)."),
        (
            sum(p.month_day is not None and p.day is None for p in real),
            "날짜 {:,}개에 연도가 없습니다. 영수증의 날짜에 가장 가까운 해로 봅니다.",
        ),
        (sum(p.back for p in real), "취소·환불 {:,}건."),
        (sum(p.partial for p in real), "부분취소 {:,}건: 취소된 거래가 아니라 일부만 돌려받은 거래입니다."),
        (sum(p.foreign is not None for p in real), "외화 거래 {:,}건."),
    )
    undated = [p.place for p in real if _dayless(p)]
    unclear = [p.place for p in real if p.amount is None and p.foreign is None]
    notes = [text.format(count) for count, text in told if count]
    notes += _unknown("날짜", undated, numbers)
    return notes + _unknown("금액", unclear, numbers)


def _dayless(payment: Payment) -> bool:
    return payment.day is None and payment.month_day is None


def _unknown(what: str, places: Iterable[int], numbers: Sequence[int]) -> list[str]:
    found = list(places)
    if not found:
        return []
    where = f"({rows_told([numbers[n] for n in found])})" if numbers else ""
    return [
        f"{what}을 알 수 없는 줄 {len(found):,}개{where}: 파일에서 고쳐 다시 넣어 주세요.".replace("날짜을", "날짜를")
    ]
