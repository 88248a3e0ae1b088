"""Every text of the screen, in Korean: plain, short, polite."""

from workbench.domain import korean

NOBODY = "검토자"
APP = "영수증 검토 작업대"

STATE = {
    "waiting": ("○", korean.STATUS["waiting"]),
    "failed": ("✕", "읽기 실패"),
    "open": ("△", "확인 필요"),
    "clear": ("□", "이상 없음"),
    "approved": ("✓", korean.STATUS["approved"]),
    "changed": ("↻", korean.STATUS["changed"]),
    "confirmed": ("✓✓", korean.STATUS["confirmed"]),
}
"""Sign and name of each state: the sign and the word carry the meaning, the colour only helps."""
SEVERITY = {
    severity: (sign, korean.SEVERITY[severity]) for severity, sign in (("error", "✕"), ("warning", "△"), ("info", "ⓘ"))
}

# top bar
START, STOP = "읽기 시작", "멈추기"
STOPPING = "멈추는 중"
READING = "처리 중 ({done}/{total})"
QUEUED = "차례를 기다리는 중 (앞에 {place}건)"
STARTING = "읽기 준비 중"
FAILED_COUNT = "실패 {count}"
TIME_LEFT = "남은 시간 약 {left}"
STANDING = "영수증 {all:,}건 · 확인 필요 {open:,} · 승인 {approved:,}"
ASKING = "국세청 조회 중"
REQUERY = "과세유형 조회"
REQUERY_THIS, REQUERY_MARKED = "이 영수증만 다시 조회", "선택한 {count}건 다시 조회"
REQUERY_FAILED, REQUERY_NEW = "실패한 것 모두 다시 조회 ({count})", "아직 조회하지 않은 것 조회 ({count})"
EXPORT, SETTINGS, HELP, THEME = "내보내기", "설정", "도움말", "밝게/어둡게"
UNDO, REDO = "실행 취소", "다시 실행"
NEW_BATCH = "새 묶음"

# pile
DROP = "영수증 파일을 여기에 놓거나 눌러서 고르세요"
DROP_TYPES = "JPG · PNG · HEIC · WebP · TIFF · PDF"
ADDED = "{count:,}건을 넣었습니다."
KNOWN = "{count:,}건은 이미 있습니다."
REFUSED = "{count:,}개 파일을 넣지 못했습니다"
RECEIVING = "받는 중 {done}/{total} · {name}"
NOTHING_WAITS = "읽을 영수증이 없습니다. 파일을 먼저 넣어 주세요."
SEARCH = "영수증의 모든 글에서 찾기"
FINDING_ANY = "모든 검토의견"
FOOT_SHOWN, FOOT_MARKED, FOOT_UNKNOWN = "보이는 것", "그 가운데 선택한 것", "금액 모름"
COUNT = "{count:,}건"
FILTER_DONE = "찾던 것이 더 없어 찾는 조건을 풀었습니다."
SHOWN = "{shown:,} / {all:,}건"
EMPTY_TABLE = "보여 줄 영수증이 없습니다\n파일이나 폴더를 이 화면 아무 곳에나 놓거나, 찾는 조건을 바꿔 주세요"
COLUMNS, COLUMNS_HINT = "열", "표에 보일 열 고르기 (C)"
FILL = "선택한 {count:,}건의 빈칸에 채우기"
FILLING = "{label} 채움"
FILLED, FILL_KEPT = "{label}: {count:,}건에 채웠습니다.", " 이미 값이 있는 {count:,}건은 그대로 두었습니다."
FILL_REOPENED = " 승인했던 {count:,}건은 값이 늘어 승인이 풀렸습니다. 다시 승인해 주세요."
OWN_FIELDS = "직접 채우는 항목"
GOODS, GOODS_COLUMNS = "품목 {count:,}", ("이름", "수량", "단가", "금액")
GOODS_SUM = "품목의 합 {sum:,}원"
GOODS_DIFFERS, GOODS_AGREES = "합계와의 차이 {by:+,}원", "합계와 같음"
MARK_ALL = "모두 선택"
MARKED = "{count:,}건 선택"
CLEAR_MARKED = "치우기"
READ_AGAIN = "다시 읽기"

