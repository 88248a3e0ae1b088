"""The company's own cards: a masked number of a slip becomes the full one, if exactly one of them can be meant.

The numbers are asked for at each export and kept nowhere.
"""

import re
from collections.abc import Iterable, Sequence

from workbench.domain.errors import ExportFailed

MASK = re.compile(r"[Xx*●•]")
FEWEST, MOST = 13, 19
"""Digits of a card number (ISO/IEC 7812 allows up to 19)."""


def full_numbers(lines: Iterable[str]) -> tuple[str, ...]:
    """Card numbers from lines of a file or a text box, digits only; ExportFailed names the line that is none."""
    found = []
    for number, line in enumerate(lines, 1):
        digits = re.sub(r"[\s\-]", "", line.split(",")[0])
        if not digits:
            continue
        if not digits.isascii() or not digits.isdigit() or not FEWEST <= len(digits) <= MOST:
            raise ExportFailed(
                f"카드 목록의 {number}번째 줄은 카드번호가 아닙니다. 한 줄에 번호 하나를 모두 적어 주세요."
            )
        found.append(digits)
    return tuple(dict.fromkeys(found))


def full_number(printed: str, cards: Sequence[str]) -> tuple[str, int]:
    """The digits of the card meant by what is printed, and how many of `cards` could be; "" unless it is one.

    A number that is printed whole is itself. Where masks and lengths differ, what is shown before the first and after
    the last mask decides.
    """
    bare = re.sub(r"[\s\-]", "", printed)
    if bare.isdigit() and FEWEST <= len(bare) <= MOST:
        return bare, 1
    shown = [part for part in MASK.split(bare) if part]
    if not shown:
        return "", 0
    head = shown[0] if not MASK.match(bare[0]) else ""
    tail = shown[-1] if not MASK.match(bare[-1]) else ""
    same = [card for card in cards if len(card) == len(bare) and re.fullmatch(MASK.sub(".", bare), card)]
    fitting = same or [card for card in cards if card.startswith(head) and card.endswith(tail)]
    return (fitting[0] if len(fitting) == 1 else ""), len(fitting)
