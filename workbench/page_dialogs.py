"""What opens over the page: dialogs and drawers, and what of them depends on who serves it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Protocol

import panel as pn

from workbench.review.session import Session
from workbench.widgets import offline
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

VERBS = {"new": ("clearing", "ask"), "help": ("help", "toggle")}
"""What a button's name means where it is not a dialog's own, to open."""


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
    """The dialogs of the page, each made when it is first wanted: most are never opened, and all of them cost the page
    as much as everything else on it. `openers` are what opens those that a button of the bar asks for.
    """

    def __init__(self, session: Session, host: Host) -> None:
        self._session, self._host = session, host
        self._shelved: set[str] = set()
        self.shelf = pn.Column(pn.Spacer(), width=0, height=0, margin=0)  # Bokeh warns of a layout without parts

    @cached_property
    def past(self) -> Past:
        """What was said and done."""
        return Past(self._session)

    @cached_property
    def aside(self) -> Aside:
        """What was put aside."""
        return Aside(self._session)

    @cached_property
    def beside(self) -> Beside:
        """Two receipts side by side."""
        return Beside(self._session)

    @cached_property
    def clearing(self) -> Clearing:
        """Asks before receipts are put aside."""
        return Clearing(self._session)

    @cached_property
    def deleting(self) -> Deleting:
        """Asks before receipts are deleted for good."""
        return Deleting(self._session)

    @cached_property
    def export(self) -> Export:
        """What to leave with."""
        return Export(self._session)

    @cached_property
    def settings(self) -> SettingsDrawer:
        """Key, second approval, learning."""
        learns = LearningPart(self._session) if self._host.alone else None
        return SettingsDrawer(self._session, local=self._host.case_dialog is None, more=learns)

    @cached_property
    def help(self) -> Help:
        """All keys."""
        return Help()

    @cached_property
    def phone(self) -> PhoneDialog:
        """Invites a phone."""
        if self._host.phones is None:
            raise LookupError("nobody invites phones to this page")
        return PhoneDialog(self._session, self._host.phones)

    @cached_property
    def cases(self) -> OtherCases:
        """The person's other cases."""
        if self._host.case_dialog is None:
            raise LookupError("this page has no other cases")
        return self._host.case_dialog

    def openers(self) -> dict[str, Callable[[], None]]:
        """By the name of the button."""
        names = ["new", "export", "settings", "help"]
        names += ["phone"] if self._host.phones is not None else []
        names += ["cases"] if self._host.case_dialog is not None else []
        return {name: partial(self.ask, *VERBS.get(name, (name, "open"))) for name in names}

    @offline.plainly
    def ask(self, name: str, verb: str = "open", *given: Any) -> None:
        """Has the dialog of that name do something: `open` shows it."""
        dialog = getattr(self, name)
        getattr(dialog, verb)(*given)
        if name not in self._shelved:
            # Once it is open: what changes while the browser draws it for the first time gets lost in part.
            self._shelved.add(name)
            self.shelf.append(pn.panel(dialog))

    def escape(self) -> None:
        """Closes what Escape closes."""
        if "help" in vars(self):
            self.help.close()

    def end(self) -> None:
        """The page is gone, and with it what is made for it."""
        if "export" in vars(self):
            self.export.end()
