"""The dialog that invites a phone: a QR code that opens the page for photographing, once."""

from typing import Any, Protocol

import panel as pn
import param
import segno

from workbench.review import capture_texts as texts
from workbench.review.session import Session
from workbench.widgets.dialog import Dialog
from workbench.widgets.markup import Scripted, script, styles


class Phones(Protocol):
    """Who invites phones, where a server does."""

    def address(self, base: str, name: str) -> str:
        """What a phone is to open; "" where none reaches the server under which this page was opened."""

    def end(self) -> None:
        """Ends all invitations, and what phones have been let in."""


class Invitation(Scripted):
    """Shows the code; its script knows under which address the page was opened."""

    view = param.Dict({})
    asked = param.Integer(0, doc="Counts the times a fresh code is asked for.")
    words = param.Dict({name: getattr(texts, name.upper()) for name in ("scan", "once", "plain", "another", "end")})

    _esm = script("phone.js")
    _stylesheets = styles("phone")

    def __init__(self, session: Session, phones: Phones, **params: Any) -> None:
        super().__init__(sizing_mode="stretch_width", margin=0, **params)
        self._session, self._phones = session, phones

    def heard(self, data: dict[str, Any]) -> None:
        """Makes a fresh code for the address that the browser tells, or ends what was given out."""
        if data.get("verb") == "end":
            self._phones.end()
            self._session.notify("success", texts.ENDED)
            self.view = {}
            return
        address = self._phones.address(str(data.get("base", ""))[:300], self._session.user)
        self.view = {"why": texts.UNREACHABLE} if not address else {"address": address, "code": code_of(address)}


def code_of(address: str) -> str:
    """The address as a QR code: a data URL of an SVG, black on white in the light and in the dark."""
    return str(segno.make(address, error="m").svg_data_uri(scale=6, border=4, dark="#000", light="#fff"))


class PhoneDialog(pn.viewable.Viewer):
    """Opened from the top bar."""

    def __init__(self, session: Session, phones: Phones, **params: Any) -> None:
        super().__init__(**params)
        self._invitation = Invitation(session, phones)
        self._dialog = Dialog(self._invitation, texts.OPEN, span="sm")

    def open(self) -> None:
        """Shows a fresh code."""
        self._invitation.view = {}
        self._invitation.asked += 1
        self._dialog.open = True

    def __panel__(self) -> pn.viewable.Viewable:
        return self._dialog
