"""Lists that are dropped on the page: told apart, understood, shown first where somebody has to say yes, taken in."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

import param

from workbench.domain.errors import CaseError
from workbench.pipeline.ledger.columns import WORDS as KINDS
from workbench.pipeline.ledger.exchange import understand_rates
from workbench.pipeline.ledger.inquiries import answers_in
from workbench.pipeline.ledger.readers import ENDINGS, read_sheets
from workbench.pipeline.ledger.statements import ColumnsMissing, Statement
from workbench.pipeline.ledger.vendors import understand_vendors
from workbench.review import list_texts as texts
from workbench.review.sample_review import SampleReview
from workbench.review.session import Session

RULES = ".toml"
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Pending:
    """A statement that was dropped and waits for a yes: what was understood, or why nothing was.

    `heading` are the columns that can be chosen, `found` those that are, by kind. `number` tells it from others of its
    name.
    """

    name: str
    data: bytes = field(repr=False)
    statement: Statement | None
    columns: dict[str, str | None]
    trouble: str = ""
    heading: tuple[str, ...] = ()
    found: Mapping[str, str] = field(default_factory=dict)
    number: int = field(default_factory=lambda: next(_NUMBERS))


class ListIntake(param.Parameterized):
    """One person's lists on their way into the case."""

    pending = param.ClassSelector(class_=Pending, doc="The list about to be taken in; None for none.")

    def __init__(
        self, session: Session, samples: SampleReview, changed: Callable[[], None], answered: Callable[[], None]
    ) -> None:
        """`samples` takes rules; `changed` is called when a list came into the case, `answered` when answers did."""
        super().__init__()
        self.session, self._samples, self._changed, self._answered = session, samples, changed, answered
        self._behind: deque[Pending] = deque()  # dropped while another waited for its yes

    def takes(self, name: str) -> bool:
        """Whether a dropped file of that name is a list and no receipt."""
        return name.lower().endswith((*ENDINGS, RULES))

    def offer(self, name: str, data: bytes) -> None:
        """A list that was dropped: answers and vendors are taken in, a statement is shown first."""
        self.session.run_in_background(lambda: self._sorted(name, data), lambda then: then())

    def _sorted(self, name: str, data: bytes) -> Callable[[], None]:
        """Takes a list in, or understands it, in a thread of its own; what then is to be done in the page's turn."""
        case, user = self.session.case, self.session.user
        if name.lower().endswith(RULES):
            case.policy((name, data), by=user)
            return self._samples.ruled
        sheets = read_sheets(data, name)
        if _can(lambda: answers_in(sheets, name)):
            count, notes = case.take_answers((name, data), by=user)
            return lambda: self._answers_taken(count, notes)
        try:
            statement, _ = case.books.look_at((name, data))
        except CaseError as error:
            if _can(lambda: understand_rates(sheets, name)):
                table = case.add_rates((name, data), by=user)
                return lambda: self._taken(
                    texts.RATES_TAKEN.format(name=name, currencies=", ".join(sorted(table.rates))), table.notes
                )
            if not _can(lambda: understand_vendors(sheets, name)):
                if not isinstance(error, ColumnsMissing):
                    raise
                # A person may know the column.
                unclear = Pending(name, data, None, {}, _wanted(error), error.heading, error.columns)
                return lambda: self._show(unclear)
            vendors = case.add_vendors((name, data), by=user)
            return lambda: self._taken(texts.VENDORS_TAKEN.format(name=name, count=len(vendors.vendors)), vendors.notes)
        shown = _pending(Pending(name, data, None, {}), statement, {})
        return lambda: self._show(shown)

    def _answers_taken(self, count: int, notes: Sequence[str]) -> None:
        said = "\n".join([texts.ANSWERS_TAKEN.format(count=count), *notes])
        self.session.notify("warning" if notes else "success", said)
        self._answered()

    def _taken(self, said: str, notes: Sequence[str]) -> None:
        """Vendors or rates have come into the case; `notes` are what of them could not be used, or is doubtful."""
        self.session.notify("warning" if notes else "success", "\n".join([said, *notes]))
        self._changed()

    def _show(self, pending: Pending) -> None:
        if self.pending is None:
            self.pending = pending
        else:
            self._behind.append(pending)
        self.session.place = "lists"

    def _next(self) -> None:
        self.pending = self._behind.popleft() if self._behind else None

    def _is_shown(self, number: int | None) -> bool:
        return self.pending is not None and number in (None, self.pending.number)

    def choose_column(self, kind: str, name: str, number: int | None = None) -> None:
        """Says which column of the list about to be taken in holds what; "" for none. `number` is that of the list that
        stood on the page when it was said: another may be shown by now."""
        pending: Pending | None = self.pending
        if pending is None or kind not in KINDS or not self._is_shown(number):
            return
        columns = {**pending.columns, kind: name}
        chosen = replace(pending, columns=columns)  # at once: the next choice goes on from it

        def look() -> Pending:
            try:
                statement, _ = self.session.case.books.look_at((pending.name, pending.data), columns)
            except ColumnsMissing as error:
                return replace(chosen, trouble=_wanted(error), found=error.columns)
            except CaseError as error:
                return replace(chosen, trouble=str(error))
            return _pending(pending, statement, columns)

        def then(understood: Pending) -> None:
            if self.pending is chosen:  # else another column was chosen meanwhile, or the list was put away
                self.pending = understood

        self.pending = chosen
        self.session.run_in_background(look, then)

    def take_in(self, number: int | None = None) -> None:
        """Takes the list in as it was understood; `number` as in `choose_column`."""
        pending = self.pending
        if pending is None or pending.statement is None or pending.trouble or not self._is_shown(number):
            return

        def add() -> Statement:
            return self.session.case.add_statement(
                (pending.name, pending.data), columns=pending.columns, by=self.session.user
            )

        def then(statement: Statement) -> None:
            self.session.notify("success", texts.TAKEN.format(name=statement.name, count=len(statement.payments)))
            self._changed()

        self._next()
        self.session.run_in_background(add, then)

    def forget(self, number: int | None = None) -> None:
        """Puts the list away that was about to be taken in; `number` as in `choose_column`."""
        if self._is_shown(number):
            self._next()


def _can(work: Callable[[], object]) -> bool:
    try:
        work()
    except CaseError:
        return False
    return True


def _wanted(error: ColumnsMissing) -> str:
    """Which columns a person has to choose."""
    return texts.COLUMN_WANTED.format(kinds=", ".join(KINDS[kind] for kind in error.missing))


def _pending(pending: Pending, statement: Statement, columns: dict[str, str | None]) -> Pending:
    """The list as it was understood with the columns chosen."""
    return replace(
        pending, statement=statement, columns=columns, trouble="", heading=statement.heading, found=statement.columns
    )
