"""What speaks for a name being the shop's, or against it, and how much: in words that the reviewer reads, too."""

LABELLED, SHOP, TAKER = "상호 표시 옆에 인쇄됨", "매장 표시 옆에 인쇄됨", "가맹점 표시 옆에 인쇄됨"
TENANT, SELLER = "입점 매장 표시 옆에 인쇄됨", "판매자 표시 아래의 이름"
BESIDE, ABOVE, NEAR = "사업자번호와 같은 줄", "사업자번호 바로 윗줄", "사업자번호 가까이에 있음"
BRANCHED, TRADED, FIRM, WORD, LARGE = "지점 이름 꼴", "업종 이름 꼴", "회사 이름 꼴", "한 낱말", "큰 글씨"
FIRST, TWICE, JOINED, ALONE = (
    "영수증 머리의 첫 이름",
    "같은 이름이 여러 곳에 있음",
    "두 줄의 이름을 이음",
    "다른 이름이 없음",
)
BELOW, NOTICE = "사업자번호 아랫줄", "안내문의 말이 들어 있음"
PERSON, STRANGER, AGENT = "사람 이름 꼴", "판매자가 아닌 곳의 이름", "결제·주문을 대신 받는 회사의 이름"

WEIGHTS = {
    SHOP: 7, TENANT: 7, LABELLED: 6, TAKER: 4, SELLER: 4, BESIDE: 4, ABOVE: 3, NEAR: 1, BRANCHED: 3,
    TRADED: 2, LARGE: 1, FIRM: -1, BELOW: -2, NOTICE: -3, PERSON: -4, AGENT: -5, STRANGER: -8,
}  # fmt: skip
"""How much each reason speaks for a name or against it, in halves of what being read in the head counts."""

LABELS = frozenset({LABELLED, SHOP, TAKER, TENANT})
FORMS = frozenset({BRANCHED, TRADED, FIRM, *LABELS})
SUPPORTS = (
    {LABELLED, SHOP, TAKER}, {BRANCHED, TRADED, FIRM, WORD}, {TWICE},
    {BESIDE, ABOVE, NEAR}, {FIRST, LARGE}, {SELLER, ALONE},
)  # fmt: skip
"""Reasons that are independent of each other: label (behind a tenant's may stand its place), form, repetition; and
place, print, party or want of a rival, which a slogan or an owner may have as well."""
