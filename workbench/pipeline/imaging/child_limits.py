"""What a child that opens users' files may take of the machine; it sets these on itself before it looks at any."""

import os
from pathlib import Path

try:
    import resource
except ImportError:  # Windows has none: whoever asks watches from outside
    resource = None  # type: ignore[assignment]

WRITTEN = 64_000_000
"""Bytes of any file it may write: it writes none, poppler might."""


def size_of_this() -> int:
    """Bytes of this process's address space; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return 0


def limit_memory(most: int) -> None:
    """At most that many bytes of address space, no core file, no large file."""
    if resource is None or not size_of_this():
        return
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))


def limit_time(seconds: int) -> None:
    """At most that many seconds of the processor from now on."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, hard))
