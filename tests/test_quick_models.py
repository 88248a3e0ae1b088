"""A page is made with less work, and is the same page."""

import re

import pytest
from bokeh.core.has_props import HasProps
from bokeh.core.property.descriptors import PropertyDescriptor, UnsetValueError
from bokeh.model import Model
from bokeh.models import Button
from bokeh.util.warnings import BokehDeprecationWarning
from panel.custom import ReactiveESM

import workbench.page  # noqa: F401  # all parts of the page
from workbench.server import quick_models
from workbench.widgets.dialog import Dialog
from workbench.widgets.markup import Ready

SETS = re.compile(r"\bmodel\.(\w+) = ")


@pytest.fixture
def quick(monkeypatch):
    """Installs it, and takes it back in the end: what it puts its own in the place of is Bokeh's, and private there."""
    for name in ("_get_default", "has_unstable_default"):
        monkeypatch.setattr(PropertyDescriptor, name, vars(PropertyDescriptor)[name])
    for setting in (quick_models.settings.perform_document_validation, quick_models.settings.perform_error_diagnostics):
        monkeypatch.setattr(setting, "_user_value", setting._user_value)
    return quick_models.install


def defaults(kind: type[HasProps]) -> dict[str, str]:
    """What a fresh model of that class says, as text: ids differ."""
    made, said = kind(), {}
    for name in sorted(made.properties()):
        try:
            value = getattr(made, name)
        except (UnsetValueError, BokehDeprecationWarning) as error:
            value = type(error).__name__
        said[name] = type(value).__name__ if isinstance(value, HasProps) or "id=" in repr(value) else repr(value)
    return said


def kinds() -> list[type[HasProps]]:
    """Every class of models that Bokeh, Panel and the page have, but those that cannot be made without words."""
    makeable = []
    for kind in Model.model_class_reverse_map.values():
        try:
            kind()
        except (TypeError, NotImplementedError, ValueError, RuntimeError, BokehDeprecationWarning):
            continue
        makeable.append(kind)
    return makeable


def test_every_default_of_every_class_stays(quick):
    all_kinds = kinds()
    assert len(all_kinds) > 300
    before = {kind: defaults(kind) for kind in all_kinds}
    quick()
    for _ in range(2):  # from the class, and from what is known of it
        assert {kind: defaults(kind) for kind in all_kinds} == before


def test_what_can_be_changed_in_place_is_each_model_s_own(quick):
    quick()
    one, other = Button(), Button()
    one.tags.append("mine")
    assert one.tags == ["mine"]
    assert other.tags == []
    assert Button().tags == []


def test_a_theme_still_says_otherwise(quick):
    quick()
    one, other = Button(), Button()
    assert one.label == "Button"
    one.apply_theme({"label": "themed"})
    assert (one.label, other.label) == ("themed", "Button")
    one.unapply_theme()
    assert one.label == "Button"


def _kinds_of(part: type) -> list[type]:
    return [part, *(below for kind in part.__subclasses__() for below in _kinds_of(kind))]


@pytest.mark.parametrize("kind", _kinds_of(Ready), ids=lambda kind: kind.__name__)
def test_what_a_script_sets_is_heard_and_nothing_else_is_listened_for(kind):
    """`_esm` is Panel's name for a component's script."""
    assert set(SETS.findall(str(kind._esm))) == set(kind.browser_sets)


def test_a_browser_that_closes_a_dialog_is_heard():
    dialog = Dialog("", open=True)
    model = dialog.get_root()
    assert isinstance(dialog, ReactiveESM)
    model.data.open = False
    assert not dialog.open
