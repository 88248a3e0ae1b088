"""The company's own rules in a case: taken in from a file, kept as a setting, and held against the receipts."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from workbench.domain.model import Finding, Receipt
from workbench.pipeline.ledger.readers import Source, named_sheets
from workbench.pipeline.storage.sqlite import Store
from workbench.pipeline.validation.policy import DEFAULT, Policy, read_policy
from workbench.pipeline.validation.policy_table import policy_of_rows

POLICY = "policy"
"""The setting that keeps them."""


class CompanyRules:
    """Those of one case; none as long as nobody has given any."""

    def __init__(self, store: Store, person_of: Callable[[str], str]) -> None:
        """`person_of` tells to whom a receipt belongs."""
        self._store, self._person_of = store, person_of
        self._policy: tuple[str | None, Policy | None] = (None, None)
        self._words: dict[str, tuple[object, str]] = {}

    def held(self) -> Policy | None:
        """The rules that hold for this case; None where nobody has given any."""
        kept = self._store.setting(POLICY)
        if kept != self._policy[0]:
            self._policy = kept, _policy_of(json.loads(kept)) if kept else None
        return self._policy[1]

    def put(self, source: Source | None, by: str) -> Policy | None:
        """Takes in rules: a TOML or Excel file, "default" for those that come with the program, None for none."""
        told = None if source is None else _told_by(source)
        policy = _policy_of(told) if told else None
        self._store.put_setting(POLICY, json.dumps(told, ensure_ascii=False) if told else None, by)
        return policy

    def findings(self, receipts: Sequence[Receipt]) -> dict[str, tuple[Finding, ...]]:
        """What the rules say of each receipt."""
        policy = self.held()
        if policy is None:
            return {}
        read_at = {receipt.id: receipt.read_at for receipt in receipts}
        return policy.findings(receipts, lambda name: self._text(name, read_at.get(name)), self._person_of)

    def _text(self, receipt_id: str, read_at: object) -> str:
        known = self._words.get(receipt_id)
        if known is None or known[0] != read_at:
            text = "\n".join(line.text for line in self._store.lines(receipt_id))
            known = self._words[receipt_id] = read_at, text
        return known[1]


def _told_by(source: Source) -> dict[str, Any]:
    if source == "default":
        return {"name": DEFAULT.name, "toml": DEFAULT.read_text("utf-8")}
    name = source[0] if isinstance(source, tuple) else Path(source).name
    if name.lower().endswith(".toml"):
        data = source[1] if isinstance(source, tuple) else Path(source).expanduser().read_bytes()
        return {"name": name, "toml": data.decode("utf-8-sig")}
    name, sheets = named_sheets(source)
    return {"name": name, "rows": sheets[0].rows}


def _policy_of(told: Mapping[str, Any]) -> Policy:
    return read_policy(told["toml"], told["name"]) if "toml" in told else policy_of_rows(told["rows"], told["name"])