# columns of the table
COLUMN = {
    "mark": "",
    "state": "상태",
    "file": "파일",
    "findings": "의견",
    "tax": "과세유형",
    "deduction": "공제구분",
    "confidence": "신뢰도",
}

# panes
PANE_LIST, PANE_SHEET, FILES = "목록", "영수증", "＋ 파일"
DIVIDER = {
    "list": "목록의 너비 (끌거나 ← →, 두 번 누르면 처음대로)",
    "fields": "항목의 너비 (끌거나 ← →, 두 번 누르면 처음대로)",
}

# viewer
PAGE_OF, PAGE_BEFORE, PAGE_AFTER = "{page}/{pages}쪽", "앞 쪽", "다음 쪽"
NO_PICTURE = "목록에서 영수증을 고르세요"
FIT, ROTATE, ZOOM_IN, ZOOM_OUT, AREA = "맞춤", "돌리기", "확대", "축소", "영역 읽기"
AREA_HINT = "그림에서 끌어 사각형을 그리면 그 자리를 다시 읽어 ‘{field}’에 넣습니다"
AREA_BUSY = "고른 영역을 읽는 중"
AREA_EMPTY = "그 영역에서 글을 찾지 못했습니다. 조금 더 넓게 그려 주세요."
BOXES, CLEAR = "글상자", "글자 또렷하게 · 원래 색"
COPIED = "{count:,}건을 복사했습니다. Excel에 붙여 넣으세요."
TAP_HINT = "글상자를 누르면 ‘{field}’에 들어갑니다"

# editor
FIRST_STEPS = (
    "영수증 파일이나 폴더를 놓습니다",
    "‘읽기 시작’을 누릅니다",
    "줄을 골라 그림과 비교하고, 고치고, 승인합니다",
    "‘내보내기’로 조서에 붙일 파일을 받습니다",
)
READ_AS = "판독"
RAW = "원문"
NOT_READ = "아직 읽지 않았습니다. 위의 ‘읽기 시작’을 누르면 읽습니다."
NOTHING_READ = "찾지 못함"
EMPTY = "비어 있음"
CORRECTED_BY = "{by} · {at}"
CONFIDENCE = "신뢰도"
EVIDENCE = "근거"
PICKS = "후보"
ACCEPT, TAKE_BACK, APPROVE, REOPEN = "맞음", "판독으로 되돌리기", "승인", "승인 취소"
NEXT_PROBLEM = "다음 문제"
PROBLEMS_LEFT, NO_PROBLEMS = "문제 {count}", "문제 없음"
TAX = "국세청"
NOT_ASKED_YET = "아직 조회하지 않음"
ASKED_AT = "{at} 조회"
MOCK = "모의"
NO_PROBLEM_LEFT = "확인할 것이 더 없습니다."
LAST_PROBLEM = "이 영수증에 남은 문제는 이것뿐입니다. ↓를 누르면 다음 영수증으로 갑니다."
ALL_SEEN = "이 영수증에는 남은 문제가 없습니다. A나 Enter로 승인하거나, ↓로 다음 영수증으로 가세요."
CONFIRM, HISTORY = "확정", "이력"
OFFER = "이 영수증에 확인할 것이 남아 있지 않습니다."
SETTLE, REASON = "확인함", "이유 (적지 않아도 됩니다)"
BY_HAND, POINTED = "사람이 적음", "사람이 짚은 자리"
MACHINE_READ = "판독한 자리 보기"
WAS_APPROVED = "{by}님이 {at}에 승인한 뒤 다시 읽혀 바뀌었습니다"
CAME_SINCE = "{by}님이 {at}에 승인한 뒤 새로 알려졌습니다"
APPROVED_VALUE, NOW_VALUE = "승인한 값", "지금 값"

