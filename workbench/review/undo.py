"""What can be undone within a session: each step knows how to go back and how to go forth again."""

from collections.abc import Callable, Container
from contextlib import suppress
from dataclasses import dataclass

from workbench.domain.errors import Changed, NotAllowed

KEPT = 500


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One thing done: its name for a person, the receipt it concerns ("" for several), and both directions.

    Either way raises Changed where another person has spoken of it since, and nothing is done.
    """

    what: str
    receipt: str
    back: Callable[[], object]
    forth: Callable[[], object]
    many: bool = False
    """Whether either way takes so long that a page is not to wait for it."""


class History:
    """The steps of one session, a line with a present; doing something new forgets what was undone."""

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []

    def add(self, step: Step) -> None:
        """Keeps a step that has just been done."""
        self._done.append(step)
        del self._done[:-KEPT]
        self._undone.clear()

    def undo(self) -> Step | None:
        """Takes the last step back and returns it; None when there is nothing. A step that fails stays in place.

        One that is refused for good (Changed, NotAllowed) is forgotten: it would stand in the way of those before it.
        """
        return self._walk(self._done, self._undone, "back")

    def redo(self) -> Step | None:
        """Does again what was undone last and returns it; None when there is nothing."""
        return self._walk(self._undone, self._done, "forth")

    def _walk(self, here: list[Step], there: list[Step], way: str) -> Step | None:
        # Moved first: a step of many takes its time in a thread, and what is done meanwhile comes after it.
        if not here:
            return None
        there.append(step := here.pop())
        try:
            getattr(step, way)()
        except BaseException as error:
            with suppress(ValueError):  # something new was done meanwhile, which forgets what was undone
                there.remove(step)
            if not isinstance(error, Changed | NotAllowed):
                here.append(step)
            raise
        return step

    def forget(self, receipts: Container[str]) -> None:
        """Drops the steps that concern those receipts: they are gone for good."""
        for steps in (self._done, self._undone):
            steps[:] = [step for step in steps if step.receipt not in receipts]

    @property
    def last_done(self) -> Step | None:
        """The step that `undo` would take back."""
        return self._done[-1] if self._done else None

    @property
    def last_undone(self) -> Step | None:
        """The step that `redo` would do again."""
        return self._undone[-1] if self._undone else None
