"""The child that opens one list of an auditor's, under limits of memory and time: `python -P -m` this module.

A workbook of five kilobytes may name a cell in its last corner, for which its reader would make seventeen thousand
million. The child takes (name, bytes) from its input and answers with a sentence, or with the sheets.
"""

import os
import sys

import msgspec

from workbench.domain.errors import FileRefused
from workbench.pipeline.imaging.child_limits import limit_memory, limit_time, size_of_this
from workbench.pipeline.ledger.readers import MOST_TOLD, TOO_LARGE, sheets_of

MEMORY = 1_200_000_000
CPU_SECONDS = 30


def main() -> None:
    """Opens the list; a crash, or an end by a limit, is for the parent to tell."""
    told = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not speak into the answer
    name, data = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=tuple[str, bytes])
    limit_memory(size_of_this() + MEMORY)
    limit_time(CPU_SECONDS)
    try:
        said = ("", [(sheet.name, sheet.rows, sheet.note) for sheet in sheets_of(data, name)])
    except FileRefused as error:
        said = (str(error), [])
    packed = msgspec.msgpack.encode(said)
    if len(packed) > MOST_TOLD:
        packed = msgspec.msgpack.encode((TOO_LARGE.format(name=name), []))
    with told:
        told.write(packed)


if __name__ == "__main__":
    main()