# who, what was done, what was put aside
WHO_ASKS = "누가 검토하십니까? 이름이 모든 수정과 승인 옆에 남습니다."
WHO_LABEL, WHO_KEEP, WHO_CHANGE = "검토하는 사람", "이 이름으로", "검토하는 사람 바꾸기"
HISTORY_OF, HISTORY_ALL = "이 영수증", "사건 전체"
HISTORY_FIND, HISTORY_CSV, HISTORY_MORE = "이력에서 찾기", "CSV로 받기", "최근 {shown:,}건만 보입니다 (모두 {all:,}건)"
HISTORY_COLUMNS = ("언제", "누가", "무엇을", "영수증", "항목", "전", "후")
ASIDE, ASIDE_TITLE = "치운 영수증 {count:,}", "치운 영수증"
RESTORE, RESTORE_ALL, ASIDE_EMPTY = "되돌리기", "모두 되돌리기", "치운 영수증이 없습니다."
APPROVE_CLEAN = "이상 없는 {count:,}건 승인"
SAME_AS = "같은 거래: {file}"
MACHINE = "기계"
ACTION = {
    "add": "넣음", "read": "읽음", "fail": "읽지 못함", "extract": "규칙을 다시 적용", "reread": "다시 읽기를 시킴",
    "supersede": "새로 읽으니 없음", "correct": "고침", "settle": "확인함", "unsettle": "확인함을 되돌림",
    "approve": "승인", "confirm": "확정", "reopen": "승인 취소", "approve-clean": "이상 없는 것 승인",
    "put-aside": "치움", "restore": "되돌림",
    "delete": "완전히 지움", "tax": "국세청의 답", "setting": "사건 설정", "take-over": "이전 버전에서 옮김",
    "erased": "(지워진 내용)", "sample": "표본을 뽑음", "sample-check": "표본 확인", "statement": "명세서를 넣음",
    "vendors": "거래처 목록을 넣음", "rates": "환율표를 넣음", "statement-removed": "명세서를 뺌",
    "vendors-removed": "거래처 목록을 뺌", "rates-removed": "환율표를 뺌", "pair": "명세서와 짝지음",
    "unpair": "짝이 아님",
    "pair-open": "짝을 되돌림", "inquiry": "소명을 물음", "answer": "소명을 받음", "inquiry-closed": "소명을 끝냄",
}  # fmt: skip
"""What each act of the journal is called."""
CASE_SETTINGS = {"four-eyes": "두 사람 승인", "policy": "회사 규정"}
"""What is set for a whole case."""
TAKEN_BACK, MACHINES = "고친 것을 되돌림", "판독값"

# the line to the server
SILENT = "서버가 답하지 않습니다. 적던 것은 남아 있으며, 답이 오면 그 자리에서 이어집니다."
LINE_LOST = "서버와 연결이 끊겼습니다. 적던 것은 남아 있으며, 다시 연결되면 그 자리에서 이어집니다."

# two persons
FOUR_EYES, FOUR_EYES_SET = "두 사람 승인", "저장"
FOUR_EYES_MODES = {"쓰지 않음": "off", "언제나": "always", "이 금액부터": "above"}
FOUR_EYES_AMOUNT = "금액 (원)"
FOUR_EYES_NO_AMOUNT = "몇 원부터 두 사람이 승인할지 적어 주세요."
FOUR_EYES_WAITS = "{by}님이 승인했습니다. 고치거나 먼저 승인하지 않은 다른 사람의 확정이 더 필요합니다."
FOUR_EYES_KEPT = "이 사건의 승인 규칙을 바꾸었습니다."

