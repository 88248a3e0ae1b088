"""What a shop's name looks like in print, and what stands around it: owner, telephone, headings, decoration."""

import re

from workbench.pipeline.extraction.labels import amount_label, compact, text_label

BRANCH = re.compile(
    r"[가-힣A-Za-z0-9)](점|지점|매장|본점|센터|영업소|주차장|휴게소|주유소|충전소|약국|의원|병원|식당|마트|농장|호텔|우체국|서점)\d?\)?$"
)
TRADE = re.compile(
    r"(카페|커피|식당|분식|치킨|김밥|국수|반점|횟집|다방|베이커리|제과|빵집|상회|문구|문고|철물|정육점|미용실|헤어|세탁소?|노래방|주점|포차|갈비|족발|보쌈|"
    r"피자|버거|떡볶이|국밥|곱창|돈까스|스시|초밥|라멘|모텔|펜션|마켓|슈퍼|편의점|백화점|아울렛|꽃집|화원|안경|세차장|정비|공업사|카센터|택시|운수|교통|"
    r"학원|스튜디오|PC방|반찬|상사|산업|유통|컴퍼니|푸드|키친|다이닝|하우스)(\([^)]*\))?$"
)
"""How the names of many trades end."""
COMPANY = re.compile(r"\(주\)|주식회사|㈜|\(유\)|유한회사|협동조합")
BRAND = re.compile(r"[A-Za-z&' ]{2,16}|[가-힣]{2,7}")
MONEY = re.compile(r"\d,\d{3}(?!\d)|\d원")

_HEADING = re.compile(
    "영수증|영수중|전표|고객용|회원용|보관용|판매영수|카드판매|재발행|재출력|전자영수|주문번호|대기번호|교환권|현금매출|매출내역|신용승인|매장식사|"
    "포장주문|신용카드|APPROVAL|RECEIPT|TOTAL|CASHIER|FOLIO|계산서|메뉴명|결제대행|공급자|공급받는|귀하"
)
_NOTICE = re.compile(
    "교환|환불|지참|감사|환영|행복|안내|확인|이용|문의|결제|부가세|상품|메뉴|수량|금액|합계|카드|적립|포인트|신고|경우|다른|유형|주문|"
    "현금|수저|포장|요청|픽업|시간|일시|날짜|발행|판매원|담당|계산원|직원|영업|매입|테이블|번호|증빙|요금|출력|제품|단가|할인"
)
_SENTENCE = re.compile(r"(니다|세요|시오|어요|아요|합시다|바랍니다|까지|시에|하여|에서|으로|에게|가능|불가)[.!~]*$")
_ADDRESS = re.compile(
    r"(특별시|광역시|경기도?|강원|충청|전라|경상|제주)\s?\S*(시|군|구|도)(?=\s|$)|[가-힣]+[시군구]\s+[가-힣0-9]+(읍|면|동|로|길)(?=[\s\d,]|$)|"
    r"[가-힣]{1,8}(로|길)\s?\d|\d+층|\d+호\b|\d+번지|^서울"
)
_CUT = re.compile(
    r"\s*(성\s?명\s.*|대\s?표\s?자?\s?[:：].*|대\s?표\s.*|대\s?표\s?자\s?명?\s.*|TEL.*|T\s?[:.].*|전화.*|사업자.*|\d{3}\s?-\s?\d{2}\s?-\s?\d{5}.*|"
    r"\(?0\d{1,3}[-)]\s?\d{3,4}-?\d{0,4}.*|1[568]\d\d-\d{4}.*|\d{10}.*|\s?#\d+.*|/.*)$",
    re.IGNORECASE,
)
_SPECK = re.compile(r"[^가-힣A-Za-z0-9()]{1,2}")
_DECORATION = " *=-_.:·,'\"`「」[]【】<>~|#★☆◆■▶†‘’“”"
_NOT_NAMES = (
    "owner",
    "address",
    "phone",
    "number",
    "date",
    "identifier",
    "card_number",
    "card_issuer",
    "approval",
    "acquirer",
)


def clean(text: str) -> str:
    """The name alone: without owner, telephone, number, headings and decoration."""
    bare = re.sub(r"^\s*[\[【(「]?\s*(\S{0,2}\s?영수증|매장명?|상호)\s?[\])】」:]\s*", "", text)
    cut = _CUT.sub("", bare).replace("_", " ")
    words = [word for word in cut.strip(_DECORATION).split() if not _SPECK.fullmatch(word)]
    # "현 대 가 나 점": letters printed apart are one word.
    spaced = len(words) > 3 and sum(len(word) == 1 for word in words) >= 0.6 * len(words)
    name = "".join(words) if spaced else " ".join(words)
    return re.sub(r"\s*(\(|\s[Tt])$", "", name)


def is_name(name: str) -> bool:
    """Whether the text can be a shop's name: no amount, address, heading or label."""
    bare = re.sub(r"[^가-힣A-Za-z]", "", name)
    if len(bare) < 2 or len(name) > 34:
        return False
    if MONEY.search(name) or sum(c.isdigit() for c in name) > len(bare):
        return False
    if _ADDRESS.search(name) or _HEADING.search(compact(name)):
        return False
    if "http" in name.lower() or "www" in name.lower() or "@" in name:
        return False
    if all(len(word) == 1 for word in name.split()) or re.match(r"대\s?표|업\s*태|종\s*목|업\s*종", name):
        return False  # pieces of a spaced label, the owner
    label = text_label(name)
    amount = amount_label(name)
    if amount and amount.score == 1.0:
        return False
    if label and label.role == "merchant":
        return label.score < 1.0  # "가나영업소" only ends as a label does
    return not (label and label.score >= 0.9 and label.role in _NOT_NAMES)


def is_notice(name: str) -> bool:
    """Whether the words are rather those of a notice or of a column than a name of their own."""
    return bool(_NOTICE.search(compact(name))) and not BRANCH.search(name)


def is_sentence(name: str) -> bool:
    """Whether the text ends as a sentence does."""
    return bool(_SENTENCE.search(name))


def is_latin(text: str) -> bool:
    """Whether the name is a logo's: it holds a run of Latin letters."""
    return bool(re.search("[A-Za-z]{2}", text))
