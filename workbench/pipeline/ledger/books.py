"""The auditor's other lists in one case: what is taken in, how it stands to the receipts, what is asked of people."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from workbench.domain.errors import CaseError
from workbench.pipeline.ledger.company_rules import CompanyRules
from workbench.pipeline.ledger.exchange import RateTable, understand_rates
from workbench.pipeline.ledger.inquiries import Inquiry, answers_in, due_text, inquiries_of, of_missing
from workbench.pipeline.ledger.levels import LEVELS
from workbench.pipeline.ledger.links import RowKey
from workbench.pipeline.ledger.readers import Sheet, Source, named_sheets
from workbench.pipeline.ledger.reconcile import SHOWN, Match
from workbench.pipeline.ledger.samples import Samples
from workbench.pipeline.ledger.standing import Standing
from workbench.pipeline.ledger.statements import Statement, row_of, signature
from workbench.pipeline.ledger.understanding import understand
from workbench.pipeline.ledger.vendors import VendorList, understand_vendors
from workbench.pipeline.storage.fingerprints import Fingerprints
from workbench.pipeline.storage.journal import Word
from workbench.pipeline.storage.lists import ListStore
from workbench.pipeline.storage.other_cases import details_beside
from workbench.pipeline.storage.sqlite import Store

APPROVALS = ("approve", "confirm")


class Books:
    """The lists of one case; `standing` is kept up by whoever judges the receipts."""

    def __init__(self, store: Store) -> None:
        self.lists = ListStore(store)
        self._folder = store.folder
        self.standing = Standing(self.lists, Fingerprints(store.folder), self._approved_elsewhere)
        self.rules = CompanyRules(store, self.standing.person_of)
        self.standing.rules.append(self.rules.findings)
        self.samples = Samples(self.lists)

    # taking in

    def look_at(self, source: Source, columns: Mapping[str, str | None] | None = None) -> tuple[Statement, list[Sheet]]:
        """What a statement would be understood as, and its sheets; nothing is kept."""
        name, sheets = named_sheets(source)
        return understand(sheets, name, columns, self.remembered), sheets

    def add_statement(self, source: Source, columns: Mapping[str, str | None] | None, by: str) -> Statement:
        """Takes a statement in; columns chosen by a person are remembered for lists of the same heading."""
        statement, sheets = self.look_at(source, columns)
        detail = {"signature": signature(statement.heading), "rows": len(statement.payments)}
        chosen = {kind: name for kind, name in (columns or {}).items() if name}
        cells = [(sheet.name, sheet.rows) for sheet in sheets]
        self.lists.put("statement", statement.name, cells, chosen or statement.columns, by, detail | {"chosen": chosen})
        return statement

    def add_vendors(self, source: Source, by: str) -> VendorList:
        """Takes a vendor master in."""
        name, sheets = named_sheets(source)
        vendors = understand_vendors(sheets, name)
        cells = [(sheet.name, sheet.rows) for sheet in sheets]
        self.lists.put("vendors", name, cells, vendors.columns, by, {"rows": len(vendors.vendors)})
        return vendors

    def add_rates(self, source: Source, by: str) -> RateTable:
        """Takes a table of exchange rates in."""
        name, sheets = named_sheets(source)
        rates = understand_rates(sheets, name)
        cells = [(sheet.name, sheet.rows) for sheet in sheets]
        self.lists.put("rates", name, cells, rates.columns, by, {"currencies": sorted(rates.rates)})
        return rates

    def remembered(self, heading: str) -> dict[str, str]:
        """The columns that a person last chose for lists of that heading (its signature), here or in another case."""
        here = (entry.detail for entry in reversed(self.lists.entries("statement")))
        for found in (here, details_beside(self._folder, "statement")):
            for detail in found:
                if detail.get("signature") == heading and detail.get("chosen"):
                    return dict(detail["chosen"])
        return {}

    def _approved_elsewhere(self) -> list[tuple[str, str]]:
        values = (detail.get("values", {}) for detail in details_beside(self._folder, *APPROVALS))
        pairs = ((v.get("business_number"), v.get("merchant")) for v in values)
        return list(dict.fromkeys((number, name) for number, name in pairs if number and name))

    # how it stands

    def reconciled(self, frame: pd.DataFrame) -> Match:
        """How the receipts of `frame` and all statements stand to each other, as tables."""
        found, rows = self.standing.found, self.listed()
        by_id = {name: place for place, name in enumerate(frame["receipt_id"])}
        links = [link for name in by_id for link in found.links.get(name, ())]
        ours = frame.iloc[[by_id[link.receipt] for link in links]][SHOWN].reset_index(drop=True)
        between = pd.DataFrame(
            {
                "match": pd.array([LEVELS[link.level - 1] for link in links], dtype="string"),
                "level": pd.array([link.level for link in links], dtype="Int64"),
                "days": pd.array([link.days for link in links], dtype="Int64"),
                "note": pd.array([link.note or None for link in links], dtype="string"),
            }
        )
        theirs = _of_rows(rows, [link.row for link in links]).add_prefix("listed_")
        receipts_only = frame[frame["receipt_id"].isin(list(found.receipts_left))].copy()
        receipts_only["reason"] = pd.array(
            [found.receipts_left[i] for i in receipts_only["receipt_id"]], dtype="string"
        )
        ledger_only = _of_rows(rows, list(found.rows_left))
        ledger_only["reason"] = pd.array(list(found.rows_left.values()), dtype="string")
        notes = tuple(note for one in self.standing.statements.values() for note in one.notes)
        columns = {kind: name for one in self.standing.statements.values() for kind, name in one.columns.items()}
        return Match(pd.concat([ours, between, theirs], axis=1), receipts_only, ledger_only, columns, notes)

    def listed(self) -> pd.DataFrame:
        """Every row of every statement as it was understood: statement, row, date, amount, …, card and person."""
        tables = []
        for list_id, statement in self.standing.statements.items():
            table = statement.understood()
            names = [statement.name_of(number) for number in statement.numbers]
            table.insert(0, "statement", pd.Series(names, dtype="string"))
            table.insert(0, "list", pd.Series([list_id] * len(table), dtype="string"))
            table["card"] = pd.array([p.card for p in statement.payments], dtype="string")
            table["person"] = pd.array([p.person for p in statement.payments], dtype="string")
            tables.append(table)
        return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=LISTED)

    def pair(self, receipt_id: str, rows: Iterable[RowKey], action: str, by: str, reason: str = "") -> None:
        """Writes that a receipt and rows belong together ("pair") or do not ("unpair")."""
        wanted = list(rows)
        unknown = [row for row in wanted if row not in self.standing.rows()]
        if unknown:
            raise CaseError(f"명세서에 없는 줄입니다: {row_of(unknown[0][1])}행. 명세서를 다시 확인해 주세요.")
        self.lists.pair([(receipt_id, row) for row in wanted], action, by, reason)

    # what is asked of people

    def missing(self) -> pd.DataFrame:
        """Statement rows for which a receipt is owed and none is there, by person and card, with why."""
        left = {key: why for key, why in self.standing.found.rows_left.items() if key not in self.standing.found.offset}
        listed = self.listed()
        rows = listed[[(name, row) in left for name, row in zip(listed["list"], listed["row"], strict=True)]].copy()
        rows["reason"] = pd.array(
            [left[name, row] for name, row in zip(rows["list"], rows["row"], strict=True)], dtype="string"
        )
        return rows.sort_values(["person", "card", "date"], kind="stable").reset_index(drop=True)

    def inquiries(self) -> dict[str, Inquiry]:
        """Every question asked so far and how it stands, by key."""
        return inquiries_of(self.lists.entries("inquiry", "answer", "inquiry-closed"))

    def ask(self, questions: Iterable[Inquiry], by: str) -> None:
        """Keeps questions as asked; one that was asked already, in the same words, is not asked again."""
        known = self.inquiries()
        for one in questions:
            earlier = known.get(one.key)
            if earlier is None or (earlier.question, earlier.due) != (one.question, one.due):
                self.lists.note(Word("inquiry", by, value=one.key, detail=one.facts()))

    def ask_for_missing(self, due: str | None, by: str) -> None:
        """Asks for the receipt of every row that lacks one."""
        self.ask(of_missing(self.missing(), due_text(due)), by)

    def take_answers(self, source: Source, by: str) -> tuple[int, list[str]]:
        """Answers out of a filled-in file: how many are new, and in words what could not be understood."""
        name, sheets = named_sheets(source)
        known, fresh = self.inquiries(), 0
        answers, notes = answers_in(sheets, name, known)
        for key, answer in answers.items():
            if key not in known:
                notes.append(f"이 사건에서 묻지 않은 질문입니다: {key}")
            elif known[key].answer != answer:
                self.lists.note(Word("answer", by, value=key, detail={"answer": answer, "file": name}))
                fresh += 1
        return fresh, notes

    def close_inquiry(self, key: str, by: str) -> None:
        """Says that a question is settled."""
        if key not in self.inquiries():
            raise CaseError("이 사건에서 묻지 않은 질문입니다.")
        self.lists.note(Word("inquiry-closed", by, value=key, detail={}))


LISTED = (
    *("list", "statement", "row", "date", "amount", "merchant", "number", "approval", "foreign", "state", "card"),
    "person",
)


def _of_rows(listed: pd.DataFrame, keys: Sequence[RowKey]) -> pd.DataFrame:
    places = {(name, row): place for place, (name, row) in enumerate(zip(listed["list"], listed["row"], strict=True))}
    return listed.iloc[[places[key] for key in keys]].reset_index(drop=True)
