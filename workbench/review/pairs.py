"""What a reviewer says of a receipt and rows of statements, with the way back; no widgets."""

from collections.abc import Iterable

from workbench.case import Case
from workbench.domain.errors import CaseError
from workbench.pipeline.ledger.evidence import row_words
from workbench.pipeline.ledger.links import RowKey
from workbench.review import list_texts as texts
from workbench.review import texts as words
from workbench.review.undo import Step

Pair = tuple[str, RowKey]


def append(case: Case, user: str, action: str, pairs: Iterable[Pair]) -> Step:
    """Keeps that each receipt and row belong together (`action` "pair") or do not ("unpair").

    The way back says again what held before, or that nobody said anything; it refuses where another has spoken since.
    """
    wanted = list(dict.fromkeys(pairs))
    case.receipts()
    rows, lists = case.books.standing.rows(), case.books.lists
    if any(row not in rows for _, row in wanted):
        raise CaseError(texts.ROW_GONE)
    known = lists.words()
    before = {pair: known.get(pair, ("pair-open", 0)) for pair in wanted}
    held = {pair: lists.first_of(seq) for pair, (_, seq) in before.items()}
    said = lists.pair(wanted, action, user, last=held)

    def back() -> None:
        lists.append({pair: word for pair, (word, _) in before.items()}, user, last=said, again=held)

    def forth() -> None:
        lists.append(dict.fromkeys(wanted, action), user, last=held, again=said)

    receipt, row = wanted[0]
    what = words.step(texts.ACTS[action], f"{case.receipt(receipt).file} – {row_words(rows[row][0], row[1])}")
    return Step(what, receipt, back, forth)


def beside(case: Case, receipt: str, row: RowKey) -> list[Pair]:
    """The pair, and the pairs that both already belong to, so that what the machine linked stays beside it."""
    found = case.books.standing.found
    others = [(receipt, linked) for linked in found.rows_of(receipt)]
    others += [(link.receipt, row) for link in found.receipts_of().get(row, ())]
    return [(receipt, row), *others]
