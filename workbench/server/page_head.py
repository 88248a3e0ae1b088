"""The head of the page, the same for everybody: it is sent before the page is made, so that a browser reads its scripts
meanwhile.
"""

from functools import cache

import panel as pn
from bokeh.server.tornado import BokehTornado
from panel.io.resources import Bundle, Resources, bundle_resources
from panel.io.server import html_page_for_render_items

from workbench.page_layout import REST, TEMPLATE

NEEDLESS = ("es-module-shims", "bokeh-gl", "luxon")
"""Scripts of Bokeh and Panel that no part of the page uses: browsers import modules by themselves, nothing is drawn by
WebGL, and no cell of the table is a date to Tabulator.
"""


@cache
def head(application: BokehTornado) -> str:
    """What every page of that application begins with, up to where `rest` goes on."""
    known = bundle_resources([], Resources.from_bokeh(application.resources()))
    scripts = [_for_ever(str(url)) for url in known.js_files if not any(name in str(url) for name in NEEDLESS)]
    bundle = Bundle(
        js_files=scripts, js_raw=known.js_raw, js_modules=[], js_module_exports={}, hashes={}, notebook=False
    )
    return str(html_page_for_render_items(bundle, {}, [], "", template=TEMPLATE)).partition(REST)[0]


def rest(page: str) -> str:
    """What of a whole page comes after the head that was sent; a page that was made otherwise is left as it is."""
    return page.partition(REST)[2] or page


def _for_ever(url: str) -> str:
    """Named with its version a browser keeps it, and asks no more whether it has changed."""
    return url if "?v=" in url else f"{url}?v={pn.__version__}"
