"""Texts of the screen about statements and reconciliation, in Korean: plain, short, polite."""

TAB = "대조"
WORDS = {
    "matched": "맞음",
    "rows": "영수증 없음",
    "receipts": "명세서 없음",
    "search": "이름, 금액, 날짜, 승인번호로 찾기",
    "empty": "카드·은행·홈택스 명세서(.xlsx, .xls, .csv)를 이 화면에 놓아 주세요",
    "none": "여기에는 아무것도 없습니다",
    "missing": "영수증 없음 목록",
    "ask": "소명 요청 만들기",
    "due": "답변 기한",
    "pair": "잇기",
    "unpair": "끊기",
    "maybe": "맞을 수 있는 것",
    "near": "비슷한 것",
    "receipt": "영수증",
    "row": "명세서",
    "pick": "왼쪽에서 줄을 고르세요",
    "take": "이대로 넣기",
    "forget": "그만두기",
    "understood": "이렇게 이해했습니다",
    "columns": "열이 다르면 바꿔 주세요. 같은 제목의 명세서에는 다음에도 이대로 씁니다.",
    "no_column": "없음",
    "open_receipt": "검토에서 열기",
    "lists": "넣은 명세서",
    "remove": "빼기",
}
HEADS = ("날짜", "가맹점", "금액", "승인번호", "영수증", "상태")
ANSWERS = "답변 {answered} / 요청 {asked}"
COLUMNS_SHOWN = ("행", "날짜", "금액", "가맹점", "사업자번호", "승인번호", "외화", "취소")
TAKEN = "{name}: {count:,}건을 넣었습니다."
VENDORS_TAKEN = "{name}: 거래처 {count:,}곳을 넣었습니다."
ANSWERS_TAKEN = "소명 답변 {count:,}건을 받았습니다."
PAIRED, UNPAIRED = "영수증과 명세서 줄을 이었습니다.", "영수증과 명세서 줄을 끊었습니다."
REMOVED = "{name}을(를) 뺐습니다."
NOTHING_MISSING = "영수증이 없는 명세서 줄이 없습니다."
MISSING_FILE, ASK_FILE = "영수증없음_{case}.xlsx", "소명요청_{case}.xlsx"
