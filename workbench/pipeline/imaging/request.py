"""What is asked of the child that opens users' files, and what it answers; see `opener`."""

import struct

import msgspec

from workbench.pipeline.imaging.file_type import Limits
from workbench.pipeline.imaging.page_text import PageText

MEMORY = 760_000_000
"""Bytes a file may take above what the child is made of; a photo of 120 megapixels takes 480 MB while it is decoded."""
LENGTH = struct.Struct("<II")
"""Before each: the bytes of the message, and of the pixels behind it"""


class Request(msgspec.Struct):
    """What is to be done with a file: count its pages, draw one, tell its characters, or both of these."""

    what: str
    path: str
    kind: str
    page: int
    limits: Limits


class Answer(msgspec.Struct):
    """`error` is "" or the kind of error, with its sentence; a picture of `shape` follows as bytes."""

    error: str = ""
    sentence: str = ""
    pages: int = 0
    text: PageText = PageText()
    shape: tuple[int, int] = (0, 0)
