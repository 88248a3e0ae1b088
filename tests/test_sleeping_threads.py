"""A worker's second thread takes no processor time while there is nothing for it to do."""

import onnxruntime
import pytest

from workbench.pipeline.ocr.engine import EngineSpec, engine
from workbench.pipeline.ocr.line_model import LineModel
from workbench.pipeline.ocr.model_files import plain_detector, plain_recogniser
from workbench.pipeline.ocr.sleeping_threads import SLEEPS


class Loading:
    """As a library loads a network, with settings of its own."""

    def __init__(self, spec):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = spec.threads
        self.session = onnxruntime.InferenceSession(str(plain_detector()), sess_options=options)


@pytest.mark.parametrize("threads", [0, 2])
def test_threads_of_whatever_library_sleep(threads):
    made = engine.__wrapped__(EngineSpec("tests.test_sleeping_threads:Loading", threads=threads))
    assert said(made.session) == SLEEPS[1]
    assert said(Loading(EngineSpec(threads=threads)).session) == ""  # other sessions of this process stay as they were


def test_a_recogniser_by_itself_does_so_too():
    assert said(LineModel(plain_recogniser(), 2)._session) == SLEEPS[1]


def said(session):
    try:
        return session.get_session_options().get_session_config_entry(SLEEPS[0])
    except RuntimeError:  # nothing was said
        return ""
