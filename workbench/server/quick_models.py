"""Less of a page's making: its time is the loop's, and everybody waits for it.

Bokeh looks the default of a property up anew each time one is read: through all parents of the class, a copy, a check
of its type. A page reads tens of thousands of them, which was a third of what it cost.
"""

from collections import defaultdict
from enum import Enum
from typing import Any

from bokeh.core.has_props import HasProps
from bokeh.core.property.descriptors import PropertyDescriptor
from bokeh.settings import settings

PLAIN = (bool, int, float, str, bytes, type(None), Enum)
"""What nobody can change in place, so that all may share it."""
_default, _has_unstable = PropertyDescriptor._get_default, PropertyDescriptor.has_unstable_default
_UNKNOWN = object()
_defaults: defaultdict[type[HasProps], dict[str, Any]] = defaultdict(dict)
_unstable: defaultdict[type[HasProps], dict[str, bool]] = defaultdict(dict)


def install() -> None:
    """Has Bokeh look up once for each class what is the same for all of its models, and not prove each page's layout
    and callbacks, which are everybody's; may be called again.
    """
    settings.perform_document_validation.set_value(False)
    settings.perform_error_diagnostics.set_value(False)
    PropertyDescriptor._get_default = _quick_default
    PropertyDescriptor.has_unstable_default = _has_unstable_quickly


def _quick_default(self: PropertyDescriptor[Any], obj: HasProps) -> Any:
    if vars(obj).get("__themed_values__") is not None:
        return _default(self, obj)
    known = _defaults[type(obj)]
    value = known.get(self.name, _UNKNOWN)
    if value is _UNKNOWN:
        value = _default(self, obj)
        if isinstance(value, PLAIN) and not self.has_unstable_default(obj):
            known[self.name] = value
    return value


def _has_unstable_quickly(self: PropertyDescriptor[Any], obj: HasProps) -> bool:
    known = _unstable[type(obj)]
    if self.name not in known:
        known[self.name] = _has_unstable(self, obj)
    return known[self.name]
