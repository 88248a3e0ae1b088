"""What a browser's page says on its line; whatever else comes there is refused before anything is made of it.

Bokeh makes of a browser's message whatever it names: any number of models, arrays of any element size, a whole other
document; and it keeps what a page sets, listened for or not. Two hundred bytes took a gigabyte, one message the loop
for a minute.
"""

from collections.abc import Callable
from typing import Any

from bokeh.core.serialization import BytesRep, Deserializer
from bokeh.document import Document
from bokeh.protocol.message import Message

KINDS = ("PATCH-DOC", "PULL-DOC-REQ", "SERVER-INFO-REQ")
TYPES = ("map", "event", "bytes", "number", "array", "ref")
"""Of values; none of them makes a model, an array or a set."""
TEXT_CHARS = 1_000_000
"""Of one text fragment of a message: the words of a page; papers come as bytes beside them."""
HEARD_CHARS, UNHEARD_CHARS = 131_072, 2_000
"""Of a property that a page sets: one that is listened for (a box takes 100,000 letters at most), and one that Bokeh
keeps all the same, as a plot's size.
"""
A_NODE = 8
"""Characters that each value counts beside its own."""


def name_speakers(message: Message[Any], document: Document | None) -> None:
    """Has each part that speaks named by its id alone, and leaves out what a part says that is no more on the page.

    A browser writes a part out whole that it is just adding or putting away; Bokeh would make another of it, or fail.
    """
    events = message.content.get("events") if isinstance(message.content, dict) else None
    if isinstance(events, list):
        message.content["events"] = [event for event in events if _names_its_speaker(event, document)]


def _names_its_speaker(event: Any, document: Document | None) -> bool:
    try:
        entries = event["msg_data"]["values"]["entries"]
        whole = next(pair for pair in entries if pair[0] == "model" and pair[1].get("type") == "object")
        whole[1] = {"id": whole[1]["id"]}
        return document is not None and document.models.get_by_id(whole[1]["id"]) is not None
    except (StopIteration, TypeError, LookupError, AttributeError):
        return True  # none, or of no form: its objection is another


def objection(message: Message[Any], document: Document | None) -> str:
    """Why nothing is made of a message; "" where it is what a page says."""
    if message.msgtype not in KINDS:
        return "not-said-by-pages"
    events = message.content.get("events", []) if isinstance(message.content, dict) else None
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        return "not-said-by-pages"
    listened = _listened(document)
    try:
        fine = all(_is_fine(event, listened) for event in events)
    except (TypeError, AttributeError, LookupError):  # not of the form that it says
        fine = False
    return "" if fine else "not-said-by-pages"


def _is_fine(event: dict[str, Any], listened: Callable[[str, str], bool]) -> bool:
    if event.get("kind") == "MessageSent":
        return _weight(event.get("msg_data")) is not None
    if event.get("kind") != "ModelChanged":
        return False
    weight = _weight(event.get("new"))
    most = HEARD_CHARS if listened(event["model"]["id"], event["attr"]) else UNHEARD_CHARS
    return weight is not None and weight <= most


def _listened(document: Document | None) -> Callable[[str, str], bool]:
    def listened(model_id: str, attribute: str) -> bool:
        model = document.models.get_by_id(model_id) if document is not None else None
        return model is not None and bool(model._callbacks.get(attribute))

    return listened


def _weight(value: Any) -> int | None:
    """Characters of a value as it was sent; None where something in it makes more than it says."""
    weight, waiting = 0, [value]
    while waiting:
        one = waiting.pop()
        weight += A_NODE + (len(one) if isinstance(one, str) else 0)
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            if "type" in one and one["type"] not in TYPES:
                return None
            weight += sum(map(len, one))
            waiting += one.values()
    return weight


def _buffered_bytes(packed: BytesRep, decoder: Deserializer) -> Any:
    """Bytes that came beside a message, as browsers send them; those inside it Bokeh unpacks to any size at all."""
    if isinstance(packed.get("data"), str):
        decoder.error("bytes come in buffers")
    return decoder._decode_bytes(packed)


Deserializer.register("bytes", _buffered_bytes)  # before Bokeh's own
