"""What every Korean sentence needs: words for states and severities, particles, the country's time."""

from datetime import datetime, timedelta, timezone

KST = timezone(timedelta(hours=9), "KST")
"""Korean time, in which receipts, the tax service and reviewers tell theirs; no summer time."""

STATUS = {
    "waiting": "대기",
    "read": "읽음",
    "failed": "실패",
    "changed": "승인 뒤 바뀜",
    "approved": "승인",
    "confirmed": "확정",
}
SEVERITY = {"error": "오류", "warning": "주의", "info": "참고"}
DAYS = "월화수목금토일"
"""Of the week, as `date.weekday` counts them."""

_CLOSED_DIGITS = "013678"
"""영 일 삼 육 칠 팔 end in a consonant, 이 사 오 구 do not."""


def in_korea(moment: datetime) -> datetime:
    """The moment as a clock in Korea shows it, whatever the machine's own zone; one without a zone is the machine's."""
    return moment.astimezone(KST)


def with_particle(word: str, after_consonant: str, after_vowel: str) -> str:
    """The word with the particle that its last sound asks for: 합계를, 공급가액을; both where nobody can tell."""
    last = word[-1:]
    if "가" <= last <= "힣":
        closed = (ord(last) - ord("가")) % 28 > 0
    elif last.isdecimal() and last.isascii():
        closed = last in _CLOSED_DIGITS
    else:
        return f"{word}{after_consonant}({after_vowel})"
    return word + (after_consonant if closed else after_vowel)
