"""The Korean words that every export shares: states, severities, yes and no, sorts of paper."""

STATUS = {
    "waiting": "대기",
    "read": "읽음",
    "failed": "실패",
    "changed": "승인 뒤 바뀜",
    "approved": "승인",
    "confirmed": "확정",
}
SEVERITY = {"error": "오류", "warning": "주의", "info": "참고"}
YES, NO = "예", "아니요"
EMPTY, TAKEN_BACK = "(없음)", "(읽은 값으로 되돌림)"


def yes_no(flag: object) -> str:
    """예 or 아니요."""
    return YES if flag else NO
