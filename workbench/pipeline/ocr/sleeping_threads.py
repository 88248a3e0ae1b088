"""ONNX Runtime's threads sleep between two pieces of work: by default they spin there, on a core that others want.

Half of what one worker with two threads took went into that (figures: docs/scale.md).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SLEEPS = ("session.intra_op.allow_spinning", "0")
"""Key and value in ONNX Runtime's session configuration"""


@contextmanager
def sleeping_threads() -> Iterator[None]:
    """What is loaded inside by any library: PaddleX and RapidOCR hand no such setting through."""
    from onnxruntime import InferenceSession

    load = InferenceSession.__init__

    def asleep(session: Any, weights: Any, sess_options: Any = None, *others: Any, **named: Any) -> None:
        if sess_options is not None:
            sess_options.add_session_config_entry(*SLEEPS)
        load(session, weights, sess_options, *others, **named)

    InferenceSession.__init__ = asleep
    try:
        yield
    finally:
        InferenceSession.__init__ = load
