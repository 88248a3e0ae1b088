"""One audit case on disk: its files, receipts and corrections; the Python API."""

import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Unpack

import pandas as pd
from tqdm.auto import tqdm

from workbench.domain import schema
from workbench.domain.errors import CaseError, Changed, FileRefused, Gone, NotAllowed, NotAsked
from workbench.domain.model import Box, Finding, Line, Reading, Receipt, TaxFailure, TaxRecord
from workbench.domain.money import won_of
from workbench.pipeline.analysis import tables
from workbench.pipeline.analysis.compare import compare
from workbench.pipeline.analysis.frame import frame
from workbench.pipeline.analysis.selection import Choice, chosen, names_for
from workbench.pipeline.analysis.summary import summary_html
from workbench.pipeline.export import writers
from workbench.pipeline.export.inquiry_letter import write_letter, write_missing
from workbench.pipeline.export.ledger_tables import reconciled_tables, sample_table
from workbench.pipeline.export.papers import About, Options, Progress, now
from workbench.pipeline.imaging import confined
from workbench.pipeline.imaging.file_type import Limits
from workbench.pipeline.jobs.batch import Batch, Outcome
from workbench.pipeline.jobs.local import ReadingQueue
from workbench.pipeline.jobs.run import Run
from workbench.pipeline.ledger.books import Books
from workbench.pipeline.ledger.exchange import RateTable
from workbench.pipeline.ledger.inquiries import due_text, in_korean, of_receipt, table
from workbench.pipeline.ledger.links import RowKey
from workbench.pipeline.ledger.readers import Source
from workbench.pipeline.ledger.reconcile import Match, match
from workbench.pipeline.ledger.sampling import Drawing, Sample, SampleResult
from workbench.pipeline.ledger.statements import Statement
from workbench.pipeline.ledger.vendors import VendorList
from workbench.pipeline.ocr.engine import EngineSpec
from workbench.pipeline.reading.reading_cache import cached_readings
from workbench.pipeline.reading.started_workers import opinion_of, queue_of, spec_of, warm, warm_all
from workbench.pipeline.reading.worker import PageReading, draw_full, draw_preview, extract_again, read_area, read_page
from workbench.pipeline.storage import pictures
from workbench.pipeline.storage.atomic import whole
from workbench.pipeline.storage.complaints import is_full
from workbench.pipeline.storage.containers import unpacked
from workbench.pipeline.storage.database import NAME as DATABASE
from workbench.pipeline.storage.intake import Given, size_of, sweep, taken_in, tidy, walk
from workbench.pipeline.storage.journal import Entry, Word
from workbench.pipeline.storage.journal_file import journal_lines
from workbench.pipeline.storage.spoken import Unless
from workbench.pipeline.storage.sqlite import Store
from workbench.pipeline.storage.verification import verify, vouched_since
from workbench.pipeline.tax.service import NationalTaxService, TaxService, is_fresh, look_up_batches
from workbench.pipeline.validation.judged import Judged
from workbench.pipeline.validation.known import as_kept, bound, marks, unseen
from workbench.pipeline.validation.policy import Policy
from workbench.settings import Settings, system_user

RULE_OF_CLEAN = "오류와 주의가 하나도 없는, 읽은 영수증을 승인한다"
"""What `approve_clean` approves, as the journal records it."""
FOUR_EYES = "four-eyes"
ANY = "\0any"
"""For `correct`: whatever the field holds."""


@dataclass(frozen=True, slots=True)
class Added:
    """What `Case.add` did: ids of new receipts, ids known already, and (name, why) of what was refused."""

    new: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        refused = "".join(f"\n  {name}: {why}" for name, why in self.refused)
        return f"새 영수증 {len(self.new):,}, 이미 있음 {len(self.known):,}, 넣지 못함 {len(self.refused):,}{refused}"


