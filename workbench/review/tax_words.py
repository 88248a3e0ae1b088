"""What the tax service said, in one short word for a table's cell, and whole for who stops over it. Pure."""

from workbench.domain.model import Receipt, TaxFailure
from workbench.pipeline.tax.status_on import MOCK, Standing, answer_for, as_of, day_of
from workbench.review import texts

CLASSES = {
    "GENERAL": "일반",
    "SIMPLIFIED": "간이",
    "SIMPLIFIED_INVOICE": "간이(발급)",
    "SPECIAL_LEGACY": "특례",
    "EXEMPT": "면세",
    "NON_PROFIT": "비영리",
    "NOT_REGISTERED": "미등록",
    "UNKNOWN": "모름",
}
"""By the code of a `TaxRecord`."""
STATES = {"closed": "폐업", "suspended": "휴업", "merged": "합병", "unregistered": "미등록"}
"""By the state of a `Standing`: what is stronger than the class."""


def chip(receipt: Receipt) -> tuple[str, str, str]:
    """(word, tone, sentence) of the answer to the receipt's number on the receipt's day; "" where none was asked.

    tone: plain, warning or bad, as of a colour that only helps.
    """
    answer = answer_for(receipt)
    if answer is None:
        return "", "plain", ""
    if isinstance(answer, TaxFailure):
        return f"✕ {texts.TAX_FAILURE.get(answer.code, answer.code)}", "bad", answer.message
    standing = as_of(answer, day_of(receipt))
    mock = answer.source != "nts"
    said = " · ".join(part for part in (MOCK if mock else "", answer.type, answer.status, standing.note) if part)
    word = STATES.get(standing.state, CLASSES[standing.code])
    return f"{word} {MOCK}" if mock else word, _tone(standing), said


def _tone(standing: Standing) -> str:
    if standing.state in STATES:
        return "bad"
    return "warning" if standing.code in ("SPECIAL_LEGACY", "UNKNOWN") else "plain"


def cell(receipt: Receipt) -> str:
    """The chip as one text, which the table sorts by and draws: word, tone and sentence on lines of their own."""
    word, tone, said = chip(receipt)
    return "\n".join((word, tone, said)) if word else ""
