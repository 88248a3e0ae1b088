"""The tab of samples: draw, check blind with nothing but the picture, read the outcome; and the company's rules."""

import base64
from collections.abc import Callable
from typing import Any

import param

from workbench.domain import schema
from workbench.domain.errors import WorkbenchError
from workbench.review import list_texts as texts
from workbench.review.cells import name_of
from workbench.review.sample_review import CHECKED, SampleReview
from workbench.widgets.markup import Scripted, script, styles


class SampleCheck(Scripted):
    """Sends what a checker may see: which receipt, its picture, what is left; never a value of the machine's."""

    view = param.Dict({}, doc="The sample, what is left of it, the outcome, the rules.")
    picture = param.String("", doc="The picture of the receipt in hand, a data: URL.")
    words = param.Dict({**texts.SAMPLE_WORDS, "fields": [[n, schema.spec(n).label] for n in CHECKED]})
    scope = param.String()

    _esm = script("sample_check.js")
    _stylesheets = styles("reconciliation")

    def __init__(self, state: SampleReview, **params: Any) -> None:
        super().__init__(sizing_mode="stretch_both", margin=0, **params)
        self._state, self._session = state, state.session
        state.param.watch(self._draw, ["news", "in_hand", "refusal"])
        self._session.param.watch(self._draw, "place")
        self._shown = ""

    def heard(self, data: dict[str, Any]) -> None:
        """Does what the script asks for."""
        state = self._state

        def text(name: str) -> str:
            return str(data.get(name) or "")

        verbs: dict[str, Callable[[], object]] = {
            "draw": lambda: state.draw(text("method"), text("size"), text("tolerable"), text("seed")),
            "look": lambda: state.look_at(text("receipt")),
            "check": lambda: state.check(
                text("receipt"), {str(k): str(v) for k, v in dict(data.get("read") or {}).items()}
            ),
            "rules": lambda: state.ask_rules(text("which")),
        }
        verb = verbs.get(text("verb"))
        if verb is not None:
            verb()

    def _draw(self, *_: object) -> None:
        if self._session.place != "samples":
            return
        state, policy = self._state, self._session.case.policy()
        sample, done, receipt = state.sample(), state.checked(), state.receipt()
        said, differences = state.outcome()
        files = {r.id: name_of(r) for r in self._session.receipts}
        self.view = {
            "sample": repr(sample) if sample is not None else "",
            "rows": [[n, files.get(n, n), n in done] for n in sample.chosen] if sample is not None else [],
            "in_hand": receipt.id if receipt is not None else "",
            "title": name_of(receipt) if receipt is not None else "",
            "refusal": state.refusal,
            "outcome": said,
            "differences": [[files.get(r, r), schema.spec(f).label, h, c] for r, f, h, c in differences],
            "policy": policy.name if policy is not None else "",
        }
        if receipt is not None and receipt.id != self._shown:
            self._shown, name, self.picture = receipt.id, receipt.id, ""
            self._session.run_in_background(lambda: self._load(name), lambda picture: self._came(name, picture))

    def _load(self, receipt_id: str) -> str:
        try:
            return "data:image/jpeg;base64," + base64.b64encode(self._session.case.picture_of(receipt_id)).decode()
        except WorkbenchError:
            return ""  # the viewer says why

    def _came(self, receipt_id: str, picture: str) -> None:
        if receipt_id == self._shown:
            self.picture = picture
