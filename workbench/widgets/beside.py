"""Two receipts side by side in a dialog: both pictures, both values, and the two answers there are."""

from collections.abc import Callable
from typing import Any

import panel as pn
import param

from workbench.domain.errors import WorkbenchError
from workbench.domain.model import Finding, Receipt
from workbench.review import beside
from workbench.review import beside_texts as texts
from workbench.review.cells import name_of
from workbench.review.preview import Picture
from workbench.review.session import Session
from workbench.widgets.dialog import Dialog
from workbench.widgets.markup import Scripted, script, styles


class Pair(Scripted):
    """Draws `view`: files, pictures, rows; the answers come back as verbs."""

    view = param.Dict({})

    _esm = script("beside.js")
    _stylesheets = styles("beside")

    def __init__(self, session: Session, **params: Any) -> None:
        super().__init__(sizing_mode="stretch_width", margin=0, **params)
        self._session = session
        self._this, self._finding = "", Finding("info", "")
        self._left: tuple[str, ...] = ()
        self._apart: tuple[Receipt, ...] = ()
        self.done: Callable[[], None] = lambda: None

    def show(self) -> bool:
        """Takes the finding in hand, else the first that names another receipt; False where none does."""
        receipt = self._session.receipt
        if receipt is None:
            return False
        in_hand = self._session.finding
        for finding in ((in_hand,) if in_hand else ()) + receipt.open_findings:
            if left := beside.partners(receipt, finding, self._session.receipts):
                self._this, self._finding, self._left, self._apart = receipt.id, finding, left, ()
                return self._draw()
        return False

    def _both(self) -> tuple[Receipt, Receipt] | None:
        known = {one.id: one for one in self._session.receipts}
        if self._left and self._this in known and self._left[0] in known:
            return known[self._this], known[self._left[0]]
        return None

    def _draw(self) -> bool:
        both = self._both()
        if both is None:
            self.view = {}
            return False
        count = len(self._left) + len(self._apart)
        self.view = {
            "files": [name_of(receipt) for receipt in both],
            "pictures": [self._picture(receipt) for receipt in both],
            "rows": [[row.label, row.this, row.that, row.differs] for row in beside.rows(*both)],
            "said": self._finding.message,
            "place": texts.PLACE.format(place=len(self._apart) + 1, count=count) if count > 1 else "",
            "words": texts.WORDS | (texts.CANCELLING if self._cancels else {}),
        }
        return True

    @property
    def _cancels(self) -> bool:
        return self._finding.code in beside.CANCELLING

    def _picture(self, receipt: Receipt) -> str:
        try:
            return Picture(self._session.case.picture_of(receipt.id), receipt.geometry.size).address()
        except WorkbenchError:
            return ""  # the script says that there is none

    def heard(self, data: dict[str, Any]) -> None:
        """Keeps one of two, or tells them apart; the next one named comes, or the dialog ends."""
        both, verb = self._both(), data.get("verb")
        if both is None:
            self.done()
            return
        if self._cancels and verb in ("keep_this", "apart"):
            self._left = self._left[1:] if verb == "apart" else ()
            self._apart = (*self._apart, both[1])
            if verb == "keep_this":
                self._session.belong(both[0], self._finding, both[1])
        elif self._cancels:
            return
        elif verb in ("keep_this", "keep_that"):
            keep, aside = both if verb == "keep_this" else both[::-1]
            self._session.same_purchase(keep, aside)
            self._left = self._left[1:] if verb == "keep_this" else ()
        elif verb == "apart":
            self._apart, self._left = (*self._apart, both[1]), self._left[1:]
            if not self._left:
                self._session.tell_apart(both[0], self._finding, self._apart)
        if not self._draw():
            self.done()


class Beside(pn.viewable.Viewer):
    """A dialog, opened from a finding that names another receipt."""

    def __init__(self, session: Session, **params: Any) -> None:
        super().__init__(**params)
        self._session = session
        self.pair = Pair(session)
        self.dialog = Dialog(self.pair, texts.TITLE, span="lg")
        self.pair.done = lambda: setattr(self.dialog, "open", False)

    def open(self) -> None:
        """Shows the receipts that a finding names; says so where there are none."""
        if self.pair.show():
            self.dialog.open = True
        else:
            self._session.notify("info", texts.NONE)

    def __panel__(self) -> pn.viewable.Viewable:
        return self.dialog
