"""What opens over the page: dialogs and drawers, and what of them depends on who serves it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import panel as pn

from workbench.review.session import Session
from workbench.widgets.aside import Aside
from workbench.widgets.beside import Beside
from workbench.widgets.clearing import Clearing
from workbench.widgets.deleting import Deleting
from workbench.widgets.export import Export
from workbench.widgets.help import Help
from workbench.widgets.learning import LearningPart
from workbench.widgets.past import Past
from workbench.widgets.phone import PhoneDialog, Phones
from workbench.widgets.settings import SettingsDrawer


class OtherCases(Protocol):
    """The dialog of a person's other cases, where a server keeps them; a Panel object."""

    own: bool
    heading: str
    param: Any

    def open(self) -> None:
        """Shows the dialog."""

    def notice(self) -> str:
        """What the person should know when the page opens; "" for nothing."""


@dataclass(frozen=True, slots=True)
class Host:
    """What a server adds to the page: the person's other cases, and invitations for phones, where one can come.

    `alone`: nobody else reads with this machine's recogniser, so it may learn.
    """

    case_dialog: OtherCases | None = None
    phones: Phones | None = None
    alone: bool = True


class Dialogs:
    """Each dialog of the page, closed; `openers` are what opens those that a button of the bar asks for."""

    def __init__(self, session: Session, host: Host) -> None:
        self.past, self.aside, self.beside = Past(session), Aside(session), Beside(session)
        self.clearing, self.deleting, self.export = Clearing(session), Deleting(session), Export(session)
        self.phone = None if host.phones is None else PhoneDialog(session, host.phones)
        learns = LearningPart(session) if host.alone else None
        self.settings = SettingsDrawer(session, local=host.case_dialog is None, more=learns)
        self.help, self.cases = Help(), host.case_dialog

    def openers(self) -> dict[str, Callable[[], None]]:
        """By the name of the button."""
        return {
            "new": self.clearing.ask,
            "export": self.export.open,
            "settings": self.settings.open,
            "help": self.help.toggle,
            **({"phone": self.phone.open} if self.phone is not None else {}),
            **({"cases": self.cases.open} if self.cases is not None else {}),
        }

    def parts(self) -> list[Any]:
        """All of them, to be laid out last."""
        hosted = [dialog for dialog in (self.cases, self.phone) if dialog is not None]
        # Bokeh warns of a layout without parts.
        row = pn.Row(*(hosted or [pn.Spacer()]), width=0, height=0, margin=0)
        return [
            self.past, self.aside, self.beside, self.clearing, self.deleting, self.export, self.settings, self.help,
            row,
        ]  # fmt: skip
