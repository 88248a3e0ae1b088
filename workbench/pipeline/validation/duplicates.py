"""Twins within a case: the same file, the same picture taken again, the same purchase on two papers.

Everything is looked up in buckets, and a changed receipt disturbs only its own twins, so a correction among ten
thousand receipts takes milliseconds. Twins are linked and told, never blocked.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from workbench.domain.geometry import shared_area
from workbench.domain.model import Finding, Geometry, Receipt, Severity
from workbench.pipeline.validation.likeness import BITS_OFF_AGREEING, Facts, bits_off, facts_of, one_purchase

MOST_LINKS = 20
"""Links a finding carries at most; a crowd of twins is told as a number."""

NEAR = MOST_LINKS // 2
"""In a crowd each is paired with that many neighbours on either side, by order of adding."""

INSIDE = 0.7
"""Part of a place that lies in another when both are of one paper; receipts beside each other share next to nothing."""

_FACETS = ("merchant", "business_number", "total", "issued_at")


@dataclass(frozen=True, slots=True)
class _Kind:
    """A way of being twins; the first that fits tells of a pair."""

    code: str
    severity: Severity
    sentence: str


_FILE, _PLACE, _PICTURE, _PURCHASE, _DAY = _KINDS = (
    _Kind("duplicate-file", "warning", "같은 파일이 또 있습니다"),
    _Kind("duplicate-file", "warning", "이 쪽의 같은 자리를 다르게 나눠 읽은 영수증이 있습니다"),
    _Kind("duplicate-picture", "warning", "같은 그림으로 보이는 영수증이 있습니다"),
    _Kind(
        "duplicate-purchase", "warning",
        "같은 거래로 보이는 영수증이 있습니다 (상호·사업자번호·금액·일시 중 셋 이상 같음)",
    ),
    _Kind("split-buying", "info", "같은 날 같은 곳에서 결제한 영수증이 더 있습니다"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Marks:
    """What of a receipt decides who its twins are; equal marks mean that nothing has changed for anybody."""

    file: str
    keys: dict[_Kind, tuple[Hashable, ...]]
    place: Geometry
    picture: int | None
    facts: Facts


def duplicates(receipts: Iterable[Receipt]) -> dict[str, tuple[Finding, ...]]:
    """Receipt id -> findings that link it to its twins; receipts without twins are left out.

    The machine's reading counts beside the corrected value, so that an edit hides nothing.
    """
    twins = Twins()
    twins.update(receipts)
    return twins.findings


class Twins:
    """The twins among receipts that come, change and go; `findings` by receipt id holds after each `update`."""

    def __init__(self) -> None:
        self.findings: dict[str, tuple[Finding, ...]] = {}
        self._marks: dict[str, _Marks] = {}
        self._ranks: dict[str, int] = {}
        self._names: list[str] = []  # by rank
        self._buckets: dict[Hashable, list[int]] = defaultdict(list)  # ranks, in order
        self._pictures = np.zeros(0, dtype=np.uint64)  # by rank
        self._telling = np.zeros(0, dtype=bool)

    def update(self, changed: Iterable[Receipt], gone: Iterable[str] = ()) -> None:
        """Takes in new and changed receipts, and forgets those that are gone or could not be read."""
        wanted: dict[str, _Marks | None] = dict.fromkeys(gone)
        wanted |= {r.id: _marks(r) if r.status != "failed" else None for r in changed}
        stale = {name: marks for name, marks in wanted.items() if self._marks.get(name) != marks}
        touched = self._neighbours(name for name in stale if name in self._marks)
        for name, marks in stale.items():
            self._replace(name, marks)
        touched |= self._neighbours(name for name in stale if name in self._marks)
        for name in touched | stale.keys():
            found = self._found(name) if name in self._marks else ()
            if found:
                self.findings[name] = found
            else:
                self.findings.pop(name, None)

    def _neighbours(self, names: Iterable[str]) -> set[str]:
        return {other for name in names for kind in _KINDS for other in self._others(name, kind)}

    def _replace(self, name: str, marks: _Marks | None) -> None:
        rank = self._ranks.setdefault(name, len(self._ranks))
        if rank == len(self._names):
            self._names.append(name)
            if rank >= len(self._pictures):
                more = max(64, rank)
                self._pictures = np.append(self._pictures, np.zeros(more, dtype=np.uint64))
                self._telling = np.append(self._telling, np.zeros(more, dtype=bool))
        old = self._marks.pop(name, None)
        for key in _all_keys(old):
            bucket = self._buckets[key]
            bucket.remove(rank)
            if not bucket:
                del self._buckets[key]
        self._telling[rank] = marks is not None and marks.picture is not None
        if marks is None:
            return
        self._pictures[rank] = marks.picture or 0
        self._marks[name] = marks
        for key in _all_keys(marks):
            bucket = self._buckets[key]
            bucket.insert(bisect_left(bucket, rank), rank)

    def _others(self, name: str, kind: _Kind) -> Iterator[str]:
        """Those that are twins of `name` in that way, whether or not another way tells of them already."""
        marks, rank = self._marks[name], self._ranks[name]
        if kind is _PICTURE:
            if marks.picture is not None:
                off = np.bitwise_count(self._pictures ^ np.uint64(marks.picture))
                for other in np.flatnonzero((off <= BITS_OFF_AGREEING) & self._telling):
                    if other != rank and off[other] <= bits_off(marks.facts, self._marks[self._names[other]].facts):
                        yield self._names[other]
            return
        for key in marks.keys[kind]:
            bucket = self._buckets[key]
            at = bisect_left(bucket, rank)
            near_ = bucket if len(bucket) <= MOST_LINKS else bucket[max(0, at - NEAR) : at + NEAR + 1]
            for other in near_:
                if other != rank and _are_twins(kind, marks, self._marks[self._names[other]]):
                    yield self._names[other]

    def _found(self, name: str) -> tuple[Finding, ...]:
        told: set[str] = set()
        found = []
        for kind in _KINDS:
            links = sorted(set(self._others(name, kind)) - told)
            if links:
                told.update(links)
                found.append(self._finding(kind, links))
        return tuple(found)

    def _finding(self, kind: _Kind, others: list[str]) -> Finding:
        names = ", ".join(dict.fromkeys(self._marks[other].file for other in others[:3]))
        more = f" 외 {len(others) - 3}건" if len(others) > 3 else ""
        message = f"{kind.sentence}: {names}{more}."
        return Finding(kind.severity, message, (), kind.code, tuple(others[:MOST_LINKS]))


def _are_twins(kind: _Kind, one: _Marks, other: _Marks) -> bool:
    """Whether two in one bucket are twins indeed."""
    if kind is _PLACE:
        return _one_place(one.place, other.place)
    return kind is not _PURCHASE or one_purchase(one.facts, other.facts)


def _one_place(one: Geometry, other: Geometry) -> bool:
    """Whether the smaller of two places of a page lies for the most part in the other: a new reading parted it
    otherwise, and what a person had worked on stayed. Not known where the page was turned otherwise."""
    if one.region is None or other.region is None:
        return True
    smaller = min(box.width * box.height for box in (one.region, other.region))
    return one.orientation == other.orientation and shared_area(one.region, other.region) >= INSIDE * max(1.0, smaller)


def _all_keys(marks: _Marks | None) -> Iterator[Hashable]:
    for keys in marks.keys.values() if marks else ():
        yield from keys


def _marks(receipt: Receipt) -> _Marks:
    facets = _facets(receipt)
    shops = sorted(facets["business_number"] or facets["merchant"])
    keys: dict[_Kind, tuple[Hashable, ...]] = {
        # One file added twice under other names; pages and regions are twins of the same page and region.
        _FILE: ((receipt.file_hash, receipt.page, receipt.region),) if receipt.file_hash else (),
        _PLACE: ((receipt.file_hash, receipt.page),) if receipt.file_hash and any(receipt.geometry.size) else (),
        _PURCHASE: tuple(
            (names, values)
            for names in combinations(_FACETS, 3)
            for values in product(*(sorted(facets[name]) for name in names))
        ),
        _DAY: tuple(product(shops, sorted({moment[:10] for moment in facets["issued_at"]}))),
    }
    return _Marks(receipt.file, keys, receipt.geometry, _picture(receipt), facts_of(receipt))


def _picture(receipt: Receipt) -> int | None:
    if not re.fullmatch("[0-9a-f]{16}", receipt.picture_hash):
        return None
    value = int(receipt.picture_hash, 16)
    return value if 8 <= value.bit_count() <= 56 else None  # else a blank picture


def _facets(receipt: Receipt) -> dict[str, set[str]]:
    """What is known of the purchase, each facet with the values that were read and those that people gave."""
    found: dict[str, set[str]] = {}
    for name in _FACETS:
        field = receipt.field(name)
        values = {v for v in (field.read, field.value) if v}
        if name == "merchant":
            values = {bare for v in values if len(bare := re.sub(r"[^가-힣A-Za-z0-9]", "", v).upper()) >= 2}
        elif name == "issued_at":
            values = {v[:16] for v in values}
        found[name] = values
    return found
