"""Twins within a case: the same file, the same picture taken again, the same purchase on two papers.

Everything is looked up in buckets, so ten thousand receipts take seconds, not the square of it. Twins are linked and
told, never blocked.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, product

from workbench.model import Finding, Receipt

PICTURE_BITS_OFF = 6
"""Bits of 64 by which perceptual hashes of one paper photographed twice may differ."""

_BANDS = 8
"""More bands than bits off: two near hashes share at least one whole band."""

MOST_LINKS = 20
"""Links a finding carries at most; a crowd of twins is told as a number."""

_TWIN_PURCHASE = "같은 거래로 보이는 영수증이 있습니다 (상호·사업자번호·금액·일시 중 셋 이상 같음)"
_FACETS = ("merchant", "business_number", "total", "issued_at")


def duplicates(receipts: Iterable[Receipt]) -> dict[str, tuple[Finding, ...]]:
    """Receipt id -> findings that link it to its twins; receipts without twins are left out.

    The machine's reading counts beside the corrected value, so that an edit hides nothing.
    """
    known = [r for r in receipts if r.status != "failed"]
    by_id = {r.id: r for r in known}
    told: set[frozenset[str]] = set()
    found: dict[str, list[Finding]] = defaultdict(list)
    for severity, code, sentence, groups in (
        ("warning", "duplicate-file", "같은 파일이 또 있습니다", _same_file(known)),
        ("warning", "duplicate-picture", "같은 그림으로 보이는 영수증이 있습니다", _same_picture(known)),
        ("warning", "duplicate-purchase", _TWIN_PURCHASE, _same_purchase(known)),
        ("info", "split-buying", "같은 날 같은 곳에서 결제한 영수증이 더 있습니다", _same_day(known)),
    ):  # fmt: skip
        links: dict[str, set[str]] = defaultdict(set)
        for first, second in groups:
            pair = frozenset((first, second))
            if pair in told or len(pair) < 2:
                continue
            told.add(pair)
            links[first].add(second)
            links[second].add(first)
        for key, others in links.items():
            found[key].append(_finding(severity, code, sentence, sorted(others), by_id))
    return {key: tuple(findings) for key, findings in found.items()}


def _finding(severity: str, code: str, sentence: str, others: list[str], by_id: dict[str, Receipt]) -> Finding:
    names = ", ".join(dict.fromkeys(by_id[o].file for o in others[:3]))
    more = f" 외 {len(others) - 3}건" if len(others) > 3 else ""
    fields = ("total", "issued_at") if code == "duplicate-purchase" else ()
    return Finding(
        "info" if severity == "info" else "warning",
        f"{sentence}: {names}{more}.",
        fields,
        code,
        tuple(others[:MOST_LINKS]),
    )


def _pairs(members: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs of a bucket; in a crowd each is paired with its nearest neighbours only."""
    ordered = list(dict.fromkeys(members))
    if len(ordered) <= MOST_LINKS:
        yield from combinations(ordered, 2)
        return
    for step in range(1, MOST_LINKS // 2 + 1):
        yield from ((ordered[i], ordered[i + step]) for i in range(len(ordered) - step))


def _bucketed(keys: Iterable[tuple[object, str]]) -> Iterator[tuple[str, str]]:
    buckets: dict[object, list[str]] = defaultdict(list)
    for key, member in keys:
        buckets[key].append(member)
    for members in buckets.values():
        if len(members) > 1:
            yield from _pairs(members)


def _same_file(receipts: list[Receipt]) -> Iterator[tuple[str, str]]:
    """One file added twice under other names; pages and regions are twins of the same page and region."""
    return _bucketed(((r.file_hash, r.page, r.region), r.id) for r in receipts if r.file_hash)


def _same_picture(receipts: list[Receipt]) -> Iterator[tuple[str, str]]:
    hashes = {r.id: int(r.picture_hash, 16) for r in receipts if re.fullmatch("[0-9a-f]{16}", r.picture_hash)}
    telling = {key: value for key, value in hashes.items() if 8 <= value.bit_count() <= 56}  # else a blank picture
    width = 64 // _BANDS
    keys = (
        ((band, value >> (band * width) & (1 << width) - 1), key)
        for key, value in telling.items()
        for band in range(_BANDS)
    )
    for first, second in _bucketed(keys):
        if (telling[first] ^ telling[second]).bit_count() <= PICTURE_BITS_OFF:
            yield first, second


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


def _same_purchase(receipts: list[Receipt]) -> Iterator[tuple[str, str]]:
    facets = {r.id: _facets(r) for r in receipts}
    payments = {r.id: (r.value("approval_number"), r.value("total")) for r in receipts}
    keys = (
        ((names, values), key)
        for key, known in facets.items()
        for names in combinations(_FACETS, 3)
        for values in product(*(sorted(known[name]) for name in names))
    )
    for first, second in _bucketed(keys):
        (approval, total), (other_approval, other_total) = payments[first], payments[second]
        if approval and other_approval and approval != other_approval and total != other_total:
            continue  # two payments at one till within a minute: told as split buying
        yield first, second


def _same_day(receipts: list[Receipt]) -> Iterator[tuple[str, str]]:
    keys = (
        ((shop, moment[:10]), r.id)
        for r in receipts
        for known in (_facets(r),)
        for shop in sorted(known["business_number"] or known["merchant"])
        for moment in sorted({m[:10] for m in known["issued_at"]})
    )
    return _bucketed(keys)
