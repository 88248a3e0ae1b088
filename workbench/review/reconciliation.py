"""The state of statements and reconciliation on screen, and its verbs; knows param, not panel.

What stands in the lists is the case's; this holds what a person looks at. Lists come in by `intake`.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import param

from workbench.domain.errors import WorkbenchError
from workbench.pipeline.ledger.links import Reconciliation, RowKey
from workbench.review import list_texts as texts
from workbench.review import pairs
from workbench.review.list_intake import ListIntake
from workbench.review.sample_review import SampleReview
from workbench.review.session import Session


@dataclass(frozen=True, slots=True)
class InHand:
    """What is looked at: a receipt, a row, or both where they belong together."""

    receipt: str = ""
    row: RowKey | None = None


class Reconciling(param.Parameterized):
    """One person's view of a case's statements."""

    in_hand = param.ClassSelector(class_=InHand, default=InHand(), doc="The receipt and row looked at.")
    found = param.ClassSelector(class_=Reconciliation, default=Reconciliation(), doc="How the case stands.")
    news = param.Integer(0, doc="Grows with what was asked and answered.")
    file = param.Dict({}, doc="A file for the person: name and bytes.")

    def __init__(self, session: Session, samples: SampleReview, **params: Any) -> None:
        """`samples` takes rules that are dropped."""
        super().__init__(**params)
        self.session, self.intake = session, ListIntake(session, samples, self._changed, self._answered)
        session.param.watch(self._look, ["receipts", "steps"])
        self._look()

    def _look(self, *_: object) -> None:
        found = self.session.case.books.standing.found
        if found is not self.found:
            self.found = found

    # lists

    def remove(self, list_id: str) -> None:
        """Takes a list out of the case again."""
        name = next(
            (n for key, (n, _) in self.session.case.books.standing.rows().items() if key[0] == list_id), list_id
        )
        if self._tried(lambda: self.session.case.books.lists.remove(list_id, self.session.user)):
            self.session.notify("info", texts.REMOVED.format(name=name))
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
        if self._tried(lambda: session.did(pairs.append(session.case, session.user, action, said))):
            session.notify(
                "success" if action == "pair" else "info", texts.PAIRED if action == "pair" else texts.UNPAIRED
            )
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
            self.session.notify("success", texts.CLOSED)
            self.news += 1

    def _write(self, name: str, make: Callable[[Path], Any]) -> None:
        def work() -> bytes:
            with tempfile.TemporaryDirectory(prefix="workbench-list-") as folder:
                path = Path(folder) / "list.xlsx"
                rows = make(path)
                return path.read_bytes() if len(rows) else b""

        def then(data: bytes) -> None:
            if not data:
                self.session.notify("info", texts.NOTHING_MISSING)
                return
            self.file = {"name": name.format(case=self.session.case.folder.name), "data": data}
            self.news += 1

        self.session.run_in_background(work, then)

    def _answered(self) -> None:
        self.news += 1

    def _changed(self) -> None:
        self.session.case.receipts()
        self.session.tick()
        self._look()

    def _tried(self, work: Callable[[], object]) -> bool:
        try:
            work()
        except WorkbenchError as error:
            self.session.notify("error", str(error))
            return False
        return True
