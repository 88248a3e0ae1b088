"""One of several to choose: radio buttons whose group has a name; in Panel's own it has none for a screen reader."""

from typing import Any

import param

from workbench.widgets.markup import Scripted, script, styles


class Radios(Scripted):
    """`options` are values by what is said of them, `label` the name of the group."""

    label = param.String()
    options = param.Dict({})
    value = param.String()
    inline = param.Boolean(False, doc="Side by side, not one below the other.")

    _esm = script("radios.js")
    _stylesheets = styles("controls")

    def __init__(self, label: str, options: dict[str, str], value: str, **params: Any) -> None:
        super().__init__(label=label, options=options, value=value, sizing_mode="stretch_width", margin=0, **params)

    def heard(self, data: dict[str, Any]) -> None:
        """Takes what was chosen."""
        if data.get("value") in self.options.values():
            self.value = data["value"]