# questions
SINCE_OPEN = "승인 뒤 새로 알려진 것이 {count}개 있습니다. 그래도 승인할까요?"
ERRORS_OPEN = "풀리지 않은 오류가 {count}개 있습니다. 그래도 승인할까요?"
APPROVE_ANYWAY = "그래도 승인"
REOPEN_OTHERS = "{by} 님이 승인한 영수증입니다. 승인을 취소할까요?"
YOURS = "내가 넣으려던 값: {value}"
JUST_CHANGED = "누르는 사이 화면의 것이 바뀌어 아무것도 하지 않았습니다. 보고 다시 눌러 주세요."
NOT_KEPT = "적은 값 ‘{text}’은(는) 남기지 않았습니다. {why}"
STILL_MINE = "그래도 {value}(으)로"
STILL_GO = "지금 값을 보았습니다. 계속"
LEAVE_IT = "지금 값 그대로 두기"
NOT_YOURS = "승인은 준 사람만 되살릴 수 있습니다 ({by}). 값을 보고 직접 승인해 주세요."
REOPENED = "{file}: 승인을 취소했습니다."
RESTORED = "{count:,}건을 되돌렸습니다."
APPROVAL_ENDED = "{file}{more}: 승인하신 뒤에 바뀌어 승인이 풀렸습니다{who}. 다시 확인해 주세요."
AND_MORE = " 외 {count:,}건"
CLEAN_APPROVED = "의견이 없는 {count:,}건을 승인했습니다. 규칙과 함께 기록되었습니다."

# steps
CORRECTING, APPROVING, REOPENING, CLEARING, SETTLING = "고침", "승인", "승인 취소", "치움", "의견 확인함"
UNDONE, REDONE = "실행 취소: {what}", "다시 실행: {what}"
WALKING = "하고 있습니다: {what}"
UNDER_WAY = "앞의 일을 아직 하고 있습니다({what}). 끝난 뒤 다시 눌러 주세요."
CLEARED_ALREADY = "다른 사람이 이미 치운 영수증입니다."
CLEARED = "{count:,}건을 치웠습니다. ‘실행 취소’로 되돌릴 수 있습니다."

# new batch
NEW_TITLE = "새 묶음을 시작할까요?"
NEW_KEEP = "그대로 두고 이어서 넣기"
NEW_CLEAR = "지금 것을 치우고 시작"
NEW_TEXT = "지금 묶음에는 영수증 {count:,}건이 있습니다."
NEW_LOSES = "그 가운데 사람이 고치거나 승인한 {corrected:,}건도 함께 치워집니다."
NEW_UNDO = "치운 것은 ‘치운 영수증’에서 언제든 되돌릴 수 있습니다. 원본 파일은 지우지 않습니다."
CLEAR_TITLE = "{count:,}건을 치울까요?"
CANCEL = "그만두기"
CLOSE = "닫기"

# deleting for good
DELETE_MARKED = "완전히 지우기"
DELETE_TITLE = "{count:,}건을 완전히 지울까요?"
DELETE_TEXT = "원본 파일과 그림, 읽은 값, 고친 기록을 모두 지웁니다. 되돌릴 수 없습니다."
DELETE_OTHERS = "같은 파일에 있는 {count:,}건도 함께 지워집니다."
DELETE_WORKED = "사람이 고치거나 승인한 {count:,}건이 들어 있습니다."
DELETE_SURE = "되돌릴 수 없다는 것을 확인했습니다"
DELETE_GO = "{count:,}건 지우기"
DELETED = "{count:,}건을 완전히 지웠습니다."

