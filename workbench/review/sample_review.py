"""The state of a sample on screen and its verbs: drawing, checking blind, the outcome; and the company's rules."""

from collections.abc import Callable

import param

from workbench.domain.errors import WorkbenchError
from workbench.domain.model import Receipt
from workbench.pipeline.ledger.sampling import Sample
from workbench.review import list_texts as texts
from workbench.review.session import Session

CHECKED = ("total", "issued_at", "business_number", "approval_number")
"""What a checker reads off the picture, the machine's values hidden."""


class SampleReview(param.Parameterized):
    """One person's view of a case's last sample."""

    in_hand = param.String("", doc="Id of the sampled receipt that is being checked.")
    news = param.Integer(0, doc="Grows with what was drawn and checked, and with the rules.")
    refusal = param.String("", doc="Why what was typed was not taken.")

    def __init__(self, session: Session, **params: object) -> None:
        super().__init__(**params)
        self.session = session

    def sample(self) -> Sample | None:
        """The last sample of the case."""
        samples = self.session.case.books.samples.all()
        return samples[max(samples)] if samples else None

    def checked(self) -> set[str]:
        """Ids of those of the last sample that were checked."""
        sample = self.sample()
        return set(self.session.case.books.samples.checks(sample.id)) if sample is not None else set()

    def receipt(self) -> Receipt | None:
        """The receipt that is being checked."""
        return next((r for r in self.session.receipts if r.id == self.in_hand), None)

    def draw(self, method: str, size: str, tolerable: str, seed: str) -> None:
        """Draws a new sample from the receipts shown; `tolerable` in percent, an empty size is reckoned."""

        def work() -> None:
            ids = [r.id for r in self.session.rows] if self.session.filter.active else None
            self.session.case.sample(
                int(size) if size.strip() else None, float(tolerable or "5") / 100, method=method,
                seed=int(seed or "0"), which=ids, by=self.session.user,
            )  # fmt: skip

        if self._tried(work):
            sample = self.sample()
            self.in_hand = sample.chosen[0] if sample is not None and sample.chosen else ""
            self.news += 1

    def look_at(self, receipt_id: str) -> None:
        """Takes a sampled receipt in hand."""
        sample = self.sample()
        if sample is not None and receipt_id in sample.chosen:
            self.in_hand, self.refusal = receipt_id, ""

    def check(self, receipt_id: str, read: dict[str, str]) -> None:
        """Keeps what was read off the picture; then the next that is left comes."""
        sample = self.sample()
        if sample is None:
            return
        try:
            self.session.case.check_sampled(receipt_id, read, sample.id, by=self.session.user)
        except WorkbenchError as error:
            self.refusal = str(error)
            return
        done = self.checked()
        left = [name for name in sample.chosen if name not in done]
        self.in_hand, self.refusal = (left[0] if left else ""), ""
        self.news += 1

    def outcome(self) -> tuple[str, list[list[str]]]:
        """What the checks say, in words, and each difference: receipt, field, what is held, what was read.

        Differences are shown when all was checked: before that, nobody is told what the machine holds.
        """
        sample = self.sample()
        if sample is None:
            return "", []
        result = self.session.case.sample_result(sample.id)
        rows = [] if result.left else result.differences.fillna("").to_numpy().tolist()
        return result.words(), rows

    def ask_rules(self, which: str) -> None:
        """Asks for the rules that come with the program, or for none."""
        case, user = self.session.case, self.session.user
        if self._tried(lambda: case.policy("default", by=user) if which == "default" else case.drop_policy(by=user)):
            self.ruled()

    def ruled(self) -> None:
        """Other rules hold from now on: says which, and counts anew."""
        policy = self.session.case.policy()
        self.session.tick()
        self.session.notify("success", texts.RULED.format(name=policy.name) if policy is not None else texts.NO_RULES)
        self.news += 1

    def _tried(self, work: Callable[[], object]) -> bool:
        try:
            work()
        except ValueError:
            self.session.notify("error", texts.NUMBERS_ONLY)
            return False
        except WorkbenchError as error:
            self.session.notify("error", str(error))
            return False
        return True
