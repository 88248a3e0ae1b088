"""What asks before receipts are put aside: a new batch, and clearing marked ones."""

from workbench.review import texts
from workbench.widgets.asking import Asking


class Clearing(Asking):
    """Names what would go, above all what people have corrected."""

    def ask(self, ids: tuple[str, ...] | None = None) -> None:
        """Asks before putting `ids` aside, or, without them, before a new batch."""
        count, corrected = self._session.would_lose(ids)
        if not count:
            self._session.notify("info", texts.NOTHING_THERE)
            return
        loses = f'<p class="warn">△ {texts.NEW_LOSES.format(corrected=corrected)}</p>' if corrected else ""
        if ids is None:
            first = f"<p>{texts.NEW_TEXT.format(count=len(self._session.receipts))}</p>"
            said = (texts.NEW_TITLE, f"{first}{loses}<p>{texts.NEW_UNDO}</p>", texts.NEW_KEEP, texts.NEW_CLEAR)
        else:
            title = texts.CLEAR_TITLE.format(count=count)
            said = (title, f"{loses}<p>{texts.NEW_UNDO}</p>", texts.CANCEL, texts.CLEAR_MARKED)
        self._show(ids, *said)

    def _do(self) -> None:
        self._session.clear(self._ids)