class Case:
    """A folder with `case.sqlite`, `files/` and `pictures/`; may be open in several threads and processes at once."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder, self.settings = folder, settings
        self.check_room: Callable[[int], None] = lambda _: None
        """Raises FileRefused where that many bytes more would be too much; a server sets it to its owner's limit."""
        self.owner = ""
        """Whose turns in the reading queue this case takes; "" its own. A server sets it to the key of a person."""
        self.user = system_user()
        """Who acts where `by` is not given."""
        self.store = Store(folder)
        """The tables and the journal, below all verbs."""
        # Whoever took in or deleted was killed before all of it was done.
        self.store.unlink([*sweep(folder), *self.store.left_of_erased()])
        self.books = Books(self.store)
        """Statements, vendors and samples; the verbs below speak of them."""
        self._judged = Judged(self.store, self.books.standing)
        self._lock = threading.RLock()
        self._asking = threading.Lock()
        self._run: Run | None = None
        self.refresh()

    @classmethod
    def open(cls, folder: str | Path, settings: Settings | None = None) -> "Case":
        """The case in `folder`, made if there is none; CaseError says what stands in the way."""
        return cls(Path(folder).expanduser(), settings or Settings.read())

    def close(self) -> None:
        """Releases the case's database."""
        self.store.close()

    def is_replaced(self) -> bool:
        """Whether another case lies in the folder by now, as after a restoration: this one is to be opened anew."""
        try:
            self.store.refuse_replaced()
        except CaseError:
            return (self.folder / DATABASE).is_file()
        return False

    def __repr__(self) -> str:
        return f"Case({str(self.folder)!r}, {len(self._judged)} receipts)"

    def _repr_html_(self) -> str:
        return summary_html(self.folder.resolve().name, self.receipts())

    # what is in it

    def refresh(self) -> bool:
        """Takes in what other threads and processes changed; whether there was anything."""
        return self._judged.refresh()

    def receipts(self) -> tuple[Receipt, ...]:
        """All receipts in the order they were added, judged as of now; an unchanged one is the same object again."""
        return self._judged.receipts()

    def receipt(self, receipt_id: str) -> Receipt:
        """The receipt of that id; CaseError if there is none."""
        return self._judged.receipt(receipt_id)

    def lines_of(self, receipt_id: str) -> tuple[Line, ...]:
        """Every line read from a receipt."""
        return self.store.lines(receipt_id)

    def file_of(self, receipt_id: str) -> Path:
        """Where the unchanged original lies, named by its SHA-256."""
        return self.store.path_of(receipt_id)

    def picture_of(self, receipt_id: str) -> bytes:
        """The receipt as the engine saw it, a JPEG for the screen; decoded in a worker, kept in `pictures/`.

        One that lies there and is not what was drawn is drawn anew from the original.
        """
        if (kept := self.store.picture(receipt_id)) is not None:
            return kept
        receipt = self.receipt(receipt_id)
        task = partial(draw_preview, page=receipt.page, geometry=receipt.geometry, limits=self._limits())
        picture: bytes = self._one_task("picture", task, str(self.file_of(receipt_id)))
        with suppress(CaseError):  # another writes at this moment: it is drawn again the next time
            self.store.put_picture(receipt_id, picture)
            self.keep_picture(receipt_id, picture)
        return picture

    def full_picture_of(self, receipt_id: str) -> bytes:
        """The receipt as the engine saw it, each pixel, a JPEG; decoded in a worker, kept nowhere."""
        receipt = self.receipt(receipt_id)
        task = partial(draw_full, page=receipt.page, geometry=receipt.geometry, limits=self._limits())
        picture: bytes = self._one_task("picture", task, str(self.file_of(receipt_id)))
        return picture

    def frame(self) -> pd.DataFrame:
        """One row per receipt; columns and dtypes as in the README."""
        self._finish()
        return frame(self.receipts())

    def items(self) -> pd.DataFrame:
        """One row per printed row of goods; see `analysis.tables.items`."""
        self._finish()
        return tables.items(self.receipts())

    def lines(self, ids: Iterable[str] | None = None) -> pd.DataFrame:
        """One row per text line with its box, of all receipts or those of `ids`; see `analysis.tables.lines`."""
        self._finish()
        wanted = [r.id for r in self.receipts()] if ids is None else ids
        return tables.lines((name, self.lines_of(name)) for name in wanted)

    def findings(self) -> pd.DataFrame:
        """One row per finding; see `analysis.tables.findings`."""
        self._finish()
        return tables.findings(self.receipts())

    def corrections(self) -> pd.DataFrame:
        """Everything people said of this case as a table, oldest first; see `analysis.tables.corrections`."""
        return tables.corrections(self.journal(), {r.id: r for r in self.receipts()})

    def choose(self, which: Choice = None) -> list[str]:
        """Ids of the receipts meant: a query ("total > @limit"), a DataFrame, a mask, or ids; None is all."""
        return chosen(self.frame(), which, names_for(which, sys._getframe(1)))

    def match(self, ledger: pd.DataFrame, *, days: int = 3, minutes: int = 5, **columns: str | None) -> Match:
        """Joins receipts to a card statement or ledger, one to one; see `ledger.reconcile.match`."""
        ours = self.frame().assign(kind=[receipt.kind for receipt in self.receipts()])
        return match(ours, ledger, days=days, minutes=minutes, **columns)

    # the auditor's other lists

    def add_statement(
        self, source: Source, kind: str | None = None, columns: dict[str, str | None] | None = None,
        by: str | None = None,
    ) -> Statement:  # fmt: skip
        """Takes in a list of a card company, a bank or 홈택스 (.xlsx, .xls, .csv); what was understood, in words.

        `columns` names its columns by kind (`ledger.columns.WORDS`) where they are not found by themselves; `kind`
        "vendors" is refused with a word. FileRefused or CaseError says why a file cannot be matched.
        """
        if kind == "vendors":
            raise CaseError("거래처 목록은 add_vendors로 넣어 주세요.")
        return self.books.add_statement(source, columns, by or self.user)

    def add_vendors(self, source: Source, by: str | None = None) -> VendorList:
        """Takes in a vendor master (거래처): business numbers and names."""
        return self.books.add_vendors(source, by or self.user)

    def add_rates(self, source: Source, by: str | None = None) -> RateTable:
        """Takes in a table of exchange rates (CSV or Excel: date, currency, rate): foreign totals are proposed in won.

        A won total that is printed or entered stays; one that is reckoned says so (계산값) with its rate.
        """
        return self.books.add_rates(source, by or self.user)

    def reconcile(self) -> Match:
        """How receipts and statements stand to each other; what could as well be otherwise is left open."""
        ours = self.frame()
        return self.books.reconciled(ours)

    def pair(self, receipt_id: str, *rows: RowKey, by: str | None = None, reason: str = "") -> None:
        """Says that a receipt belongs to rows of statements (list, row); one row may belong to several receipts."""
        self.receipts()
        self.books.pair(receipt_id, rows, "pair", by or self.user, reason)

    def unpair(self, receipt_id: str, *rows: RowKey, by: str | None = None, reason: str = "") -> None:
        """Says that a receipt does not belong to rows; they are never paired by themselves again."""
        self.receipts()
        self.books.pair(receipt_id, rows, "unpair", by or self.user, reason)

    def offers(self, receipt_id: str) -> tuple[tuple[str, str], ...]:
        """(field, value) that statements, vendor lists and approved receipts offer for a receipt, the surest first."""
        return self.books.standing.offers(receipt_id)

    def missing_receipts(self, path: str | Path | None = None) -> pd.DataFrame:
        """Statement rows for which a receipt is owed and none is there; written to `path` (.xlsx) where it is given."""
        self.receipts()
        rows = self.books.missing()
        if path is not None:
            write_missing(in_korean(rows), Path(path))
        return rows

    def inquire(
        self, path: str | Path, questions: dict[str, str] | None = None, due: str | None = None, by: str | None = None
    ) -> pd.DataFrame:  # fmt: skip
        """Writes a 소명 요청 file: every missing receipt, and `questions` (receipt id -> what to ask); all asked."""
        name = by or self.user
        self.receipts()
        self.books.ask_for_missing(due, name)
        about = [self.receipt(receipt_id) for receipt_id in questions or {}]
        self.books.ask([of_receipt(r, (questions or {})[r.id], due_text(due)) for r in about], name)
        asked = table([one for one in self.books.inquiries().values() if one.state != "종결"])
        write_letter(asked, Path(path), self.folder.resolve().name, name)
        return asked

    def close_inquiry(self, key: str, by: str | None = None) -> None:
        """Says that a question (`열쇠` of `inquiries`) is settled: 종결."""
        self.books.close_inquiry(key, by or self.user)

    def take_answers(self, source: Source, by: str | None = None) -> tuple[int, list[str]]:
        """Takes the answers of a filled-in 소명 요청 file; how many are new, and what could not be understood."""
        return self.books.take_answers(source, by or self.user)

    def inquiries(self) -> pd.DataFrame:
        """Every question of this case with its answer and how it stands."""
        return table(self.books.inquiries().values())

    def policy(self, source: Source | None = None, by: str | None = None) -> Policy | None:
        """The company's rules that hold for this case, or those of `source` from now on.

        `source` is a TOML or Excel file, or "default" for the rules that come with the program. None tells what holds.
        """
        if source is None:
            return self.books.rules.held()
        return self.books.rules.put(source, by or self.user)

    def drop_policy(self, by: str | None = None) -> None:
        """Asks for no rules any more."""
        self.books.rules.put(None, by or self.user)

    def sample(
        self, size: int | None = None, tolerable: float = 0.05, confidence: float = 0.95, *, which: Choice = None,
        by: str | None = None, **drawing: Unpack[Drawing],
    ) -> Sample:  # fmt: skip
        """Draws receipts (of `which`, as in `choose`) to be checked blind; the same `seed` (0) draws the same again.

        `method` "attribute" counts receipts, "money" won. Without `size`, as many as zero errors ask for.
        """
        ids = set(self.choose(which))
        drawn_from = [r for r in self.receipts() if r.id in ids and r.status not in ("waiting", "failed")]
        meaning = "전체" if which is None else "고른 영수증"
        return self.books.samples.draw(
            drawn_from, meaning, by or self.user, size=size, tolerable=tolerable, confidence=confidence, **drawing
        )

    def check_sampled(
        self, receipt_id: str, read: dict[str, str], sample: int | None = None, by: str | None = None
    ) -> None:
        """Keeps what a person read off a sampled receipt's picture, the machine's values unseen; "" for none there.

        Where two persons are asked for, whoever corrected or approved the receipt may not check it.
        """
        receipt = self.receipt(receipt_id)
        worked = {entry.by for entry in self.entries(receipt_id) if entry.action in ("correct", "approve", "confirm")}
        barred = frozenset(worked) if self.needs_second(receipt) else frozenset()
        number = sample if sample is not None else max(self.books.samples.all(), default=0)
        self.books.samples.check(number, receipt_id, read, by or self.user, barred)

    def sample_result(self, sample: int | None = None) -> SampleResult:
        """What the checks of a sample (the last, if none is named) say of all receipts it was drawn from."""
        return self.books.samples.result(self.receipts(), sample)

    def compare(self, before: "Case | Iterable[Receipt]") -> pd.DataFrame:
        """What the machine reads otherwise than in an earlier reading: another case, or `receipts()` kept from then.

        Human values are shown beside it and stay as they are; see `analysis.compare.compare`.
        """
        self._finish()
        return compare(before.receipts() if isinstance(before, Case) else before, self.receipts())

    # on screen, below a cell

    def review(self, which: Choice = None, *, by: str = "") -> Any:
        """Opens the workbench below the cell on the receipts meant (as in `choose`); corrections go into this case.

        `by` is who corrects, by default the notebook's user.
        """
        from workbench.notebook import review

        return review(self, chosen(self.frame(), which, names_for(which, sys._getframe(1))), by)

    def show(self, receipt_id: str, *fields: str, zoom: bool = False) -> Any:
        """The receipt's picture with the boxes of those fields (all by default), a HoloViews overlay for a report.

        `zoom` shows only what is around the boxes.
        """
        from workbench.notebook import picture

        return picture(self, receipt_id, fields, zoom=zoom)

    # adding and reading

    def add(self, *sources: str | Path | tuple[str, bytes | Path], by: str | None = None) -> Added:
        """Takes in files, folders (with all below), or uploads as (name, bytes); nothing that is known comes twice.

        A ZIP and a mail (.eml) come in as the files they hold.
        """
        new: dict[str, None] = {}
        known: dict[str, None] = {}
        refused: list[tuple[str, str]] = []
        given = list(walk(sources))
        quiet = any(isinstance(source, tuple) for source in sources) or None  # a page shows uploads by itself
        for name, source in tqdm(given, "넣기", unit="개", delay=1, leave=False, disable=quiet):
            for inner, held in unpacked(name, source, self._limits()):
                try:
                    ids, fresh = self._add_one(tidy(inner), held, by or self.user)
                except FileRefused as error:
                    refused.append((tidy(inner), str(error)))
                    continue
                (new if fresh else known).update(dict.fromkeys(ids))
        self.refresh()
        return Added(tuple(new), tuple(i for i in known if i not in new), tuple(refused))

    def _add_one(self, name: str, source: Given, by: str) -> tuple[list[str], bool]:
        if self.store.file_count() >= self.settings.max_files:
            most = f"{self.settings.max_files:,}"
            raise FileRefused(f"한 사건에는 파일을 {most}개까지 넣을 수 있습니다. 새 사건을 만들어 주세요.")
        self.check_room(size_of(source))
        with taken_in(source, self.folder / "files", self._limits()) as taken:
            try:
                return self.store.take(taken, name, by)
            except CaseError:
                self.store.unlink([taken.place])
                raise

    def read(self, jobs: int | None = None, ids: Iterable[str] | None = None) -> Run:
        """Reads waiting receipts (or those of `ids` among them) in the background; see `Run`.

        Iterate for receipts as they come; a reading that nobody looks at is waited for by `frame` and `export`.
        """
        with self._lock:
            if self._run is not None and self._run.running:
                return self._run
            wanted = None if ids is None else set(ids)
            tasks = [task for task in self.store.waiting() if wanted is None or task[0] in wanted]
            ours = self._queue(jobs)
            batch = self._batch(ours)
            spec = self._spec(ours.jobs)
            known = self._known(tasks, spec)
            if len(known) < len(tasks):
                ours.check(partial(warm, spec))
            for name, path, page in tasks:
                if name in known:
                    batch.tell(name, tuple(PageReading(reading, b"") for reading in known[name]))
                    continue
                batch.put(name, partial(read_page, page=page, spec=spec, limits=self._limits()), str(path))
            self._run = Run(batch, len(tasks), self._keep)
            return self._run

    def _known(self, tasks: list[tuple[str, Path, int]], spec: EngineSpec) -> dict[str, tuple[Reading, ...]]:
        """Of pages never read here, those that another case of this owner holds as read by the same engine."""
        fresh = self.store.never_read()
        names = {(path.stem, page): name for name, path, page in tasks if name in fresh}
        found = cached_readings(self.folder, names, spec.label()) if names else ()
        return {names[page]: readings for page, readings in found}

    @property
    def run(self) -> Run | None:
        """The last reading that `read` started in this process, going on or ended; None before the first."""
        return self._run

    def waits(self) -> bool:
        """Whether any page waits to be read."""
        return bool(self.store.waiting())

    def read_again(self, ids: Iterable[str], by: str | None = None) -> None:
        """Puts receipts back to waiting; what people said stays."""
        self.store.wait_again({_first_region(i) for i in ids}, by or self.user)
        self.refresh()

    def extract_again(self, by: str | None = None) -> int:
        """Applies today's rules to the stored lines, without any OCR; how many receipts changed."""
        changed = {}
        for receipt in self.receipts():
            reading = self.store.reading(receipt.id)
            if reading is not None and (fresh := extract_again(reading)) != reading:
                changed[receipt.id] = reading, fresh
        done = self.store.put_extraction(changed, by or self.user)
        self.refresh()
        return len(done)

    def read_area(self, receipt_id: str, area: Box) -> str:
        """The text inside a rectangle of the receipt's image (px), read afresh in a worker."""
        receipt = self.receipt(receipt_id)
        box = (area.left, area.top, area.right, area.bottom)
        spec = self._spec(self._queue(None).jobs)
        task = partial(
            read_area, page=receipt.page, geometry=receipt.geometry, area=box, spec=spec, limits=self._limits()
        )
        lines = self._one_task("area", task, str(self.file_of(receipt_id)))
        assert isinstance(lines, tuple)  # noqa: S101  # what read_area returns, through the untyped queue
        return " ".join(line.text for line in lines)

    def warm(self) -> None:
        """Starts the workers and loads their engines, and the child that opens files here, without waiting for it."""
        confined.start()
        ours = self._queue(None)
        warm_all(self._batch(ours, "warm"), self._spec(ours.jobs), ours.jobs)

    def _keep(self, outcome: Outcome) -> tuple[Receipt, ...]:
        """Stores what a worker brought (in the parent, which alone changes the case) and returns the receipts."""
        if outcome.error:
            self.store.put_failure(outcome.key, outcome.error)
            ids = [outcome.key]
        else:
            drawn = [page.picture or self._copied(outcome.key, n) for n, page in enumerate(outcome.value, start=1)]
            ids = self.store.put_page(outcome.key, tuple(page.reading for page in outcome.value), pictures=drawn)
            for name, page in zip(ids, outcome.value, strict=False):
                if page.picture:
                    self.keep_picture(name, page.picture)
        return self._judged.known(ids)

    # asking the tax service

    def look_up_tax(
        self, ids: Iterable[str] | None = None, *, retry: bool = False, service: TaxService | None = None
    ) -> dict[str, TaxRecord | TaxFailure]:
        """Asks the tax service for numbers that have no fresh answer, each once; what was answered, by number.

        `retry` asks only those whose query failed, `ids` only those of these receipts. Never raises for the service's
        sake: a failure is kept in its row, beside an older answer if there is one.
        """
        self._finish()
        chosen = None if ids is None else set(ids)
        numbers = dict.fromkeys(
            number
            for receipt in self.receipts()
            if (chosen is None or receipt.id in chosen) and (number := receipt.value("business_number"))
        )
        service = service or NationalTaxService(self.settings.nts_key, self.settings.nts_url)
        answers: dict[str, TaxRecord | TaxFailure] = {}
        with self._asking:  # who comes second finds the answers of the first
            self.refresh()
            wanted = [number for number in numbers if self._is_open(number, service, retry)]
            for batch in look_up_batches(service, wanted):
                self.store.put_tax(batch)
                answers |= batch
                self.refresh()
        return answers

    def _is_open(self, number: str, service: TaxService, retry: bool) -> bool:
        record, failure = self._judged.tax(number)
        if record is not None and is_fresh(record, service, datetime.now(UTC)):
            return False
        if failure is None:
            return not retry
        return failure.code != NotAsked.code  # a number that cannot be stays so until it is corrected

    # what people say

    def correct(
        self, receipt_id: str, field: str, value: str | None, by: str | None = None, *,
        expected: str | None = ANY, box: Box | None = None,
    ) -> Receipt:  # fmt: skip
        """Keeps what a person says a field holds ("" for nothing there, None takes earlier words back).

        Raises WrongValue if `value` is no value of that field, and Changed, keeping nothing, if it does not hold
        `expected` (the value that the person saw; None or "" for nothing). The machine's reading stays beside it;
        `box` is where the value was pointed at.
        """
        canonical = None if value is None else schema.parse(field, str(value))
        seen = None if expected is ANY else schema.parse(field, str(expected or ""))
        detail = {"box": [box.left, box.top, box.right, box.bottom]} if box is not None else None
        word = Word("correct", by or self.user, receipt_id, field, canonical, detail=detail)
        self.append(word, Unless(value=seen))
        return self._spoken_of(receipt_id)

    def approve(
        self, receipt_id: str, by: str | None = None, revision: str | None = None, *,
        known: Iterable[Finding] | None = None,
    ) -> Receipt:  # fmt: skip
        """Says that a receipt is right as it stands; of another's approval, as the second of two, confirms it.

        Raises Changed if it does not stand at `revision` (`Receipt.revision` of what the person saw) any more or is
        contradicted by what `known` (the findings that the person saw) lacks, and NotAllowed where `four_eyes` asks for
        a second person and this one has approved or corrected it. An error that comes later ends the approval.
        """
        name, receipt, action = by or self.user, self.receipt(receipt_id), "approve"
        if receipt.status == "waiting":
            raise CaseError("아직 읽지 않은 영수증은 승인할 수 없습니다. 먼저 읽어 주세요.")
        if receipt.status in ("approved", "confirmed") and revision in (None, receipt.revision):
            if receipt.status == "approved" and self.may_confirm(receipt, name):
                action = "confirm"
            elif receipt.status == "approved" and self.needs_second(receipt):
                raise NotAllowed(
                    f"{receipt.file}: 두 사람이 확인해야 합니다. 고치거나 먼저 승인한 사람은 다시 승인할 수 없습니다."
                )
            else:
                return receipt
        seen = marks(receipt.findings if known is None else known)
        if news := unseen(receipt, seen):
            raise _news_of(receipt, news)
        unless = Unless(revision=revision or receipt.revision)
        self.append(Word(action, name, receipt_id, detail={"known": seen}), unless)
        return self._spoken_of(receipt_id)

    def reopen(
        self, receipt_id: str, by: str | None = None, *, since: int | None = None, givers: Iterable[str] | None = None,
        own: bool = False,
    ) -> Receipt:  # fmt: skip
        """Takes all approvals back, or one's `own` alone; Changed if somebody else has spoken of the receipt since
        entry `since`, or approved it who is none of `givers` (those whose approvals the person saw)."""
        seen = Unless(seq=since, givers=None if givers is None else tuple(givers))
        self.append(Word("reopen", by or self.user, receipt_id, detail={"own": True} if own else None), seen)
        return self._spoken_of(receipt_id)

    def settle(self, receipt_id: str, finding: Finding, by: str | None = None, reason: str = "") -> Receipt:
        """Says that a person has seen a finding and lets it stand; it counts as open no more while it says the same."""
        detail = {"message": finding.message, "reason": reason.strip()}
        self.append(Word("settle", by or self.user, receipt_id, value=finding.code, detail=detail))
        return self._spoken_of(receipt_id)

    def unsettle(
        self, receipt_id: str, finding: Finding, by: str | None = None, *, since: int | None = None
    ) -> Receipt:
        """The finding is open again; Changed if somebody else has spoken of the receipt since entry `since`."""
        word = Word("unsettle", by or self.user, receipt_id, value=finding.code, detail={"message": finding.message})
        self.append(word, Unless(seq=since))
        return self._spoken_of(receipt_id)

    def approve_clean(
        self, by: str | None = None, ids: Iterable[str] | Mapping[str, str] | None = None
    ) -> tuple[str, ...]:
        """Approves every read receipt (of `ids`) without an open error or warning; ids of those approved.

        Where `ids` names the revisions that a person saw, those that stand at another by now are left out.
        The rule and how many it chose are one entry of the journal, each approval another that names it.
        """
        wanted = None if ids is None else set(ids)
        seen = ids if isinstance(ids, Mapping) else {}
        clean = [
            r for r in self.receipts()
            if r.status == "read" and r.fields and not r.open_findings and (wanted is None or r.id in wanted)
            and seen.get(r.id, r.revision) == r.revision
        ]  # fmt: skip
        if not clean:
            return ()
        name = by or self.user
        rule = self.store.note(Word("approve-clean", name, value=RULE_OF_CLEAN, detail={"count": len(clean)}))
        words = [
            (
                Word("approve", name, r.id, detail={"rule": rule, **bound(r)}),
                as_kept(Unless(revision=r.revision), r),
            )
            for r in clean
        ]
        # Somebody spoke of one at this very moment: it stays for them to look at.
        kept = self.store.append_all(words)
        return tuple(r.id for r, entry in zip(clean, kept, strict=True) if not isinstance(entry, Changed))

    def approve_again(self, seen: Iterable[Receipt], by: str | None = None) -> list[int | Changed]:
        """Approves many as they were seen, in one go; for each the number of the entry, or why it was not kept."""
        name, words = by or self.user, []
        refused: dict[str, Changed] = {}
        for one in seen:
            known, now = marks(one.findings), one
            try:
                now = self.receipt(one.id)
            except Gone as error:
                refused[one.id] = error
            unless = as_kept(Unless(revision=one.revision), now)
            words.append((Word("approve", name, one.id, detail=bound(now, known)), unless))
            if one.id in refused:
                continue
            if now.status in ("approved", "confirmed"):
                refused[one.id] = Changed(f"{one.file}: 그 사이 다른 사람이 승인했습니다.", receipt=one.id)
            elif news := unseen(now, known):
                refused[one.id] = _news_of(one, news)
        kept = iter(self.store.append_all(said for said in words if said[0].receipt not in refused))
        return [refused.get(word.receipt) or next(kept) for word, _ in words]

    def reopen_all(self, since: Mapping[str, int], by: str | None = None) -> list[int | Changed]:
        """As `reopen`, of many in one go: by receipt the last entry that is known of it. For each the number of the
        entry, or why it was not kept."""
        name = by or self.user
        return self.store.append_all((Word("reopen", name, one), Unless(seq=seq)) for one, seq in since.items())

    def append(self, word: Word, unless: Unless | None = None) -> int:
        """Writes a person's word of a receipt to the journal; the number of its entry. See the verbs above.

        An approval that does not say what is `known` takes it that all is that holds now.
        """
        shown = self._spoken_of(word.receipt)
        if word.action in ("approve", "confirm"):
            word = replace(word, detail={**bound(shown), **(word.detail or {})})
        return self.store.append(word, as_kept(unless, shown, word.field))

    def _spoken_of(self, receipt_id: str) -> Receipt:
        """The receipt that a word was just kept of, wherever it is: what is said of one that was put aside counts."""
        with suppress(Gone):
            return self.receipt(receipt_id)
        return self.store.some([receipt_id])[0]

    # two persons

    @property
    def four_eyes(self) -> int | None:
        """From which total (won) on a second person has to approve, 0 for always; None where nobody has to."""
        kept = self.store.setting(FOUR_EYES)
        return int(kept) if kept is not None else None

    def set_four_eyes(self, above: int | None, by: str | None = None) -> None:
        """Sets it for everybody who works on this case."""
        self.store.put_setting(FOUR_EYES, None if above is None else str(int(above)), by or self.user)

    def needs_second(self, receipt: Receipt) -> bool:
        """Whether one approval is not enough for this receipt; a total that nobody knows may be above any amount."""
        above = self.four_eyes
        total = won_of(receipt, "total")
        return above is not None and (above == 0 or total is None or abs(total) >= above)

    def may_confirm(self, receipt: Receipt, name: str) -> bool:
        """Whether that person may give the second approval: neither the first one's nor a corrector's."""
        spoke = {entry.by for entry in self.store.history(receipt.id) if entry.action == "correct"}
        return name not in spoke | {approval.by for approval in receipt.approvals}

    # putting aside and deleting

    def clear(self, ids: Iterable[str] | None = None, by: str | None = None, *, same_as: str = "") -> tuple[str, ...]:
        """Puts receipts aside (all by default); ids of those that went, to `restore` them. Nothing is deleted.

        `same_as` is the receipt of the same purchase that stays; the journal keeps it.
        """
        wanted = tuple(r.id for r in self.receipts()) if ids is None else tuple(ids)
        gone = self.store.hide(wanted, by=by or self.user, same_as=same_as)
        self.refresh()
        return tuple(gone)

    def put_aside(self) -> tuple[Receipt, ...]:
        """The receipts that were put aside, as they were; `restore` brings them back."""
        return tuple(self.store.some(self._judged.put_aside()))

    def count_aside(self) -> int:
        """How many receipts were put aside."""
        return len(self._judged.put_aside())

    def restore(self, ids: Iterable[str], by: str | None = None) -> None:
        """Brings receipts back that were put aside, as they were."""
        self.store.hide(ids, hidden=False, by=by or self.user)
        self.refresh()

    def delete(self, ids: Iterable[str], by: str | None = None) -> tuple[str, ...]:
        """Deletes receipts for good: original, readings, picture, words; ids that went, since one file goes whole.

        Nothing brings them back. The file added again is new. The journal keeps that they were there, and who deleted
        them.
        """
        gone, originals = self._erased(tuple(ids), by or self.user)
        self.store.unlink([*originals, *(pictures.path_of(self.folder, name) for name in gone)])
        self.refresh()
        return tuple(gone)

    def _erased(self, ids: tuple[str, ...], by: str) -> tuple[list[str], list[Path]]:
        """Erases them, also on a full disk, where the database has no room to say so.

        Then the pictures for the screen go: first their own, else all. They are drawn anew when they are looked at.
        """
        drawn = (pictures.path_of(self.folder, name) for name in ids), (self.folder / pictures.FOLDER).glob("*.jpg")
        for paths in drawn:
            try:
                return self.store.erase(ids, by)
            except CaseError as error:
                if not is_full(error):
                    raise
            for path in paths:
                path.unlink(missing_ok=True)
        return self.store.erase(ids, by)

    def finish_erasing(self) -> None:
        """Overwrites what was deleted while somebody else was reading; a server asks for it now and then."""
        self.store.finish_erasing()

    # what was done

    def journal(self) -> list[Entry]:
        """Everything people said of receipts of this case, oldest first."""
        return self.store.journal()

    def entries(self, receipt_id: str | None = None) -> list[Entry]:
        """Every act of people and machine on the case, or on one receipt, oldest first."""
        return self.store.history(receipt_id)

    def history(self, receipt_id: str | None = None) -> pd.DataFrame:
        """Everything that was said and done, oldest first; see `pipeline.analysis.tables.history`."""
        receipts = {r.id: r for r in (*self.receipts(), *self.put_aside())}
        return tables.history(self.entries(receipt_id), receipts)

    def earlier_readings(self, receipt_id: str) -> list[Reading]:
        """Readings of a receipt that later ones replaced, oldest first."""
        return self.store.earlier_readings(receipt_id)

    def chain_head(self) -> tuple[int, str]:
        """Number of the journal's last entry and the head of its chain (64 hex digits), for exports to print."""
        return self.store.head()

    def verify(self) -> list[str]:
        """[] or, a sentence each, what was tampered with or lost: journal, readings, answers, originals."""
        self._finish()
        return verify(self.store)

    def vouched_since(self) -> datetime | None:
        """From when on `verify` vouches: the first entry, or of a case of 0.1.0 its migration; None for no entry."""
        entry = vouched_since(self.store)
        return entry.at if entry else None

    # leaving with it

    def export(
        self, path: str | Path, ids: Sequence[str] | None = None, *, by: str | None = None, **options: Any
    ) -> Path:
        """Writes all receipts, or those of `ids`, in the form that the ending names.

        .csv, .xlsx, .json, .pdf (workpaper), .zip (a package that proves itself), or as a `layout` says. `options` are
        those of `Options`; what was cut, lost or left out is told on stderr unless `tell` hears it.
        """
        self._finish()
        chosen = None if ids is None else set(ids)
        receipts = [r for r in self.receipts() if chosen is None or r.id in chosen]
        told = Options(**({"tell": partial(print, file=sys.stderr)} | options))
        deque(self.export_steps(receipts, path, told, by), maxlen=0)
        return Path(path)

    def export_steps(
        self, receipts: Sequence[Receipt], path: str | Path, options: Options, by: str | None = None
    ) -> Iterator[Progress]:
        """As `export`, telling how far it is; leaving off early leaves no file."""
        count, head = self.chain_head()
        sample, sampled = self._sampled()
        about = About(
            self.folder.resolve().name,
            made_at=now(),
            made_by=by or system_user(),
            chain_head=head,
            chain_length=count,
            journal=partial(journal_lines, self.store, count),
            reconciled=reconciled_tables(self.reconcile()) if self.books.standing.statements else {},
            sample=sample,
            sampled=sampled,
        )
        return writers.steps(receipts, path, self, about, options)

    def _sampled(self) -> tuple[pd.DataFrame | None, str]:
        """The last sample drawn as a table, and its outcome in words; nothing where none was."""
        if not (samples := self.books.samples.all()):
            return None, ""
        result = self.sample_result()
        return sample_table(result, tuple(self.books.samples.checks(max(samples))), self.receipts()), result.words()

    # inner parts

    def _finish(self) -> None:
        if self._run is not None and self._run.running and not self._run.watched:
            self._run.wait()

    def _limits(self) -> Limits:
        s = self.settings
        return Limits(s.max_file_mb * 1024 * 1024, s.max_pixels, s.max_pages)

    def opinion(self) -> str:
        """The folder of what is asked beside the bundled recogniser; see `started_workers.opinion_of`."""
        return opinion_of(self.settings)

    def _queue(self, jobs: int | None) -> ReadingQueue:
        return queue_of(self.settings, jobs)

    def _batch(self, ours: ReadingQueue, what: str = "read") -> Batch:
        return ours.batch((what, str(self.folder)), self.owner or str(self.folder))

    def _spec(self, jobs: int) -> EngineSpec:
        return spec_of(self.settings, jobs)

    def _one_task(self, what: str, task: Callable[[str], Any], path: str) -> Any:
        batch = self._batch(self._queue(None), what)
        batch.put(what, task, path)
        outcome = next(iter(batch))
        if outcome.error:
            raise CaseError(outcome.error)
        return outcome.value

    def _copied(self, first: str, region: int) -> bytes:
        """The picture that another case of the owner had of a page which nobody reads again; b"" for none."""
        with suppress(FileNotFoundError):
            return pictures.path_of(self.folder, f"{first.rsplit('-', 1)[0]}-{region}").read_bytes()
        return b""

    def keep_picture(self, receipt_id: str, picture: bytes) -> None:
        """Keeps what a worker drew of a receipt, unless the receipt was deleted meanwhile."""
        path = pictures.path_of(self.folder, receipt_id)
        with whole(path) as draft:
            draft.write_bytes(picture)
        # Deleted in the meantime, maybe by another process: whoever deletes looks for the picture after the receipt.
        if not self.store.has(receipt_id):
            path.unlink(missing_ok=True)


def _first_region(receipt_id: str) -> str:
    return receipt_id.rsplit("-", 1)[0] + "-1"


def _news_of(receipt: Receipt, news: Iterable[Finding]) -> Changed:
    told = " ".join(finding.message for finding in news)
    return Changed(f"{receipt.file}: 그 사이 새로 알려진 것이 있습니다. {told}", receipt=receipt.id)
