from workbench.server.case_registry import Cabinet
from workbench.server.identity import Person, named
from workbench.widgets.case_dialog import Shelf

KIM, BROWSER = named("kim"), Person("a" * 32)


def shelf_of(cabinet, person, about, deleted=None):
    return Shelf(cabinet, person, about, delete=(deleted or []).append)


def test_the_notice_of_expiry_is_for_whom_it_concerns(tmp_path):
    cabinet = Cabinet(tmp_path, keep_hours=12)
    assert "12시간" in shelf_of(cabinet, BROWSER, cabinet.make(BROWSER)).notice()
    assert shelf_of(cabinet, KIM, cabinet.make(KIM)).notice() == ""


def test_renaming_inviting_and_ending_a_share(tmp_path):
    cabinet = Cabinet(tmp_path)
    about = cabinet.make(KIM, "옛 이름")
    shelf = shelf_of(cabinet, KIM, about)
    shelf._title.value = "새 이름"
    assert cabinet.find(KIM, about.id).title == "새 이름"
    shelf._tried(shelf._invite)
    code = shelf._said.object.split("<code>")[1].split("</code>")[0]
    cabinet.accept(BROWSER, code)
    shelf.open()
    assert shelf._shared.options == {"이름 없는 브라우저": BROWSER.key}
    shelf._tried(shelf._stop_sharing)
    assert cabinet.cases(BROWSER) == []


def test_a_wrong_code_is_told_in_the_dialog_and_as_text(tmp_path):
    cabinet = Cabinet(tmp_path)
    shelf = shelf_of(cabinet, KIM, cabinet.make(KIM))
    shelf._code.value = "<script>alert(1)</script>"
    shelf._tried(shelf._enter)
    assert "초대 코드" in shelf._said.object
    assert "<script>" not in shelf._said.object


def test_deleting_needs_a_tick_first(tmp_path):
    cabinet = Cabinet(tmp_path)
    shelf = shelf_of(cabinet, KIM, cabinet.make(KIM))
    assert shelf._gone.disabled
    shelf._sure.value = True
    assert not shelf._gone.disabled
