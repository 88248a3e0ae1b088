"""How a case's receipts stand beside its other papers, kept up as either changes: rows, vendors, evidence."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from workbench.domain.errors import CaseError
from workbench.domain.model import Field, Finding, Receipt
from workbench.pipeline.ledger.evidence import Evidence, evidence_of
from workbench.pipeline.ledger.exchange import RateTable, reckoned, understand_rates
from workbench.pipeline.ledger.levels import LEVELS
from workbench.pipeline.ledger.links import Reconciliation, RowKey
from workbench.pipeline.ledger.payment import Payment
from workbench.pipeline.ledger.readers import Sheet
from workbench.pipeline.ledger.reconciler import Reconciler
from workbench.pipeline.ledger.statements import Statement
from workbench.pipeline.ledger.understanding import understand
from workbench.pipeline.ledger.vendors import (
    MASTER,
    MEMORY,
    VendorList,
    Vendors,
    known_vendors,
    remembered,
    understand_vendors,
)
from workbench.pipeline.storage.fingerprints import HOW, Fingerprints
from workbench.pipeline.storage.lists import ListStore

T = TypeVar("T")
Rule = Callable[[Sequence[Receipt]], Mapping[str, tuple[Finding, ...]]]
"""A judge of all receipts together: findings by receipt id."""


@dataclass(frozen=True, slots=True)
class Said:
    """What other papers and rules say of one receipt."""

    evidence: Evidence | None
    findings: tuple[Finding, ...] = ()
    reckoned: Field | None = None
    """the won total of a foreign receipt, by the user's rates"""


