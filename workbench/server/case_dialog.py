"""The dialog of cases: which one is on screen, the person's others, sharing, deleting, and how long a case stays."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from html import escape
from typing import Any

import panel as pn
import param

from workbench.domain.errors import WorkbenchError
from workbench.domain.korean import KST
from workbench.review import texts
from workbench.server.case_record import About
from workbench.server.case_registry import CaseRegistry
from workbench.server.identity import Person
from workbench.widgets.dialog import Dialog, Tick, button, column, look, row
from workbench.widgets.markup import Markup, styles
from workbench.widgets.offline import plainly

WIDE = {"sizing_mode": "stretch_width", "margin": 0}


class CaseDialog(pn.viewable.Viewer):
    """A person's cases. `delete` ends what goes on in the case on screen and deletes it for good."""

    heading = param.String(doc="The title of the case on screen, and in a word or two how long it stays.")

    @plainly
    def __init__(
        self, registry: CaseRegistry, person: Person, about: About, delete: Callable[[], object], **params: Any
    ) -> None:
        super().__init__(**params)
        self._registry, self._person, self._about, self._delete = registry, person, about, delete
        self.own = about.owner == person.key
        self.heading = self._heading()

    @cached_property
    def _dialog(self) -> Dialog:
        """Made when it is first wanted: most pages never show it."""
        self._make_parts()
        return Dialog(self._laid_out(), texts.CASES)

    def _make_parts(self) -> None:
        about = self._about
        self._note = Markup("", stylesheets=styles("sheet"), **WIDE)
        self._said = Markup("", stylesheets=styles("sheet"), **WIDE)
        self._title = pn.widgets.TextInput(label=texts.CASE_TITLE, value=about.title, disabled=not self.own, **look())
        self._others = pn.widgets.Select(label=texts.CASE_OTHERS, options={}, **look())
        self._code = pn.widgets.TextInput(label=texts.CASE_CODE, **look())
        self._shared = pn.widgets.Select(label=texts.CASE_SHARED, options={}, **look())
        self._withdraw = self._button(texts.CASE_WITHDRAW, self._stop_sharing)
        self._sure = Tick(texts.CASE_SURE)
        self._gone = self._button(texts.CASE_DELETE, self._really_delete, "danger")
        self._sure.param.watch(lambda event: setattr(self._gone, "disabled", not event.new), "value")
        self._gone.disabled = True
        self._title.param.watch(lambda event: self._tried(lambda: self._rename(event.new)), "value")

    def _button(self, label: str, verb: Callable[[], None], color: str = "default") -> Any:
        return button(label, lambda: self._tried(verb), color)

    def _laid_out(self) -> pn.viewable.Viewable:
        mine = [
            row(self._button(texts.CASE_INVITE, self._invite)),
            row(self._shared, self._withdraw),
            row(self._sure, self._gone),
        ]
        self._other_row = row(self._others, self._button(texts.CASE_OPEN, lambda: self._go(str(self._others.value))))
        return column(
            self._note,
            self._title,
            self._other_row,
            row(self._button(texts.CASE_NEW, self._new)),
            row(self._code, self._button(texts.CASE_ENTER, self._enter)),
            self._said,
            *(mine if self.own else []),
            gap=12,
        )

    def open(self) -> None:
        """Shows the dialog, with the state of now."""
        dialog = self._dialog
        self._draw()
        dialog.open = True

    def notice(self) -> str:
        """How long the case stays, for somebody without a login; "" where it stays for ever."""
        left = self._registry.seconds_left(self._about)
        return "" if left is None else texts.CASE_EXPIRES.format(hours=self._registry.keep_hours)

    def _heading(self) -> str:
        kept = texts.CASE_KEPT.format(hours=self._registry.keep_hours) if self.notice() else ""
        return (self._about.title or texts.UNTITLED) + kept

    def _draw(self) -> None:
        self._about = self._registry.find(self._person, self._about.id)
        names = {_label(about): about.id for about in self._registry.cases(self._person) if about.id != self._about.id}
        self._others.param.update(options=names, value=next(iter(names.values()), None))
        self._other_row.visible = bool(names)
        shared = {name: key for key, name in self._about.shared.items()}
        self._shared.param.update(options=shared, value=next(iter(shared.values()), None))
        self._shared.visible = self._withdraw.visible = bool(shared)
        note = self.notice()
        self._note.object = f'<p class="warn">△ {escape(note)}</p>' if note else ""

    def _tried(self, verb: Callable[[], None]) -> None:
        try:
            verb()
        except WorkbenchError as error:
            self._said.object = f'<p class="warn">△ {escape(str(error))}</p>'

    def _go(self, case_id: str) -> None:
        if case_id and pn.state.location is not None:
            pn.state.location.param.update(search=f"?case={case_id}", reload=True)

    def _rename(self, title: str) -> None:
        self._about = self._registry.rename(self._person, self._about.id, title)
        self.heading = self._heading()

    def _new(self) -> None:
        self._go(self._registry.make(self._person, texts.NEXT_CASE.format(day=f"{datetime.now(KST):%Y-%m-%d}")).id)

    def _enter(self) -> None:
        self._go(self._registry.accept(self._person, self._code.value_input or self._code.value).id)

    def _invite(self) -> None:
        code = self._registry.invite(self._person, self._about.id)
        self._said.object = f"<p>{texts.CASE_INVITATION}<br><code>{escape(code)}</code></p>"

    def _stop_sharing(self) -> None:
        self._registry.withdraw(self._person, self._about.id, str(self._shared.value))
        self._draw()

    def _really_delete(self) -> None:
        self._delete()
        if pn.state.location is not None:
            pn.state.location.param.update(search="", reload=True)

    def __panel__(self) -> pn.viewable.Viewable:
        return self._dialog


def _label(about: About) -> str:
    made = datetime.fromtimestamp(about.made_at, KST)
    return f"{about.title or texts.UNTITLED} · {made:%Y-%m-%d %H:%M} · {about.id[:4]}"
