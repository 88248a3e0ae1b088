"""Receipts and statements of a case, reconciled anew whenever either changes; only what changed is settled again.

A person's pairs stand before any other; what a person parted is never paired again by itself. What could as well be
otherwise is left open, with its candidates.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from workbench.domain.model import Receipt
from workbench.pipeline.ledger.called_off import by_amount, called_off
from workbench.pipeline.ledger.levels import APPROVED, APPROVED_OTHER_DAY, BY_HAND, Rules
from workbench.pipeline.ledger.links import Link, Reconciliation, RowKey, Told
from workbench.pipeline.ledger.pairing import CALLED_OFF, PARTLY_BACK, Pair, Settled, settle
from workbench.pipeline.ledger.payment import Payment
from workbench.pipeline.ledger.payments import with_years
from workbench.pipeline.ledger.reconcile import reason
from workbench.pipeline.ledger.repeats import repeated, told
from workbench.pipeline.ledger.sides import of_receipt
from workbench.pipeline.ledger.statements import Statement
from workbench.pipeline.ledger.sums import sums

APPROVAL_DAYS = 31
"""Days within which an approval number is of one payment: card companies give them out anew."""
OFFSET = "취소와 상쇄됨"

Bucket = tuple[tuple[Payment, ...], tuple[Payment, ...]]


class Reconciler:
    """Follows a case: `update` takes what holds now and gives how it stands."""

    def __init__(self, rules: Rules = Rules()) -> None:  # noqa: B008  # frozen
        self.rules = rules
        self._ranks: dict[str, int] = {}
        self._names: list[str] = []
        self._known: dict[str, tuple[tuple[object, ...], Payment]] = {}
        self._settled: dict[object, tuple[Bucket, Settled]] = {}
        self._listed: tuple[tuple[object, ...], list[Payment], list[RowKey]] = ((), [], [])

    def update(
        self,
        receipts: Sequence[Receipt],
        statements: Mapping[str, Statement],
        by_hand: Iterable[tuple[str, RowKey]] = (),
        parted: Iterable[tuple[str, RowKey]] = (),
    ) -> Reconciliation:
        """How `receipts` and the rows of `statements` (by id) belong together."""
        ours = [payment for receipt in receipts if (payment := self._payment(receipt)) is not None]
        theirs, keys = self._rows(statements, ours)
        places = {key: place for place, key in enumerate(keys)}
        hands = [(self._ranks[r], places[k]) for r, k in by_hand if r in self._ranks and k in places]
        present = {p.place for p in ours}
        hands = [(our, their) for our, their in hands if our in present]
        barred = {(self._ranks[r], places[k]) for r, k in parted if r in self._ranks and k in places}
        taken, given = {our for our, _ in hands}, {their for _, their in hands}
        again = told({n: first for n, first in repeated(theirs, keys).items() if n not in given}, keys, statements)
        free, rest = _without(ours, taken), _without(theirs, given | again.keys())
        settled = self._settle(free, rest, barred)
        pairs = [Pair(our, their, BY_HAND) for our, their in hands]
        pairs += settled.pairs
        return self._told(pairs, settled.open, ours, theirs, keys, again)

    # inner parts

    def _payment(self, receipt: Receipt) -> Payment | None:
        rank = self._ranks.setdefault(receipt.id, len(self._ranks))
        if rank == len(self._names):
            self._names.append(receipt.id)
        if receipt.status in ("waiting", "failed") or receipt.kind == "not_receipt":
            return None
        marks = receipt.fields, receipt.kind  # findings come and go, what is matched stays
        known = self._known.get(receipt.id)
        if known is None or known[0] != marks:
            known = self._known[receipt.id] = marks, of_receipt(rank, receipt)
        return known[1]

    def _rows(self, statements: Mapping[str, Statement], ours: Sequence[Payment]) -> tuple[list[Payment], list[RowKey]]:
        yearless = any(p.month_day and p.day is None for s in statements.values() for p in s.payments)
        days = sorted({p.day for p in ours if p.day}) if yearless else []
        marks = tuple((name, id(statement)) for name, statement in statements.items()), tuple(days)
        if self._listed[0] != marks:
            keys = [(name, row) for name, statement in statements.items() for row in statement.numbers]
            rows = with_years([p for statement in statements.values() for p in statement.payments], days)
            self._listed = marks, [replace(p, place=place) for place, p in enumerate(rows)], keys
        return self._listed[1], self._listed[2]

    def _settle(self, ours: Sequence[Payment], theirs: Sequence[Payment], barred: set[tuple[int, int]]) -> Settled:
        mine, others = by_amount(ours), by_amount(theirs)
        pairs: list[Pair] = []
        left_open: list[Pair] = []
        for amount in mine.keys() & others.keys():
            part = self._of_bucket(amount, (tuple(mine[amount]), tuple(others[amount])), barred)
            pairs += part.pairs
            left_open += part.open
        paired = {p.receipt for p in pairs}, {p.entry for p in pairs}
        foreign = self._foreign(_without(ours, paired[0]), _without(theirs, paired[1]), barred)
        pairs += foreign.pairs
        left_open += foreign.open
        gone = {p.receipt for p in (*pairs, *left_open)}, {p.entry for p in (*pairs, *left_open)}
        together = sums(_without(ours, gone[0]), _without(theirs, gone[1]))
        pairs += [pair for pair in together if (pair.receipt, pair.entry) not in barred]
        return Settled(tuple(pairs), tuple(left_open))

    def _foreign(self, ours: Sequence[Payment], theirs: Sequence[Payment], barred: set[tuple[int, int]]) -> Settled:
        mine: dict[tuple[str, Decimal], list[Payment]] = defaultdict(list)
        for our in ours:
            if our.foreign is not None:
                mine[our.currency, abs(our.foreign)].append(our)
        listed: dict[Decimal, list[Payment]] = defaultdict(list)
        for their in theirs:
            if their.foreign is not None:
                listed[abs(their.foreign)].append(their)
        parts = [
            self._of_bucket((currency, amount), (tuple(some), fitting), barred)
            for (currency, amount), some in mine.items()
            if (fitting := tuple(p for p in listed.get(amount, ()) if p.currency in ("", currency)))
        ]
        return Settled(tuple(p for part in parts for p in part.pairs), tuple(p for part in parts for p in part.open))

    def _of_bucket(self, key: object, bucket: Bucket, barred: set[tuple[int, int]]) -> Settled:
        if barred:
            here = {(our.place, their.place) for our in bucket[0] for their in bucket[1]} & barred
            if here:  # few: a person parted them
                return settle(*bucket, self.rules, frozenset(here))
        known = self._settled.get(key)
        if known is None or known[0] != bucket:
            known = self._settled[key] = bucket, settle(*bucket, self.rules)
        return known[1]

    def _told(
        self, pairs: Sequence[Pair], left_open: Sequence[Pair], ours: Sequence[Payment], theirs: Sequence[Payment],
        keys: Sequence[RowKey], again: Mapping[int, str],
    ) -> Reconciliation:  # fmt: skip
        off, names, days = called_off(_without(theirs, set(again))), self._names, self.rules.days
        links: dict[str, list[Link]] = defaultdict(list)
        for pair in pairs:
            note = pair.note or _note(theirs[pair.entry], pair.entry in off)
            links[names[pair.receipt]].append(Link(names[pair.receipt], keys[pair.entry], pair.level, pair.days, note))
        given = {pair.entry for pair in pairs}
        maybe: dict[str, list[RowKey]] = defaultdict(list)
        for pair in left_open:
            if names[pair.receipt] not in links and pair.entry not in given:
                maybe[names[pair.receipt]].append(keys[pair.entry])
        wanted = {row for rows in maybe.values() for row in rows}
        mine, others = by_amount(ours), by_amount(theirs)
        rows_left = {}
        for their in theirs:
            if their.place not in given:
                key = keys[their.place]
                why = again.get(their.place) or _left_reason(their, mine, days, key in wanted, "영수증", "명세서 줄")
                rows_left[key] = OFFSET if their.place in off else why
        return Reconciliation(
            {name: tuple(found) for name, found in links.items()},
            {name: tuple(dict.fromkeys(rows)) for name, rows in maybe.items()},
            {
                names[our.place]: _left_reason(our, others, days, names[our.place] in maybe)
                for our in ours
                if names[our.place] not in links
            },
            rows_left,
            frozenset(keys[place] for place in (*off, *again) if place not in given),
            self._against(ours, theirs, keys, links),
        )

    def _against(
        self,
        ours: Sequence[Payment],
        theirs: Sequence[Payment],
        keys: Sequence[RowKey],
        links: Mapping[str, list[Link]],
    ) -> dict[str, Told]:
        """Receipts whose approval number stands in a statement with another amount."""
        index: dict[str, list[Payment]] = defaultdict(list)
        for their in theirs:
            if len(their.approval) >= 6 and their.amount is not None:
                index[their.approval].append(their)
        found = {}
        for our in ours:
            name = self._names[our.place]
            sure = any(link.level in (APPROVED, APPROVED_OTHER_DAY, BY_HAND) for link in links.get(name, ()))
            if sure or not our.approval or our.amount is None:
                continue
            rows = [their for their in index.get(our.approval, ()) if _may_be_one(our, their)]
            if rows and all(abs(their.amount or 0) != abs(our.amount) for their in rows):
                found[name] = Told(name, keys[rows[0].place], abs(rows[0].amount or 0))
        return found


def _may_be_one(our: Payment, their: Payment) -> bool:
    near = our.day is None or their.day is None or abs((their.day - our.day).days) <= APPROVAL_DAYS
    return near and their.back == our.back


def _note(row: Payment, off: bool) -> str:
    return PARTLY_BACK if row.partial else CALLED_OFF if off and not row.back else ""


def _without(payments: Sequence[Payment], places: set[int]) -> list[Payment]:
    return [p for p in payments if p.place not in places]


def _left_reason(
    payment: Payment,
    buckets: dict[int, list[Payment]],
    days: int,
    maybe: bool,
    there: str = "명세서",
    here: str = "영수증",
) -> str:
    if maybe:
        return f"맞을 수 있는 {there} 거래가 있으나 확실하지 않습니다. 보고 이어 주세요"
    if payment.amount is None and payment.foreign is not None:
        return f"같은 외화 금액이 {there}에 없습니다"
    return reason(payment, buckets, days, there, here)
