"""The pages where somebody logs in and out; everything on them comes from this server."""

import hmac
import secrets
from html import escape
from urllib.parse import urlsplit

from tornado.web import HTTPError

from workbench.event_log import event
from workbench.review import texts
from workbench.server.guarded import Guarded
from workbench.server.login import LOGIN_COOKIE, LOGIN_DAYS, Logins
from workbench.server.words import page_of_words

FORM_COOKIE = "workbench_form"


class Form(Guarded):
    """A form that only a page of ours can send: its hidden word stands in a cookie, too."""

    @property
    def logins(self) -> Logins:
        """The people who may log in."""
        if self.access.logins is None:
            raise HTTPError(404)
        return self.access.logins

    def hidden(self) -> str:
        """The input that proves where the form came from."""
        word = secrets.token_urlsafe(16)
        self.set_flagged_cookie(self.access.own(FORM_COOKIE), word, samesite="Strict")
        return f'<input type="hidden" name="word" value="{word}">'

    def is_ours(self) -> bool:
        """Whether what was sent is a form that this server showed to this browser."""
        kept = self.get_cookie(self.access.own(FORM_COOKIE)) or ""
        given = self.get_body_argument("word", "")
        return (
            bool(kept) and hmac.compare_digest(kept.encode(), given.encode()) and self.access.knows_origin(self.request)
        )


class LoginPage(Form):
    """Asks for a name and a password."""

    def get(self) -> None:
        """The empty form."""
        self._show(inside(self.get_query_argument("next", "/")))

    async def post(self) -> None:
        """Lets in whoever knows the password."""
        logins, onward = self.logins, inside(self.get_body_argument("next", "/"))
        if not self.is_ours():
            event("login-refused", reason="form-of-another")
            self._show(onward, texts.LOGIN_STALE, 403)
            return
        name = self.get_body_argument("name", "")[:256]
        keys = (f"name:{name}", f"from:{self.access.address(self.request)}")
        if (seconds := logins.backoff.wait(*keys)) > 0:
            self._later(onward, round(seconds) + 1)
            return
        logins.backoff.failed(*keys)  # until it is known better: many guesses at once count, too
        cookie = await logins.enter(name, self.get_body_argument("password", "", strip=False))
        if cookie is None:
            self._later(onward, 5)
            return
        if not cookie:
            event("login-failed", address=self.access.address(self.request))
            self._show(onward, texts.LOGIN_WRONG, 401)
            return
        logins.backoff.passed(*keys)
        event("login")
        self.set_flagged_cookie(self.access.own(LOGIN_COOKIE), cookie, LOGIN_DAYS)
        self.redirect(onward, status=303)

    def _later(self, onward: str, seconds: int) -> None:
        event("login-refused", reason="too-many", seconds=seconds)
        self.set_header("Retry-After", str(seconds))
        self._show(onward, texts.LOGIN_WAIT.format(seconds=seconds), 429)

    def _show(self, onward: str, said: str = "", status: int = 200) -> None:
        self.logins  # noqa: B018  # without a password file there is no such page
        self.set_status(status)
        warned = f'<p class="warn" role="alert">{escape(said)}</p>' if said else ""
        self.respond(
            page_of_words(
                texts.LOGIN,
                body=f'{warned}<form method="post" action="/login">{self.hidden()}'
                f'<input type="hidden" name="next" value="{escape(onward)}">'
                f'<label>{texts.LOGIN_NAME}<input name="name" autocomplete="username" autofocus required></label>'
                f"<label>{texts.LOGIN_PASSWORD}"
                '<input name="password" type="password" autocomplete="current-password" required></label>'
                f"<button>{texts.LOGIN}</button></form>",
            )
        )


class LogoutPage(Form):
    """Ends a login, in all its pages."""

    def get(self) -> None:
        """Asks first: a picture on somebody's page must not log anybody out."""
        self.logins  # noqa: B018
        self.respond(
            page_of_words(
                texts.LOGOUT,
                texts.LOGOUT_ASK,
                body=f'<form method="post" action="/logout">{self.hidden()}<button>{texts.LOGOUT}</button></form>',
            )
        )

    def post(self) -> None:
        """Ends it."""
        if not self.is_ours():
            self.redirect("/logout", status=303)
            return
        self.logins.leave(self.get_cookie(self.access.own(LOGIN_COOKIE)) or "")
        event("logout")
        self.clear_cookie(self.access.own(LOGIN_COOKIE))
        self.respond(page_of_words(texts.LOGOUT, texts.LOGOUT_DONE, body=f'<p><a href="/login">{texts.LOGIN}</a></p>'))


def inside(address: str) -> str:
    """`address` where it is a place on this site, else "/": nobody is sent elsewhere after a login."""
    try:
        place = urlsplit(address)
    except ValueError:  # no address at all, as "//[" is none
        return "/"
    plain = address.startswith("/") and not address.startswith("//") and "\\" not in address and address.isprintable()
    return address if plain and not place.scheme and not place.netloc else "/"
