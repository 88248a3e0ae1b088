"""The auditor's other lists in one case: what is taken in, how it stands to the receipts, samples and their outcome."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.domain import schema
from workbench.domain.errors import CaseError
from workbench.domain.model import Finding, Receipt
from workbench.pipeline.ledger.exchange import RateTable, understand_rates
from workbench.pipeline.ledger.inquiries import Inquiry, answers_in, due_text, inquiries_of, of_missing
from workbench.pipeline.ledger.pairing import LEVELS
from workbench.pipeline.ledger.readers import Sheet, read_sheets
from workbench.pipeline.ledger.reconcile import SHOWN, Match
from workbench.pipeline.ledger.reconciler import RowKey
from workbench.pipeline.ledger.sampling import Sample, SampleResult, canonical, draw, judge
from workbench.pipeline.ledger.standing import Standing
from workbench.pipeline.ledger.statements import Statement, row_of, signature
from workbench.pipeline.ledger.understanding import understand
from workbench.pipeline.ledger.vendors import VendorList, understand_vendors
from workbench.pipeline.storage.fingerprints import Fingerprints
from workbench.pipeline.storage.journal import Word
from workbench.pipeline.storage.lists import ListStore
from workbench.pipeline.storage.other_cases import details_beside
from workbench.pipeline.storage.sqlite import Store
from workbench.pipeline.validation.policy import DEFAULT, Policy, read_policy
from workbench.pipeline.validation.policy_table import policy_of_rows

Source = str | Path | tuple[str, bytes]
POLICY = "policy"
APPROVALS = ("approve", "confirm")


class Books:
    """The lists of one case; `standing` is kept up by whoever judges the receipts."""

    def __init__(self, store: Store) -> None:
        self.lists = ListStore(store)
        self._folder = store.folder
        self.standing = Standing(self.lists, Fingerprints(store.folder), self._approved_elsewhere)
        self.standing.rules.append(self._ruled)
        self._store = store
        self._policy: tuple[str | None, Policy | None] = (None, None)
        self._words: dict[str, tuple[object, str]] = {}

    # taking in

    def look_at(self, source: Source, columns: Mapping[str, str | None] | None = None) -> tuple[Statement, list[Sheet]]:
        """What a statement would be understood as, and its sheets; nothing is kept."""
        name, sheets = _sheets(source)
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
        name, sheets = _sheets(source)
        vendors = understand_vendors(sheets, name)
        cells = [(sheet.name, sheet.rows) for sheet in sheets]
        self.lists.put("vendors", name, cells, vendors.columns, by, {"rows": len(vendors.vendors)})
        return vendors

    def add_rates(self, source: Source, by: str) -> RateTable:
        """Takes a table of exchange rates in."""
        name, sheets = _sheets(source)
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

    # the company's rules

    def policy(self) -> Policy | None:
        """The rules that hold for this case; None where nobody has given any."""
        kept = self._store.setting(POLICY)
        if kept != self._policy[0]:
            self._policy = kept, _policy_of(json.loads(kept)) if kept else None
        return self._policy[1]

    def set_policy(self, source: Source | None, by: str) -> Policy | None:
        """Takes in rules: a TOML or Excel file, "default" for those that come with the program, None for none."""
        told = None if source is None else _policy_source(source)
        policy = _policy_of(told) if told else None
        self._store.put_setting(POLICY, json.dumps(told, ensure_ascii=False) if told else None, by)
        return policy

    def _ruled(self, receipts: Sequence[Receipt]) -> dict[str, tuple[Finding, ...]]:
        policy = self.policy()
        if policy is None:
            return {}
        read_at = {receipt.id: receipt.read_at for receipt in receipts}
        return policy.findings(receipts, lambda name: self._text(name, read_at.get(name)), self.standing.person_of)

    def _text(self, receipt_id: str, read_at: object) -> str:
        known = self._words.get(receipt_id)
        if known is None or known[0] != read_at:
            text = "\n".join(line.text for line in self._store.lines(receipt_id))
            known = self._words[receipt_id] = read_at, text
        return known[1]

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
        name, sheets = _sheets(source)
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

    # a sample

    def sample(self, receipts: Sequence[Receipt], by: str, **how: Any) -> Sample:
        """Draws from `receipts` and writes what was drawn, and how, to the journal."""
        books = {
            r.id: won if isinstance(won := schema.value_of("total", r.value("total")), int) else None for r in receipts
        }
        sample = draw(books, **how)
        facts = {name: value for name, value in asdict(sample).items() if name != "id"}
        number = self.lists.note(Word("sample", by, value=repr(sample), detail=facts))
        return self.samples()[number]

    def samples(self) -> dict[int, Sample]:
        """All samples of the case, by the number of their entry in the journal."""
        return {entry.seq: _sample_of(entry.seq, entry.detail) for entry in self.lists.entries("sample")}

    def check(self, sample_id: int, receipt_id: str, read: Mapping[str, str], by: str, barred: frozenset[str]) -> None:
        """Keeps what a person read off a sampled receipt, blind. `barred` are people who worked on the receipt."""
        sample = self._sample(sample_id)
        if receipt_id not in sample.chosen:
            raise CaseError("이 표본에 뽑히지 않은 영수증입니다.")
        if by in barred:
            raise CaseError(
                "고치거나 승인한 사람은 자기 영수증의 표본을 확인할 수 없습니다. 다른 사람이 확인해 주세요."
            )
        self.lists.note(Word("sample-check", by, receipt_id, value=str(sample_id), detail={"read": canonical(read)}))

    def checks(self, sample_id: int) -> dict[str, dict[str, str]]:
        """What was read off the receipts of a sample, by receipt; of several checks the last."""
        found = (e for e in self.lists.entries("sample-check") if e.value == str(sample_id))
        return {entry.receipt: dict(entry.detail["read"]) for entry in found}

    def sample_result(self, receipts: Sequence[Receipt], sample_id: int | None = None) -> SampleResult:
        """What the checks of a sample (the last, if none is named) say of the receipts as they stand now."""
        sample = self._sample(sample_id)
        return judge(sample, self.checks(sample.id), {r.id: r.values for r in receipts})

    def _sample(self, sample_id: int | None) -> Sample:
        samples = self.samples()
        if not samples or (sample_id is not None and sample_id not in samples):
            raise CaseError("표본이 없습니다. 먼저 표본을 뽑아 주세요.")
        return samples[max(samples) if sample_id is None else sample_id]


LISTED = (
    "list",
    "statement",
    "row",
    "date",
    "amount",
    "merchant",
    "number",
    "approval",
    "foreign",
    "state",
    "card",
    "person",
)


def _of_rows(listed: pd.DataFrame, keys: Sequence[RowKey]) -> pd.DataFrame:
    places = {(name, row): place for place, (name, row) in enumerate(zip(listed["list"], listed["row"], strict=True))}
    return listed.iloc[[places[key] for key in keys]].reset_index(drop=True)


def _policy_source(source: Source) -> dict[str, Any]:
    if source == "default":
        return {"name": DEFAULT.name, "toml": DEFAULT.read_text("utf-8")}
    name = source[0] if isinstance(source, tuple) else Path(source).name
    if name.lower().endswith(".toml"):
        data = source[1] if isinstance(source, tuple) else Path(source).expanduser().read_bytes()
        return {"name": name, "toml": data.decode("utf-8-sig")}
    name, sheets = _sheets(source)
    return {"name": name, "rows": sheets[0].rows}


def _policy_of(told: Mapping[str, Any]) -> Policy:
    return read_policy(told["toml"], told["name"]) if "toml" in told else policy_of_rows(told["rows"], told["name"])


def _sheets(source: Source) -> tuple[str, list[Sheet]]:
    if isinstance(source, tuple):
        return source[0], read_sheets(source[1], source[0])
    path = Path(source).expanduser()
    return path.name, read_sheets(path)


def _sample_of(number: int, detail: Mapping[str, Any]) -> Sample:
    facts = json.loads(json.dumps(detail))
    for name in ("chosen", "certain", "left_out"):
        facts[name] = tuple(facts[name])
    return Sample(**facts, id=number)
