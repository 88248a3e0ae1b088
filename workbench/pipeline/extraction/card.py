"""The card that paid: its number as masked in print, and its issuer."""

import re
from dataclasses import replace

from rapidfuzz import fuzz

from workbench.domain import lexicon
from workbench.domain.errors import WrongValue
from workbench.domain.model import Field
from workbench.domain.schema import parse
from workbench.pipeline.extraction.candidates import Candidate, label_before, printed_at
from workbench.pipeline.extraction.labels import compact, strokes, text_label
from workbench.pipeline.extraction.sureness import CLEAR, DOUBTED, LIKELY, READ_WELL, SUPPORTED
from workbench.pipeline.layout.rows import Row

ISSUERS = lexicon.words("cards.issuers")
_LARGE = tuple(name.upper() for name in ISSUERS)
_STROKES = {name: strokes(name) for name in ISSUERS if len(name) >= 2}
"""Companies whose cards and payments are taken in Korea (no merchants)."""

_CARD_WORDS = lexicon.pattern("cards.card")
_MASK = re.compile(r"(?<![\d*])(?:\d{2,6}-?[\d*xX●•#-]{4,24}|\d{4} [\d*]{4} \*{4} [\d*]{4})")
_WALLET, _TAIL = lexicon.pattern("cards.wallet"), lexicon.pattern("cards.after_issuer")
ISSUED = 3
"""Weight from which a name is taken for the issuer's."""
LOYALTY = lexicon.pattern("cards.loyalty")
SLIP = lexicon.pattern("cards.slip")


def find_card_number(rows: tuple[Row, ...]) -> Field | None:
    """The masked number of the card that paid; loyalty cards and telephones are masked too."""
    found: list[Candidate] = []
    for index, row in enumerate(rows):
        for match in _MASK.finditer(row.text):
            raw = match.group().strip(" -#")
            # A till may hide two digits alone: 4000-12**3456.
            hidden, shown = sum(c in "*xX●•" for c in raw), sum(c.isdigit() for c in raw)
            if hidden < 2 or shown < (8 if hidden == 2 else 4) or raw.startswith("0"):
                continue
            try:
                value = parse("card_number", raw)
            except WrongValue:
                continue
            start, end = match.span()
            candidate = replace(printed_at(rows, index, (start, end), value), raw=raw, weight=2)
            label = label_before(rows, index, start)
            if label and label.role == "card_number":
                candidate = candidate.add_evidence(3 * label.score, "카드번호 표시 옆에 인쇄됨")
            if raw[0] in "34569":
                candidate = candidate.add_evidence(2)
            if LOYALTY.search(_around(rows, index, 1, 0)) or "바코드" in row.text:
                candidate = candidate.add_evidence(-4)
            if SLIP.search(_around(rows, index, 2, 2)):
                candidate = candidate.add_evidence(2, "카드 승인 내역 안에 있음")
            if 13 <= len(re.sub(r"[^0-9*xX●•]", "", raw)) <= 16:
                candidate = candidate.add_evidence(1)
            found.append(candidate)
    if not found:
        return None
    best = min(found, key=lambda c: (-c.weight, c.row, c.value))
    if best.weight < 2:
        return None
    return best.field("card_number", SUPPORTED if best.confidence >= CLEAR and best.weight > 3 else LIKELY)


def _around(rows: tuple[Row, ...], index: int, above: int, below: int) -> str:
    return compact(" ".join(row.text for row in rows[max(0, index - above) : index + below + 1]))


def card_rows(rows: tuple[Row, ...], card: Field | None) -> list[int]:
    """The rows that show the card's number, else any masked number that is no loyalty card's."""
    found = [i for i, row in enumerate(rows) if card and card.raw and card.raw in row.text]
    return found or [i for i, row in enumerate(rows) if re.search(r"\*{4,}", row.text) and not LOYALTY.search(row.text)]


def find_issuer(rows: tuple[Row, ...], card: Field | None) -> Field | None:
    """Who issued the card, as printed."""
    shown = card_rows(rows, card)
    found: list[Candidate] = []
    for index, row in enumerate(rows):
        for word, start in zip(row.words, row.starts, strict=True):
            for piece in re.finditer(r"[^\[\]():：/,]+", word.text):
                text = piece.group().strip(" .*-")
                name = _without_tail(re.sub(r"[\d*.,\s원-]+$", "", text))
                if not 2 <= len(name) <= 14 or not _names_issuer(name):
                    continue
                at = start + piece.start()
                candidate = replace(printed_at(rows, index, (at, at + len(piece.group())), name), raw=text, weight=2)
                label = label_before(rows, index, at)
                if label and label.role in ("card_issuer", "acquirer"):
                    told = 4 * label.score if label.role == "card_issuer" else 2
                    candidate = candidate.add_evidence(told, "카드사 표시 옆에 인쇄됨")
                if _CARD_WORDS.search(name.upper()):
                    candidate = candidate.add_evidence(2)
                distance = min((abs(index - r) for r in shown), default=99)
                if distance <= 3:
                    candidate = candidate.add_evidence(2 if distance < 2 else 1, "카드번호 가까이에 있음")
                if 4 * index < len(rows):
                    candidate = candidate.add_evidence(-2)
                found.append(candidate)
    if not found:
        return None
    # A wallet holds the card that pays: where a card's company is named too, that one issued it.
    if any(not _WALLET.search(c.value) and c.weight >= ISSUED for c in found):
        found = [c for c in found if not _WALLET.search(c.value)]
    best = min(found, key=lambda c: (-c.weight, c.row, c.value))
    if best.weight < ISSUED:
        return None
    return best.field("card_issuer", SUPPORTED if best.confidence > READ_WELL and best.weight >= 5 else DOUBTED)


def _without_tail(text: str) -> str:
    """The name up to the next label: "비씨카드 승인번호" is 비씨카드."""
    words = text.split(" ")
    ends = (at for at in range(1, len(words)) if _TAIL.match(compact(words[at])))
    return " ".join(words[: next(ends, len(words))]).strip()


def _names_issuer(text: str) -> bool:
    bare = compact(text)
    if not bare or (text_label(bare) and bare in ("신용카드", "카드", "체크카드", "카드번호")):
        return False
    if bare.startswith(_LARGE):
        return bool(_CARD_WORDS.search(bare)) or bare in _LARGE
    if "카드" not in bare and "체크" not in bare:
        return False
    return any(fuzz.ratio(strokes(bare[: len(n)]), apart) >= 80 for n, apart in _STROKES.items() if len(bare) > len(n))
