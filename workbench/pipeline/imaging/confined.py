"""Users' files are opened elsewhere: in a child with limits (`opener`), never in the process that asks.

A file that takes too much memory or time, or that makes a decoder crash, costs its child; the next file gets a new one.
"""

import atexit
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any

import msgspec
import numpy as np
import psutil

from workbench.domain.errors import FileRefused, ReadFailed
from workbench.pipeline.imaging.file_type import Limits
from workbench.pipeline.imaging.kept_size import AREA
from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.imaging.request import LENGTH, MEMORY, Answer, Request

WALL_SECONDS = 90.0
"""For one page, waiting included."""
AT_ONCE = 2
MOST_PIXELS = 2 * AREA
LOOK_SECONDS = 0.1
BASE = 400_000_000
"""Bytes that the child itself may be, where only its whole size can be watched."""
SAVE_AGAIN = "다른 프로그램으로 열어 사진이나 PDF로 다시 저장한 뒤 넣어 주세요."
TOO_LONG = f"파일을 여는 데 너무 오래 걸려 그만두었습니다. {SAVE_AGAIN}"
TOO_MUCH = f"파일을 여는 데 메모리가 너무 많이 들어 그만두었습니다. {SAVE_AGAIN}"
DAMAGED = f"파일이 손상되어 열 수 없습니다. 원본을 다시 받거나 {SAVE_AGAIN}"


class _Gone(Exception):
    """The child ended before it answered."""


class _Opener:
    """One child and the line to it."""

    def __init__(self) -> None:
        command = [sys.executable, "-P", "-m", "workbench.pipeline.imaging.opener"]
        self.process = subprocess.Popen(  # noqa: S603  # our own module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
        )
        self.ended_for = ""

    def ask(self, request: Request) -> tuple[Answer, Image | None]:
        packed = msgspec.msgpack.encode(request)
        over = threading.Event()
        watch = threading.Thread(target=self._watch, args=(over,), name="opener-watch", daemon=True)
        watch.start()
        try:
            line = self._line(self.process.stdin)
            line.write(LENGTH.pack(len(packed), 0) + packed)
            line.flush()
            return self._heard()
        except OSError as error:
            raise _Gone from error
        finally:
            over.set()
            watch.join()

    def _heard(self) -> tuple[Answer, Image | None]:
        line = self._line(self.process.stdout)
        head = line.read(LENGTH.size)
        if len(head) < LENGTH.size:
            raise _Gone
        length, bytes_ = LENGTH.unpack(head)
        said = msgspec.msgpack.decode(line.read(length), type=Answer)
        if not bytes_:
            return said, None
        height, width = said.shape
        if bytes_ != height * width * 3 or bytes_ > MOST_PIXELS * 3:
            raise _Gone
        pixels = np.empty((height, width, 3), np.uint8)
        if line.readinto(pixels.data.cast("B")) < bytes_:  # type: ignore[attr-defined]  # of a BufferedReader
            raise _Gone
        return said, pixels

    @staticmethod
    def _line(line: IO[bytes] | None) -> IO[bytes]:
        if line is None:
            raise _Gone
        return line

    def _watch(self, over: threading.Event) -> None:
        """Ends a child that takes too long, or too much where the system sets it no limit."""
        began = time.monotonic()
        while not over.wait(LOOK_SECONDS):
            if time.monotonic() - began > WALL_SECONDS:
                self.end(TOO_LONG)
                return
            if not sys.platform.startswith("linux") and self._memory() > BASE + MEMORY:
                self.end(TOO_MUCH)
                return

    def _memory(self) -> int:
        try:
            process = psutil.Process(self.process.pid)
            return sum(p.memory_info().rss for p in (process, *process.children(recursive=True)))
        except psutil.Error:
            return 0

    def why(self) -> str:
        """What to tell of a child that is gone."""
        code = self.process.wait()
        if self.ended_for:
            return self.ended_for
        return TOO_LONG if code in (-24, -9) else TOO_MUCH if code in (-6, -5) else DAMAGED

    def end(self, why: str = "") -> None:
        """Ends it, and what it has started."""
        self.ended_for = why
        for process in self._family():
            try:
                process.kill()
            except psutil.Error:
                continue  # it has ended by itself
        self.process.kill()
        self.process.wait()
        for line in (self.process.stdin, self.process.stdout):
            if line is not None and not why:
                line.close()

    def _family(self) -> list[Any]:
        try:
            return list(psutil.Process(self.process.pid).children(recursive=True))
        except psutil.Error:
            return []


_IDLE: queue.LifoQueue[_Opener] = queue.LifoQueue()
_ROOM = threading.BoundedSemaphore(AT_ONCE)


def ask(what: str, path: Path, kind: str, page: int, limits: Limits) -> tuple[Answer, Image | None]:
    """Has the file opened; FileRefused or ReadFailed say in words why it cannot be."""
    request = Request(what, str(path.resolve()), kind, page, limits)
    with _ROOM:
        opener, fresh = _taken()
        try:
            said, image = opener.ask(request)
        except _Gone:
            if opener.process.poll() == 0 and not fresh:  # it had left for want of questions
                opener.end()
                opener = _Opener()
                said, image = _once_more(opener, request)
            else:
                why = opener.why()
                opener.end()
                raise FileRefused(why) from None
        _IDLE.put(opener)
    if said.error == "ReadFailed":
        raise ReadFailed(said.sentence)
    if said.error:
        raise FileRefused(said.sentence or (TOO_MUCH if said.error == "MemoryError" else DAMAGED))
    return said, image


def _once_more(opener: _Opener, request: Request) -> tuple[Answer, Image | None]:
    try:
        return opener.ask(request)
    except _Gone:
        why = opener.why()
        opener.end()
        raise FileRefused(why) from None


def _taken() -> tuple[_Opener, bool]:
    while True:
        try:
            opener = _IDLE.get_nowait()
        except queue.Empty:
            return _Opener(), True
        if opener.process.poll() is None:
            return opener, False
        opener.end()


def start() -> None:
    """Has a child get ready before there is a file, unless one waits already."""
    if _IDLE.empty():
        _IDLE.put(_Opener())


def leave() -> None:
    """Ends the children that nobody asks."""
    while True:
        try:
            _IDLE.get_nowait().end()
        except queue.Empty:
            return


atexit.register(leave)