# settings
KEY_LABEL = "내 국세청 서비스 인증키"
KEY_HELP = "이 화면에서만 쓰고 저장하지 않습니다. 비우면 관리자가 정한 키를 씁니다."
KEY_USE, KEY_FORGET = "이 키 쓰기", "키 지우기"
KEY_IN_USE, KEY_FROM_SETTINGS, KEY_NONE = "내 키를 쓰는 중", "설정의 키를 쓰는 중", "키 없음"
KEY_TAKEN, KEY_FORGOTTEN = "이 화면에서 내 키를 씁니다.", "내 키를 지웠습니다."
SERVICE_ADDRESS = "조회 주소"
LEARN = "이 사건에서 배우기"
LEARN_START, LEARN_STOP, LEARN_TAKE, LEARN_UNDO = "배우기 시작", "멈추기", "새 모델 쓰기", "원래 모델로 되돌리기"
LEARN_WHAT = (
    "이 사건에서 고친 글자를 인식 모델에 가르칩니다. 이 컴퓨터 안에서 낮은 우선순위로 돌고, 화면을 닫아도 계속됩니다. "
    "끝나면 나아졌는지 견주어 보이고, 쓸지는 직접 정합니다."
)
LEARN_NO_CLONE = "배우기는 저장소를 내려받아 설치한 곳에서만 됩니다. 지금 설치에는 training 폴더가 없습니다."
LEARN_NO_PACKAGES = '배우려면 `pip install -e ".[training]"`으로 패키지를 먼저 설치해 주세요.'
LEARN_RUNNING_ALREADY = "이미 배우고 있습니다."
LEARN_RUNNING = "배우는 중입니다: {share}%"
LEARN_BROKEN_OFF = "지난번에 끝까지 배우지 못했습니다. 다시 시작할 수 있습니다."
LEARN_TROUBLES = {
    "few": "고친 글자가 {count:,}줄뿐입니다. 20줄부터 배울 수 있습니다.",
    "failed": "배우다가 멈췄습니다. 자세한 것은 사건들이 있는 폴더의 learned 안 log.txt에 있습니다.",
}
LEARN_FOUND = (
    "고친 {lines:,}줄로 배우고, 따로 둔 {back:,}줄로 견주었습니다. "
    "틀린 글자: 따로 둔 줄 {own_before:.1f}% → {own_after:.1f}%, 다른 글꼴 {before:.1f}% → {after:.1f}%."
)
LEARN_OFFERED = "나아졌습니다. 쓰면 다음 판독부터 새 모델이 더 확실히 읽는 영수증은 새 모델로 읽습니다."
LEARN_NO_BETTER = "나아지지 않아 쓰지 않습니다."
LEARN_TAKEN = "지금 새 모델도 함께 읽고 있습니다."
LEARN_TOOK, LEARN_UNDID = "다음 판독부터 새 모델도 함께 읽습니다.", "다음 판독부터 원래 모델로만 읽습니다."
CASE_FOLDER = "사건 폴더"
ENGINE = "판독 엔진"
JOBS = "동시에 읽는 수"

TAX_TROUBLE = {
    "no-key": "국세청 서비스 인증키가 없어 과세유형을 조회하지 못했습니다. 설정에서 키를 넣고 다시 조회해 주세요.",
    "wrong-key": "국세청이 인증키를 받아들이지 않았습니다. 설정에서 키를 확인하고 다시 조회해 주세요.",
    "quota": "오늘 조회할 수 있는 횟수를 다 썼습니다. 내일 다시 조회해 주세요.",
    "no-network": "인터넷에 연결되지 않아 과세유형을 조회하지 못했습니다. 읽기와 검토는 계속할 수 있습니다.",
    "service-down": "국세청 서비스가 응답하지 않습니다. 잠시 뒤 다시 조회해 주세요.",
}
TAX_FAILURE = {
    "no-key": "키 없음",
    "wrong-key": "키 오류",
    "quota": "횟수 초과",
    "no-network": "연결 안 됨",
    "service-down": "서비스 장애",
    "bad-answer": "답 오류",
    "not-asked": "번호 오류",
}
RETRY = "다시 조회"

# export
EXPORT_WHAT = {
    "csv": "CSV (Excel에서 열림)",
    "xlsx": "Excel 조서",
    "pdf": "PDF 조서 (값, 판독한 자리, 승인)",
    "layout": "회계 프로그램에 올릴 파일",
    "zip": "꾸러미 ZIP (원본, 조서, 기록; 바뀌면 드러남)",
    "json": "JSON (모든 값과 글상자)",
    "originals": "ZIP: 원본 파일",
    "pictures": "ZIP: 글상자를 그린 그림",
    "book": "PDF 한 권: 글상자를 그린 그림",
}
EXPORT_PICTURES = "그림도 넣기"
EXPORT_LAYOUT = "양식"
EXPORT_CARDS = "회사 카드번호 (한 줄에 하나)"
EXPORT_CARDS_HINT = "가려진 카드번호를 채울 때만 쓰고 저장하지 않습니다"
EXPORT_LETTERS = "△ 없는 글자여서 ?로 바뀌는 곳"
EXPORT_MORE = "그 밖에 {count:,}곳"
EXPORT_SCOPE = {"all": "전체 {count:,}건", "shown": "보이는 {count:,}건", "marked": "선택한 {count:,}건"}
EXPORT_GO = "만들어 내려받기"
EXPORT_MAKING = "만드는 중 {done:,}/{total:,}"
EXPORT_ENCODING, EXPORT_ROWS = "글자 인코딩", "내보낼 영수증"
EXPORT_SENDING = "보내는 중 {percent} %"
EXPORT_LOST = "만든 파일이 보내기 전에 임시 폴더에서 사라졌습니다. 다시 만들어 주세요."
EXPORT_DONE = "내려받기를 시작했습니다: {name}"
EXPORT_NOTHING = "내보낼 영수증이 없습니다."
EXPORT_MOCK = "모의 서버가 답한 행은 파일에도 ‘모의’로 표시됩니다."

