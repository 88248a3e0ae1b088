"""A notebook's page has two threads, the browser's messages and the clock: neither tears what the other sends."""

import threading
import time
from types import SimpleNamespace

import panel as pn
import pytest
from panel.io import notebook
from panel.viewable import MimeRenderMixin

from workbench.widgets import page_lock


@pytest.fixture
def installed(monkeypatch):
    for owner, name in ((notebook, "send"), (MimeRenderMixin, "_on_msg")):
        monkeypatch.setattr(owner, name, getattr(owner, name))  # as it was, after the test
    page_lock.install()
    page_lock.install()


class Line:
    """What a browser receives, frame by frame; slow, so that another thread could come between."""

    def __init__(self):
        self.frames = []

    def send(self, frame=None, buffers=()):
        self.frames.append(frame)
        time.sleep(0.001)


def message(name):
    return SimpleNamespace(header_json=f"{name} 1", metadata_json=f"{name} 2", content_json=f"{name} 3", buffers=[])


def test_what_two_threads_send_arrives_whole(installed):
    line = Line()
    threads = [
        threading.Thread(target=lambda name=name: [notebook.send(line, message(name)) for _ in range(20)])
        for name in ("clock", "browser")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    parts = [line.frames[place : place + 3] for place in range(0, len(line.frames), 3)]
    assert len(parts) == 40
    assert all([one.split() for one in part] == [[part[0].split()[0], str(n)] for n in (1, 2, 3)] for part in parts)


def test_a_message_waits_until_the_clock_has_done_and_the_clock_for_the_message(installed, monkeypatch):
    inside, most = [], []

    def work(*_):
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.002)
        inside.pop()

    root = pn.Column()
    monkeypatch.setitem(
        pn.state._views,
        "root",
        (
            root,
            root,
            SimpleNamespace(callbacks=SimpleNamespace(hold_value=None), hold=lambda *_: None, unhold=lambda: None),
            None,
        ),
    )
    monkeypatch.setattr("panel.viewable.patch_cds_msg", lambda *_: None)
    manager = SimpleNamespace(assemble=lambda _: SimpleNamespace(apply_to_document=work))
    threads = [
        threading.Thread(target=lambda: [root._on_msg("root", manager, {}) for _ in range(20)]),
        threading.Thread(target=lambda: [page_lock.locked(work)() for _ in range(20)]),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 40
    assert set(most) == {1}
