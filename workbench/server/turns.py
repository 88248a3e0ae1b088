"""The server's loop is everybody's: whose page is made next, and how much of the loop one connection may take.

To make a page takes the loop for a good part of a second: some who load pages in a circle would else be all it does.
"""

import asyncio
import time
import types
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Generator
from contextlib import asynccontextmanager
from typing import Any

from workbench.pipeline.jobs.fair_queue import FairQueue

MOST_WAITING = {"person": 20, "address": 200}
"""Pages that one person, and one address, may wait for; more are refused."""
LONGEST_REST = 0.5


class TooManyWait(Exception):
    """Somebody waits for more pages than they may."""


class Turns:
    """Whose page is made next; for one loop."""

    def __init__(self) -> None:
        # Those who have a case come before those who come for the first time.
        self._waiting: dict[bool, FairQueue[asyncio.Future[None]]] = {True: FairQueue(), False: FairQueue()}
        self.counts: Counter[tuple[str, str]] = Counter()
        """How many pages each person, and each address, waits for or is being made."""
        self._busy = False

    @asynccontextmanager
    async def turn(self, address: str, person: str, known: bool = True) -> AsyncIterator[None]:
        """One page of a person's; TooManyWait where they wait for too many. Addresses take turns, in each its people;
        whoever is not `known` waits until nobody does who is.

        After a page that took s seconds the next waits for s more, LONGEST_REST at most.
        """
        asked = (("person", person), ("address", address))
        if any(self.counts[key] >= MOST_WAITING[key[0]] for key in asked):
            raise TooManyWait
        self.counts.update(asked)
        ticket = asyncio.get_running_loop().create_future()
        self._waiting[known].put(address, person, ticket)
        self._next()
        try:
            await ticket
            began = time.monotonic()
            try:
                yield
            finally:
                rest = min(LONGEST_REST, time.monotonic() - began)
                asyncio.get_running_loop().call_later(rest, self._rested)
        finally:
            self.counts.subtract(asked)
            self.counts += Counter()  # those of nobody are forgotten

    def _rested(self) -> None:
        self._busy = False
        self._next()

    def _next(self) -> None:
        waiting = self._waiting[True] or self._waiting[False]
        if waiting and not self._busy:
            self._busy = True
            waiting.take().set_result(None)


@types.coroutine
def timed(work: Coroutine[Any, Any, Any], spent: Callable[[float], None]) -> Generator[Any, Any, Any]:
    """Awaits `work` and tells how many seconds of the loop it took; what others did while it waited is not counted."""
    step: Callable[[], Any] = lambda: work.send(None)  # noqa: E731  # the first of many
    while True:
        began = time.thread_time()
        try:
            waited_for = step()
        except StopIteration as end:
            return end.value
        finally:
            spent(time.thread_time() - began)
        try:
            answer = yield waited_for
        except BaseException as error:  # noqa: BLE001  # the awaited deals with it
            step = lambda error=error: work.throw(error)  # type: ignore[misc]  # noqa: E731
        else:
            step = lambda answer=answer: work.send(answer)  # type: ignore[misc]  # noqa: E731
