"""Whose details stand in which row: the seller's, or a payment agent's, the head office's, a mall's or the buyer's."""

import re

from workbench.domain import lexicon
from workbench.pipeline.extraction.labels import compact, text_label
from workbench.pipeline.layout.rows import Row

_HEAD_OFFICE, _BUYER, _AGENT, _SELLER, _MALL = (
    lexicon.pattern(f"parties.{role}") for role in ("head_office", "buyer", "agent", "seller", "mall")
)

HEADING = 9
"""Letters of a heading at most ("결제대행사 정보"): what is longer speaks of one value, or is a sentence."""

BLOCK = 6
"""Rows that stand under a heading: name, number, owner, address, telephone."""


def roles_of(rows: tuple[Row, ...]) -> tuple[str, ...]:
    """Of each row: "seller", "stranger", "mall" (the 가맹점 above a seller, who takes the payment), "" if unsaid."""
    mall = any(_MALL.search(compact(row.text)) for row in rows)
    held, left, roles = "mall" if mall else "", len(rows) if mall else 0, []
    for row in rows:
        said = _said(row.text)
        if said and not _names_owner(row):
            whole = said == "seller" or len(compact(row.text)) <= HEADING
            held, left = said, BLOCK if whole else 2
        roles.append(held if left > 0 else "")
        left -= 1
    return tuple(roles)


def role_at(rows: tuple[Row, ...], roles: tuple[str, ...], index: int, raw: str) -> str:
    """Whose `raw` in that row is: two parties may stand side by side, so the words right before it decide."""
    return _said(rows[index].text.partition(raw)[0]) or roles[index]


def _said(text: str) -> str:
    bare = compact(text)
    if _BUYER.search(bare) or _AGENT.search(bare) or _HEAD_OFFICE.search(text):
        return "stranger"
    return "seller" if _SELLER.search(bare) else ""


def _names_owner(row: Row) -> bool:
    """Whether the row is an owner's: a name may hold any syllables."""
    label = text_label(re.split("[:：]", row.words[0].text)[0])
    return label is not None and label.role == "owner"
