"""The samples of a case, as its journal keeps them: what was drawn and how, what was checked, and the outcome."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from workbench.domain.errors import CaseError
from workbench.domain.model import Receipt
from workbench.domain.money import won_of
from workbench.pipeline.ledger.sampling import Sample, SampleResult, canonical, draw, judge
from workbench.pipeline.storage.journal import Word
from workbench.pipeline.storage.lists import ListStore


class Samples:
    """Draws, keeps and judges them."""

    def __init__(self, lists: ListStore) -> None:
        self._lists = lists

    def draw(self, receipts: Sequence[Receipt], meaning: str, by: str, **how: Any) -> Sample:
        """Draws from `receipts`, which are called `meaning`, and writes what was drawn, and how, to the journal.

        `how` is as in `sampling.draw`.
        """
        books = {receipt.id: won_of(receipt, "total") for receipt in receipts}
        sample = replace(draw(books, **how), meaning=meaning)
        facts = {name: value for name, value in asdict(sample).items() if name != "id"}
        number = self._lists.note(Word("sample", by, value=repr(sample), detail=facts))
        return self.all()[number]

    def all(self) -> dict[int, Sample]:
        """All samples of the case, by the number of their entry in the journal."""
        return {entry.seq: _sample_of(entry.seq, entry.detail) for entry in self._lists.entries("sample")}

    def check(self, sample_id: int, receipt_id: str, read: Mapping[str, str], by: str, barred: frozenset[str]) -> None:
        """Keeps what a person read off a sampled receipt, blind. `barred` are people who worked on the receipt."""
        sample = self._sample(sample_id)
        if receipt_id not in sample.chosen:
            raise CaseError("이 표본에 뽑히지 않은 영수증입니다.")
        if by in barred:
            raise CaseError(
                "고치거나 승인한 사람은 자기 영수증의 표본을 확인할 수 없습니다. 다른 사람이 확인해 주세요."
            )
        self._lists.note(Word("sample-check", by, receipt_id, value=str(sample_id), detail={"read": canonical(read)}))

    def checks(self, sample_id: int) -> dict[str, dict[str, str]]:
        """What was read off the receipts of a sample, by receipt; of several checks the last."""
        found = (e for e in self._lists.entries("sample-check") if e.value == str(sample_id))
        return {entry.receipt: dict(entry.detail["read"]) for entry in found}

    def result(self, receipts: Sequence[Receipt], sample_id: int | None = None) -> SampleResult:
        """What the checks of a sample (the last, if none is named) say of the receipts as they stand now."""
        sample = self._sample(sample_id)
        return judge(sample, self.checks(sample.id), {r.id: r.values for r in receipts})

    def _sample(self, sample_id: int | None) -> Sample:
        samples = self.all()
        if not samples or (sample_id is not None and sample_id not in samples):
            raise CaseError("표본이 없습니다. 먼저 표본을 뽑아 주세요.")
        return samples[max(samples) if sample_id is None else sample_id]


def _sample_of(number: int, detail: Mapping[str, Any]) -> Sample:
    facts = json.loads(json.dumps(detail))
    for name in ("chosen", "certain", "left_out"):
        facts[name] = tuple(facts[name])
    return Sample(**facts, id=number)
