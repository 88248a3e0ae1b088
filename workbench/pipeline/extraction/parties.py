"""Whose details stand in which row: the seller's, or a payment agent's, the head office's, a mall's or the buyer's."""

import re

from workbench.domain import lexicon
from workbench.pipeline.extraction.candidates import Candidate
from workbench.pipeline.extraction.labels import compact, text_label
from workbench.pipeline.layout.rows import Row

_HEAD_OFFICE, _BUYER, _AGENT, _SELLER, _MALL = (
    lexicon.pattern(f"parties.{role}") for role in ("head_office", "buyer", "agent", "seller", "mall")
)

_BY_LAW = re.compile("계산서")
"""A form whose halves are laid down: the seller's is the left one. On others either may be."""
_SIDES = ("sides", "turned")
HEADING = 9
"""Letters of a heading at most ("결제대행사 정보"): what is longer speaks of one value, or is a sentence."""

BLOCK = 6
"""Rows that stand under a heading: name, number, owner, address, telephone."""


def roles_of(rows: tuple[Row, ...]) -> tuple[str, ...]:
    """Of each row: "seller", "stranger", "mall" (the 가맹점 above a seller, who takes the payment), "sides" (the seller
    left, the buyer right), "turned" (the other way round), "" if unsaid."""
    mall = any(_MALL.search(compact(row.text)) for row in rows)
    held, left, roles = "mall" if mall else "", len(rows) if mall else 0, []
    across = _SIDES[0] if any(_BY_LAW.search(compact(row.text)) for row in rows) else ""
    for row in rows:
        named, across = _named(row), held if held in _SIDES and left > 0 else across
        said = named[1] if named else (across if _numbered(row) is not None else "") or _said(row.text)
        if said and not names_owner(row):
            whole = said in ("seller", *_SIDES) or len(compact(row.text)) <= HEADING
            held, left = said, BLOCK if whole else 2
        roles.append(held if left > 0 else "")
        left -= 1
    return tuple(roles)


def role_at(rows: tuple[Row, ...], roles: tuple[str, ...], found: Candidate) -> str:
    """Whose that print is: two parties may stand side by side, so the words right before it decide, then its column."""
    before = _said(rows[found.row].text.partition(found.raw)[0])
    role = before if before in ("seller", "stranger") else roles[found.row]
    if role not in _SIDES:
        return role
    edge = next(edge for row in rows[found.row :: -1] if (edge := _edge(row)) is not None)
    beyond = any(edge <= word.left < found.box.right for word in rows[found.row].words)
    if found.box.left < edge and beyond:
        return "stranger"  # the names of both, read as one
    return "seller" if (found.box.centre[0] < edge) == (role == "sides") else "stranger"


def names_party(text: str) -> bool:
    """Whether it is nothing but a party's name on a form, as 구매자 is, and so nobody's."""
    return any(pattern.fullmatch(compact(text)) for pattern in (_BUYER, _SELLER))


def _edge(row: Row) -> float | None:
    """Where the right half begins in a row that names both parties, or labels a number twice."""
    return named[0] if (named := _named(row)) else _numbered(row)


def _named(row: Row) -> tuple[float, str] | None:
    """Where the second of two parties is named in a row, and which way round they stand; None where not both are."""
    other = _BUYER.search(row.text) or _AGENT.search(row.text)
    if other and _SELLER.search(compact(row.text[: other.start()])):
        return row.words_at(*other.span())[0].left, "sides"
    seller = _SELLER.search(row.text, other.end()) if other and len(compact(row.text)) <= 2 * HEADING else None
    if other and seller:  # a sentence may name both, too: in headings each stands by itself
        one, second = (row.words_at(*match.span())[0] for match in (other, seller))
        return (second.left, "turned") if one is not second else None
    return None


def _numbered(row: Row) -> float | None:
    labels = [word for word in row.words if "종사업장" not in compact(word.text)]  # a branch office's, mostly empty
    numbers = [word.left for word in labels if (label := text_label(word.text)) and label.role == "number"]
    return numbers[1] if len(numbers) == 2 else None


def _said(text: str) -> str:
    bare = compact(text)
    if _BUYER.search(bare) or _AGENT.search(bare) or _HEAD_OFFICE.search(text):
        return "stranger"
    return "seller" if _SELLER.search(bare) else ""


def names_owner(row: Row) -> bool:
    """Whether the row is an owner's: a name may hold any syllables."""
    label = text_label(re.split("[:：]", row.words[0].text)[0])
    return label is not None and label.role == "owner"
