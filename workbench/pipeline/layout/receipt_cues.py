"""What a receipt says once about itself, found in a group of lines: the evidence for parting a page."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from workbench.domain import lexicon
from workbench.domain.check_digit import is_valid
from workbench.domain.model import Line
from workbench.pipeline.layout.rows import rows_of

NUMBER = re.compile(r"(?<![\d-])(\d{3})[-–.~]\s?(\d\d)[-–.~]\s?(\d{5})(?![\d-])")
_BARE = re.compile(r"(?<![\d-])([1-9]\d{9})(?![\d-])")
_DAY = re.compile(r"(?<!\d)(?:20)?([12]\d)[-./년]\s?(\d\d?)[-./월]\s?(\d\d?)")
_TIME = re.compile(r"(?<!\d)(\d\d):(\d\d)")
_AMOUNT = re.compile(r"(?<![\d,.])(\d{1,3}(?:[,.]\s?\d{3})+)(?![\d,.])")
_TOTAL = re.compile(lexicon.any_of("cues.total", between=r"\s*"), re.IGNORECASE)
_APPROVAL = re.compile(r"승인\s*(?:번호|NO)\D{0,6}(\d{6,10})", re.IGNORECASE)
_CANCELLED = lexicon.pattern("kinds.signs.cancelled")
_HANGUL = re.compile("[가-힣]")
_TALK = {side: lexicon.pattern(f"cues.talk.{side}", flags=re.IGNORECASE) for side in lexicon.group("cues.talk")}
"""words by which a receipt speaks of its seller, its goods, its payment, its tax"""


@dataclass(frozen=True, slots=True)
class Cues:
    """The marks of a group of lines; empty sets where it does not say.

    `amounts` counts sums of money, `hangul` letters, `labelled` the totals and approval numbers right of their label.
    """

    numbers: frozenset[str]
    moments: frozenset[str]
    totals: frozenset[str]
    approvals: frozenset[str]
    talk: frozenset[str]
    amounts: int
    hangul: int
    labelled: int
    cancelled: bool = False

    def shared_kinds(self, other: "Cues") -> int:
        """How many kinds of marks, of eight, both have."""
        pairs = zip(self._sets(), other._sets(), strict=True)
        return sum(bool(mine and theirs) for mine, theirs in pairs) + len(self.talk & other.talk)

    def beside(self, other: "Cues") -> bool:
        """Whether each can be a receipt of its own that stands beside the other: much in common, or much on each."""
        if not ((self.totals and other.totals) or (self.moments and other.moments)):
            return False
        money, words, shared = (
            min(self.amounts, other.amounts),
            min(self.hangul, other.hangul),
            self.shared_kinds(other),
        )
        if self.numbers and other.numbers and self.moments and other.moments and shared >= 4:
            return True  # each its own seller and day, as no half of a slip has
        return (money >= 2 and shared >= 3) or (money >= 3 and words >= 40 and shared >= 2)

    def another_sale(self, other: "Cues", columns: bool) -> bool:
        """Whether number, time, total and approval, as far as both have them, speak of two sales.

        Three that differ are enough; or two of which one is the number or the time, and none that agrees but the
        number: a slip below its receipt repeats the total, the time or the approval. On a page that has shown columns
        of receipts any two will do.
        """
        both = [(mine, theirs) for mine, theirs in zip(self._sets(), other._sets(), strict=True) if mine and theirs]
        apart = sum(not mine & theirs for mine, theirs in both)
        if apart >= 3 or self.undone_by(other):
            return True
        if apart < 2 or self.shared_kinds(other) < 3 or self._one_sale(other):
            return False
        sellers = bool(self.numbers and other.numbers and not self.numbers & other.numbers)
        return columns or (sellers and bool(self.moments and other.moments and not self.moments & other.moments))

    def of_one_form(self, other: "Cues") -> bool:
        """Whether both, each under the same heading, are slips of their own: each with its time, total or approval,
        and of these one that differs."""
        pairs = [(mine, theirs) for mine, theirs in zip(self._sets()[1:], other._sets()[1:], strict=True)]
        both = [(mine, theirs) for mine, theirs in pairs if mine and theirs]
        return bool(both) and any(not mine & theirs for mine, theirs in both) and len(self.talk & other.talk) > 0

    def undone_by(self, other: "Cues") -> bool:
        """Whether one of the two is the cancellation of the other: its own time and sum, of one seller."""
        alike = not (self.numbers and other.numbers) or bool(self.numbers & other.numbers)
        later = bool(self.moments and other.moments) and not self.moments & other.moments
        return self.cancelled != other.cancelled and alike and later and bool(self.totals and other.totals)

    def _one_sale(self, other: "Cues") -> bool:
        """Whether a time, total or approval stands in both."""
        return any(mine & theirs for mine, theirs in zip(self._sets()[1:], other._sets()[1:], strict=True))

    def _sets(self) -> tuple[frozenset[str], ...]:
        return self.numbers, self.moments, self.totals, self.approvals


def calls_cancelled(text: str) -> bool:
    """Whether a heading, or what stands behind a label, is no more than that the sale was cancelled."""
    return bool(_CANCELLED.fullmatch(re.sub("[^가-힣A-Za-z]", "", text)))


def cues(lines: Iterable[Line]) -> Cues:
    """The marks of a receipt in `lines`; a total or an approval number counts where its label stands left of it."""
    numbers, moments, totals, approvals, talk = (list[str]() for _ in range(5))
    amounts, hangul, cancelled = 0, 0, False
    for row in rows_of(lines):
        numbers += ["".join(found) for found in NUMBER.findall(row.text)]
        numbers += [found for found in _BARE.findall(row.text) if is_valid(found)]
        if day := _DAY.search(row.text):
            time = _TIME.search(row.text, day.end())
            moments.append(" ".join((*day.groups(), *(time.groups() if time else ()))))
        totals += [found for part in _TOTAL.split(row.text)[1:] for found in _AMOUNT.findall(part)[:1]]
        approvals += _APPROVAL.findall(row.text)
        amounts += len(_AMOUNT.findall(row.text))
        hangul += len(_HANGUL.findall(row.text))
        tight = re.sub(r"\s", "", row.text)
        talk += [name for name, words in _TALK.items() if words.search(tight)]
        cancelled = cancelled or any(calls_cancelled(piece) for piece in (row.text, *re.split("[:：]", row.text)[1:]))
    return Cues(
        frozenset(numbers),
        frozenset(moments),
        frozenset(totals),
        frozenset(approvals),
        frozenset(talk),
        amounts,
        hangul,
        len(totals) + len(approvals),
        cancelled,
    )
