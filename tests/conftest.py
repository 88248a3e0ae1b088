"""For every test: a machine may be loaded, so that no example of a property test is late.

What the kit asserts tells both sides, as what a test asserts does.
"""

import tempfile

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("tests.kit")

settings.register_profile("workbench", deadline=None)
settings.load_profile("workbench")


@pytest.fixture(autouse=True)
def _temporary_folder_of_before():
    """A server keeps to a folder under its home: whatever runs next in the process would keep its own there, too."""
    before = tempfile.tempdir
    yield
    tempfile.tempdir = before


LONG = (
    "tests/ui/", "tests/reliability/", "tests/test_notebooks.py", "tests/test_learning.py", "tests/test_training.py",
    "tests/test_wheel.py",
)  # fmt: skip


def pytest_collection_modifyitems(items):
    """The long files first: else they are the last ones, and the other workers wait for them."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))
