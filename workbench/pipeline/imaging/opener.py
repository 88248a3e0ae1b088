"""The child that opens users' files: one small process under limits of memory and time, asked by `confined`.

It reads requests from its input and writes answers to its output until the input ends or nobody asks for a while:
`python -P -m workbench.pipeline.imaging.opener`. What a decoder does to it is done to nobody else.
"""

import os
import select
import sys
from pathlib import Path
from typing import BinaryIO

import msgspec
import numpy as np

from workbench.domain.errors import FileRefused, ReadFailed
from workbench.pipeline.imaging.child_limits import limit_memory, limit_time, size_of_this
from workbench.pipeline.imaging.page_text import PageText
from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.imaging.request import LENGTH, MEMORY, Answer, Request

CPU_SECONDS = 60
"""For one page."""
IDLE_SECONDS = 120.0


def answer(request: Request) -> tuple[Answer, Image | None]:
    """Does it; whatever goes wrong is an answer, too."""
    try:
        return _opened(request)
    except FileRefused as error:
        return Answer("FileRefused", str(error)), None
    except ReadFailed as error:
        return Answer("ReadFailed", str(error)), None
    except MemoryError:
        return Answer("MemoryError"), None
    except Exception as error:  # noqa: BLE001  # whatever a decoder raises over hostile bytes means one thing to a person
        return Answer(type(error).__name__), None


def _opened(request: Request) -> tuple[Answer, Image | None]:
    path = Path(request.path)
    image, text = None, PageText()
    if request.kind == "pdf":
        from workbench.pipeline.imaging import pdf  # either way in is slow to load, and most children take one

        if request.what == "count":
            return Answer(pages=pdf.count(path)), None
        if request.what == "draw":
            image = pdf.draw(path, request.page)
        elif request.what == "text":
            text = pdf.text(path, request.page)
        else:
            image, text = pdf.draw_printed(path, request.page)
        return Answer(text=text), image
    from workbench.pipeline.imaging import decode

    with path.open("rb") as file:
        if request.what == "count":
            return Answer(pages=decode.count(file, request.kind, request.limits)), None
        if request.what != "text":
            image = decode.decode(file, request.kind, request.page, request.limits)
    return Answer(), image


def main() -> None:
    """Answers until nobody asks any more."""
    asked, told = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not speak into the answers
    own = size_of_this()
    limit_memory(own + MEMORY)
    while _somebody_asks(asked):
        head = asked.read(LENGTH.size)
        if len(head) < LENGTH.size:
            return
        request = msgspec.msgpack.decode(asked.read(LENGTH.unpack(head)[0]), type=Request)
        limit_time(CPU_SECONDS)
        _tell(told, *answer(request))
        if size_of_this() > own + MEMORY // 2:
            return  # what is not given back would count against the next file


def _tell(told: BinaryIO, said: Answer, image: Image | None) -> None:
    if image is not None:
        said.shape = (image.shape[0], image.shape[1])
    packed = msgspec.msgpack.encode(said)
    pixels = np.ascontiguousarray(image).data.cast("B") if image is not None else memoryview(b"")
    told.write(LENGTH.pack(len(packed), len(pixels)))
    told.write(packed)
    told.write(pixels)
    told.flush()


def _somebody_asks(asked: BinaryIO) -> bool:
    if os.name == "nt":
        return True  # pipes cannot be waited for with a limit there; the input ends with the parent
    return bool(select.select([asked], [], [], IDLE_SECONDS)[0])


if __name__ == "__main__":
    main()
