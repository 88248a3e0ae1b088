"""The service key is on no page: everything that goes to the browser is searched for it."""

import json
from urllib.parse import quote

from bokeh.document import Document

from tests.kit.pile import pile
from workbench.app import Workbench
from workbench.settings import Settings

KEY = "MARKED+key/of=the=office" * 3


def sent(bench):
    """The page as Bokeh sends it: every model with every property."""
    document = Document()
    document.add_root(bench.__panel__().get_root())
    return json.dumps(document.to_json(), default=str, ensure_ascii=False)


def test_neither_the_offices_key_nor_a_users_own_is_sent_to_the_page(tmp_path):
    case = pile(tmp_path / "case", 3, Settings(nts_key=KEY, nts_url="http://127.0.0.1:9/none", jobs=1))
    bench = Workbench(case, "kim")
    own = KEY[::-1]
    bench.session.use_key(own)
    case.look_up_tax()  # nobody answers there: the failures are on the page, too
    bench.session.tick()
    page = sent(bench)
    assert "합계" in page  # it is the page that is looked at
    for key in (KEY, quote(KEY, safe=""), own, quote(own, safe="")):
        assert key not in page
    case.close()
