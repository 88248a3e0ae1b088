"""Texts of the sheets of crops, in Korean."""

TAB = "모아 보기"
TOGETHER = "모아 승인"
RULE = "규칙: {rule}. 눌러서 뺄 수 있고, 실행 취소로 모두 되돌립니다."
APPROVE = "{count:,}건 승인"
WORDS = {
    "by_doubt": "의심스러운 순",
    "by_value": "값 순",
    "count": "{shown}칸 · 의심 {doubted}",
    "none": "읽지 못함",
    "no_crop": "그림 없음",
    "empty": "여기에 보일 영수증이 없습니다.",
    "empty_together": "오류와 주의가 하나도 없는 영수증이 없습니다.",
    "doubted": "의심",
    "corrected": "고침",
    "out": "뺌",
    "hint": "화살표로 옮기고, Enter로 고치고, O로 영수증을 엽니다. 1~6 다른 모음, S 검토로.",
    "hint_together": "화살표로 옮기고, Enter로 빼고, A로 남은 것을 승인합니다. S 검토로.",
    "label": "{field} 모아 보기",
    "edit": "{file}의 값",
}
