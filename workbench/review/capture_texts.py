"""Texts of photographing receipts with a phone, in Korean: plain, short, polite."""

TITLE = "영수증 찍어 넣기"
NAMED = "{name} (휴대전화)"
ENTER_ASK = "이 휴대전화로 영수증을 찍어 한 사건에 넣습니다."
ENTER_GO = "찍기 시작"
ENTER_GONE = "이 주소는 이미 썼거나 시간이 지났습니다. 작업대의 ‘휴대전화로 찍기’에서 새 QR 코드를 찍어 주세요."

# on the phone
WORDS = {
    "title": TITLE,
    "shoot": "영수증 찍기",
    "choose": "사진에서 고르기",
    "again": "다시 찍기",
    "keep": "그대로 넣기",
    "checking": "사진을 살피는 중",
    "sharp": "선명합니다",
    "blurred": "글자가 흐립니다. 가까이에서 초점을 맞추고 다시 찍어 주세요.",
    "cut": "{sides} 가장자리에서 영수증이 잘린 것 같습니다.",
    "left": "왼쪽",
    "right": "오른쪽",
    "top": "위쪽",
    "bottom": "아래쪽",
    "unclear": "글자를 알아보기 어렵습니다. 영수증이 화면에 차게 찍어 주세요.",
    "sending": "보내는 중",
    "none": "찍은 영수증이 여기에 차례로 보입니다.",
    "read": "읽은 영수증",
    "desk": "작업대 열기 (검토, 승인, 내보내기)",
}
READING = "읽는 중 {done:,}/{total:,}"
COUNT = "{count:,}건"

# on the desktop
OPEN = "휴대전화로 찍기"
SCAN = "휴대전화 카메라로 이 QR 코드를 찍으면 이 사건에 영수증을 찍어 넣는 화면이 열립니다."
ONCE = "10분 안에 한 번만 쓸 수 있고, 들어온 휴대전화는 두 시간 동안 이 사건에 넣고 자기가 넣은 것을 볼 수만 있습니다."
UNREACHABLE = (
    "지금 서버는 이 컴퓨터에서만 열립니다. 휴대전화에서 쓰려면 `workbench serve --address 0.0.0.0`처럼 "
    "다른 기기에서 보이는 주소로 켜거나, 관리자가 정한 회사 주소로 열어 주세요."
)
ANOTHER, END = "새 코드", "들어온 휴대전화 모두 끊기"
ENDED = "이 사건에 들어온 휴대전화를 모두 끊었습니다."
PLAIN = "같은 네트워크에 있어야 하며, 주소가 http라면 그 네트워크의 다른 사람이 사진을 볼 수 있습니다."
