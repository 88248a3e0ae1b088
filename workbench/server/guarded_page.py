"""The page, guarded: a browser is let in step by step before a session begins, and waits its turn."""

import math
from typing import Any
from urllib.parse import quote, urlencode

from workbench.review import texts
from workbench.server import headers as sent
from workbench.server.guarded import Asked
from workbench.server.identity import CASE_COOKIE, COOKIE, COOKIE_DAYS, Person
from workbench.server.page_head import head, rest
from workbench.server.turns import TooManyWait
from workbench.server.words import page_of_words

HELLO = "hello"
"""The argument by which a browser shows that it kept the cookie it was given: only then a session begins."""
PAGE = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
BUSY_SECONDS = 5.0
"""After which somebody is to come again who waits for too many pages already."""


class GuardedPage(Asked):
    """The page: a browser is let in step by step (token, login, cookie) before a session begins."""

    def initialize(self, *args: Any, **kwargs: Any) -> None:
        """Each answer has a word of its own that marks its scripts."""
        self._nonce, self._gone, self._begun = sent.fresh_nonce(), False, False
        super().initialize(*args, **kwargs)

    def come_with_token(self) -> None:
        """Takes the token out of the address and into a cookie."""
        if not self.access.is_token(self.get_query_argument("token", "")):
            self.refuse(403, "no-token")
            return
        self.set_flagged_cookie(self.access.own(CASE_COOKIE), self.access.proof, samesite="Strict")
        self.redirect(self._own_address("token"), status=303)

    def come_in(self) -> None:
        """To the login, and back here."""
        if self.access.logins is not None:
            self.redirect("/login?" + urlencode({"next": self.request.uri or "/"}), status=303)
        elif login := self.application.auth_provider.login_url:  # type: ignore[attr-defined]
            self.redirect(login, status=303)
        else:
            self.refuse(403, "no-login")

    def may_enter(self, person: Person, fresh: str | None) -> bool:
        """A browser without a cookie is given one and asked to come again: else each look would begin a case."""
        greeted = bool(self.get_query_arguments(HELLO))
        if fresh is None:
            for name in (COOKIE, self.access.own(COOKIE)):
                if (kept := self.get_cookie(name)) and not person.named:
                    self.set_flagged_cookie(name, kept, COOKIE_DAYS)
            if greeted or self.get_query_arguments("token"):
                self.redirect(self._own_address(HELLO, "token"), status=303)
                return False
            return True
        if greeted:
            self.refuse(403, "no-cookie")
            return False
        self.set_flagged_cookie(self.access.browser_cookie(self.request), fresh, COOKIE_DAYS)
        self.redirect(self._own_address(HELLO, "token", **{HELLO: "1"}), status=303)
        return False

    async def head(self, *_args: Any, **_kwargs: Any) -> None:
        """An open page asks whether anybody is there: no page is made for it."""
        self.set_status(204)
        self.finish()

    async def get(self, *args: Any, **kwargs: Any) -> None:
        """The page, when its turn has come; nobody is made one who has gone meanwhile."""
        access, address = self.access, self.access.address(self.request)
        if (person := self.asker) is None:
            self.refuse(403, "no-login")
            return
        known = access.knows(person)
        seconds = access.wait_for_page(person.key) or (0 if known else access.newcomers.wait(address, person.key))
        if seconds > 0:
            self.come_again(seconds)
            return
        try:
            async with access.turns.turn(address, person.key, known):
                if (seconds := access.wait_for_page(person.key)) > 0:
                    self.come_again(seconds)
                elif not self._gone:
                    self._begin()
                    await super().get(*args, **kwargs)  # type: ignore[misc]  # of Panel's handler behind this one
        except TooManyWait:
            self.come_again(BUSY_SECONDS)

    def come_again(self, seconds: float) -> None:
        """A page of words in the place of the page; the browser asks again by itself."""
        again = math.ceil(seconds)
        self.set_status(429)
        self.set_header("Retry-After", str(again))
        self.respond(page_of_words(texts.PAGE_LATER, texts.PAGE_LATER_DO.format(seconds=again), again=again))

    def on_connection_close(self) -> None:
        """Tornado's hook: the browser has gone."""
        self._gone = True
        super().on_connection_close()

    def _own_address(self, *without: str, **more: str) -> str:
        pairs = [(n, v) for n, vs in self.request.query_arguments.items() if n not in without for v in vs]
        query = urlencode([*pairs, *more.items()])
        return (quote(self.request.path) or "/") + (f"?{query}" if query else "")

    def _begin(self) -> None:
        """Sends the head of the page, whose scripts the browser reads while the page is made."""
        for name, value in (sent.page(self._nonce) | PAGE).items():
            self.set_header(name, value)
        super().write(sent.with_nonce(head(self.application), self._nonce))
        self._begun = True
        self.flush()  # not waited for: the turn is held meanwhile

    def write(self, chunk: Any) -> None:
        """The workbench's page is marked as ours on its way out."""
        super().write(sent.with_nonce(rest(chunk), self._nonce) if self._begun else chunk)

    def send_error(self, status_code: int = 500, **kwargs: Any) -> None:
        """Where the head has been sent already, what went wrong is said below it."""
        if self._begun and not self._finished:
            super().write(page_of_words(texts.ANSWER_FAILED, texts.ANSWER_FAILED_DO))
            self.finish()
        else:
            super().send_error(status_code, **kwargs)

    def respond(self, html: str) -> None:
        """Ends the request with a page of words."""
        for name, value in sent.words().items():
            self.set_header(name, value)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        super().write(html)
        self.finish()
