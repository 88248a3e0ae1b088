"""A drawn paper with one of its words turned into one that nobody lists: how a stranger's paper looks to the rules."""

import random
import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.kit.drawn_lines import Drawn, _Sale, draw

WORDS = ("보루값", "마솔금", "도람액", "사루", "카몬비", "타빈금액", "루가", "호밀정산", "나비돈", "차온")
"""Invented; some end as names of amounts do."""


def with_unknown_words(family: Callable[[Any], Any], seed: int) -> Iterator[tuple[str, Drawn]]:
    """Each row of the family's paper of that seed in turn with its label or heading renamed: the row, the page.

    A row that carries the shop's name keeps it.
    """
    rows, truth, kinds = family(_Sale(random.Random(seed)))
    truth = {name: value for name, value in truth.items() if (name, value) != ("exempt", "0")}  # printed as 0 or not
    for at, row in enumerate(rows):
        word = random.Random(100 * seed + at).choice(WORDS)
        for new in _renamed(row, word):
            if truth.get("merchant", new) in new or truth.get("merchant", new) not in row:
                said = [*rows[:at], new, *rows[at + 1 :]]
                yield f"{row} -> {new}", draw(seed, lambda sale, said=said: (said, truth, kinds))


def _renamed(row: str, word: str) -> Iterator[str]:
    marks, body = re.fullmatch(r"([#^]*)(.*)", row, re.DOTALL).groups()  # type: ignore[union-attr]
    label, cut, value = body.partition("|")
    if cut and re.search(r"[가-힣A-Z]{2}", label):
        yield f"{word}|{value}"
    elif not cut and (known := re.fullmatch(r"([가-힣A-Za-z .·]+?)(\s*[:：]\s*)(.+)", body)):
        yield f"{marks}{word}{known[2]}{known[3]}"
    elif not cut and not re.search(r"\d", body):
        yield f"{marks}{word}"