# summary
PLACES = "보는 곳"
TAB_REVIEW, TAB_SUMMARY = "검토", "요약"
BY_TAX, BY_MONTH, BY_MERCHANT, BY_DEDUCTION = "과세유형별 합계", "월별 합계", "상호별 합계", "공제구분별 부가세"
REVIEW_PROGRESS, READING_SPEED = "검토 진행", "읽는 속도"
PER_RECEIPT = "한 장에 {seconds:.1f}초"
UNKNOWN_TAX = "미확인"
NO_MONTH = "날짜 없음"
WON = "원"
SUMMARY_HINT = "막대를 누르면 표가 그것만 보여 줍니다."

# keys
KEYS = (
    (
        "이동",
        (
            ("↓ / J", "다음 영수증"),
            ("↑ / K", "이전 영수증"),
            ("N / Space", "다음 문제"),
            ("Tab", "다음 항목"),
            ("Shift+Tab", "이전 항목"),
            ("F6", "단추로; 다시 누르면 다음 구역"),
        ),
    ),
    (
        "고치기",
        (
            ("글상자 누르기", "그 글을 항목에 넣기"),
            ("1 · 2 · 3", "후보 넣기"),
            ("E / F2", "직접 적기"),
            ("Enter", "맞음, 다음 문제로; 남은 문제가 없으면 승인"),
            ("V", "의견 확인함"),
            ("W", "의견이 말하는 영수증과 나란히 보기"),
            ("Esc", "적던 것 그만두기"),
            ("Backspace", "판독으로 되돌리기"),
            ("D", "영역 읽기 켜고 끄기"),
        ),
    ),
    (
        "판단",
        (
            ("A", "승인, 확정, 승인 취소"),
            ("Y · Esc", "물음에 예 · 아니요"),
            ("H", "이력"),
            ("Q", "이 영수증 다시 조회"),
            ("X", "선택 표시"),
            ("Ctrl+Z", "실행 취소"),
            ("Ctrl+Y", "다시 실행"),
        ),
    ),
    (
        "화면",
        (
            ("/", "찾기"),
            ("C", "표의 열 고르기"),
            ("F", "그림 맞춤"),
            ("R", "그림 돌리기"),
            ("G", "글자 또렷하게 · 원래 색"),
            ("Ctrl+C", "선택한 줄(없으면 보는 줄)을 Excel에 붙일 수 있게 복사"),
            ("S", "모아 보기"),
            ("?", "이 도움말"),
        ),
    ),
)


def step(what: str, of: str) -> str:
    """A step's name for undo: what was done, and to what."""
    return f"{of} {what}"


def clearing(count: int) -> str:
    """The name of a step that put that many receipts aside."""
    return step(CLEARING, f"{count:,}건")


def duration(seconds: float) -> str:
    """About how long, in the largest fitting unit."""
    if seconds < 60:
        return f"{max(1, round(seconds))}초"
    if seconds < 3600:
        return f"{round(seconds / 60)}분"
    return f"{seconds / 3600:.1f}시간"


def where(page: int, region: int, pages: int = 0) -> str:
    """Which page (of how many, where that is known) and which receipt on it; "" for the only one."""
    parts = [f"{page}/{pages}쪽"] if pages > 1 else [f"{page}쪽"] if page > 1 else []
    if region > 1:
        parts.append(f"{region}번째")
    return " · ".join(parts)


