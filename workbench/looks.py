"""What the parts of the page share in looks: style sheets and scripts that lie in `assets/`."""

from functools import cache
from pathlib import Path

ASSETS = Path(__file__).parent / "assets"


@cache
def asset(name: str) -> str:
    """The text of a file in `assets/`."""
    return (ASSETS / name).read_text("utf-8")


def styles(name: str = "") -> list[str]:
    """The common style sheet and, after it, the one of that name."""
    return [asset("theme.css"), *([asset(f"{name}.css")] if name else [])]
