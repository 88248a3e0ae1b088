"""Which receipt is which when a page is read again: an id, and what people said of it, stays with its place; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from workbench.domain.geometry import shared_area
from workbench.domain.model import Box, Geometry

SAME = 0.75
"""How much of two places together both have to share to be held for one receipt."""


@dataclass(frozen=True, slots=True)
class OnPage:
    """A receipt as it is known: its region's number, its place (None before any reading), whether it is `shown` or was
    put aside, and whether that or anything else was `said` of it by a person."""

    id: str
    region: int
    geometry: Geometry | None
    shown: bool
    said: bool


def numbers(known: Sequence[OnPage], found: Sequence[Geometry]) -> list[int]:
    """The number, from 1, for each place that was `found` on a page now.

    A place found before keeps its number; so does the only one of a page. The others take the lowest of which nobody
    has spoken since it was read: a person's word never comes to stand on another paper.
    """
    ranked = sorted(
        (-alike(one.geometry, geometry), not one.shown, one.region, place)
        for one in known
        if one.geometry is not None
        for place, geometry in enumerate(found)
    )
    taken: dict[int, int] = {}
    shown = [one.region for one in known if one.shown]
    if len(shown) == len(found) == 1:
        taken[0] = shown[0]
    for likeness, _, region, place in ranked:
        if -likeness >= SAME and place not in taken and region not in taken.values():
            taken[place] = region
    closed = {one.region for one in known if one.said and one.geometry is not None} | set(taken.values())
    free = (region for region in count(1) if region not in closed)
    return [taken[place] if place in taken else next(free) for place in range(len(found))]


def alike(one: Geometry, other: Geometry) -> float:
    """How much of two places of a page is in both, 0..1; 0 where the page was turned otherwise and they are parts."""
    if one.region is None and other.region is None:
        return 1.0
    if one.orientation != other.orientation:
        return 0.0
    a, b = (geometry.region or Box(0, 0, *geometry.size) for geometry in (one, other))
    shared = shared_area(a, b)
    return shared / max(1.0, a.width * a.height + b.width * b.height - shared)
