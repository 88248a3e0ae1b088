"""Whose turn it is: people are served one thing each in turn, and of each person their pieces of work in turn.

Somebody who opens five cases gets one turn of five small ones, not five turns.
"""

from collections import OrderedDict, deque
from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """What waits, by person and by piece of work (a case, an area to be read). Not safe for threads by itself."""

    def __init__(self) -> None:
        self._people: OrderedDict[Hashable, OrderedDict[Hashable, deque[T]]] = OrderedDict()

    def put(self, person: Hashable, work: Hashable, thing: T) -> None:
        """Adds a thing at the end of its piece of work; a new piece comes first among its person's own.

        So an area that a reviewer waits for does not wait for the pile they have put in themselves.
        """
        lines = self._people.setdefault(person, OrderedDict())
        if work not in lines:
            lines[work] = deque()
            lines.move_to_end(work, last=False)
        lines[work].append(thing)

    def take(self) -> T:
        """The next thing; IndexError when nothing waits."""
        if not self._people:
            raise IndexError("nothing waits")
        person, lines = next(iter(self._people.items()))
        work, line = next(iter(lines.items()))
        thing = line.popleft()
        lines.move_to_end(work)
        self._people.move_to_end(person)
        if not line:
            self._drop(person, work)
        return thing

    def withdraw(self, person: Hashable, work: Hashable) -> int:
        """Takes a piece of work back; how many things it still had."""
        if not self.holds(person, work):
            return 0
        count = len(self._people[person][work])
        self._drop(person, work)
        return count

    def holds(self, person: Hashable, work: Hashable) -> bool:
        """Whether anything of that piece of work waits."""
        return work in self._people.get(person, {})

    def before(self, person: Hashable, work: Hashable) -> int:
        """How many things come before the next one of that piece of work, as of now; KeyError where it has none."""
        lines = self._people[person]
        rounds = list(lines).index(work)  # turns of this person that their other work takes first
        count, ahead = rounds, True
        for other, theirs in self._people.items():
            if other == person:
                ahead = False
            else:
                count += min(sum(map(len, theirs.values())), rounds + ahead)
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
