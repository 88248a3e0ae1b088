"""What opening a file takes: the memory of the children that open it, and of the process that asked."""

import threading

import psutil

from workbench.pipeline.imaging import opener

OPENER = opener.__name__


class Watched:
    """The memory of the openers while something is opened, and of this process before and after."""

    def __enter__(self) -> "Watched":
        self.most, self._over = 0, threading.Event()
        self._own = psutil.Process().memory_info().rss
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def _watch(self) -> None:
        while not self._over.wait(0.02):
            size = 0
            for child in psutil.Process().children(recursive=True):
                try:
                    if OPENER in child.cmdline():  # one that is only being made shares all memory of its parent
                        size = max(size, child.memory_info().rss)
                except psutil.Error:
                    continue
            self.most = max(self.most, size)

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self.grown = psutil.Process().memory_info().rss - self._own
