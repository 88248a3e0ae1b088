"""The Korean words that every export shares: states, severities, yes and no, sorts of paper."""

YES, NO = "예", "아니요"
EMPTY, TAKEN_BACK = "(없음)", "(읽은 값으로 되돌림)"


def yes_no(flag: object) -> str:
    """예 or 아니요."""
    return YES if flag else NO
