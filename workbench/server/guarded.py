"""Every handler of the server asks for access first: a mixin in front of whatever class answers."""

from typing import Any, ClassVar
from urllib.parse import unquote

from tornado.web import RequestHandler

from workbench.event_log import event
from workbench.review import texts
from workbench.server import headers as sent
from workbench.server.auth import Access, note
from workbench.server.identity import Person
from workbench.server.words import page_of_words


class Guarded(RequestHandler):
    """Says under which name the server is asked, and what the browser must know; the rest answers anybody."""

    access: ClassVar[Access]

    def set_default_headers(self) -> None:
        """On every answer, errors too."""
        for name, value in sent.plain().items():
            self.set_header(name, value)

    async def prepare(self) -> None:
        """Tornado's hook before a request is served."""
        if "\0" in unquote(self.request.path):  # no file is called so, and whoever looks for one fails over it
            self.send_error(404)
            return
        if why := self.access.objection(self.request):
            self.refuse(400 if why == "header-twice" else 403, why)
            return
        waiting = super().prepare()
        if waiting is not None:
            await waiting

    def refuse(self, status: int, why: str) -> None:
        """Ends the request, says in words what to do, and notes it."""
        event("refused", reason=why, status=status)
        self.clear()
        self.set_status(status)
        self.respond(page_of_words(texts.ACCESS_CLOSED, texts.ACCESS_REASONS.get(why, texts.ACCESS_ELSE)))

    def respond(self, html: str) -> None:
        """Ends the request with a page of words."""
        for name, value in sent.words().items():
            self.set_header(name, value)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(html)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """An error as a page of words: never what it was raised with."""
        known = (texts.NOT_THERE, texts.NOT_THERE_DO) if status_code in (404, 405) else None
        self.respond(page_of_words(*(known or (texts.ANSWER_FAILED, texts.ANSWER_FAILED_DO))))

    async def _execute(self, transforms: Any, *args: bytes, **kwargs: bytes) -> None:
        # Tornado catches Exception; an exit asked for by imported code would end the loop, and everybody's work.
        try:
            await super()._execute(transforms, *args, **kwargs)
        except SystemExit as error:
            event("exit-refused")
            if not self._finished:
                self._handle_request_exception(RuntimeError(f"exit {error.code}"))

    def set_flagged_cookie(self, name: str, value: str, days: float | None = None, samesite: str = "Lax") -> None:
        """A cookie out of reach of scripts, of other sites, and of plain HTTP where the browser came by TLS."""
        self.set_cookie(
            name, value, expires_days=days, httponly=True, samesite=samesite, secure=self.access.secure(self.request)
        )


class Asked(Guarded):
    """Behind it somebody's case is shown: asks who they are."""

    asker: Person | None = None

    async def prepare(self) -> None:
        """Tornado's hook before a request is served."""
        await super().prepare()
        if self._finished:
            return
        if self.access.is_phones(self.request):
            held = self.access.pass_of(self.request)
            if held is None:
                self.refuse(403, "no-pass")
            elif self.may_enter(held.person, None):
                self.asker = held.person
                note(self.request, held.person)
            return
        if not self.access.knows_token(self.request):
            self.come_with_token()
            return
        person, fresh = self.access.person(self.request, self._vouched())
        if person is None:
            self.come_in()
        elif self.may_enter(person, fresh):
            self.asker = person
            note(self.request, person)

    def _vouched(self) -> str:
        """Whom an OAuth provider has logged in."""
        provider = self.application.auth_provider  # type: ignore[attr-defined]  # a Bokeh application
        if provider.get_user is None and provider.get_user_async is None:
            return ""
        user = self.current_user
        return user.decode() if isinstance(user, bytes) else user or ""

    def come_with_token(self) -> None:
        """Somebody without the token of the one case."""
        self.refuse(403, "no-token")

    def come_in(self) -> None:
        """Somebody whom nobody vouches for."""
        self.refuse(403, "no-login")

    def may_enter(self, person: Person, fresh: str | None) -> bool:
        """Whether the request goes on; `fresh` is the cookie of a browser that brought none."""
        raise NotImplementedError
