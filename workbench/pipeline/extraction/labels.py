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
_STROKES = {group: {word: strokes(word) for word in words} for group, words in _EXACT.items()}
_WITHIN = [
    ("other" if role == "balance" else role, lexicon.pattern(f"labels.within.{role}"))
    for role in lexicon.group("labels.within")
]
"""What decides inside a longer label, the first that fits: 사용가능포인트 is a balance, 포인트사용 a payment."""


def like(text: str, words: tuple[str, ...], least: float = 74) -> bool:
    """Whether a blank-separated piece of `text` is one of `words` but for a stroke or two."""
    pieces = [strokes(bare) for piece in re.split(r"[^가-힣A-Za-z]+", text) if (bare := compact(piece))]
    return any(fuzz.ratio(piece, strokes(word)) >= least for piece in pieces for word in words)


@lru_cache(maxsize=20_000)
def amount_label(text: str) -> Label | None:
    """What the words before an amount say it is; None where nothing in them is like a label."""
    bare = compact(text)
    if not bare:
        return None
    known = _EXACT[True].get(bare)
    if known:
        return Label(known, bare, 1.0)
    for role, pattern in _WITHIN:
        if pattern.search(bare):
            return Label(role, bare, 0.9)
    ending = _ending(bare, True)
    if len(ending) >= 3 or (ending and len(bare) <= len(ending) + 4):
        return Label(_EXACT[True][ending], ending, 0.92)
    return _fuzzy(bare, True, 0.62)


@lru_cache(maxsize=20_000)
def likeness(text: str, role: str) -> float:
    """How much even an unreadable label looks like one of `role`, 0..1: enough to choose between two equals only."""
    bare = strokes(compact(text))
    return max((fuzz.ratio(bare, strokes(word)) for word in WORDS[role]), default=0.0) / 100 if bare else 0.0


@lru_cache(maxsize=20_000)
def text_label(text: str) -> Label | None:
    """What the words before a number, date or name say it is; None where nothing in them is like a label."""
    bare = compact(text)
    if not bare:
        return None
    known = _EXACT[False].get(bare)
    if known:
        return Label(known, bare, 1.0)
    ending = _ending(bare, False)
    if len(ending) >= 3 or (ending and len(bare) <= len(ending) + 3):
        return Label(_EXACT[False][ending], ending, 0.92)
    return _fuzzy(bare, False, 0.66)


def _ending(bare: str, amounts: bool) -> str:
    """The longest known label of two letters or more that `bare` ends in, or ""."""
    return next((end for at in range(len(bare) - 1) if (end := bare[at:]) in _EXACT[amounts]), "")


def _fuzzy(bare: str, amounts: bool, least: float) -> Label | None:
    if len(bare) < 2 or len(bare) > 14:
        return None
    # Two syllables are four to six strokes: one wrong stroke must not turn any word into 합계.
    cutoff = max(least, 0.76 if len(bare) == 2 else least) * 100
    found = process.extractOne(strokes(bare), _STROKES[amounts], scorer=fuzz.ratio, score_cutoff=cutoff)
    if found is None:
        return None
    word: str = found[2]
    return Label(_EXACT[amounts][word], word, float(found[1]) / 100 * 0.95)
