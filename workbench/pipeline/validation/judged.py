"""The receipts of a case as of now: what the store holds, judged alone, by the tax answers, and beside the others."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

from workbench.domain.errors import Gone
from workbench.domain.model import Finding, Receipt, TaxFailure, TaxRecord
from workbench.pipeline.storage.sqlite import CLEARED, Store
from workbench.pipeline.tax import deduction
from workbench.pipeline.validation import checks
from workbench.pipeline.validation.duplicates import Twins
from workbench.pipeline.validation.known import against_approvals

Answers = tuple[TaxRecord | None, TaxFailure | None]
"""The last answer for a business number, and a later query's failure."""


class Beside(Protocol):
    """What other papers and rules say of a case's receipts: statements, vendors, the company's policy."""

    def update(self, receipts: Sequence[Receipt]) -> None:
        """Takes in what holds now, in the order the receipts were added."""

    def of(self, receipt_id: str) -> object:
        """What is said of a receipt; equal things say the same, None says nothing."""

    def applied(self, receipt: Receipt, said: Any) -> Receipt:
        """The receipt with what is said of it."""


class Judged:
    """Follows a store; an unchanged receipt is the same object again. Safe for several threads."""

    def __init__(self, store: Store, beside: Beside | None = None) -> None:
        self._store, self._beside = store, beside
        self._heard = False  # whether `beside` has taken in what holds now
        self._lock = threading.RLock()
        self._own: dict[str, Receipt] = {}  # judged by themselves
        self._place: dict[str, tuple[int, int, int]] = {}
        # own, twins, what is said beside, all as one
        self._shown: dict[str, tuple[Receipt, tuple[Finding, ...], object, Receipt]] = {}
        self._all: tuple[Receipt, ...] | None = None  # None: to be put together again
        self._order: list[str] = []
        self._aside: dict[str, tuple[int, int, int]] = {}  # where those put aside stood
        self._tax: dict[str, Answers] = {}
        self._twins = Twins()
        self._revision = -1

    def __len__(self) -> int:
        return len(self._own)

    def refresh(self) -> bool:
        """Takes in what was changed since, here or in another process; whether there was anything."""
        with self._lock:
            since, now = self._revision, self._store.revision()
            if now == since:
                return False
            answers = self._store.tax(since)
            self._tax |= answers
            # Only those that hang on a new answer; what changed itself is judged below, once.
            asked = self._own.items() if answers else ()  # a case of thousands is not gone through for each reading
            changed = {name: own for name, own in asked if own.value("business_number") in answers}
            gone = self._store.erased(since)
            for name in gone:
                for known in (self._own, self._place, self._shown, self._aside, changed):
                    known.pop(name, None)
            for place, hidden, receipt in self._store.receipts(since):
                if hidden:
                    gone.append(receipt.id)
                    for known in (self._own, self._place, self._shown, changed):
                        known.pop(receipt.id, None)
                self._aside.pop(receipt.id, None)
                if hidden == CLEARED:
                    self._aside[receipt.id] = (place, receipt.page, receipt.region)
                if not hidden:
                    self._place[receipt.id] = (place, receipt.page, receipt.region)
                    changed[receipt.id] = receipt
            today = date.today()
            fresh = {name: self._judge(receipt, today) for name, receipt in changed.items()}
            if gone or not fresh.keys() <= self._own.keys():
                self._order = []
            self._own |= fresh
            self._twins.update(fresh.values(), gone)
            self._revision, self._all, self._heard = now, None, False
            return True

    def receipts(self) -> tuple[Receipt, ...]:
        """All of them, in the order they were added."""
        with self._lock:
            self.refresh()
            if self._all is None:
                self._hear()
                self._order = self._order or sorted(self._own, key=self._place.__getitem__)
                self._all = tuple(self._with_twins(name) for name in self._order)
            return self._all

    def receipt(self, receipt_id: str) -> Receipt:
        """The receipt of that id; Gone (a CaseError) if there is none."""
        with self._lock:
            self.refresh()
            if receipt_id not in self._own:
                raise Gone(receipt_id)
            return self._with_twins(receipt_id)

    def known(self, ids: list[str]) -> tuple[Receipt, ...]:
        """Those of `ids` that are in the case."""
        with self._lock:
            self.refresh()
            return tuple(self._with_twins(name) for name in ids if name in self._own)

    def put_aside(self) -> list[str]:
        """Ids of the receipts that were put aside, in the order they were added."""
        with self._lock:
            self.refresh()
            return sorted(self._aside, key=self._aside.__getitem__)

    def tax(self, number: str) -> Answers:
        """What the tax service said of a number."""
        with self._lock:
            return self._tax.get(number, (None, None))

    def _with_twins(self, name: str) -> Receipt:
        self._hear()
        own, found = self._own[name], self._twins.findings.get(name, ())
        said = self._beside.of(name) if self._beside is not None else None
        known = self._shown.get(name)
        if known is None or known[0] is not own or known[1] != found or known[2] != said:
            shown = replace(own, findings=(*own.findings, *found)) if found else own
            if self._beside is not None and said is not None:
                shown = self._beside.applied(shown, said)
            known = self._shown[name] = own, found, said, against_approvals(shown)
        return known[3]

    def _hear(self) -> None:
        if self._beside is not None and not self._heard:
            self._heard = True
            self._order = self._order or sorted(self._own, key=self._place.__getitem__)
            self._beside.update([self._own[name] for name in self._order])

    def _judge(self, receipt: Receipt, today: date) -> Receipt:
        record, failure = self._tax.get(receipt.value("business_number") or "", (None, None))
        if record is not None and failure is not None and record.source != "nts":
            record = None  # an invented answer does not stand in for one that could not be had
        receipt = replace(receipt, tax=record or failure)
        label, reason = deduction.deduction(receipt)
        if receipt.status == "waiting":
            return replace(receipt, deduction=label, deduction_reason=reason)
        found = (*checks.check(receipt, today), *deduction.tax_findings(receipt))
        return replace(receipt, deduction=label, deduction_reason=reason, findings=found)