UPLOAD_BROKEN = "파일을 읽는 도중 끊겼습니다. 다시 넣어 주세요."


def too_large(megabytes: int) -> str:
    """Why a large file is refused."""
    return f"파일이 너무 큽니다. {megabytes:,} MB까지 넣을 수 있습니다."


UNMARK = "선택 풀기"
CHOSEN_IDS = "고른 {count:,}건만"
FINDING = {
    "kind": "증빙이 아님",
    "cancelled": "취소된 거래",
    "sign": "빼기 표시가 불확실",
    "nothing-paid": "낸 돈이 없음",
    "voucher": "상품권 구매",
    "no-cash-receipt": "현금영수증 미발급",
    "copy": "재발행·사본",
    "list": "여러 건의 내역",
    "partial-cancel": "부분 취소",
    "part-refund": "일부 환불",
    "personal-use": "소득공제용 현금영수증",
    "simple-receipt": "3만원 넘는 간이영수증",
    "foreign": "해외 영수증",
    "missing": "빠진 항목",
    "unsure": "판독이 불확실",
    "doubt": "다르게 읽힘",
    "repaired": "계산으로 고쳐 읽음",
    "checksum": "사업자번호 검증 실패",
    "sum": "금액이 맞지 않음",
    "vat-tenth": "부가세가 10 %가 아님",
    "zero": "합계가 0원",
    "future": "앞날의 날짜",
    "old": "오래된 날짜",
    "no-approval": "승인번호 없음",
    "duplicate-file": "같은 파일이 또 있음",
    "duplicate-picture": "같은 그림이 또 있음",
    "duplicate-purchase": "같은 거래로 보임",
    "duplicate-elsewhere": "다른 사건에 같은 거래",
    "statement-differs": "명세서와 값이 다름",
    "statement-amount": "명세서와 금액이 다름",
    "statement-cancelled": "명세서에서 취소됨",
    "vendor-name": "거래처 목록과 다름",
    **{f"tax-{code}": f"국세청: {name}" for code, name in TAX_FAILURE.items()},
    "tax-unregistered": "국세청: 등록되지 않음",
    "tax-closed": "국세청: 폐업",
    "tax-merged": "국세청: 합병",
    "tax-suspended": "국세청: 휴업",
    "tax-unclear": "국세청: 거래일의 상태를 모름",
    "tax-exempt-vat": "면세사업자의 부가세",
    "tax-unusual": "국세청: 특수한 유형",
    "tax-type-unknown": "국세청: 유형을 모름",
    "tax-number-kind": "번호와 과세유형이 다름",
}
"""Names for the codes of findings that are no mere notes, to filter by."""
UNEXPECTED = "뜻밖의 오류로 끝내지 못했습니다 ({kind}). 다시 해 보시고, 되풀이되면 관리자에게 알려 주세요."
NOTHING_THERE = "치울 영수증이 없습니다."
NO_MERCHANT = "상호 없음"
TOTAL_COUNT, TOTAL_WON, DEDUCTIBLE_VAT = "영수증", "합계", "공제 후보 부가세"
DEDUCTIBLE_NOTE = "후보일 뿐이며 판단은 검토자가 합니다"

