"""The file that `panel serve` runs: `panel serve workbench/app.py`; and the public names of the page in one place."""

import panel as pn

from workbench.page import Workbench, start, workbench_page
from workbench.server.application import served_page

__all__ = ["Workbench", "start", "workbench_page"]

if pn.state.served:
    start()
    served_page().servable()
