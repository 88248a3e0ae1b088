"""The words printed before values, and what a bent or spaced one means.

Labels are compared stroke by stroke (jamo), because the reader takes 총 for 층 and 세 for 셰, not 총 for 물.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from workbench.domain import lexicon

_AMOUNT_LABELS = lexicon.group("labels.amount")
WORDS = {**_AMOUNT_LABELS, **lexicon.group("labels.text")}
"""Role -> labels, without blanks or signs. The first role that names a word wins an exact match."""

AMOUNTS = tuple(_AMOUNT_LABELS)
"""The roles of amounts; the others label a number, date or name."""


@dataclass(frozen=True, slots=True)
class Label:
    """A recognised label: its role, the dictionary's spelling, and how alike the print is, 0..1."""

    role: str
    word: str
    score: float


@lru_cache(maxsize=4096)  # each row's label is asked for by every field in turn
def compact(text: str) -> str:
    """Letters only, Latin ones large: what is left of a label when blanks, colons and brackets go."""
    return re.sub(r"[^가-힣A-Za-z]", "", text).upper()


def strokes(text: str) -> str:
    """Hangul taken apart into jamo, so that one wrong stroke is one wrong letter of three."""
    return unicodedata.normalize("NFD", text)


_EXACT = {
    role_set: {word: role for role in reversed(list(WORDS)) if (role in AMOUNTS) == role_set for word in WORDS[role]}
    for role_set in (True, False)
}
_LONG = [w for role in ("owner", "address", "phone", "number", "date", "identifier", "merchant") for w in WORDS[role]]
_STROKES = {group: {word: strokes(word) for word in words} for group, words in _EXACT.items()}
_WITHIN = [
    ("other" if role == "balance" else role, lexicon.pattern(f"labels.within.{role}"))
    for role in lexicon.group("labels.within")
]
"""What decides inside a longer label, the first that fits: 사용가능포인트 is a balance, 포인트사용 a payment."""


def amount_label(text: str) -> Label | None:
    """What the words before an amount say it is; None where nothing in them is like a label."""
    return _label(text, True)


def text_label(text: str) -> Label | None:
    """What the words before a number, date or name say it is; None where nothing in them is like a label."""
    return _label(text, False)


def is_piece_of_label(text: str) -> bool:
    """Whether it is nothing but a part of a label, the rest of which was cut off or not read."""
    bare = compact(text)
    return any(bare in word and bare != word for word in _LONG)


def begins_with_label(cell: str) -> bool:
    """Whether a cell is a label or begins with one: what resembles a label a little may be the rest of a name."""
    label = text_label(re.split("[:：]", cell)[0]) or text_label(cell.split()[0])
    return label is not None and label.score >= 0.9


@lru_cache(maxsize=40_000)
def _label(text: str, amounts: bool) -> Label | None:
    bare, known = compact(text), _EXACT[amounts]
    if bare in known:
        return Label(known[bare], bare, 1.0)
    for role, pattern in _WITHIN if amounts else ():
        if pattern.search(bare):
            return Label(role, bare, 0.9)
    words = re.findall("[가-힣]+|[A-Z]+", text.upper())
    whole = {"".join(words[at:]) for at in range(len(words))}  # HOTEL ends in TEL, and is no telephone
    ending = next(
        (e for at in range(len(bare) - 1) if (e := bare[at:]) in known and (e in whole or not e.isascii())), ""
    )
    if len(ending) >= 3 or (ending and len(bare) <= len(ending) + 4):
        return Label(known[ending], ending, 0.92)
    hangul = re.sub("[A-Z]", "", bare)
    if len(hangul) > 1 and len(bare) > len(hangul) + 1:  # in two languages: 합계 TOTAL
        return _label(hangul, amounts)
    if not 2 <= len(bare) <= 14:
        return None
    # Two syllables are four to six strokes: one wrong stroke must not turn any word into 합계.
    cutoff = 76 if len(bare) == 2 else 62 if amounts else 66
    found = process.extractOne(strokes(bare), _STROKES[amounts], scorer=fuzz.ratio, score_cutoff=cutoff)
    if found is None or (known[found[2]] == "cancelled" and not re.search("[취소환불반품]", bare)):
        return None  # what turns the sign of a sale must be said: 총거래금앥 is no 취소거래금액
    return Label(known[found[2]], found[2], float(found[1]) / 100 * 0.95)
