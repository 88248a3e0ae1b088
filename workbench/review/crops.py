"""Pieces of the picture of the receipt in hand: each place is cut once, and the picture is let go with the receipt."""

from workbench.domain.errors import WorkbenchError
from workbench.domain.model import Box, Receipt
from workbench.review.preview import MARGIN, Picture
from workbench.review.session import Session


class Crops:
    """Those of one receipt at a time, as data URLs."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._receipt: tuple[str, object] = ("", None)
        self._picture: Picture | None = None
        self._cut: dict[tuple[Box, float], str] = {}

    def of(self, receipt: Receipt, box: Box | None, around: float = MARGIN) -> str:
        """What lies in `box` and around it (in heights of the box); "" where there is no box or no picture."""
        if box is None:
            return ""
        if self._receipt != (receipt.id, receipt.read_at):
            self._receipt, self._cut = (receipt.id, receipt.read_at), {}
            self._picture = self._load(receipt)
        if self._picture is None:
            return ""
        if (box, around) not in self._cut:
            self._cut[box, around] = self._picture.crop(box, around)
        return self._cut[box, around]

    def _load(self, receipt: Receipt) -> Picture | None:
        if receipt.status == "waiting" or not receipt.geometry.size[0]:
            return None
        try:
            return Picture(self._session.case.picture_of(receipt.id), receipt.geometry.size)
        except WorkbenchError as error:
            self._session.notify("error", str(error))
            return None
