from tests.kit.parts import part, press, words
from workbench.review import texts
from workbench.server.case_dialog import CaseDialog
from workbench.server.case_registry import CaseRegistry
from workbench.server.identity import Person, named

KIM, BROWSER = named("kim"), Person("a" * 32)


def case_dialog_of(registry, person, about, deleted=None):
    return CaseDialog(registry, person, about, delete=(deleted or []).append)


def test_the_notice_of_expiry_is_for_whom_it_concerns(tmp_path):
    registry = CaseRegistry(tmp_path, keep_hours=12)
    assert "12시간" in case_dialog_of(registry, BROWSER, registry.make(BROWSER)).notice()
    assert case_dialog_of(registry, KIM, registry.make(KIM)).notice() == ""


def test_renaming_inviting_and_ending_a_share(tmp_path):
    registry = CaseRegistry(tmp_path)
    about = registry.make(KIM, "옛 이름")
    case_dialog = case_dialog_of(registry, KIM, about)
    part(case_dialog, texts.CASE_TITLE).value = "새 이름"
    assert registry.find(KIM, about.id).title == "새 이름"
    press(case_dialog, texts.CASE_INVITE)
    code = words(case_dialog).split("<code>")[1].split("</code>")[0]
    registry.accept(BROWSER, code)
    case_dialog.open()
    assert part(case_dialog, texts.CASE_SHARED).options == {"이름 없는 브라우저": BROWSER.key}
    press(case_dialog, texts.CASE_WITHDRAW)
    assert registry.cases(BROWSER) == []


def test_a_wrong_code_is_told_in_the_dialog_and_as_text(tmp_path):
    registry = CaseRegistry(tmp_path)
    case_dialog = case_dialog_of(registry, KIM, registry.make(KIM))
    part(case_dialog, texts.CASE_CODE).value = "<script>alert(1)</script>"
    press(case_dialog, texts.CASE_ENTER)
    assert "초대 코드" in words(case_dialog)
    assert "<script>" not in words(case_dialog)


def test_deleting_needs_a_tick_first(tmp_path):
    registry = CaseRegistry(tmp_path)
    case_dialog = case_dialog_of(registry, KIM, registry.make(KIM))
    assert part(case_dialog, texts.CASE_DELETE).disabled
    part(case_dialog, texts.CASE_SURE).value = True
    assert not part(case_dialog, texts.CASE_DELETE).disabled
