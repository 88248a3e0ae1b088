"""Whose number or name it is: the seller's, or a payment agent's, the head office's, a mall's or the buyer's."""

import re

from workbench.domain import lexicon
from workbench.pipeline.extraction.candidates import Candidate
from workbench.pipeline.extraction.labels import compact
from workbench.pipeline.layout.rows import Row

_HEAD_OFFICE, _BUYER, _AGENT, _SELLER, _STRANGERS, _SELLERS, _MALL = (
    lexicon.pattern(f"parties.{role}")
    for role in ("head_office", "buyer", "agent", "seller", "stranger", "sellers_heading", "mall")
)
_ANY_NUMBER = re.compile(
    r"(?<![\d*])\d{3}\s?[-–—.·~]\s?\d{2}\s?[-–—.·~]\s?\d{5}(?![\d*])|(?<![\d*.,-])[1-9]\d{9}(?![\d*.,])"
)


def owner_of(rows: tuple[Row, ...], candidate: Candidate, sellers: bool) -> str:
    """Whose number it is, by the words before it in its row and in up to three rows above that hold no number."""
    row = rows[candidate.row]
    texts = [row.text.partition(candidate.raw)[0]]
    for above in reversed(rows[max(0, candidate.row - 3) : candidate.row]):
        if _ANY_NUMBER.search(above.text):
            break
        texts.append(above.text)
    for distance, text in enumerate(texts):
        bare = compact(text)
        if distance < 2 and _HEAD_OFFICE.search(text):
            return "agent"
        # Farther up only a heading counts ("결제대행사 정보"): 본사 may stand in any sentence.
        if (distance < 2 or len(bare) <= 9) and (_BUYER.search(bare) or _AGENT.search(bare)):
            return "agent"
    if sellers and any(_SELLER.search(compact(text)) and not _BUYER.search(compact(text)) for text in texts):
        return "seller"
    return ""


def speaks_of_seller(rows: tuple[Row, ...]) -> bool:
    """Whether the paper tells the seller from somebody else."""
    return any(_SELLER.search(compact(row.text)) for row in rows)


def strangers_rows(rows: tuple[Row, ...]) -> frozenset[int]:
    """The rows under a heading of the payment agent or the buyer, up to one of the seller."""
    found = set()
    texts = [compact(row.text) for row in rows]
    inside = any(_MALL.search(bare) for bare in texts)
    for index, bare in enumerate(texts):
        if _SELLERS.search(bare):
            inside = False
        if _STRANGERS.search(bare):
            inside = True
        if inside:
            found.add(index)
    return frozenset(found)
