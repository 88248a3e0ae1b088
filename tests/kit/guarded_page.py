"""A small page that only lets people in who are known, for `Workbench(program=...)`: PORT HOME [HEADER]."""

import sys
from collections.abc import Sequence
from pathlib import Path

import panel as pn

from workbench import event_log
from workbench.server import auth
from workbench.server.door import bound
from workbench.server.hosting import access_of
from workbench.server.listening import listen, run
from workbench.settings import Settings


def page() -> pn.pane.Str:
    wanted = pn.state.session_args.get("do", [b""])[0]
    if wanted == b"exit":
        sys.exit("from a handler")
    if wanted == b"fail":
        raise RuntimeError("secret")
    if wanted == b"exit-later":
        pn.state.curdoc.add_next_tick_callback(lambda: sys.exit("from a callback"))
    person = auth.person_of(pn.state.headers)
    return pn.pane.Str(f"key={person.key} name={person.name}")


def main(arguments: Sequence[str]) -> int:
    """Serves until it is told to end."""
    port, home, *header = arguments
    settings = Settings(home=Path(home), user_header="".join(header))
    event_log.start(settings.home / "log.jsonl")
    run(listen(page, access_of(settings), settings, bound(int(port), "127.0.0.1")))
    return 0
