"""What a person knew of when they approved, held against what is found now: nobody's yes covers what came later."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from workbench.domain.model import Finding, Receipt
from workbench.pipeline.storage.spoken import Unless


def marks(findings: Iterable[Finding]) -> tuple[str, ...]:
    """What an approval keeps of the errors and warnings its giver knew of, sorted.

    A finding is the same while its severity, code and fields are, whatever numbers it tells. One that speaks of other
    receipts is a mark for each of them; one that names neither (a rule of the company's) is known by its words. A
    second of the same kind has a mark of its own.
    """
    return tuple(sorted({mark for _, found in _marked(findings) for mark in found}))


def _marked(findings: Iterable[Finding]) -> Iterator[tuple[Finding, tuple[str, ...]]]:
    """The errors and warnings, each with its marks."""
    counts: Counter[str] = Counter()
    for one in findings:
        if one.severity == "info":
            continue
        found = tuple(_marks(one))
        counts.update(found)
        yield one, found if one.links else tuple(f"{mark} {n}" if (n := counts[mark]) > 1 else mark for mark in found)


def _marks(finding: Finding) -> Iterable[str]:
    if finding.links:
        return (f"{finding.severity} beside {link}" for link in finding.links)
    about = ",".join(finding.fields) or re.sub(r"\d[\d,.]*", "#", finding.message)
    return (f"{finding.severity} {finding.code} {about}",)


def unseen(receipt: Receipt, *known: Iterable[str]) -> tuple[Finding, ...]:
    """The grave findings of a receipt that some of `known` (each the marks of one person's yes) lack.

    Grave are errors, and papers of the same purchase: paid twice is an error of the pair, which neither shows alone.
    """
    everybody = set.intersection(*map(set, known)) if known else set()
    return tuple(
        one
        for one, found in _marked(receipt.findings)
        if (one.severity == "error" or (one.severity == "warning" and one.links)) and not everybody.issuperset(found)
    )


def bound(receipt: Receipt, known: Iterable[str] | None = None) -> dict[str, Any]:
    """What an approval of the receipt as it stands binds beside its values: what its giver knew of (all that holds now
    by default), and what is reckoned."""
    reckoned = {name: receipt.value(name) or "" for name in receipt.reckoned}
    kept = {"known": tuple(marks(receipt.findings) if known is None else known)}
    return kept | {"reckoned": reckoned} if reckoned else kept


def as_kept(seen: Unless | None, receipt: Receipt, field: str | None = None) -> Unless | None:
    """What a person saw, as the case keeps it: of what is reckoned it keeps nothing.

    `receipt` as it stands now; another reckoned value than was seen fits nothing that is kept.
    """
    if seen is None or not receipt.reckoned:
        return seen
    value = "" if field in receipt.reckoned and seen.value == receipt.value(field or "") else seen.value
    revision = receipt.kept_revision if seen.revision == receipt.revision else ""
    return replace(seen, value=value, revision=None if seen.revision is None else revision)


def against_approvals(receipt: Receipt) -> Receipt:
    """The receipt as it stands with what has come since its approval: changed, where that is grave, or where another
    value is reckoned.

    Settling such a finding gives no approval back: whoever approved did not see it. An approval that does not say what
    was known (of an earlier program) stands.
    """
    known = [one.known for one in receipt.approvals if one.known is not None]
    found = unseen(receipt, *known) if known else ()
    reckoned = tuple((name, receipt.value(name) or "") for name in receipt.reckoned)
    stands = receipt.status in ("approved", "confirmed")
    if not found and not (stands and any(one.reckoned != reckoned for one in receipt.approvals)):
        return receipt
    return replace(receipt, status="changed", approved_by="", confirmed_by="", unseen=found)