class Standing:
    """Follows a case's lists and receipts; safe under the lock of who calls it."""

    def __init__(
        self, lists: ListStore, prints: Fingerprints, earlier: Callable[[], list[tuple[str, str]]] = list
    ) -> None:
        """`earlier` gives (number, name) of receipts approved in the owner's other cases; asked once."""
        self._lists, self._prints, self._earlier = lists, prints, earlier
        self._seen: dict[str, tuple[tuple[object, ...], tuple[Finding, ...]]] = {}
        self._memory: list[tuple[str, str]] | None = None
        self._ids: list[str] | None = None
        self.statements: dict[str, Statement] = {}
        self.vendor_lists: dict[str, VendorList] = {}
        self.rate_tables: list[RateTable] = []
        self.found = Reconciliation()
        self.rules: list[Rule] = []
        self._reconciler = Reconciler()
        self._said: dict[str, Said] = {}
        self._kept: dict[str, tuple[Receipt, tuple[object, ...], Evidence | None]] = {}
        self._rows: dict[RowKey, tuple[str, Payment]] = {}
        self._known: tuple[tuple[object, ...], Vendors] = ((), Vendors())
        self.troubles: list[str] = []

    def update(self, receipts: Sequence[Receipt]) -> None:
        """Takes in what holds now."""
        self._take_lists()
        vendors = self._vendors(receipts)
        rows = self.rows()
        by_hand, parted = self._lists.pairs() if self.statements else ([], [])
        self.found = self._reconciler.update(receipts, self.statements, by_hand, parted)
        ruled = [rule(receipts) for rule in self.rules]
        self._file(receipts)
        filed = self._prints.count()
        said: dict[str, Said] = {}
        for receipt in receipts:
            if receipt.status in ("waiting", "failed"):
                continue
            evidence = self._evidence(receipt, rows, vendors)
            findings = tuple(finding for one in ruled for finding in one.get(receipt.id, ()))
            findings += self._seen_before(receipt, filed)
            total = reckoned(receipt, self.rate_tables) if self.rate_tables else None
            if total is not None:
                findings += (total[1],)
            if evidence is not None or findings:
                said[receipt.id] = Said(evidence, findings, total[0] if total else None)
        self._said = said

    def rows(self) -> dict[RowKey, tuple[str, Payment]]:
        """Name of the statement and payment of every row."""
        return self._rows

    def of(self, receipt_id: str) -> object:
        """What is said of a receipt; None for nothing."""
        return self._said.get(receipt_id)

    def offers(self, receipt_id: str) -> tuple[tuple[str, str], ...]:
        """(field, value) that other papers offer for a receipt."""
        said = self._said.get(receipt_id)
        return said.evidence.offers if said is not None and said.evidence is not None else ()

    def person_of(self, receipt_id: str) -> str:
        """Who used the card, as the row that a receipt belongs to tells; "" where none does."""
        rows = (self._rows.get(row) for row in self.found.rows_of(receipt_id))
        return next((row[1].person for row in rows if row is not None and row[1].person), "")

    def applied(self, receipt: Receipt, said: Said) -> Receipt:
        """The receipt with what other papers and rules say of it."""
        findings = (*receipt.findings, *said.findings)
        if said.reckoned is not None:
            receipt = replace(receipt.with_field(said.reckoned), reckoned=(said.reckoned.name,))
        if said.evidence is None:
            return replace(receipt, findings=findings)
        level = said.evidence.level
        return replace(
            receipt,
            findings=said.evidence.applied(findings),
            statement=LEVELS[level - 1] if level else "",
            statement_row=said.evidence.row,
        )

    def _evidence(
        self, receipt: Receipt, rows: Mapping[RowKey, tuple[str, Payment]], vendors: Vendors
    ) -> Evidence | None:
        links, told = self.found.links.get(receipt.id, ()), self.found.told.get(receipt.id)
        if not (links or told or vendors):
            return None
        marks = links, told, tuple(rows[link.row] for link in links if link.row in rows)
        known = self._kept.get(receipt.id)
        if known is None or known[0] is not receipt or known[1] != (*marks, vendors):
            found = evidence_of(receipt, links, rows, vendors, told)
            known = self._kept[receipt.id] = receipt, (*marks, vendors), found
        return known[2]

    def _file(self, receipts: Sequence[Receipt]) -> None:
        """Approved receipts count as filed, for the owner's other cases."""
        told = self._prints.filed()
        approved = {r.id: r for r in receipts if r.status in ("approved", "confirmed")}
        fresh = [r for r in approved.values() if told.get(r.id) != r.revision]
        # What was deleted was filed all the same; what stands here open again was not.
        gone = [r.id for r in receipts if r.id in told and r.id not in approved]
        if fresh or gone:
            self._prints.keep(fresh, gone)

    def _seen_before(self, receipt: Receipt, filed: int) -> tuple[Finding, ...]:
        marks = (receipt.fields, filed)
        known = self._seen.get(receipt.id)
        if known is None or known[0] != marks:
            found = tuple(
                Finding(
                    "warning",
                    f"이미 승인된 거래로 보입니다: 사건 ‘{one.title}’, 거래일 {one.day or '모름'} ({HOW[one.how]}).",
                    (), "duplicate-elsewhere",
                )
                for one in self._prints.seen(receipt)
            )  # fmt: skip
            known = self._seen[receipt.id] = marks, found
        return known[1]

    def _take_lists(self) -> None:
        ids = self._lists.ids()
        if ids == self._ids:
            return
        self._ids, self.troubles = ids, []
        self.statements = dict(self._each("statement", understand))
        self.vendor_lists = dict(self._each("vendors", understand_vendors))
        self.rate_tables = [table for _, table in self._each("rates", understand_rates)]
        self._rows = {
            (list_id, number): (statement.name_of(number), payment)
            for list_id, statement in self.statements.items()
            for number, payment in zip(statement.numbers, statement.payments, strict=True)
        }

    def _each(self, kind: str, read: Callable[..., T]) -> Iterator[tuple[str, T]]:
        for kept in self._lists.kept(kind):
            try:
                yield kept.id, read([Sheet(title, rows) for title, rows in kept.sheets], kept.name, kept.columns)
            except CaseError as error:  # understood when it was taken in, by another program
                self.troubles.append(str(error))

    def _vendors(self, receipts: Sequence[Receipt]) -> Vendors:
        if self._memory is None:
            self._memory = self._earlier()
        here = remembered(receipts)
        marks = tuple(self.vendor_lists), tuple(here)
        if self._known[0] != marks:
            lists = [(f"{MASTER} {one.name}", one.vendors) for one in self.vendor_lists.values()]
            self._known = marks, known_vendors([*lists, (MEMORY, here), (MEMORY, self._memory)])
        return self._known[1]
