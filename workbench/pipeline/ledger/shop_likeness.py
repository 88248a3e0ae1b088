"""How alike two names of shops are, whatever form of company, branch or marks they are written with; pure."""

import re
import unicodedata
from functools import lru_cache

from rapidfuzz import fuzz

UNLIKE = 45
"""Of 100: from here on two names may speak of two shops (benchmarks.ledger names)."""

_FORM = re.compile(r"㈜|㈔|\(주\)|\(유\)|주식회사|유한회사|유한책임회사|\(사\)|\(재\)|[^0-9A-Za-z가-힣]")


@lru_cache(maxsize=100_000)
def bare_name(name: str) -> str:
    """A shop's name without its legal form, spaces and marks."""
    return _FORM.sub("", unicodedata.normalize("NFC", name).replace("（", "(").replace("）", ")")).upper()


@lru_cache(maxsize=200_000)
def unlikeness(one: str, other: str) -> float | None:
    """0 (the one stands in the other) to 100; None where a name is not known."""
    ours, theirs = bare_name(one), bare_name(other)
    if len(ours) < 2 or len(theirs) < 2:
        return None
    return 100.0 - fuzz.partial_ratio(ours, theirs)


def same_name(one: str, other: str) -> bool:
    """Whether two names are one, perhaps cut short or with a branch: the shorter stands whole in the longer."""
    ours, theirs = sorted((bare_name(one), bare_name(other)), key=len)
    return len(ours) >= 2 and (ours == theirs or (len(ours) >= 3 and ours in theirs))
