"""Which server shows a home's cases now: who starts a second one by a double click wants the page, not a complaint."""

import os
from contextlib import suppress
from pathlib import Path

import psutil

from workbench.pipeline.storage.atomic import whole

NAME = ".serving"


def note(home: Path, url: str) -> None:
    """This process serves at `url` from now on."""
    with suppress(OSError), whole(home / NAME) as draft:  # a home that nothing can be written to is told of elsewhere
        draft.write_text(f"{os.getpid()} {psutil.Process().create_time()} {url}", "utf-8")


def where(home: Path) -> str:
    """The address at which another process serves now; "" for none."""
    try:
        pid, began, url = (home / NAME).read_text("utf-8").split()
        process = psutil.Process(int(pid))
        alive = process.create_time() == float(began) and process.status() != psutil.STATUS_ZOMBIE
    except (OSError, ValueError, psutil.Error):
        return ""
    return url if alive else ""
