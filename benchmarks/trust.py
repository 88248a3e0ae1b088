"""What `benchmarks.fields` prints of readings beside their truth: how far values shown as sure may be trusted."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from workbench.domain.model import SURE
from workbench.pipeline.ledger.bounds import upper_rate

FIELDS = ("merchant", "business_number", "issued_at", "total", "supply", "vat", "exempt", "approval_number")
BANDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99, 1.01)
NEARLY = 75
"""Likeness, of 100, from which a misread value is still seen to stand in the text."""

Truth = dict[str, str]


@dataclass(frozen=True)
class Read:
    """One field as read: its value, confidence, and whether a warning or error names it."""

    value: str
    confidence: float
    named: bool

    @property
    def flagged(self) -> bool:
        """Whether a reviewer is told to look."""
        return self.named or self.confidence < SURE


@dataclass(frozen=True)
class Record:
    """One receipt as read: its fields, all its text, and whether any warning or error stands at it."""

    fields: dict[str, Read] = field(default_factory=dict)
    text: str = ""
    loud: bool = False


Pair = tuple[str, Record, Truth]
"""The group that the paper is of, what was read, and what it says."""


def same(name: str, got: str, want: str) -> bool:
    """Whether a value is the true one: names by four fifths of their letters, times to the minute, the rest exactly."""
    if name == "merchant":
        first, second = ("".join(c for c in text if c.isalnum()).lower() for text in (got, want))
        return len(first) <= 2 * len(second) + 6 and Indel.distance(first, second) <= max(
            len(first) - len(second), 0
        ) + 0.4 * len(second)
    return got[:16].replace("T", " ") == want[:16] if name == "issued_at" else got == want


def report(pairs: Iterable[Pair]) -> str:
    """The tables, one below the other."""
    pairs = list(pairs)
    counts = {name: _counts(pairs, name) for name in FIELDS}
    return "\n".join((*_by_field(pairs, counts), "", *_receipts(pairs), "", *_misses(counts), "", *_bands(pairs)))


def _counts(pairs: list[Pair], name: str) -> Counter[str]:
    count: Counter[str] = Counter()
    for _, record, truth in pairs:
        read, want = record.fields.get(name), truth.get(name)
        if want is None:
            count["extra"] += read is not None and read.value not in ("", "0")
            continue
        right = read is not None and same(name, read.value, want)
        sure = read is not None and not read.flagged
        count.update(all=1, right=right, sure=sure, silent=sure and not right, flagged=right and not sure)
        if not right:
            count[_miss(record.text, want)] += 1
    return count


def _miss(text: str, want: str) -> str:
    """Why a value was missed: the text does not show it, shows it misread, or shows it and another was chosen."""
    bare, true = (re.sub(r"[^0-9a-z가-힣]", "", t.lower()) for t in (text, want))
    if true in bare:
        return "not chosen"
    return "misread" if fuzz.partial_ratio(true, bare) >= NEARLY else "not read"


def _by_field(pairs: list[Pair], counts: dict[str, Counter[str]]) -> Iterable[str]:
    """A row a field; `least` is the share right without the group of papers that does best for it."""
    groups = {group for group, _, _ in pairs}
    yield f"{'field':<16}{'right':>13}{'least':>7}{'sure':>6}{'silent':>8}{'limit':>7}{'flagged':>9}{'extra':>7}"
    for name, c in counts.items():
        if c["all"]:
            left = [_counts([p for p in pairs if p[0] != group], name) for group in groups] if len(groups) > 1 else [c]
            least = min(one["right"] / max(one["all"], 1) for one in left)
            yield (
                f"{name:<16}{c['right']:>5}/{c['all']:<4}{c['right'] / c['all']:>4.0%}{least:>6.0%}{c['sure']:>7}"
                f"{c['silent']:>8}{upper_rate(c['silent'], max(c['sure'], 1)):>7.1%}{c['flagged']:>9}{c['extra']:>7}"
            )
    silent, sure = (sum(c[key] for c in counts.values()) for key in ("silent", "sure"))
    yield f"silent {silent} of {sure} sure values, 95 % upper limit {upper_rate(silent, max(sure, 1)):.2%}"


def _receipts(pairs: list[Pair]) -> Iterable[str]:
    whole = [
        all(name in r.fields and same(name, r.fields[name].value, want) for name, want in t.items())
        for _, r, t in pairs
    ]
    quiet = [not record.loud for _, record, _ in pairs]
    wrong = sum(q and not w for q, w in zip(quiet, whole, strict=True))
    yield f"receipts {len(pairs)}: wholly right {sum(whole)}, no touch {sum(quiet)} ({wrong} of them not wholly right)"


def _misses(counts: dict[str, Counter[str]]) -> Iterable[str]:
    why = ("not read", "misread", "not chosen")
    yield f"{'misses':<16}" + "".join(f"{kind:>12}" for kind in why)
    for name, c in counts.items():
        if c["all"] > c["right"]:
            yield f"{name:<16}" + "".join(f"{c[kind]:>12}" for kind in why)


def _bands(pairs: list[Pair]) -> Iterable[str]:
    """How often each band of confidence is right."""
    bands: dict[float, Counter[bool]] = defaultdict(Counter)
    for _, record, truth in pairs:
        for name in FIELDS:
            if name in truth and name in record.fields:
                read = record.fields[name]
                bands[max(b for b in BANDS if b <= read.confidence)][same(name, read.value, truth[name])] += 1
    yield "confidence     read   right"
    for low, high in pairwise(BANDS):
        if seen := bands[low].total():
            yield f"{low:.2f} to {min(high, 1):.2f}{seen:>7}{bands[low][True] / seen:>8.1%}"
