"""Texts of the screen about statements and reconciliation, in Korean: plain, short, polite."""

TAB = "대조"
WORDS = {
    "matched": "맞음",
    "rows": "영수증 없음",
    "receipts": "명세서 없음",
    "search": "이름, 금액, 날짜, 승인번호로 찾기",
    "empty": "카드·은행·홈택스 명세서(.xlsx, .xls, .csv)를 이 화면에 놓아 주세요",
    "choose": "파일 고르기",
    "none": "여기에는 아무것도 없습니다",
    "missing": "영수증 없음 목록",
    "ask": "소명 요청 만들기",
    "due": "답변 기한",
    "pair": "잇기",
    "unpair": "끊기",
    "add": "더 잇기",
    "more": "이 짝에 더 잇기",
    "inquiry": "소명",
    "close": "종결",
    "ask_hint": "영수증이 없는 줄과, 표에서 표시한 영수증의 검토의견을 묻습니다",
    "maybe": "맞을 수 있는 것",
    "near": "비슷한 것",
    "receipt": "영수증",
    "row": "명세서",
    "pick": "목록에서 줄을 고르세요",
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
ALL_SHOWN, SOME_SHOWN = "모두 {count:,}건입니다.", "모두 {count:,}건 가운데 처음 {shown}건입니다."
COLUMN_WANTED = "어느 열이 {kinds}인지 찾지 못했습니다. 아래에서 골라 주세요."
TAKEN = "{name}: {count:,}건을 넣었습니다."
RATES_TAKEN = "{name}: 환율({currencies})을 넣었습니다. 원화가 없는 외화 영수증의 합계를 계산해 제안합니다."
VENDORS_TAKEN = "{name}: 거래처 {count:,}곳을 넣었습니다."
ANSWERS_TAKEN = "소명 답변 {count:,}건을 받았습니다."
ACTS = {"pair": "잇기", "unpair": "끊기"}
ROW_GONE = "그 명세서 줄이 이제 없습니다. 명세서를 다시 확인해 주세요."
PAIRED, UNPAIRED = "영수증과 명세서 줄을 이었습니다.", "영수증과 명세서 줄을 끊었습니다."
CLOSED = "소명을 종결했습니다."
REMOVED = "{name}을(를) 뺐습니다."
NOTHING_MISSING = "영수증이 없는 명세서 줄이 없습니다."
MISSING_FILE, ASK_FILE = "영수증없음_{case}.xlsx", "소명요청_{case}.xlsx"

# samples and rules
SAMPLE_TAB = "표본"
SAMPLE_WORDS = {
    "method": "방법",
    "attribute": "건수",
    "money": "금액 단위",
    "size": "표본 크기",
    "reckoned": "자동 계산",
    "tolerable": "허용 오류율 %",
    "seed": "난수 시드",
    "draw": "표본 뽑기",
    "blind": "그림만 보고 적어 주세요. 없으면 비워 둡니다.",
    "keep": "적고 다음으로",
    "done": "확인함",
    "left": "남음",
    "pick": "표본을 뽑으면 여기에서 그림만 보고 확인합니다",
    "how": "표본을 뽑으면 뽑힌 영수증이 여기에 차례로 나옵니다.\n"
    "표본 크기를 비우면 허용 오류율로 계산하고, 난수 시드가 같으면 같은 영수증이 뽑힙니다.",
    "all_done": "뽑힌 것을 모두 확인했습니다",
    "difference": "{0} · {1}: 사건의 값 {2}, 확인한 값 {3}",
    "nothing": "없음",
    "rules": "회사의 규정",
    "no_rules": "쓰지 않음",
    "use_default": "기본 규정 쓰기",
    "drop_rules": "규정 쓰지 않기",
    "drop_hint": "고친 규정(.toml)을 화면에 놓으면 그 규정을 씁니다",
}
RULED = "이 규정으로 봅니다: {name}"
NO_RULES = "규정을 쓰지 않습니다."
NUMBERS_ONLY = "표본 크기, 허용 오류율, 난수 시드는 숫자로 적어 주세요."
