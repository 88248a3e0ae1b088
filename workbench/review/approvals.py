"""Approvals that somebody else has ended: whoever gave one is told, for they think of that receipt as done."""

from collections.abc import Sequence

from workbench.case import Case
from workbench.domain.model import Receipt
from workbench.review import texts

STANDING = ("approved", "confirmed")
MOST_ASKED = 20
"""Of how many it is asked who did it; a page does not wait for the rest of an act on thousands."""


def ended(case: Case, user: str, before: Sequence[Receipt], now: Sequence[Receipt]) -> str:
    """A sentence on the approvals of `user` that stood before and that others have ended since; "" for none."""
    mine = {r.id for r in before if r.status in STANDING and user in (r.approved_by, r.confirmed_by)}
    lost = [receipt for receipt in now if receipt.id in mine and receipt.status not in STANDING] if mine else []
    for place, receipt in enumerate(lost[:MOST_ASKED]):
        entries = case.entries(receipt.id)
        if entries and entries[-1].by == user:
            continue
        who = f" ({entries[-1].by})" if entries and entries[-1].by else ""
        more = texts.AND_MORE.format(count=len(lost) - place - 1) if len(lost) > place + 1 else ""
        return texts.APPROVAL_ENDED.format(file=receipt.file, who=who, more=more)
    return ""
