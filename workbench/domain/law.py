"""Dated parameters of the law, from law.toml: the one that holds on a day, with its source."""

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

LAW = Path(__file__).with_name("law.toml")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of the law: won or years as int, a rate as Decimal; where it stands, and when that was looked up."""

    value: int | Decimal
    since: date
    source: str
    checked: date


@cache
def parameters() -> dict[str, tuple[Parameter, ...]]:
    """All of law.toml: by name, the oldest first."""
    with LAW.open("rb") as file:
        told = tomllib.load(file)
    return {name: tuple(sorted(map(_parameter, entries), key=lambda p: p.since)) for name, entries in told.items()}


def _parameter(entry: dict[str, Any]) -> Parameter:
    value = Decimal(entry["rate"]) if "rate" in entry else int(entry.get("won", entry.get("years", 0)))
    return Parameter(value, entry["from"], entry["source"], entry["checked"])


def law(name: str, day: date | None = None) -> Parameter:
    """The parameter of that name as it held on `day` (today where it is not known); KeyError for an unknown name."""
    entries = parameters()[name]
    wanted = day or date.today()
    return next((entry for entry in reversed(entries) if entry.since <= wanted), entries[0])


def limits() -> tuple[str, ...]:
    """Names of the parameters that are amounts, in won."""
    return tuple(name for name in parameters() if name.endswith("_limit"))
