"""The state of one review on screen and every verb that changes it; knows param, not panel.

Views watch the params and call the verbs. Everything here runs in the page's own turn: what takes long goes to a
thread (`run_in_background`), and what comes back is taken in by `tick`, which the page calls five times a second.
"""

import hashlib
import logging
import queue
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import param

from workbench.case import Added, Case
from workbench.domain import schema
from workbench.domain.errors import CaseError, Changed, Gone, WorkbenchError, WrongValue
from workbench.domain.model import Box, Finding, Line, Receipt, TaxFailure
from workbench.event_log import event
from workbench.pipeline.jobs.run import RunState
from workbench.pipeline.tax.service import NationalTaxService, TaxService
from workbench.review import approvals, beside, beside_texts, columns, filters, spoken, suggest, texts
from workbench.review.background_jobs import CaseJobs, jobs_of
from workbench.review.filters import Filter
from workbench.review.kept import Kept, Overview
from workbench.review.undo import History, Step

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Notice:
    """A short word to the reviewer: kind info, success, warning or error. Each is an object of its own."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A text that is no value of its field, and why; shown beside the field until something else is typed."""

    receipt: str
    field: str
    text: str
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is asked before a word is kept: `say` puts it, `yes` and `no` name the answers, `go` does it on yes.

    `typed` is the text that waits for the answer, where there is one.
    """

    receipt: str
    text: str
    yes: str
    no: str
    go: Callable[[], object]
    typed: str = ""


class Session(param.Parameterized):
    """One person's review of one case."""

    receipts = param.ClassSelector(
        class_=tuple, default=(), doc="All receipts of the case, in the order they were added."
    )
    rows = param.ClassSelector(
        class_=tuple, default=(), doc="Those the filter lets through, in the order of the table."
    )
    chosen = param.String("", doc="Id of the receipt on screen.")
    field = param.String("total", doc="Name of the field in hand.")
    marked = param.ClassSelector(class_=tuple, default=(), doc="Ids of receipts marked for what is done with several.")
    filter = param.ClassSelector(class_=Filter, default=Filter(), doc="Which receipts are shown.")
    sort = param.Tuple(("", False), length=2, doc="Column the table is sorted by, and whether descending.")
    columns = param.ClassSelector(
        class_=tuple, default=columns.SHOWN, doc="Names of the chosen columns of the table, at least one, in its order."
    )
    reading = param.ClassSelector(class_=RunState, default=RunState(), doc="Where the reading stands.")
    asking = param.Boolean(False, doc="Whether the tax service is being asked.")
    notice = param.ClassSelector(class_=Notice, doc="The last word to the reviewer.")
    refusal = param.ClassSelector(class_=Refusal, doc="A value refused beside its field.")
    machine = param.Boolean(False, doc="Whether the place where the machine read a corrected field is shown, too.")
    finding = param.ClassSelector(class_=Finding, doc="The finding in hand, where it is one of the whole paper.")
    question = param.ClassSelector(class_=Question, doc="What has to be answered before a word is kept.")
    user = param.String("", doc="Who reviews; stands beside every word.")
    own_key = param.Boolean(False, doc="Whether this session has a service key of its own.")
    area_mode = param.Boolean(False, doc="Whether dragging on the picture reads that area.")
    busy_area = param.Boolean(False, doc="Whether an area is being read.")
    aside = param.Integer(0, doc="How many receipts were put aside.")
    editing = param.Boolean(False, doc="Whether a cell of the table is open; its rows stay as they are meanwhile.")
    may_delete = param.Boolean(True, doc="Whether this person may delete receipts for good; a guest of a case may not.")
    steps = param.Tuple(("", ""), length=2, doc="Names of what undo and redo would do.")
    place = param.Selector(
        objects=["review", "sheets", "lists", "samples", "summary"],
        default="review",
        doc="Which part of the page is shown.",
    )

    added = param.ClassSelector(class_=tuple, default=(), doc="Hashes of the files that came in by this page.")
    front = param.Selector(
        objects=["list", "sheet"], default="list", doc="Table or receipt: what is in front where only one has room."
    )

    def __init__(self, case: Case, user: str = "", only: Iterable[str] | None = None, **params: Any) -> None:
        super().__init__(user=user or texts.NOBODY, **params)
        self.case = case
        self.jobs: CaseJobs = jobs_of(case)
        self._history = History()
        self.underway = ""
        self._later: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._text_of = Kept(self._read_text_of)
        self._overview = Overview((), self.jobs.facts)
        self._lines: tuple[Receipt, tuple[Line, ...]] | None = None
        self._shown_by: tuple[Filter | None, tuple[str, bool]] = (None, ("", False))
        self._held: Receipt | None = None  # as it was when its row came into hand: by that the row has its place
        self._key = ""
        self._told = self._unread = ""
        self.param.watch(self._let_row_go, "chosen")
        if only is not None:
            self.filter = Filter(ids=tuple(only))
        self._look()  # a case that cannot be read has no page
        self.tick()
        if self.rows:
            self.choose(self.rows[0].id)

    # what goes on

    def tick(self) -> None:
        """Takes in what has changed since: new readings, other people's words, answers, what ran aside."""
        while True:
            try:
                self._later.get_nowait()()
            except queue.Empty:
                break
        if (now := self.jobs.reading) != self.reading:
            self.reading = now
        self.asking = self.jobs.asking
        if self.jobs.problem != self._told:
            self._told = self.jobs.problem
            if self._told:
                self.notify("error", self._told)
        unread = ""
        try:
            self._look()
        except CaseError as error:  # what is on screen stays there, and is said to be old
            unread = str(error)
        if unread != self._unread:
            self._unread = unread
            if unread:
                self.notify("error", unread)

    def _look(self) -> None:
        receipts = self.case.receipts()
        if not _same(receipts, self.receipts):
            before, self.receipts = self.receipts, receipts
            if told := approvals.ended(self.case, self.user, before, receipts):
                self.notify("warning", told)
        self.aside = self.case.count_aside()

    def run_in_background(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], None],
        failed: Callable[[], None] | None = None,
        wake: Callable[[], object] | None = None,
    ) -> None:
        """Runs `work` in a thread and `then` with its result in a later tick.

        What goes wrong is said in words, and `failed` called, in a later tick too; `wake` asks for that tick now.
        """

        def run() -> None:
            try:
                result = work()
            except Exception as error:  # whatever it is, nobody may wait for it for ever
                text = str(error)
                if not isinstance(error, WorkbenchError):
                    log.exception("work aside of the page failed")
                    text = texts.UNEXPECTED.format(kind=type(error).__name__)
                self.tell_from_background(lambda: self.notify("error", text))
                if failed is not None:
                    self.tell_from_background(failed)
            else:
                self.tell_from_background(lambda: then(result))
            if wake is not None:
                wake()

        threading.Thread(target=run, name="session-aside", daemon=True).start()

    def tell_from_background(self, news: Callable[[], None]) -> None:
        """From any thread: has `news` called in the page's own turn, in the next tick."""
        self._later.put(news)

    def notify(self, kind: str, text: str) -> None:
        """Shows a word to the reviewer."""
        self.notice = Notice(kind, text)

    @param.depends("receipts", "filter", "sort", watch=True)
    def _show(self) -> None:
        found = filters.chosen(self.receipts, self.filter, self._text_of)
        solved = self.rows and not found and self.filter is self._shown_by[0]
        afresh = self._shown_by != (self.filter, self.sort)
        self._shown_by = self.filter, self.sort
        if solved and self.receipts and self.filter != self.filter.released:
            # A condition that nothing fulfils any more would leave an empty table, as if all were gone.
            self.notify("info", texts.FILTER_DONE)
            self.filter = self.filter.released
            return
        held = self._held if not afresh and self._held is not None and self._held.id == self.chosen else None
        rows = tuple(filters.in_place(self.receipts, found, held, self.sort))
        if not _same(rows, self.rows):
            self.rows = rows
        if held is None:
            self._held = self._row_in_hand()
        ids = self.overview.by_id
        if self.chosen not in ids:
            self.chosen = rows[0].id if rows else ""
        if any(name not in ids for name in self.marked):
            self.marked = tuple(name for name in self.marked if name in ids)

    def _row_in_hand(self) -> Receipt | None:
        return next((receipt for receipt in self.rows if receipt.id == self.chosen), None)

    def _let_row_go(self, *_: object) -> None:
        """The row that was in hand takes the place that it has by now, and the new one keeps its own."""
        left, self._held = self._held, self._row_in_hand()
        if left is not None and self.overview.by_id.get(left.id) is not left:
            self._show()

    def _read_text_of(self, receipt: Receipt) -> str:
        """All text on a receipt, as it is searched."""
        values = [field.value or "" for field in receipt.fields]
        bare = [value.replace("-", "") for value in values]
        won = [schema.render(f.name, f.value) for f in receipt.fields if f.name in schema.BY_NAME]
        lines = [line.text for line in self.case.lines_of(receipt.id)] if receipt.status != "waiting" else []
        return filters.searchable("\n".join([receipt.file, *values, *bare, *won, *lines]))

    @property
    def overview(self) -> Overview:
        """Of all receipts of the case, as this session knows them."""
        if self._overview.receipts is not self.receipts:
            self._overview = Overview(self.receipts, self.jobs.facts)
        return self._overview

    # the receipt in hand

    @property
    def receipt(self) -> Receipt | None:
        """The receipt on screen."""
        return self.overview.by_id.get(self.chosen)

    def lines(self) -> tuple[Line, ...]:
        """Every line read from the receipt on screen."""
        receipt = self.receipt
        if receipt is None or receipt.status == "waiting":
            return ()
        if self._lines is None or self._lines[0].id != receipt.id or self._lines[0].read_at != receipt.read_at:
            self._lines = (receipt, self.case.lines_of(receipt.id))
        return self._lines[1]

    def picks(self) -> tuple[str, ...]:
        """Candidate values for the field in hand, likeliest first."""
        receipt = self.receipt
        if receipt is None or not self.field:
            return ()
        offered = [value for name, value in self.case.offers(receipt.id) if name == self.field]
        return suggest.picks(receipt, self.field, self.lines(), offered)

    @property
    def hand(self) -> str:
        """What is in hand, in short: the receipt, the field with its value or the finding, and what is asked.

        A page sends it back with a key, so that nobody says yes to what came into hand while they pressed it.
        """
        receipt = self.receipt
        if receipt is None:
            return ""
        what = self.finding.message if self.finding is not None else f"{self.field} {receipt.value(self.field) or ''}"
        asked = self.question.text if self.question is not None else ""
        return hashlib.sha256(f"{receipt.id} {what} {asked}".encode()).hexdigest()[:12]

    def still_shows(self, receipt_id: str, hand: str = "") -> bool:
        """Whether a page that showed that receipt (and `hand`) when a key was pressed shows it still; tells if not."""
        if receipt_id == self.chosen and hand in ("", self.hand):
            return True
        self.notify("info", texts.JUST_CHANGED)
        return False

    def choose(self, receipt_id: str, field: str = "") -> None:
        """Puts a receipt on screen, with `field` in hand or the gravest of its problems."""
        receipt = self.overview.by_id.get(receipt_id)
        if receipt is None:
            return
        point = field or next(iter(filters.points(receipt)), self.field or "total")
        self._let_go()
        with param.parameterized.batch_call_watchers(self):
            if receipt_id != self.chosen:
                self.area_mode = False  # the next drag would read into a receipt that was not meant
            self.chosen, self.refusal, self.question = receipt_id, None, None
            self.machine = False
            self._take(point)

    def _let_go(self) -> None:
        """Says what was typed and is not kept, where its field is left: refused, or waiting for an answer."""
        question, refusal = self.question, self.refusal
        if question is not None and question.typed:
            self.notify("warning", texts.NOT_KEPT.format(text=question.typed, why=question.text.split("\n")[0]))
        elif refusal is not None and refusal.text.strip():
            where = next((f"{r.file} " for r in self.receipts if r.id == refusal.receipt), "")
            why = f"{where}{schema.spec(refusal.field).label}: {refusal.why}"
            self.notify("warning", texts.NOT_KEPT.format(text=refusal.text.strip(), why=why))

    def _take(self, point: str | Finding) -> None:
        self.finding = point if isinstance(point, Finding) else None
        if not isinstance(point, Finding):
            self.field = point

    def choose_field(self, field: str) -> None:
        """Takes another field of the receipt in hand."""
        schema.spec(field)
        if (self.field, self.finding) != (field, None):
            self._let_go()
        with param.parameterized.batch_call_watchers(self):
            self.field, self.finding, self.refusal, self.machine = field, None, None, False

    def choose_finding(self, place: int) -> None:
        """Takes the open finding of the whole paper at that place, from 0."""
        found = filters.papers(self.receipt) if self.receipt is not None else ()
        if 0 <= place < len(found):
            self.finding, self.refusal = found[place], None

    def move(self, by: int) -> None:
        """The next (1) or previous (-1) receipt of the table."""
        ids = [receipt.id for receipt in self.rows]
        if ids:
            place = ids.index(self.chosen) + by if self.chosen in ids else 0
            self.choose(ids[max(0, min(len(ids) - 1, place))])

    def move_field(self, by: int) -> None:
        """The next or previous field of the receipt in hand."""
        names = [spec.name for spec in schema.FIELDS]
        place = names.index(self.field) if self.field in names else 0
        self.choose_field(names[(place + by) % len(names)])

    def next_problem(self) -> bool:
        """The next problem of the receipt in hand, of a field or of the whole paper; False where none is left.

        A receipt without any stays in hand until it is approved; from one that needs nothing the next open one comes.
        """
        receipt = self.receipt
        self.front = "sheet"
        if receipt is not None and receipt.status in ("read", "changed", "failed"):
            return self._next_point(receipt)
        if self._next_receipt(self.chosen):
            return True
        self.notify("success", texts.NO_PROBLEM_LEFT)
        return False

    def _next_point(self, receipt: Receipt) -> bool:
        points = filters.points(receipt)
        here = self.finding or self.field
        if here in points:
            points = (*points[points.index(here) + 1 :], *points[: points.index(here)])
            if not points:
                self.notify("info", texts.LAST_PROBLEM)
                return False
        if not points:
            self.finding = None
            self.notify("success", texts.ALL_SEEN)
            return False
        with param.parameterized.batch_call_watchers(self):
            self.refusal = None
            self._take(points[0])
        return True

    def _next_receipt(self, after: str, order: tuple[str, ...] = ()) -> bool:
        """Chooses the next receipt to look at behind `after` in `order` (the table's by default), from its start on."""
        ids = order or tuple(receipt.id for receipt in self.rows)
        known = {receipt.id: receipt for receipt in self.rows}
        start = ids.index(after) + 1 if after in ids else 0
        for name in (*ids[start:], *ids[:start]):
            if name != after and name in known and filters.state_of(known[name]) in ("changed", "open", "failed"):
                self.choose(name)
                return True
        return False

    # what the reviewer says

    def correct(
        self, text: str | None, field: str = "", receipt_id: str = "", seen: str | None = None, box: Box | None = None
    ) -> bool:
        """Keeps what the reviewer says a field holds (None: back to the machine's reading); False when refused.

        `seen` is the text that stood there on screen, by default what this session shows; `box` where it was pointed
        at. Where another value holds by now, that is asked about first.
        """
        name, target = field or self.field, receipt_id or self.chosen
        try:
            receipt = self._seen(target, name, seen)
            self.did(spoken.correct(self.case, self.user, receipt, name, text, box))
        except WrongValue as error:
            if (target, name) != (self.chosen, self.field):  # typed there before another came into hand
                self.choose(target, name)
            self.refusal = Refusal(target, name, text or "", str(error))
            return False
        except Gone as error:
            self.notify("error", str(error))
            return False
        except Changed as error:
            self.tick()
            shown = self.case.receipt(target).field(name).value or ""  # the answer is for this value, no later one
            self._ask_about(error, lambda: self.correct(text, name, target, shown, box), text)
            return False
        except WorkbenchError as error:
            self.notify("error", str(error))
            return False
        self.refusal = None
        return True

    def _seen(self, receipt_id: str, name: str, text: str | None) -> Receipt:
        """The receipt as this session shows it, with what stood in the field on screen if that was another value."""
        receipt = self.overview.by_id.get(receipt_id) or self.case.receipt(receipt_id)
        field = receipt.field(name)
        if text is None or text.strip() in (field.value or "", schema.render(name, field.value)):
            return receipt
        return receipt.with_field(replace(field, read=schema.parse(name, text) or None, corrections=()))

    def _ask_about(self, error: Changed, go: Callable[[], object], text: str | None) -> None:
        """Shows who changed what meanwhile, and both values, and asks whether this word shall stand all the same."""
        self.tick()
        if text is None or not error.field:
            said, yes = str(error), texts.STILL_GO
        else:
            said = f"{error}\n" + texts.YOURS.format(value=text.strip() or texts.EMPTY)
            yes = texts.STILL_MINE.format(value=text.strip() or texts.EMPTY)
        if error.receipt != self.chosen:
            self.choose(error.receipt, error.field)
        self._ask(Question(error.receipt, said, yes, texts.LEAVE_IT, go, (text or "").strip()))

    def _ask(self, question: Question) -> None:
        """Puts a question in the place of the one before; what waited for its answer is told."""
        if self.question is not None:
            self._let_go()
        self.question = question

    def answer(self, yes: bool, hand: str = "") -> None:
        """Answers the question, if it was the one that stood there (`hand`); nothing is kept on no."""
        if self.question is not None and not self.still_shows(self.chosen, hand):
            return
        question, self.question = self.question, None
        if yes and question is not None:
            question.go()

    def _ask_no_more(self) -> None:
        """The question goes, as something else is done; what waited for its answer is told."""
        if self.question is not None:
            self._let_go()
            self.question = None

    def correct_from(self, line: str, box: Box | None = None, seen: str | None = None) -> bool:
        """Puts the value inside a line of the picture (that stands at `box`) into the field in hand; `seen` as in
        `correct`."""
        try:
            text = suggest.value_in(self.field, line)
        except WrongValue as error:
            self.refusal = Refusal(self.chosen, self.field, line, str(error))
            return False
        return self.correct(text, seen=seen, box=box)

    def accept(self, reason: str = "") -> bool:
        """Says that what is in hand is right: the field holds what it shows, or the finding may stand as it is."""
        receipt = self.receipt
        if receipt is None or receipt.status == "waiting":
            return False
        if self.finding is not None:
            return self.settle(reason)
        field = receipt.field(self.field)
        return True if field.corrected else self.correct(field.value or "", box=field.box)

    def settle(self, reason: str = "") -> bool:
        """Says that the finding in hand has been seen and may stand, perhaps with a reason."""
        receipt, finding = self.receipt, self.finding
        if receipt is None or finding is None:
            return False
        return (
            self._tried(lambda: self.did(spoken.settle(self.case, self.user, receipt, finding, reason)))
            and self._seen_to()
        )

    def same_purchase(self, keep: Receipt, aside: Receipt) -> None:
        """Both are one purchase: puts one aside, with the other in the journal; can be undone."""
        if self._tried(lambda: self.did(beside.put_aside(self.case, self.user, keep, aside))):
            self.choose(keep.id)
            self.notify("success", beside_texts.KEPT.format(file=aside.file))

    def belong(self, receipt: Receipt, finding: Finding, sale: Receipt) -> None:
        """The receipt takes back that sale."""
        if self._tried(lambda: self.did(beside.belong(self.case, self.user, receipt, finding, sale))):
            self._seen_to()
            self.notify("success", beside_texts.PAIRED.format(file=sale.file))

    def tell_apart(self, receipt: Receipt, finding: Finding, others: tuple[Receipt, ...]) -> None:
        """They are purchases of their own, although a finding holds them for one."""
        if self._tried(lambda: self.did(beside.tell_apart(self.case, self.user, receipt, finding, others))):
            self._seen_to()
            self.notify("success", beside_texts.APART)

    def _seen_to(self) -> bool:
        self.finding = None
        self.tick()
        return True

    def fill(self, name: str, text: str) -> None:
        """Fills a value into all marked receipts whose field is empty, in one step; values that stand there stay."""
        marked = set(self.marked)
        wanted = [receipt for receipt in self.receipts if receipt.id in marked]
        empty = tuple(receipt for receipt in wanted if not receipt.value(name))
        if not schema.spec(name).filled or not text.strip():
            return
        if empty and not self._tried(lambda: self.did(spoken.fill(self.case, self.user, empty, name, text))):
            return
        said = texts.FILLED.format(label=schema.spec(name).label, count=len(empty))
        if kept := len(wanted) - len(empty):
            said += texts.FILL_KEPT.format(count=kept)
        before = [receipt.id for receipt in empty if receipt.status == "approved"]
        reopened = sum(self.case.receipt(name).status != "approved" for name in before)
        if reopened:
            said += texts.FILL_REOPENED.format(count=reopened)
        self.notify("warning" if reopened else "success" if empty else "info", said)

    def take_back(self) -> None:
        """Puts the machine's reading back into the field in hand."""
        if (receipt := self.receipt) is not None and receipt.field(self.field).corrected:
            self.correct(None)

    def pick(self, number: int) -> bool:
        """Takes candidate `number` (from 1) for the field in hand."""
        found = self.picks()
        if not 0 < number <= len(found):
            return False
        return self.correct(found[number - 1], box=suggest.place_of(self.field, found[number - 1], self.lines()))

    def approve(self, receipt_id: str = "", revision: str = "", sure: Collection[str] = ()) -> None:
        """Approves the receipt in hand as it is shown, or takes an approval back; then the next open one comes.

        `receipt_id` and `revision` name what stood on screen, by default what this session shows. Errors that nobody
        has judged are asked about first, but for those of which somebody is `sure`; so is another's approval.
        """
        receipt = self.overview.by_id.get(receipt_id or self.chosen)
        if receipt is None:
            return
        second = receipt.status == "approved" and self.case.needs_second(receipt)
        if receipt.status == "confirmed" or (receipt.status == "approved" and not self._may_confirm(receipt, second)):
            self._ask_to_reopen(receipt)
            return
        grave = [f for f in receipt.open_findings if f.severity == "error" or f in receipt.unseen]
        errors = [f.message for f in grave]
        if not set(errors) <= set(sure):
            go = partial(self.approve, receipt.id, revision or receipt.revision, sure=tuple(errors))
            ask = texts.SINCE_OPEN if receipt.unseen else texts.ERRORS_OPEN
            said = "\n".join([ask.format(count=len(errors)), *errors])
            self._ask(Question(receipt.id, said, texts.APPROVE_ANYWAY, texts.CANCEL, go))
            return
        self._approve(receipt, revision or receipt.revision)

    def _ask_to_reopen(self, receipt: Receipt) -> None:
        """One's own approval is taken back at once, another's after a question: it may have been given a moment ago."""
        others = [approval.by for approval in receipt.approvals if approval.by != self.user]
        if not others:
            self._reopen(receipt)
            return
        said = texts.REOPEN_OTHERS.format(by=", ".join(others))
        self._ask(Question(receipt.id, said, texts.REOPENING, texts.LEAVE_IT, partial(self._reopen, receipt)))

    def _reopen(self, receipt: Receipt) -> None:
        if self._tried(lambda: self.did(spoken.reopen(self.case, self.user, receipt))):
            self.notify("info", texts.REOPENED.format(file=receipt.file))

    def _may_confirm(self, receipt: Receipt, second: bool) -> bool:
        return second and self.case.may_confirm(receipt, self.user)

    def _approve(self, receipt: Receipt, revision: str) -> None:
        order = tuple(r.id for r in self.rows)
        try:
            self.did(spoken.approve(self.case, self.user, receipt, revision))
        except Gone as error:
            self.notify("error", str(error))
            return
        except Changed as error:
            self.tick()
            now = self.case.receipt(receipt.id).revision  # the answer is for what the question shows, nothing later
            if now == revision:  # what came is an error, and an approval over one asks by itself
                self.approve(receipt.id, now)
                return
            self._ask_about(error, partial(self.approve, receipt.id, now), None)
            return
        except WorkbenchError as error:
            self.notify("error", str(error))
            return
        self._ask_no_more()
        if receipt.id == self.chosen and not self._next_receipt(receipt.id, order):
            self.finding = None
            self.notify("success", texts.NO_PROBLEM_LEFT)

    def approve_clean(self, seen: Mapping[str, str] | None = None) -> None:
        """Approves all shown that have nothing open, in one step, under a rule that the journal records.

        `seen` names those that a page showed, each with the revision that it showed; nothing else is approved.
        """
        meant = {r.id: r.revision for r in self.rows} if seen is None else dict(seen)

        def then(done: tuple[str, ...]) -> None:
            self.underway = ""
            if done:
                self.did(spoken.approve_together(self.case, self.user, done))
            self.notify("success", texts.CLEAN_APPROVED.format(count=len(done)))

        # Each word is flushed to the disk: hundreds of them would keep everybody's pages waiting.
        if not self._under_way():
            self.underway = texts.step(texts.APPROVING, f"{len(meant):,}건")
            self.run_in_background(lambda: self.case.approve_clean(self.user, meant), then, self._stayed)

    def _under_way(self) -> bool:
        """Whether an act on many receipts still goes on, which is told: what is pressed meanwhile is not done."""
        if self.underway:
            self.notify("info", texts.UNDER_WAY.format(what=self.underway))
        return bool(self.underway)

    def _stayed(self) -> None:
        self.underway = ""
        self.tick()
        self._steps_changed()

    def undo(self) -> None:
        """Takes the last step of this session back; one of many receipts beside the page's turn."""
        self._walk(self._history.undo, self._history.last_done, texts.UNDONE)

    def redo(self) -> None:
        """Does again what was undone; see `undo`."""
        self._walk(self._history.redo, self._history.last_undone, texts.REDONE)

    def _walk(self, way: Callable[[], Step | None], step: Step | None, said: str) -> None:
        self._ask_no_more()
        if self._under_way() or step is None:
            return

        def walked(_: object) -> None:
            self.underway = ""
            self.notify("info", said.format(what=step.what))
            self.tick()
            if step.receipt:
                self.choose(step.receipt, self.field)
            self._steps_changed()

        if not step.many:
            if self._tried(way):
                walked(None)
            else:
                self._steps_changed()
            return
        self.underway = step.what
        self.notify("info", texts.WALKING.format(what=step.what))
        self.run_in_background(way, walked, self._stayed)

    def did(self, step: Step) -> None:
        """Keeps a step that has just been done, so that it can be undone."""
        self._history.add(step)
        self._steps_changed()
        self.tick()

    def _steps_changed(self) -> None:
        steps = (self._history.last_done, self._history.last_undone)
        self.steps = tuple(step.what if step is not None else "" for step in steps)

    def _tried(self, work: Callable[[], object]) -> bool:
        try:
            work()
        except WorkbenchError as error:
            self.notify("error", str(error))
            return False
        return True

    # the pile

    def add(self, *files: tuple[str, bytes]) -> Added | None:
        """Takes uploads into the case; says what was known and what was refused, and why."""
        try:
            added = self.case.add(*files, by=self.user)
        except WorkbenchError as error:
            self.notify("error", str(error))
            return None
        self._came(added)
        self.tick()
        if added.new and not self.chosen:
            self.choose(added.new[0])
        return added

    def _came(self, added: Added) -> None:
        hashes = (name.split("-")[0] for name in (*added.new, *added.known))
        self.added = (*self.added, *(one for one in dict.fromkeys(hashes) if one not in self.added))

    def add_in_background(
        self,
        file: tuple[str, Path],
        then: Callable[[Added | None], None],
        wake: Callable[[], object] | None = None,
    ) -> None:
        """As `add`, of an upload that lies on the disk, beside the page's turn; `then` is told what became of it."""

        def added(found: Added) -> None:
            self._came(found)
            then(found)
            if found.new and not self.chosen:
                self.choose(found.new[0])

        self.run_in_background(lambda: self.case.add(file, by=self.user), added, lambda: then(None), wake)

    def read_waiting(self) -> None:
        """Starts reading what waits."""
        if not self.case.waits():
            self.notify("info", texts.NOTHING_WAITS)
        elif self._tried(lambda: self.jobs.start(service=self.service())):
            self.tick()

    def stop(self) -> None:
        """Ends the reading after the receipts in hand."""
        self.jobs.stop()
        self.tick()

    def read_again(self, ids: Iterable[str] = ()) -> None:
        """Reads the receipt in hand, or `ids`, once more; what people said stays."""
        wanted = tuple(ids) or (self.chosen,)
        if self._tried(lambda: self.case.read_again(wanted, by=self.user)):
            self.tick()
            self.read_waiting()

    def mark(self, receipt_id: str) -> None:
        """Marks a receipt, or unmarks it."""
        others = tuple(name for name in self.marked if name != receipt_id)
        self.marked = others if receipt_id in self.marked else (*self.marked, receipt_id)

    def mark_all(self) -> None:
        """Marks all rows shown, or none if they are marked already."""
        shown = tuple(receipt.id for receipt in self.rows)
        self.marked = () if set(shown) <= set(self.marked) else shown

    def show_column(self, name: str, shown: bool) -> None:
        """Shows a column of the table or hides it; the last one stays."""
        wanted = columns.in_order({*self.columns, name} if shown else set(self.columns) - {name})
        if wanted:
            self.columns = wanted

    def would_lose(self, ids: Iterable[str] | None = None) -> tuple[int, int]:
        """(receipts that would be cleared, receipts among them that people have corrected or approved)."""
        wanted = None if ids is None else set(ids)
        going = [r for r in self.receipts if wanted is None or r.id in wanted]
        return len(going), sum(r.spoken_of for r in going)

    def clear(self, ids: Iterable[str] | None = None) -> None:
        """Puts receipts aside (all by default); can be undone."""
        wanted = tuple(receipt.id for receipt in self.receipts) if ids is None else tuple(ids)
        if self.reading.running and ids is None:
            self.jobs.stop()
        moved = 0

        def move() -> None:
            nonlocal moved
            step, moved = spoken.put_aside(self.case, self.user, texts.clearing, wanted)
            if moved:
                self.did(step)
            self.tick()

        if wanted and self._tried(move):
            said = texts.CLEARED.format(count=moved) if moved else texts.CLEARED_ALREADY
            self.notify("success" if moved else "info", said)

    def restore(self, ids: Iterable[str]) -> None:
        """Brings receipts back that were put aside."""
        wanted = tuple(ids)
        if self._tried(lambda: self.case.restore(wanted, by=self.user)):
            self.tick()
            self.notify("success", texts.RESTORED.format(count=len(wanted)))

    def would_delete(self, ids: Iterable[str]) -> tuple[Receipt, ...]:
        """What deleting `ids` would delete: a file goes whole, with every receipt on it."""
        wanted = set(ids)
        files = {receipt.file_hash for receipt in self.receipts if receipt.id in wanted}
        return tuple(receipt for receipt in self.receipts if receipt.file_hash in files)

    def delete(self, ids: Iterable[str]) -> None:
        """Deletes receipts for good, with all that lies on their files; nothing brings them back."""
        wanted = tuple(ids)
        if not (wanted and self.may_delete):
            return

        def then(gone: tuple[str, ...]) -> None:
            self._history.forget(gone)
            self._steps_changed()
            self._lines = None
            self._text_of.forget(gone)
            self.jobs.forget(gone)
            event("receipts-deleted", count=len(gone))
            self.notify("success", texts.DELETED.format(count=len(gone)))

        self.run_in_background(lambda: self.case.delete(wanted, by=self.user), then)

    def filter_by(self, facet: str, value: str) -> None:
        """Shows only receipts that have `value` in a facet of the summary, beside what is asked for already."""
        wanted = self.filter.with_(**{facet: value})
        if not filters.chosen(self.receipts, wanted, self._text_of):  # nothing fulfils both: then this alone
            wanted = Filter(ids=self.filter.ids).with_(**{facet: value})
        self.filter = wanted
        self.place = "review"

    # the tax service

    def use_key(self, key: str) -> None:
        """A service key for this session only; it is kept in memory and nowhere else. "" goes back to the settings."""
        self._key = key.strip()
        self.own_key = bool(self._key)

    def service(self) -> TaxService | None:
        """The service asked with this session's key; None leaves it to the settings."""
        return NationalTaxService(self._key, self.case.settings.nts_url) if self._key else None

    def look_up(self, ids: Iterable[str] | None = None, failed: bool = False) -> None:
        """Asks the tax service for `ids`, or for all without an answer that holds; `failed`: for all that failed."""
        wanted = None if ids is None else tuple(ids)
        self.jobs.ask(wanted, retry=failed, service=self.service())
        self.asking = True

    def left_unasked(self) -> int:
        """How many numbers a run that ended early left unasked; 0 while one goes on, or where none was ever asked."""
        if self.reading.running or self.jobs.asking or not any(receipt.tax for receipt in self.receipts):
            return 0
        return self.overview.queries["new"]

    def tax_trouble(self) -> str:
        """Code of the failure that most queries ended with for want of key, network or service; "" when none did."""
        codes = [receipt.tax.code for receipt in self.receipts if isinstance(receipt.tax, TaxFailure)]
        codes = [code for code in codes if code in texts.TAX_TROUBLE]
        return max(set(codes), key=codes.count) if codes else ""

    # an area read afresh

    def read_area(self, box: Box) -> None:
        """Reads a rectangle of the picture afresh (px of the receipt's image) into the field in hand."""
        target, field, receipt = self.chosen, self.field, self.receipt
        if receipt is None or self.busy_area:
            return
        seen = receipt.value(field) or ""
        self.busy_area = True

        def then(text: str) -> None:
            self.busy_area = False
            if not text.strip():
                self.notify("warning", texts.AREA_EMPTY)
            elif (self.chosen, self.field) == (target, field):
                self.correct_from(text, box, seen)

        self.run_in_background(
            lambda: self.case.read_area(target, box), then, lambda: setattr(self, "busy_area", False)
        )


def _same(some: tuple[Receipt, ...], others: tuple[Receipt, ...]) -> bool:
    """Whether they are the same objects in the same order: a receipt that changed is another object."""
    return len(some) == len(others) and all(a is b for a, b in zip(some, others, strict=True))
