"""The short form of `mutation.py`: what no script of the page would send shuts at most the sender's own line."""

from tests.reliability.mutation import run


def test_changed_messages_and_requests_end_nothing_and_show_nobody_anything(tmp_path):
    _, shut, said = run(tmp_path / "home", 50, seed=20)
    assert shut, "no attack was understood as one"
    assert any("bokeh.server.views.ws" in line for line in said)
