"""The journal played back: what each entry makes of what a case holds."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from workbench.domain.model import receipt_id
from workbench.pipeline.storage.journal import Entry

HIDDEN = {"put-aside": 1, "restore": 0, "supersede": 2}
"""How a receipt is out of sight after such an entry; one that a newer reading stood in for is back when read again."""


@dataclass(slots=True)
class Told:
    """What the journal says that the tables hold."""

    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    tax: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str | None] = field(default_factory=dict)
    readings: dict[str, set[tuple[str | None, str | None]]] = field(default_factory=dict)
    pictures: dict[str, set[str | None]] = field(default_factory=dict)
    replaced: set[tuple[str, int]] = field(default_factory=set)
    lists: dict[str, dict[str, Any]] = field(default_factory=dict)
    erased: set[int] = field(default_factory=set)

    def hear(self, entry: Entry) -> None:
        """Goes one entry on. What no table holds (a word on a field, an approval) changes nothing here."""
        if entry.action in _ACTIONS:
            _ACTIONS[entry.action](self, entry)
        elif "cells" in entry.detail:
            _list(self, entry)
        elif entry.action.endswith("-removed"):
            self.lists.pop(entry.detail["list"], None)


def _add(told: Told, entry: Entry) -> None:
    file = entry.detail["file"]
    told.files[file] = entry.detail
    for page in range(1, int(entry.detail["pages"]) + 1):
        told.receipts[receipt_id(file, page, 1)] = {"status": "waiting", "hidden": 0}


def _take_over(told: Told, entry: Entry) -> None:
    detail, name = entry.detail, entry.receipt
    if name:
        told.receipts[name] = {key: detail[key] for key in ("status", "hidden", "reading", "lines")}
        told.readings.setdefault(name, set()).add((detail["reading"], detail["lines"]))
    else:
        _tax(told, entry)


def _extract(told: Told, entry: Entry) -> None:
    detail, name = entry.detail, entry.receipt
    state = told.receipts.setdefault(name, {"hidden": 0})
    if entry.value and state.get("reading"):  # other values than before: the reading that held them is kept
        told.replaced.add((name, entry.seq))
    state |= {"reading": detail["reading"], "lines": detail["lines"]}
    told.readings.setdefault(name, set()).add((detail["reading"], detail["lines"]))
    if "picture" in detail:
        _draw(told, entry)


def _read(told: Told, entry: Entry) -> None:
    _extract(told, entry)
    _back(told.receipts[entry.receipt], "read")


def _reread(told: Told, entry: Entry) -> None:
    _back(told.receipts[entry.receipt], "waiting")


def _back(state: dict[str, Any], status: str) -> None:
    state |= {"status": status, "hidden": 0 if state["hidden"] == HIDDEN["supersede"] else state["hidden"]}


def _draw(told: Told, entry: Entry) -> None:
    told.pictures.setdefault(entry.receipt, set()).add(entry.detail["picture"])


def _fail(told: Told, entry: Entry) -> None:
    told.receipts[entry.receipt]["status"] = "failed"


def _hide(told: Told, entry: Entry) -> None:
    told.receipts[entry.receipt]["hidden"] = HIDDEN[entry.action]


def _delete(told: Told, entry: Entry) -> None:
    gone = entry.detail["gone"]
    told.erased |= set(entry.detail["entries"])
    told.files = {h: f for h, f in told.files.items() if not any(one.startswith(h[:16]) for one in gone)}
    for one in gone:
        told.receipts.pop(one, None)
        told.readings.pop(one, None)
        told.pictures.pop(one, None)
    told.replaced = {(one, seq) for one, seq in told.replaced if one in told.receipts}


def _tax(told: Told, entry: Entry) -> None:
    if "tax" in entry.detail:
        told.tax[str(entry.field)] = entry.detail["tax"]


def _setting(told: Told, entry: Entry) -> None:
    told.settings[str(entry.field)] = entry.value


def _list(told: Told, entry: Entry) -> None:
    detail = entry.detail
    title = told.lists.get(detail["list"], {}).get("name", entry.value)
    told.lists[detail["list"]] = {
        "kind": entry.action, "name": title, "cells": detail["cells"], "columns": detail["columns"]
    }  # fmt: skip


_ACTIONS: dict[str, Callable[[Told, Entry], None]] = {
    "add": _add,
    "take-over": _take_over,
    "extract": _extract,
    "read": _read,
    "reread": _reread,
    "draw": _draw,
    "fail": _fail,
    "delete": _delete,
    "tax": _tax,
    "setting": _setting,
    **dict.fromkeys(HIDDEN, _hide),
}
