"""What no page says: each is told from a page of one's own to a real server, and ends that line before it costs."""

import asyncio
import json
import zlib
from types import SimpleNamespace

import pytest
from bokeh.document import Document
from bokeh.models import Plot, Range1d
from bokeh.protocol import Protocol
from bokeh.util import token as tokens

from tests.kit.pile import pile
from tests.kit.tab import Tab
from workbench.review.session import Session
from workbench.server import page_words
from workbench.server.auth import Access
from workbench.server.identity import Authenticator, Person
from workbench.widgets.export import Export

PIXELS = {"type": "ndarray", "array": [""], "shape": [1], "dtype": "U25000000", "order": "little"}


def of_a_model(new: object, attribute: str = "tags") -> dict:
    return {"events": [{"kind": "ModelChanged", "model": {"id": "MODEL"}, "attr": attribute, "new": new}]}


def models(count: int) -> list[dict]:
    return [{"type": "object", "name": "Plot", "id": f"x{number}"} for number in range(count)]


HOSTILE = {
    "an array of long texts": ("PATCH-DOC", of_a_model([PIXELS] * 8)),
    "many models": ("PATCH-DOC", of_a_model(models(20_000))),
    "another root": ("PATCH-DOC", {"events": [{"kind": "RootAdded", "model": models(1)[0]}]}),
    "a column that grows": (
        "PATCH-DOC", {"events": [{"kind": "ColumnsStreamed", "model": {"id": "MODEL"}, "attr": "data", "data": {}}]},
    ),
    "a long word that nobody listens for": ("PATCH-DOC", of_a_model(["a" * 900_000])),
    "a set of all that": ("PATCH-DOC", of_a_model({"type": "set", "entries": list(range(100))})),
    "an array within what a part says": (
        "PATCH-DOC", {"events": [{"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": [[PIXELS]]}]},
    ),
    "more words than a page has": ("PATCH-DOC", {"events": [], "more": "a" * 1_100_000}),
    "another document": ("PUSH-DOC", {"doc": {"version": "3.9.2", "title": "", "roots": models(10_000)}}),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_no_page_says_ends_the_line_and_is_made_nothing_of(open_house, name):
    kind, content = HOSTILE[name]

    async def trial() -> None:
        tab = await Tab(open_house.url).open()
        text = json.dumps(content).replace("MODEL", tab.part("Keys"))
        ended = open_house.events("connection-ended")
        tab.send(kind, json.loads(text))
        await tab.ended()
        await tab.close()
        assert open_house.events("connection-ended") == ended + 1

    before = open_house.memory
    asyncio.run(trial())
    assert open_house.memory < before + 60_000_000
    assert open_house.get("health").ok


def said(content: dict, document: Document | None = None) -> str:
    message = Protocol().create("SERVER-INFO-REQ")
    message.header["msgtype"], message.content = "PATCH-DOC", content
    message.msgtype = "PATCH-DOC"
    return page_words.objection(message, document)


def test_what_a_page_says_is_heard():
    document, plot, shown = Document(), Plot(), Range1d(0, 1)
    plot.x_range = shown
    document.add_root(plot)
    shown.on_change("start", lambda attr, old, new: None)

    def change(model: object, attribute: str, new: object) -> dict:
        return {"events": [{"kind": "ModelChanged", "model": {"id": model.id}, "attr": attribute, "new": new}]}

    assert said(change(plot, "inner_width", 1440), document) == ""
    assert said(change(shown, "start", {"type": "number", "value": "nan"}), document) == ""
    assert said(change(shown, "start", "a" * 130_000), document) == ""
    assert said(change(shown, "start", "a" * 140_000), document)
    assert said(change(shown, "end", "a" * 60_000), document)
    press = {"type": "event", "name": "data_event", "values": {"type": "map", "entries": [["data", {"id": "0"}]]}}
    assert said({"events": [{"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": press}]}, document) == ""
    assert said(change(shown, "no such thing", 1), document) == ""  # Bokeh says so itself


@pytest.mark.parametrize("known", [True, False])
def test_a_part_that_is_written_out_whole_is_heard_by_its_name(open_house, known):
    async def trial() -> None:
        tab = await Tab(open_house.url).open()
        name = tab.part("Connection") if known else "p0"
        whole = {"type": "object", "name": "panel.models.esm.ReactiveESM", "id": name, "attributes": {"name": "a"}}
        beat = {"type": "map", "entries": [["beat", 7], ["sent", 1]]}
        values = {"type": "map", "entries": [["model", whole], ["data", beat]]}
        press = {"type": "event", "name": "data_event", "values": values}
        patch = {"events": [{"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": press}]}
        heard = len(tab.heard)
        tab.send("PATCH-DOC", patch)
        await tab.until(lambda: any(b'"beat"' in one for one in tab.heard[heard:]) or not known)
        await tab.quiet()
        assert not tab.shut
        await tab.close()

    asyncio.run(trial())


def test_as_many_card_numbers_are_heard_as_their_box_takes(tmp_path):
    case = pile(tmp_path / "case", 1)
    box = Export(Session(case)).cards
    document = Document()
    model = box.get_root(document)
    document.add_root(model)
    for attribute in ("value", "value_input"):
        model.on_change(attribute, lambda attr, old, new: None)
        content = {"kind": "ModelChanged", "model": {"id": model.id}, "attr": attribute, "new": "1" * box.max_length}
        assert said({"events": [content]}, document) == ""
    case.close()


@pytest.mark.parametrize("content", [{"events": None}, {"events": [1]}, {"events": [{"kind": "ModelChanged"}]}, []])
def test_what_has_no_form_is_no_word(content):
    assert said(content)


def test_a_forged_token_is_not_unpacked(monkeypatch):
    unpacked = []
    monkeypatch.setattr(tokens.zlib, "decompress", lambda data: unpacked.append(data) or b"{}")
    # As Bokeh packs a token; what it calls its parts is private there.
    packed = tokens._base64_encode(zlib.compress(b" " * 20_000_000))
    forged = tokens._base64_encode(json.dumps({"session_id": "a.b", tokens._TOKEN_ZLIB_KEY: packed}))

    request = SimpleNamespace(headers={"Sec-WebSocket-Protocol": f"bokeh, {forged}.signature"})
    assert Access(Authenticator("secret")).own_token(request, Person("a" * 32), b"secret") == ""
    assert unpacked == []
