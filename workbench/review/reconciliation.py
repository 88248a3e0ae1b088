"""The state of statements and reconciliation on screen, and its verbs; knows param, not panel.

What stands in the lists is the case's; this holds what a person looks at: a list about to be taken in, a row in hand.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import param

from workbench.domain.errors import CaseError, WorkbenchError
from workbench.pipeline.ledger.columns import WORDS as KINDS
from workbench.pipeline.ledger.exchange import understand_rates
from workbench.pipeline.ledger.inquiries import answers_in
from workbench.pipeline.ledger.links import Reconciliation, RowKey
from workbench.pipeline.ledger.readers import ENDINGS, read_sheets
from workbench.pipeline.ledger.statements import ColumnsMissing, Statement
from workbench.pipeline.ledger.vendors import understand_vendors
from workbench.review import list_texts as texts
from workbench.review import pairs
from workbench.review.sample_review import SampleReview
from workbench.review.session import Session

RULES = ".toml"


@dataclass(frozen=True, slots=True)
class Pending:
    """A statement that was dropped and waits for a yes: what was understood, or why nothing was.

    `heading` are the columns that can be chosen, `found` those that are, by kind.
    """

    name: str
    data: bytes = field(repr=False)
    statement: Statement | None
    columns: dict[str, str | None]
    trouble: str = ""
    heading: tuple[str, ...] = ()
    found: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InHand:
    """What is looked at: a receipt, a row, or both where they belong together."""

    receipt: str = ""
    row: RowKey | None = None


class Reconciling(param.Parameterized):
    """One person's view of a case's statements."""

    pending = param.ClassSelector(class_=Pending, doc="A list about to be taken in; None for none.")
    in_hand = param.ClassSelector(class_=InHand, default=InHand(), doc="The receipt and row looked at.")
    found = param.ClassSelector(class_=Reconciliation, default=Reconciliation(), doc="How the case stands.")
    news = param.Integer(0, doc="Grows with what was asked and answered.")
    file = param.Dict({}, doc="A file for the person: name and bytes.")

    def __init__(self, session: Session, samples: SampleReview, **params: Any) -> None:
        """`samples` takes rules that are dropped."""
        super().__init__(**params)
        self.session, self._samples = session, samples
        session.param.watch(self._look, ["receipts", "steps"])
        self._look()

    def _look(self, *_: object) -> None:
        found = self.session.case.books.standing.found
        if found is not self.found:
            self.found = found

    # taking lists in

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
                return lambda: self._rates_taken(name, sorted(table.rates))
            if not _can(lambda: understand_vendors(sheets, name)):
                if not isinstance(error, ColumnsMissing):
                    raise
                # A person may know the column.
                unclear = Pending(name, data, None, {}, _wanted(error), error.heading, error.columns)
                return lambda: self._show(unclear)
            vendors = case.add_vendors((name, data), by=user)
            return lambda: self._vendors_taken(name, len(vendors.vendors))
        shown = _pending(Pending(name, data, None, {}), statement, {})
        return lambda: self._show(shown)

    def _answers_taken(self, count: int, notes: Sequence[str]) -> None:
        said = "\n".join([texts.ANSWERS_TAKEN.format(count=count), *notes])
        self.session.say("warning" if notes else "success", said)
        self.news += 1

    def _vendors_taken(self, name: str, count: int) -> None:
        self.session.say("success", texts.VENDORS_TAKEN.format(name=name, count=count))
        self._changed()

    def _rates_taken(self, name: str, currencies: Sequence[str]) -> None:
        self.session.say("success", texts.RATES_TAKEN.format(name=name, currencies=", ".join(currencies)))
        self._changed()

    def _show(self, pending: Pending) -> None:
        self.pending = pending
        self.session.place = "lists"

    def choose_column(self, kind: str, name: str) -> None:
        """Says which column of the list about to be taken in holds what; "" for none."""
        pending: Pending | None = self.pending
        if pending is None or kind not in KINDS:
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

    def take_in(self) -> None:
        """Takes the list in as it was understood."""
        pending = self.pending
        if pending is None or pending.statement is None or pending.trouble:
            return

        def add() -> Statement:
            return self.session.case.add_statement(
                (pending.name, pending.data), columns=pending.columns, by=self.session.user
            )

        def then(statement: Statement) -> None:
            self.session.say("success", texts.TAKEN.format(name=statement.name, count=len(statement.payments)))
            self._changed()

        self.pending = None
        self.session.run_in_background(add, then)

    def forget(self) -> None:
        """Puts the list away that was about to be taken in."""
        self.pending = None

    def remove(self, list_id: str) -> None:
        """Takes a list out of the case again."""
        name = next(
            (n for key, (n, _) in self.session.case.books.standing.rows().items() if key[0] == list_id), list_id
        )
        if self._tried(lambda: self.session.case.books.lists.remove(list_id, self.session.user)):
            self.session.say("info", texts.REMOVED.format(name=name))
            self.in_hand = InHand()
            self._changed()

    # pairs

    def look_at(self, receipt: str = "", row: RowKey | None = None) -> None:
        """Takes a receipt, a row, or both in hand."""
        self.in_hand = InHand(receipt, row)

    def pair(self, receipt: str, row: RowKey) -> None:
        """Says that they belong together, and to nothing else that the machine found."""
        self._say("pair", [(receipt, row)], InHand(receipt, row))

    def add(self, receipt: str, row: RowKey) -> None:
        """Says that they belong together beside what each already belongs to: a row of several receipts, and back."""
        self._say("pair", pairs.beside(self.session.case, receipt, row), InHand(receipt, row))

    def unpair(self, receipt: str, row: RowKey) -> None:
        """Says that they do not."""
        self._say("unpair", [(receipt, row)], InHand("", row))

    def _say(self, action: str, said: list[tuple[str, RowKey]], then: InHand) -> None:
        session = self.session
        if self._tried(lambda: session.did(pairs.say(session.case, session.user, action, said))):
            session.say("success" if action == "pair" else "info", texts.PAIRED if action == "pair" else texts.UNPAIRED)
            self._changed()
            self.in_hand = then

    # files that go out

    def write_missing(self) -> None:
        """The list of missing receipts as a file."""
        self._write(texts.MISSING_FILE, lambda path: self.session.case.missing_receipts(path))

    def write_questions(self, due: str) -> None:
        """소명 요청 as a file: missing receipts, and what is open on the receipts marked; what is asked is kept."""
        case, user, marked = self.session.case, self.session.user, set(self.session.marked)
        about = {r.id: "" for r in self.session.receipts if r.id in marked and r.open_findings}
        self._write(texts.ASK_FILE, lambda path: case.inquire(path, about, due=due or None, by=user))

    def close_inquiry(self, key: str) -> None:
        """Says that a question is settled."""
        if self._tried(lambda: self.session.case.close_inquiry(key, by=self.session.user)):
            self.session.say("success", texts.CLOSED)
            self.news += 1

    def _write(self, name: str, make: Callable[[Path], Any]) -> None:
        def work() -> bytes:
            with tempfile.TemporaryDirectory(prefix="workbench-list-") as folder:
                path = Path(folder) / "list.xlsx"
                rows = make(path)
                return path.read_bytes() if len(rows) else b""

        def then(data: bytes) -> None:
            if not data:
                self.session.say("info", texts.NOTHING_MISSING)
                return
            self.file = {"name": name.format(case=self.session.case.folder.name), "data": data}
            self.news += 1

        self.session.run_in_background(work, then)

    def _changed(self) -> None:
        self.session.case.receipts()
        self.session.tick()
        self._look()

    def _tried(self, work: Callable[[], object]) -> bool:
        try:
            work()
        except WorkbenchError as error:
            self.session.say("error", str(error))
            return False
        return True


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
