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
    case_dialog._title.value = "새 이름"
    assert registry.find(KIM, about.id).title == "새 이름"
    case_dialog._tried(case_dialog._invite)
    code = case_dialog._said.object.split("<code>")[1].split("</code>")[0]
    registry.accept(BROWSER, code)
    case_dialog.open()
    assert case_dialog._shared.options == {"이름 없는 브라우저": BROWSER.key}
    case_dialog._tried(case_dialog._stop_sharing)
    assert registry.cases(BROWSER) == []


def test_a_wrong_code_is_told_in_the_dialog_and_as_text(tmp_path):
    registry = CaseRegistry(tmp_path)
    case_dialog = case_dialog_of(registry, KIM, registry.make(KIM))
    case_dialog._code.value = "<script>alert(1)</script>"
    case_dialog._tried(case_dialog._enter)
    assert "초대 코드" in case_dialog._said.object
    assert "<script>" not in case_dialog._said.object


def test_deleting_needs_a_tick_first(tmp_path):
    registry = CaseRegistry(tmp_path)
    case_dialog = case_dialog_of(registry, KIM, registry.make(KIM))
    assert case_dialog._gone.disabled
    case_dialog._sure.value = True
    assert not case_dialog._gone.disabled
