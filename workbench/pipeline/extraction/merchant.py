"""The shop's name and its firm's: candidates by where they stand, sure where two independent things speak for one."""

import re
from dataclasses import replace

from rapidfuzz import fuzz

from workbench.domain import lexicon
from workbench.domain.model import Field
from workbench.pipeline.extraction import name_reasons as why
from workbench.pipeline.extraction.candidates import Candidate
from workbench.pipeline.extraction.labels import compact
from workbench.pipeline.extraction.name_candidates import PERSON, candidates, form_of
from workbench.pipeline.extraction.parties import role_at, roles_of
from workbench.pipeline.extraction.shop_names import BRANCH, BRAND, COMPANY, HALF, MALL, TRADE, is_latin, is_notice
from workbench.pipeline.extraction.sureness import CLEAR, DOUBTED, GUESSED, LIKELY, READ_WELL, SUPPORTED
from workbench.pipeline.layout.rows import Row

_MIXED_UP = re.compile("상호|사업자|대표자|등록번호")  # a label inside a name: two prints over each other
_AGENT = lexicon.pattern("parties.agent_name")

LEAST = 1
"""What a name needs to be one: more than to stand in the head."""

HEADLINE = frozenset({why.FIRST, why.LARGE, why.ABOVE, why.ALONE})
"""What makes a name of several words sure that has no label, form or twin; one word may be a mall's logo."""


def find_merchant(rows: tuple[Row, ...], number: Field | None) -> tuple[Field | None, Field | None]:
    """The shop with its branch, cleaned of telephone, owner and decoration, and the firm where both are printed."""
    roles = roles_of(rows)
    party = {"stranger": why.STRANGER, "mall": why.STRANGER, "seller": why.SELLER}
    found = [
        c.add_evidence(why.WEIGHTS[reason], reason)
        if (reason := why.AGENT if _AGENT.search(compact(c.value)) else party.get(role_at(rows, roles, c)))
        else c
        for c in candidates(rows, _row_of(rows, number))
    ]
    best = min(found, key=lambda c: (-c.weight, c.row, c.value), default=None)
    if best is None or best.weight < LEAST:
        return None, None
    best = _supported(_in_its_mall(best, found), found)
    whole = _with_other_half(best, found, rows)
    firm = _firm_of(best, found)
    return whole.field("merchant", _trust(whole)), firm.field("company", _trust(firm)) if firm else None


def _trust(best: Candidate) -> float:
    """Sure where two independent supports agree, every letter was read surely, and it is no branch nor owner alone."""
    if best.confidence < READ_WELL:
        return GUESSED
    form = COMPANY.search(best.value)
    beheaded = form and form.start() and not compact(best.value[: form.start()])  # "000 (주)가나다"
    if why.AGENT in best.reasons or _MIXED_UP.search(compact(best.value)) or beheaded:
        return DOUBTED
    half = HALF.fullmatch(best.value) or PERSON.fullmatch(best.value)
    own, *others = (bool(kind & set(best.reasons)) for kind in why.SUPPORTS)
    supported = own + sum(others) > 1 and (own or any(others[:2]))
    supported = supported or (set(best.reasons) >= HEADLINE and " " in best.value)
    whole = not half and (why.JOINED not in best.reasons or why.FORMS & set(best.reasons))  # any word may be a logo's
    return SUPPORTED if supported and best.confidence >= CLEAR and whole else LIKELY


def _in_its_mall(best: Candidate, found: list[Candidate]) -> Candidate:
    """The tenant where a mall's branch stands above: the name nearer to the number, if it looks like one."""
    if why.LABELS & set(best.reasons) or not MALL.search(best.value.partition(" ")[0]):
        return best
    near, form = {why.ABOVE, why.BESIDE, why.TENANT}, why.FORMS | {why.WORD}
    branded = any(c.row == best.row - 1 and not MALL.search(c.value) for c in found)  # "가상몰점" under its shop's name
    inside = [] if branded else [c for c in found if c.row > best.row and near & set(c.reasons)]
    best = replace(best, reasons=tuple(r for r in best.reasons if r not in form)) if inside else best
    return max((c for c in inside if form & set(c.reasons)), key=lambda c: c.weight, default=best)


