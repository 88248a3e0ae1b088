"""The phone's way in: an invitation to one case, the page that takes it, and the page that photographs."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any
from urllib.parse import urlencode

import panel as pn

from workbench.capture_page import capture_page
from workbench.case import Case
from workbench.event_log import event
from workbench.page_layout import TEMPLATE
from workbench.review import capture_texts as texts
from workbench.review import texts as words
from workbench.server import auth
from workbench.server.identity import Person
from workbench.server.login_pages import Form
from workbench.server.passes import COOKIE, PATH, Passes, outside
from workbench.server.words import page_of_words


@dataclass(frozen=True, slots=True)
class Phones:
    """Invites phones to the case in `folder`; `listening` is where the server listens, `port` tells its port."""

    passes: Passes
    folder: str
    listening: str
    port: Callable[[], int]
    may_still: Callable[[], bool] = lambda: True

    def address(self, base: str, name: str) -> str:
        """What a phone is to open, good once and for ten minutes; "" where no phone reaches this server.

        `base` is the page's own address (scheme and host), `name` whoever invites: the phone's person is called so.
        """
        place = outside(base, self.listening, self.port())
        if not place:
            return ""
        event("phone-invited")
        word = self.passes.make(texts.NAMED.format(name=name), self.folder, self.may_still)
        return f"{place}{PATH}/pass?{urlencode({'word': word})}"

    def end(self) -> None:
        """Ends all invitations to the case, and what phones have been let in."""
        self.passes.end(self.folder)


class PassPage(Form):
    """Takes an invitation's word, once. Looking at the address uses nothing up: messengers and cameras look ahead."""

    def get(self) -> None:
        """Asks for the press that uses it."""
        word = self.get_query_argument("word", "")[:100]
        self.respond(
            page_of_words(
                texts.TITLE,
                texts.ENTER_ASK,
                body=f'<form method="post" action="{PATH}/pass">{self.hidden()}'
                f'<input type="hidden" name="pass" value="{escape(word)}"><button>{texts.ENTER_GO}</button></form>',
            )
        )

    def post(self) -> None:
        """Gives the browser its pass, and sends it to the page that photographs."""
        proof = self.access.passes.redeem(self.get_body_argument("pass", "")[:100]) if self.is_ours() else ""
        if not proof:
            event("refused", reason="pass-refused", status=403)
            self.set_status(403)
            self.respond(page_of_words(texts.TITLE, texts.ENTER_GONE))
            return
        event("phone-admitted")
        self.set_cookie(
            self.access.own(COOKIE),
            proof,
            path=PATH,
            httponly=True,
            samesite="Strict",
            secure=self.access.secure(self.request),
        )
        self.redirect(PATH, status=303)


def phone_page(
    access: auth.Access,
    open_case: Callable[[str, Person], tuple[Case, Callable[[], None]]],
    full: Callable[[Person], bool] = lambda _: False,
) -> Any:
    """The page for whoever came by a pass; `open_case` gives the case of a folder, and what to call when it is left,
    `full` tells whether there is no room for one more page of that person.
    """
    pn.state.curdoc.title, pn.state.curdoc.template = texts.TITLE, TEMPLATE
    person, session = auth.person_of(pn.state.headers), str(pn.state.curdoc.session_context.id)
    held = access.passes.of_key(person.key)
    if held is None:
        return pn.pane.HTML(escape(texts.ENTER_GONE))
    access.admit(session, person.key, partial(_holds, access.passes, person.key))
    pn.state.on_session_destroyed(lambda context: access.forget(str(context.id)))
    if full(person):
        event("page-refused", phone=True)
        return pn.pane.HTML(escape(words.TOO_MANY_TABS))
    case, leave = open_case(held.folder, person)
    pn.state.on_session_destroyed(lambda _: leave())
    return capture_page(case, person.name)


def _holds(passes: Passes, key: str) -> bool:
    return passes.of_key(key) is not None
