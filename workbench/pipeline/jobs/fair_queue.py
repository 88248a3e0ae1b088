"""Whose turn it is: people are served one thing each in turn, and of each person their pieces of work in turn.

Somebody who opens five cases gets turns for one, which the five share. Each thing served moves its person one round on;
whoever comes in, or comes back, joins the round that is being served: before those who have had more, after those who
have had less (start-time fair queueing, Goyal, Vin and Cheng 1996).
"""

from collections import OrderedDict, deque
from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class FairQueue(Generic[T]):
    """What waits, by person and by piece of work (a case, an area to be read). Not safe for threads by itself."""

    def __init__(self) -> None:
        # In each round those come first who were served longer ago: who is served goes to the end of this order.
        self._people: OrderedDict[Hashable, OrderedDict[Hashable, deque[T]]] = OrderedDict()
        self._round = 0  # the one being served
        self._due: dict[Hashable, int] = {}  # the round of each person's next turn; kept while it is still to come

    def put(self, person: Hashable, work: Hashable, thing: T) -> None:
        """Adds a thing at the end of its piece of work; a new piece comes first among its person's own.

        So an area that a reviewer waits for does not wait for the pile they have put in themselves.
        """
        if person not in self._people:
            self._people[person] = OrderedDict()
            self._due[person] = max(self._due.get(person, 0), self._round)
        lines = self._people[person]
        if work not in lines:
            lines[work] = deque()
            lines.move_to_end(work, last=False)
        lines[work].append(thing)

    def take(self) -> T:
        """The next thing; IndexError when nothing waits."""
        if not self._people:
            raise IndexError("nothing waits")
        person = min(self._people, key=self._due.__getitem__)  # of several the first in order
        self._round = self._due[person]
        self._due[person] += 1
        self._people.move_to_end(person)
        lines = self._people[person]
        work, line = next(iter(lines.items()))
        thing = line.popleft()
        lines.move_to_end(work)
        if not line:
            self._drop(person, work)
        return thing

    def withdraw(self, person: Hashable, work: Hashable) -> int:
        """Takes a piece of work back; how many things it still had."""
        if not self.has(person, work):
            return 0
        count = len(self._people[person][work])
        self._drop(person, work)
        return count

    def has(self, person: Hashable, work: Hashable) -> bool:
        """Whether anything of that piece of work waits."""
        return work in self._people.get(person, {})

    def before(self, person: Hashable, work: Hashable) -> int:
        """How many things come before the next one of that piece of work, as of now; KeyError where it has none."""
        lines = self._people[person]
        own = list(lines).index(work)  # turns of this person that their other work takes first
        now, then = self._due[person], self._due[person] + own
        count, earlier = own, True
        for other, theirs in self._people.items():
            if other == person:
                earlier = False
                continue
            due, things = self._due[other], sum(map(len, theirs.values()))
            # In the very round: whoever stands earlier in it, or was not served while this person was.
            tied = (due == now and earlier) or now < due <= then
            count += min(things, max(0, then - due + tied))
        return count

    def drain(self) -> Iterator[T]:
        """Takes everything, in no particular order."""
        people, self._people = self._people, OrderedDict()
        for lines in people.values():
            for line in lines.values():
                yield from line

    def __bool__(self) -> bool:
        return bool(self._people)

    def _drop(self, person: Hashable, work: Hashable) -> None:
        del self._people[person][work]
        if not self._people[person]:
            del self._people[person]
            self._due = {who: due for who, due in self._due.items() if who in self._people or due > self._round}
