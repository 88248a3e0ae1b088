"""What every answer says to the browser: where things may come from, who may frame it, what it may use."""

import re
import secrets

SCRIPT = re.compile(r"<script(?=[\s>])")
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Server": "workbench",
}
NOTHING = "default-src 'none'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def plain() -> dict[str, str]:
    """For answers that are no page: pictures, style sheets, scripts, errors, words for a machine."""
    return ALWAYS | {"Content-Security-Policy": NOTHING}


def words() -> dict[str, str]:
    """For pages of words and forms, that bring their own style and no script; framed where the workbench's page is."""
    policy = NOTHING.replace("form-action 'none'", "form-action 'self'").replace("ancestors 'none'", "ancestors 'self'")
    return ALWAYS | {"Content-Security-Policy": f"{policy}; style-src 'unsafe-inline'", "Cache-Control": "no-store"}


def page(nonce: str) -> dict[str, str]:
    """For the workbench; an inline script or handler without the nonce does not run.

    Bokeh makes functions of texts (CustomJS), Panel loads components from blobs, both write style elements: those stay.
    """
    policy = (
        "default-src 'none'; "
        f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval' blob:; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self' blob:; worker-src blob:; manifest-src 'self'; form-action 'self'; "
        "frame-ancestors 'self'; object-src 'none'; base-uri 'none'"
    )
    return ALWAYS | {"Content-Security-Policy": policy}


def fresh_nonce() -> str:
    """Known to one answer only."""
    return secrets.token_urlsafe(16)


def with_nonce(html: str, nonce: str) -> str:
    """The page with every script element marked as ours; only titles in it come from people, and those are escaped."""
    return SCRIPT.sub(f'<script nonce="{nonce}"', html)
