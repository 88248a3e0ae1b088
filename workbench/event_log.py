"""Logs for a machine to read: one JSON line an event, without anything that stands on a receipt, and without any key.

Our own events carry named facts: ids, counts, kinds. Of other messages the template is kept with its counts and our
codes of errors; every other argument stays "%s". Of an error its kind and place are kept, not its text: that quotes
what it choked on.
"""

import json
import logging
import logging.handlers
import re
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from workbench.domain.errors import TaxError

EVENTS = "workbench.events"
FACTS = str | int | float | bool | None
LARGEST_COUNT = 99_999
"""Larger whole numbers are left out: a business, card or approval number has more digits."""
CODES = frozenset(error.code for error in TaxError.__subclasses__())
"""The only words that are told."""
PLACE = re.compile(r"%(?:%|[-#0 +]*\d*(?:\.\d+)?([a-zA-Z]))")
MAX_BYTES, KEPT_FILES = 10_000_000, 10


def event(name: str, **facts: FACTS) -> None:
    """Notes that something happened. `facts` are ids, counts, kinds; never a value or a name from a receipt."""
    logging.getLogger(EVENTS).info(name, extra={"facts": facts})


class OneLine(logging.Formatter):
    """A record as one line of JSON: at, level, source, event or message, and for errors their kind and place."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {"at": at, "level": record.levelname.lower(), "source": record.name}
        if record.name == EVENTS:
            line |= {"event": record.msg, **getattr(record, "facts", {})}
        elif record.args or record.name.startswith("workbench"):
            line["message"] = counted(str(record.msg), record.args)
        if record.exc_info and record.exc_info[0] is not None:
            frames = traceback.extract_tb(record.exc_info[2])
            line["error"] = record.exc_info[0].__name__
            line["where"] = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-6:]]
        return json.dumps(line, ensure_ascii=True)


def counted(template: str, arguments: object) -> str:
    """`template` with only those arguments put in that are harmless: `%d` of an int up to LARGEST_COUNT, `%s` of CODES.

    Any other text, however it is meant to be shown, may hold anything and stays out.
    """
    given = arguments if isinstance(arguments, tuple) else ()
    left = list(given) if len([1 for place in PLACE.finditer(template) if place[1]]) == len(given) else []

    def fill(place: re.Match[str]) -> str:
        if not (place[1] and left):
            return place[0]
        return _told(place[1], left.pop(0)) or place[0]

    return PLACE.sub(fill, template)


def _told(kind: str, argument: object) -> str:
    # Of exactly these types: a subclass of int or str may bring any text of its own.
    if kind == "d" and type(argument) is int and abs(argument) <= LARGEST_COUNT:
        return str(argument)
    return argument if kind == "s" and type(argument) is str and argument in CODES else ""


def start(file: Path | None = None, stream: TextIO | None = None) -> None:
    """Sends all logs of this process to `file` (turned over at 10 MB, ten kept), else to `stream` or stderr."""
    handler: logging.Handler
    if file is None:
        handler = logging.StreamHandler(stream or sys.stderr)
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            file, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8"
        )
    handler.setFormatter(OneLine())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("workbench").setLevel(logging.INFO)
    # These bring handlers of their own, which would write what they like.
    for name in ("bokeh", "panel", "tornado", "tornado.access", "paddlex", "RapidOCR"):
        logger = logging.getLogger(name)
        logger.handlers[:] = []
        logger.propagate = True
        logger.setLevel(logging.WARNING)
