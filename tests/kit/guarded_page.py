"""A small page that only lets people in who are known: `python -m tests.kit.guarded_page PORT HOME [HEADER]`."""

import sys
from pathlib import Path

import panel as pn

from workbench import event_log
from workbench.server import auth
from workbench.server.identity import Authenticator, secret_of


def page() -> pn.pane.Str:
    person = auth.person_of(pn.state.headers)
    return pn.pane.Str(f"key={person.key} name={person.name}")


if __name__ == "__main__":
    port, home, *header = sys.argv[1:]
    secret = secret_of(Path(home))
    event_log.start(Path(home) / "log.jsonl")
    auth.guard(Authenticator(secret, *header))
    origins = [f"127.0.0.1:{port}"]
    pn.serve(
        page, port=int(port), address="127.0.0.1", websocket_origin=origins, show=False, **auth.server_options(secret)
    )
