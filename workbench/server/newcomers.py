"""Who comes for the first time: a few are let in at once, the rest wait a moment in front of the access.

To make a page takes the loop, and whoever throws their cookie away is somebody new each time. So an address has few
pages of newcomers in hand; the next ones are asked to come again, as a browser does by itself, and whoever comes again
in time is let in. A loop that does not wait is never made a page.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from workbench.event_log import event

AT_ONCE = 4
"""Pages for newcomers of one address that no browser listens to yet."""
HELD_SECONDS = 15.0
"""How long one of them counts: a browser listens within a moment."""
HARM_SECONDS = 60.0
"""How long one counts whose connection had to be cut off."""
AGAIN_SECONDS, LATEST_SECONDS = 2.0, 30.0
"""When somebody who was asked to come again may do so, and until when they are remembered."""
STRAIN_SECONDS = 60.0
"""How long all newcomers of an address are asked to come again after it had too many in hand, or one came too early."""
MOST = 10_000
"""Newcomers remembered; the oldest are forgotten first."""


@dataclass(eq=False)
class Newcomers:
    """Those of each address whose page is in hand, and those who were asked to come again."""

    clock: Callable[[], float] = time.monotonic
    _in_hand: OrderedDict[str, tuple[str, float]] = field(default_factory=OrderedDict, repr=False)
    """By person: the address, and until when it counts."""
    _asked: OrderedDict[str, float] = field(default_factory=OrderedDict, repr=False)
    _strained: OrderedDict[str, float] = field(default_factory=OrderedDict, repr=False)

    def wait(self, address: str, person: str) -> int:
        """Seconds after which that person is to come again; 0 where their page is to be made now."""
        now = self.clock()
        self._tidy(now)
        asked = self._asked.pop(person, None)
        early = asked is not None and now - asked < 0.9 * AGAIN_SECONDS  # clocks differ a little
        in_hand = [name for name, (place, _) in self._in_hand.items() if place == address and name != person]
        if early or len(in_hand) >= AT_ONCE:
            if address not in self._strained:
                event("newcomers-wait")
            self._strained.pop(address, None)
            self._strained[address] = now + STRAIN_SECONDS
        if early or (asked is None and address in self._strained):
            self._asked[person] = now
            return math.ceil(AGAIN_SECONDS)
        self._in_hand[person] = (address, now + HELD_SECONDS)
        return 0

    def heard(self, person: str) -> None:
        """A browser listens to that person's page."""
        self._in_hand.pop(person, None)

    def harmed(self, address: str, person: str) -> None:
        """A connection of that person's had to be cut off."""
        self._in_hand[person] = (address, self.clock() + HARM_SECONDS)

    def _tidy(self, now: float) -> None:
        self._in_hand = OrderedDict((name, one) for name, one in self._in_hand.items() if one[1] > now)
        for kept, latest in ((self._asked, now - LATEST_SECONDS), (self._strained, now)):
            while kept and next(iter(kept.values())) <= latest:
                kept.popitem(last=False)
        for some in (self._in_hand, self._asked, self._strained):
            while len(some) > MOST:
                some.popitem(last=False)