def _supported(best: Candidate, found: list[Candidate]) -> Candidate:
    """`best` with what the others say for it: the same name in another row, or none that could as well be meant."""
    twice = any(c.row != best.row and _alike(c.value, best.value) for c in found)
    rivals = [c for c in found if not _alike(c.value, best.value) and c.weight > best.weight - why.WEIGHTS[why.ABOVE]]
    best = best.add_evidence(0, why.TWICE) if twice else best
    if why.LABELS & set(best.reasons) and (form := form_of(best.value)):
        # 상호 may stand before the firm's name where the shop is called otherwise.
        best = best.add_evidence(0, form) if form == why.BRANCHED or why.LABELLED not in best.reasons else best
    others = [set(c.reasons) for c in found if not _alike(c.value, best.value)]
    if any(why.FORMS & reasons or {why.FIRST, why.LARGE} <= reasons for reasons in others):
        # Any word above the number may be a heading where another name has the form of one, or is the headline.
        best = replace(best, reasons=tuple(reason for reason in best.reasons if reason != why.WORD))
    if not why.LABELS & set(best.reasons):
        rivals = [c for c in found if c.weight > 0 and not _alike(c.value, best.value)]
    return best if rivals else best.add_evidence(0, why.ALONE)


def _alike(one: str, other: str) -> bool:
    return fuzz.ratio(compact(one), compact(other)) >= 85


def _firm_of(best: Candidate, found: list[Candidate]) -> Candidate | None:
    """The firm's own name beside that of its shop: under a label of a firm, or in a company's form."""
    firms = [c for c in found if c.weight > 0 and why.LABELLED in c.reasons and not _alike(c.value, best.value)]
    firms += [
        c for c in found if c.weight > 0 and why.FIRM in c.reasons and compact(c.value) not in compact(best.value)
    ]
    return firms[0] if firms and firms[0].value not in best.value and not COMPANY.search(best.value) else None


def _with_other_half(best: Candidate, found: list[Candidate], rows: tuple[Row, ...]) -> Candidate:
    """Brand on one row and branch on another become one name ("가나다" + "서초점")."""
    if why.LABELS & set(best.reasons):
        return _with_its_shop(best, found)
    brand = best.value.rpartition(" ")[0]
    if TRADE.search(brand) and not MALL.search(brand):
        return best  # whole: a logo above it may be a mall's
    others = [c for c in found if c.confidence > READ_WELL and not COMPANY.search(c.value) and not is_notice(c.value)]
    below = [c for c in others if c.row == best.row + 1 and BRANCH.search(c.value) and len(c.value) <= 8]
    if below:
        return _joined(best, below[0], best.reasons)
    if not BRANCH.search(best.value):
        return best
    above = [c for c in others if c.row == best.row - 1 and BRANCH.search(c.value)]
    if above and len(best.value) <= 8:
        return _joined(above[0], best, above[0].reasons)
    brands = [
        c
        for c in others
        if 0 < best.row - c.row <= 5 and BRAND.fullmatch(c.value) and not BRANCH.search(c.value)
        and len(compact(rows[c.row].text)) <= len(compact(c.value)) + 2 and compact(c.value) not in compact(best.value)
        # A name of two words has its brand; only a logo may stand above it too.
        and (is_latin(c.value) or " " not in best.value)
    ]  # fmt: skip
    if brands and len(best.value) <= 12 and not is_latin(best.value):
        logo = max(brands, key=lambda c: (is_latin(c.value), round(rows[c.row].height), -c.row))
        return _joined(logo, best, (*logo.reasons, why.JOINED))
    return best


def _with_its_shop(best: Candidate, found: list[Candidate]) -> Candidate:
    """A branch behind a label of its own, with the name behind another label or above it."""
    if not HALF.fullmatch(best.value):
        return best
    shops = [
        c for c in found
        if c.weight > 0 and not BRANCH.search(c.value) and (why.LABELS & set(c.reasons) or 0 < best.row - c.row <= 2)
    ]  # fmt: skip
    shop = max(shops, key=lambda c: c.weight, default=None)
    return _joined(shop, best, (*shop.reasons, why.JOINED)) if shop else best


def _joined(first: Candidate, second: Candidate, reasons: tuple[str, ...]) -> Candidate:
    """Both rows' name; of two that are named like branches each speaks for the other."""
    return replace(
        first,
        value=f"{first.value} {second.value}",
        raw=f"{first.raw} {second.raw}",
        box=first.box.union(second.box),
        confidence=min(first.confidence, second.confidence),
        reasons=reasons,
    )


def _row_of(rows: tuple[Row, ...], number: Field | None) -> int | None:
    if number is None or not number.raw:
        return None
    return next((i for i, row in enumerate(rows) if number.raw in row.text), None)