# cases of a server
CASES = "사건"
OWN_CASES = "내 사건 열기"
TOO_MANY_TABS = "지금 열려 있는 창이 너무 많습니다. 쓰지 않는 창을 닫고 잠시 뒤 다시 열어 주세요."
ONE_MOMENT = "잠시만 기다려 주세요."
FIRST_CASE, NEXT_CASE, UNTITLED = "첫 사건", "사건 {day}", "이름 없는 사건"
CASE_TITLE, CASE_OTHERS = "사건 이름", "다른 사건"
CASE_OPEN, CASE_NEW = "열기", "새 사건 만들기"
CASE_CODE, CASE_ENTER = "받은 초대 코드", "들어가기"
CASE_INVITE = "동료를 위한 초대 코드 만들기"
CASE_INVITATION = (
    "동료에게 이 코드를 전하세요. 하루 동안 한 번만 쓸 수 있고, 쓴 사람은 이 사건을 보고 고칠 수 있습니다."
)
CASE_SHARED, CASE_WITHDRAW = "함께 보는 사람", "공유 끝내기"
CASE_SURE = "원본, 읽은 값, 수정 기록을 모두 지우는 데 동의합니다"
CASE_DELETE = "이 사건 지우기"
CASE_EXPIRES = "로그인하지 않은 사건은 {hours}시간 동안 쓰지 않으면 지워집니다. 필요한 것은 그 전에 내보내 두세요."
CASE_KEPT = " · {hours}시간 보관"
UNASKED = "과세유형을 아직 묻지 않은 영수증이 {count:,}건 있습니다. ‘과세유형 조회’에서 조회할 수 있습니다."
UNFINISHED = "아직 읽지 않은 영수증이 {count:,}건 있습니다. ‘읽기 시작’을 누르면 읽습니다."
CLEAR_PASSWORDS = (
    "주의: {file}에 그대로 적힌 비밀번호가 {count:,}개 있습니다. "
    "`workbench password {file} 이름`으로 해시로 바꿔 주세요. 원래 비밀번호는 파일에 남지 않습니다."
)
UNFINISHED_AT_START = (
    "아직 읽지 않은 영수증이 사건 {cases:,}개에 {receipts:,}건 있습니다. 화면을 열면 읽을 수 있습니다."
)


def plain(text: str) -> str:
    """The text for a pane that reads Markdown: no sign in it means anything."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]()<>#+-!|~" else letter for letter in text)


# where access is refused
ACCESS_CLOSED = "들어올 수 없습니다"
ACCESS_REASONS = {
    "foreign-host": "이 서버가 모르는 주소로 열었습니다. 관리자가 알려 준 주소로 다시 열어 주세요.",
    "no-token": "터미널에 나온 주소를 통째로 복사해 여세요. 주소 끝의 열쇠(token)가 있어야 사건이 열립니다.",
    "no-cookie": "브라우저가 쿠키를 받지 않습니다. 이 서버의 쿠키를 허용한 뒤 다시 열어 주세요.",
    "no-pass": "휴대전화용 주소는 한 번만, 정해진 동안만 쓸 수 있습니다. 작업대에서 새 QR 코드를 찍어 주세요.",
    "no-login": "로그인한 사람만 들어올 수 있습니다. 회사 로그인 화면을 거쳐 다시 열어 주세요.",
}
PAGE_LATER = "곧 열립니다"
PAGE_LATER_DO = "지금 여러 화면을 차례로 열고 있습니다. {seconds}초 뒤에 저절로 열리니 그대로 두세요."
ACCESS_ELSE = "주소를 확인하고 처음부터 다시 열어 주세요."
ANSWER_FAILED = "문제가 생겨 화면을 열지 못했습니다"
ANSWER_FAILED_DO = "잠시 뒤 다시 열어 주세요. 같은 일이 되풀이되면 관리자에게 알려 주세요."
MESSAGE_FAILED = "처리하지 못했습니다"
NOT_THERE, NOT_THERE_DO = "없는 주소입니다", "주소를 확인해 주세요."
LOGIN, LOGIN_NAME, LOGIN_PASSWORD = "로그인", "이름", "비밀번호"
LOGIN_WRONG = "이름이나 비밀번호가 맞지 않습니다."
LOGIN_WAIT = "틀린 시도가 많았습니다. {seconds:,}초 뒤에 다시 해 주세요."
LOGIN_STALE = "로그인 화면이 오래되었습니다. 다시 해 주세요."
LOGOUT, LOGOUT_ASK, LOGOUT_DONE = (
    "로그아웃",
    "이 브라우저에서 로그아웃합니다. 열려 있는 창도 닫힙니다.",
    "로그아웃했습니다.",
)
SERVING = "작업대를 열었습니다. 브라우저에서 여세요: {url}"
SERVED_ALREADY = "작업대가 이미 열려 있어 그 화면을 브라우저에 띄웠습니다: {url}"
PORT_TAKEN = "{address}:{port}에서 열 수 없습니다 ({why}). 다른 포트를 --port로 주거나 먼저 켠 작업대를 끄세요."
