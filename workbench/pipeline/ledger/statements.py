"""A card statement or ledger of any bank becomes payments that can be matched: its columns found or given; pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from numbers import Real

import numpy as np
import pandas as pd

from workbench.domain import schema
from workbench.domain.errors import CaseError, WrongValue

SYNONYMS: dict[str, tuple[str, ...]] = {
    "date": (
        *("거래일시", "이용일시", "승인일시", "사용일시", "거래일자", "이용일자", "승인일자", "사용일자"),
        *("거래일", "이용일", "승인일", "사용일", "매출일자", "매출일", "전표일자", "일자", "날짜"),
        *("transactiondate", "datetime", "date"),
    ),
    "time": ("거래시각", "거래시간", "이용시각", "이용시간", "승인시각", "승인시간", "시각", "시간", "time"),
    "amount": (
        *("이용금액", "승인금액", "거래금액", "사용금액", "매출금액", "결제금액", "국내이용금액", "합계금액"),
        *("금액", "합계", "totalamount", "amount", "total"),
    ),
    "approval": ("승인번호", "approvalnumber", "approvalno", "approvalcode", "authcode", "approval"),
    "merchant": (
        *(
            "가맹점명",
            "이용가맹점",
            "이용가맹점명",
            "가맹점",
            "이용하신곳",
            "이용처",
            "사용처",
            "거래처",
            "상호",
            "적요",
        ),
        *("merchantname", "merchant", "store", "description"),
    ),
    "cancelled": (
        *("취소여부", "취소구분", "승인구분", "매출구분", "거래구분", "이용구분", "취소", "상태"),
        *("cancelled", "canceled", "status"),
    ),
}
"""What a column is called, the surest name first. 결제일 is not a day of purchase but the day the card bill is due."""

WORDS = {
    "date": "날짜",
    "time": "시각",
    "amount": "금액",
    "approval": "승인번호",
    "merchant": "가맹점",
    "cancelled": "취소",
}
YES = {"y", "yes", "true", "1", "o"}
"""What stands in a column headed "cancelled" (취소여부) where a row is; under another heading it says nothing."""


@dataclass(frozen=True, slots=True)
class Payment:
    """One side of a match: `place` is its position in its frame; won, negative if money came back; minute of the day.

    `approval` has no leading zeros (spreadsheets lose them). `cancelled` says that the row is called a cancellation
    while its amount is positive: some banks write a second row so, others mark the purchase itself.
    """

    place: int
    amount: int | None
    day: date | None
    minute: int | None
    approval: str
    merchant: str
    cancelled: bool = False


def find_columns(frame: pd.DataFrame, given: Mapping[str, str | None]) -> dict[str, str]:
    """Which column of `frame` holds what; `given` names win. CaseError if amount or date is found nowhere."""
    names = {_bare(str(name)): str(name) for name in reversed(list(frame.columns))}
    found: dict[str, str] = {}
    for kind, synonyms in SYNONYMS.items():
        wanted = given.get(kind)
        if wanted is not None:
            if wanted not in frame.columns:
                raise CaseError(f"명세서에 {wanted!r} 열이 없습니다. 열: {', '.join(map(str, frame.columns))}")
            found[kind] = wanted
        elif known := next((names[s] for s in synonyms if s in names and names[s] not in found.values()), None):
            found[kind] = known
    missing = [f"{WORDS[kind]} 열({kind}=)" for kind in ("amount", "date") if kind not in found]
    if missing:
        raise CaseError(
            f"명세서에서 {', '.join(missing)}을 찾지 못했습니다. 열 이름을 알려 주세요."
            f" 열: {', '.join(map(str, frame.columns))}"
        )
    return found


def payments(frame: pd.DataFrame, columns: Mapping[str, str]) -> list[Payment]:
    """The rows of a ledger, in order; what cannot be understood is None or "" and the row stays."""
    cells: dict[str, list[object]] = {kind: list(frame[name]) for kind, name in columns.items()}
    heading = columns.get("cancelled", "").lower()
    yes = YES if "취소" in heading or "cancel" in heading else set()
    if "cancelled" in cells:
        cells["cancelled"] = [_says_cancelled(cell, yes) for cell in cells["cancelled"]]
    blank = [None] * len(frame)
    rows = zip(*(cells.get(kind, blank) for kind in SYNONYMS), strict=True)
    return [_payment(place, *row) for place, row in enumerate(rows)]


def _payment(
    place: int, moment: object, clock: object, amount: object, approval: object, merchant: object, cancelled: object
) -> Payment:
    when = _moment(moment)
    minute = _minute(clock)
    if minute is None and when is not None and len(when[1]) > len("2026-01-01"):
        minute = when[0].hour * 60 + when[0].minute
    won = _won(amount)
    called_off = bool(cancelled) and not (won is not None and won < 0)  # a negative sign says it already
    return Payment(
        place,
        won,
        when[0].date() if when else None,
        minute,
        bare_approval(_text(approval)),
        _text(merchant),
        called_off,
    )


def bare_approval(text: str) -> str:
    """An approval number as it survives a spreadsheet: no marks, no leading zeros."""
    return re.sub(r"[^0-9A-Za-z]", "", text).lstrip("0").upper()


def _bare(name: str) -> str:
    """A heading without spaces, units and marks: "이용금액 (원)" is "이용금액"."""
    plain = unicodedata.normalize("NFKC", name).lower()
    return re.sub(r"[\W_]", "", re.sub(r"\(.*?\)|\[.*?\]", "", plain))


def _text(cell: object) -> str:
    if cell is None or cell is pd.NaT or cell is pd.NA or (isinstance(cell, float) and cell != cell):
        return ""
    if isinstance(cell, Real) and float(cell).is_integer() and not isinstance(cell, bool | np.bool_):
        return str(int(float(cell)))  # a column of whole numbers with a gap becomes float in pandas
    return str(cell).strip()


def _won(cell: object) -> int | None:
    try:
        text = schema.parse("total", _text(cell))
    except WrongValue:
        return None
    return int(text) if text else None


def _moment(cell: object) -> tuple[datetime, str] | None:
    """The moment and its canonical text, a bare day where no time is known (midnight sharp counts as none)."""
    if isinstance(cell, datetime) and not pd.isna(cell):
        bare = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
        return cell, f"{cell:%Y-%m-%d}" if bare else f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, date) and not pd.isna(cell):
        return datetime(cell.year, cell.month, cell.day), cell.isoformat()
    try:
        text = schema.parse("issued_at", _text(cell))
    except WrongValue:
        return None
    return (datetime.fromisoformat(text), text) if text else None


def _minute(cell: object) -> int | None:
    """Minutes since midnight of "15:26", "15:26:32", "152632" or a time."""
    digits = re.findall(r"\d+", _text(cell))
    if len(digits) == 1 and len(digits[0]) in (5, 6):
        padded = digits[0].zfill(6)
        digits = [padded[:2], padded[2:4]]
    if len(digits) < 2 or int(digits[0]) > 23 or int(digits[1]) > 59:
        return None
    return int(digits[0]) * 60 + int(digits[1])


def _says_cancelled(cell: object, yes: set[str]) -> bool:
    text = _text(cell).lower()
    return text in yes or "취소" in text or "cancel" in text or "환불" in text


def of_receipts(frame: pd.DataFrame) -> list[Payment]:
    """The rows of `Case.frame()` as payments, in order."""
    columns: Iterable[tuple[object, ...]] = zip(
        frame["issued_at"], frame["total"], frame["approval_number"], frame["merchant"], strict=True
    )
    return [
        _payment(place, moment, None, total, approval, merchant, None)
        for place, (moment, total, approval, merchant) in enumerate(columns)
    ]
