"""Two people and a machine at one receipt, in any order that Hypothesis thinks of: what is said stays said."""

import json
import tempfile
from collections import defaultdict
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.kit.pile import pile, reading
from workbench.domain.errors import Changed, NotAllowed
from workbench.pipeline.storage.sqlite import Store
from workbench.pipeline.validation.known import marks
from workbench.review import spoken
from workbench.review.undo import History

NAMES = st.sampled_from(("kim", "lee"))
PLACES = st.integers(0, 1)
AMOUNTS = st.sampled_from(("1", "2", "3000"))


class Said(RuleBasedStateMachine):
    """`screens` is what each of the two has last looked at, `seen` all that an approval may rest on."""

    @initialize()
    def begin(self):
        self.home = tempfile.TemporaryDirectory()
        self.case = pile(Path(self.home.name) / "case", 2)
        self.store = Store(self.case.folder)
        self.ids = [r.id for r in self.case.receipts()]
        self.histories = {"kim": History(), "lee": History()}
        self.screens = {}
        self.approved: dict[tuple[str, str, str], dict[str, str]] = {}
        self.knew: dict[tuple[str, str], set[tuple[str, ...]]] = defaultdict(set)
        for name in ("kim", "lee"):
            self.look(name)

    @rule(name=NAMES)
    def look(self, name):
        self.screens[name] = {r.id: r for r in (*self.case.receipts(), *self.case.put_aside())}

    def tried(self, name, seen, work):
        """Does it; where it is refused, nothing at all is kept."""
        before = self.case.chain_head()
        try:
            self.histories[name].add(work())
        except (Changed, NotAllowed):
            assert self.case.chain_head() == before
            return False
        return True

    @rule(name=NAMES, place=PLACES, field=st.sampled_from(("total", "vat")), text=AMOUNTS)
    def correct(self, name, place, field, text):
        seen = self.screens[name].get(self.ids[place])
        if seen is None or not self.store.has(seen.id):
            return
        held = self.store.some([seen.id])[0].value(field)
        kept = self.tried(name, seen, lambda: spoken.correct(self.case, name, seen, field, text))
        assert kept == (held == seen.value(field))

    @rule(name=NAMES, place=PLACES)
    def approve(self, name, place):
        seen = self.screens[name].get(self.ids[place])
        if seen is None or seen.id not in {r.id for r in self.case.receipts()}:
            return
        if self.tried(name, seen, lambda: spoken.approve(self.case, name, seen, seen.revision)):
            self.approved[name, seen.id, seen.revision] = seen.values
            self.knew[name, seen.id].add(marks(seen.findings))

    @rule(name=NAMES, forth=st.booleans())
    def walk(self, name, forth):
        history = self.histories[name]
        before = self.case.chain_head()
        try:
            history.redo() if forth else history.undo()
        except (Changed, NotAllowed):
            assert self.case.chain_head() == before

    @rule(place=PLACES, total=AMOUNTS)
    def reread(self, place, total):
        if self.store.has(self.ids[place]):
            self.store.put_page(self.ids[place], (reading(place, total=total),))

    @rule(name=NAMES, place=PLACES, back=st.booleans())
    def aside(self, name, place, back):
        if back:
            self.case.restore([self.ids[place]], by=name)
        else:
            self.case.clear([self.ids[place]], by=name)

    @rule(name=NAMES)
    def delete(self, name):
        if len(self.case.receipts()) == 2:  # one stays to speak of
            gone = self.case.delete([self.ids[1]], by=name)
            for history in self.histories.values():
                history.forget(gone)

    @rule(amount=st.sampled_from(("7,000", "8,000")), gone=st.booleans())
    def statement(self, amount, gone):
        """Another paper contradicts the first receipt, or does no more."""
        lists = self.case.books.lists
        for kept in lists.kept("statement"):
            lists.remove(kept.id, "park")
        if not gone:
            rows = f'이용일시,가맹점명,이용금액,승인번호\n2026-01-01 12:33,가나다상회,"{amount}",12345678\n'
            self.case.add_statement(("카드.csv", rows.encode()), by="park")

    @rule(above=st.sampled_from((None, 0, 2)))
    def rule_of_two(self, above):
        self.case.set_four_eyes(above, by="chief")

    @invariant()
    def nothing_is_approved_that_its_approver_did_not_see(self):
        for receipt in self.case.receipts():
            if receipt.status in ("approved", "confirmed"):
                for given in receipt.approvals:
                    assert self.approved[given.by, receipt.id, given.revision] == receipt.values
                    assert given.known in self.knew[given.by, receipt.id]
                    errors = [one for one in receipt.findings if one.severity == "error"]
                    assert set(marks(errors)) <= set(given.known)
                assert receipt.approved_by != receipt.confirmed_by

    @invariant()
    def the_journal_explains_every_value(self):
        for receipt in self.case.receipts():
            read, said = {}, {}
            for entry in self.case.entries(receipt.id):
                if entry.action == "read":
                    read |= json.loads(entry.value or "{}")
                elif entry.action == "correct":
                    said[entry.field] = entry.value
            for field in ("total", "vat"):
                word = said.get(field)
                assert receipt.value(field) == (read.get(field) if word is None else word)

    def teardown(self):
        if hasattr(self, "case"):
            assert self.case.verify() == []
            self.store.close()
            self.case.close()
            self.home.cleanup()


Said.TestCase.settings = settings(max_examples=12, stateful_step_count=25, suppress_health_check=list(HealthCheck))
test_what_is_said_stays_said = Said.TestCase
