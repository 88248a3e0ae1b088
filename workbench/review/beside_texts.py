"""What the comparison of two receipts says."""

TITLE = "같은 거래인지 보기"
OPEN = "나란히 보기"
NONE = "이 영수증의 의견은 다른 영수증을 말하지 않아 나란히 볼 것이 없습니다."
PUT_ASIDE = "{file} 치움 (같은 거래)"
OTHER_REASON = "다른 거래: {file}"
KEPT = "{file}: 같은 거래로 보아 치웠습니다. ‘실행 취소’로 되돌릴 수 있습니다."
TELL_APART = "{file} 다른 거래로 기록"
APART = "다른 거래로 기록했습니다. ‘실행 취소’로 되돌릴 수 있습니다."
PLACE = "{place} / {count}"
PAIR_REASON = "원래 거래: {file}"
PAIRED = "원래 거래와 짝을 맞추었습니다: {file}"
CANCELLING = {"keep_this": "짝이 맞음", "keep_that": "", "apart": "짝이 아님"}
"""What the answers are called where one is the sale that the other takes back."""
WORDS = {
    "this": "지금 보는 것", "that": "다른 것", "field": "항목", "differs": "다름", "empty": "비어 있음",
    "keep_this": "같은 거래, 왼쪽을 남김", "keep_that": "같은 거래, 오른쪽을 남김", "apart": "다른 거래",
    "no_picture": "그림을 보일 수 없습니다",
}  # fmt: skip
