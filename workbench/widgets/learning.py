"""In the settings: learning from this case's corrections, what came of it, and the way back."""

from typing import Any

import panel as pn

from workbench.review import texts
from workbench.review.learning import Learning
from workbench.review.session import Session
from workbench.widgets.dialog import button, row
from workbench.widgets.markup import Markup, styles
from workbench.widgets.page_lock import every

LOOK_MS = 3000
"""How often the page looks how far it is, while the settings are open."""


class LearningPart(pn.viewable.Viewer):
    """A heading, a sentence and buttons of which only those that can be pressed are shown."""

    def __init__(self, session: Session, **params: Any) -> None:
        super().__init__(**params)
        self._session, self._learning = session, Learning(session.case)
        self._words = Markup("", margin=0, sizing_mode="stretch_width", stylesheets=styles("sheet"))
        self._start, self._stop = button(texts.LEARN_START, self._begin), button(texts.LEARN_STOP, self._end)
        self._take = button(texts.LEARN_TAKE, lambda: self._then(self._learning.take, texts.LEARN_TOOK), "primary")
        self._undo = button(texts.LEARN_UNDO, lambda: self._then(self._learning.undo, texts.LEARN_UNDID))
        buttons = row(self._start, self._stop, self._take, self._undo)
        heading = Markup(f"<h3>{texts.LEARN}</h3>", margin=0, stylesheets=styles("sheet"))
        look = {"margin": 0, "styles": {"gap": "14px"}, "sizing_mode": "stretch_width"}
        self._layout = pn.Column(heading, self._words, buttons, **look)
        self._looking: Any = None
        self.draw()

    def watch(self, shown: bool) -> None:
        """Looks at it again and again as long as it is `shown`."""
        if self._looking is not None:
            self._looking.stop()
            self._looking = None
        if shown:
            self.draw()
            self._looking = every(LOOK_MS, self.draw)

    def draw(self) -> None:
        """Says how far it is."""
        learning = self._learning
        running, lacking = learning.running, bool(learning.lacking())
        self._words.object = f"<p>{learning.words()}</p>"
        self._start.visible = not running and not lacking
        self._stop.visible = running
        self._take.visible = learning.offered and not running
        self._undo.visible = learning.taken

    def _begin(self) -> None:
        if why := self._learning.start():
            self._session.notify("error", why)
        self.draw()

    def _end(self) -> None:
        self._then(self._learning.stop)

    def _then(self, act: Any, said: str = "") -> None:
        act()
        if said:
            self._session.notify("success", said)
        self.draw()

    def __panel__(self) -> pn.viewable.Viewable:
        return self._layout
