"""What asks before receipts are deleted for good."""

from typing import Any

from workbench.review import texts
from workbench.review.session import Session
from workbench.widgets.asking import Asking


class Deleting(Asking):
    """Names what would go, and that it does not come back."""

    def __init__(self, session: Session, **params: Any) -> None:
        super().__init__(session, texts.DELETE_SURE, **params)

    def ask(self, ids: tuple[str, ...]) -> None:
        """Asks before deleting `ids`, and says what else lies on their files."""
        going = self._session.would_delete(ids)
        if not going:
            self._session.notify("info", texts.NOTHING_THERE)
            return
        others = len(going) - len(ids)
        worked = sum(receipt.spoken_of for receipt in going)
        warned = [
            f'<p class="warn">△ {text.format(count=count)}</p>'
            for text, count in ((texts.DELETE_OTHERS, others), (texts.DELETE_WORKED, worked))
            if count
        ]
        self._show(
            ids,
            texts.DELETE_TITLE.format(count=len(going)),
            "".join([f"<p>{texts.DELETE_TEXT}</p>", *warned]),
            texts.CANCEL,
            texts.DELETE_GO.format(count=len(going)),
        )

    def _do(self) -> None:
        self._session.delete(self._ids or ())
