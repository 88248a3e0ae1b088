"""The history says what was done in words, and what an undo brought back."""

import pytest

from tests.kit.pile import pile
from workbench.review import texts
from workbench.review.session import Session
from workbench.widgets.past import Past


@pytest.fixture
def session(tmp_path):
    case = pile(tmp_path / "case", 3)
    yield Session(case, "kim")
    case.close()


def shown(session, whole=False):
    past = Past(session)
    past.show(whole)
    return past.list.view["rows"]


def test_a_correction_that_was_taken_back_shows_the_value_that_holds_again(session):
    session.choose(session.rows[1].id, "total")
    session.correct("20,000")
    session.undo()
    session.correct("")
    session.take_back()
    session.choose_field("exempt")
    session.correct("5,000")
    session.undo()
    words = [row[2:3] + row[4:] for row in shown(session)][:6]
    assert words == [
        ["고친 것을 되돌림", "면세", "5,000", "비어 있음"],
        ["고침", "면세", "비어 있음", "5,000"],
        ["고친 것을 되돌림", "합계", "비어 있음", "11,011"],
        ["고침", "합계", "11,011", "비어 있음"],
        ["고친 것을 되돌림", "합계", "20,000", "11,011"],
        ["고침", "합계", "11,011", "20,000"],
    ]
    table = session.case.history(session.chosen)
    assert list(table[table.action == "correct"].value.fillna("")) == ["20000", "11011", "", "11011", "5000", ""]
    assert session.case.verify() == []


def test_every_act_has_a_korean_name_on_screen(session):
    case = session.case
    first, second, third = (r.id for r in case.receipts())
    rows = "이용일시,가맹점명,이용금액,승인번호\n2026-03-03 12:33,보기문구,11022,12345680\n2026-04-05 10:00,남,500,1\n"
    case.add_statement(("카드.csv", rows.encode()))
    case.add_vendors(("거래처.csv", "사업자번호,상호\n111-11-11119,가나다상회\n".encode()))
    case.receipts()  # understands the lists
    row = next(iter(case.books.standing.rows()))
    case.pair(third, row)
    case.unpair(third, row)
    case.inquire(case.folder / "물음.xlsx", {second: "무엇을 샀습니까?"})
    case.sample(2, seed=1)
    case.policy("default")
    case.set_four_eyes(0)
    case.approve_clean()
    case.read_again([second])
    case.clear([first])
    case.delete([third])
    case.books.lists.remove(case.books.lists.kept("statement")[0].id, "kim")
    names = {row[2] for row in shown(session, whole=True)}
    assert names <= {*texts.ACTION.values(), texts.TAKEN_BACK}
    assert len(names) >= 12
    settings = [row[4:] for row in shown(session, whole=True) if row[2] == texts.ACTION["setting"]]
    assert [label for label, *_ in settings] == ["두 사람 승인", "회사 규정"]
    assert all(len(text) < 80 for cells in settings for text in cells)
