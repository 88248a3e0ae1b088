"""What a row of a list says of its payment: called off, in part, or never made; pure."""

import re
from collections.abc import Sequence

from workbench.pipeline.ledger.amounts import Cell, text_of
from workbench.pipeline.ledger.moments import moment_of

YES = {"y", "yes", "true", "1", "o"}
"""What stands in a column headed "cancelled" (취소여부) where a row is; under another heading it says nothing."""
_OFF = "취소|환불|환급|반품"
_BACK = re.compile(rf"{_OFF}|cancel|refund|revers|\bvoid|chargeback")
_NOT_BACK = re.compile(rf"미(?:{_OFF})|(?:{_OFF})(?:안함|없음|불가|아님|전$)|비취소|no[nt]?-?cancel|uncancel")
_WHOLLY = re.compile(
    rf"(?:승인|매출|전체|거래|결제|카드|매입)?(?:{_OFF})(?:매출|거래|승인|완료|분|됨|전표)?|cancell?ed|refund(?:ed)?|void(?:ed)?"
)
_IN_NAME = re.compile(
    rf"[\[(<]\s*(?:승인|매출|부분)?\s*(?:{_OFF})\s*[\])>]|^(?:승인|매출)?(?:{_OFF})\s*[-_:]|[-_]\s*(?:승인|매출)?(?:{_OFF})$"
)
_NEVER = re.compile(
    r"(?:승인)?(?:거절|거부|실패|오류|불가)(?:\(.*\))?|(?:결제|거래)(?:거절|실패)|한도초과|declined|rejected|failed"
)
_HELD = re.compile(r"(?:가승인|사전승인|예비승인|pre-?auth(?:ori[sz]ation)?)(?:\(.*\))?")


def says_called_off(state: str, marks: set[str], days: bool) -> bool:
    """Whether the cell of a state calls its payment off; `marks` do, too, and a day where `days`."""
    text = re.sub(r"\s", "", state).lower()
    if days and moment_of(state):
        return True
    if _NOT_BACK.search(text):
        return False
    return text in marks or text == "입금" or bool(_BACK.search(text))


def calls_off(cell: str) -> bool:
    """Whether a cell is the word for a payment that was called off, and nothing else."""
    return bool(_WHOLLY.fullmatch(re.sub(r"\s", "", cell).lower()))


def name_calls_off(merchant: str) -> bool:
    """Whether a shop's name carries the word instead of a column: "[취소] 가나상회", "가나상회(취소)"."""
    return bool(_IN_NAME.search(merchant))


def mentions_back(row: Sequence[Cell], used: set[int]) -> bool:
    """Whether a cell that is understood as nothing else (`used` are those that are) speaks of money that came back."""
    texts = (re.sub(r"\s", "", text_of(cell)).lower() for n, cell in enumerate(row) if n not in used)
    return any(_BACK.search(text) and not _NOT_BACK.search(text) for text in texts)


def in_part(state: str) -> bool:
    """Whether only a part was taken back."""
    return bool(re.search(rf"(?:부분|일부)(?:{_OFF})", re.sub(r"\s", "", state)))


def never_paid(row: Sequence[Cell], shop: int | None) -> str:
    """Why a row is no payment by its own words, "" for one that may be; `shop` is the place of the shop's name."""
    texts = [re.sub(r"\s", "", text_of(cell)).lower() for n, cell in enumerate(row) if n != shop]
    if any(_NEVER.fullmatch(text) for text in texts):
        return "승인되지 않은 줄"
    return "가승인 줄" if any(_HELD.fullmatch(text) for text in texts) else ""
