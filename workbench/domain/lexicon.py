"""The words of Korean receipts by role, from `lexicon.toml`: one list for layout, extraction and training.

A role is a path such as "labels.amount.paid". Most words are plain; outside [labels] and [training] each is a regular
expression, so that `pattern` finds any of them.
"""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("lexicon.toml")


@cache
def _roles() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text("utf8"))


def words(role: str) -> tuple[str, ...]:
    """The words of a role in the file's order; KeyError where there is no such role."""
    return tuple(_at(role).split())


def group(path: str) -> dict[str, tuple[str, ...]]:
    """The roles under a heading, in the file's order: "labels.amount" -> {"paid": (...), "total": (...), ...}."""
    return {name: words(f"{path}.{name}") for name in _at(path)}


def names(path: str) -> dict[str, str]:
    """The texts under a heading, whole: "kinds.names" -> {"card_slip": "신용카드 매출전표", ...}."""
    return dict(_at(path))


def any_of(role: str, between: str = "") -> str:
    r"""A regular expression that is any word of the role, first ones first.

    `between` may stand between two Hangul letters of a word: r"\s?" finds 합계 in "합 계".
    """
    found = words(role)
    if between:
        found = tuple(re.sub("(?<=[가-힣])(?=[가-힣])", lambda _: between, word) for word in found)
    return "|".join(found)


def pattern(*roles: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """What finds any word of the roles."""
    return re.compile("|".join(map(any_of, roles)), flags)


def whole(*roles: str) -> re.Pattern[str]:
    """What finds any word of the roles that no other letter touches, in large letters or small: tax, not taxi."""
    return re.compile(rf"(?<![a-z])(?:{'|'.join(map(any_of, roles))})(?![a-z])", re.IGNORECASE)


def _at(path: str) -> Any:
    found: Any = _roles()
    for name in path.split("."):
        found = found[name]
    return found
