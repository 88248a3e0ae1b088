"""The words printed before values, and what a bent or spaced one means.

Labels are compared stroke by stroke (jamo), because the reader takes 총 for 층 and 세 for 셰, not 총 for 물.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

_PRINTED = """
paid: 카드승인금액 승인금액 카드결제금액 결제금액 결제액 총결제금액 최종결제금액 합계금액 청구금액 청구액
    받을금액 받을돈 결제대상금액 결제요금 결제합계 총결제액 총지불금액 지불금액 지불하실금액 납부금액
    납부할금액 요금합계 결제할금액 실결제금액 내실금액 TOTALAMOUNT AMOUNTDUE 이용금액
    총이용금액 수납금액 납부총액 총수납금액 영수금액 본인부담금 본인부담금액 환자부담총액 통행요금 운임
    승차요금 주차요금 택시요금 총요금 최종금액 공급대가 공급대가총액 영수액 승인합계 주유금액 총합계금액
    결제하실금액 숙박요금합계 받으실금액
total: 총액 총금액 총합계 합계 총계 금액합계 합계액 총합 TOTAL SUM 판매합계 매출합계 주문총액
    총매출액
amount: 금액 거래금액 사용금액 매출금액 판매금액 구매금액 카드금액 판매가 구매액 총매출 AMOUNT
subtotal: 소계 상품합계 주문금액 주문합계 합계수량금액 상품금액 총상품금액 총판매금액 할인전금액
    정상금액 판매총액 SUBTOTAL 제품합계 물품합계 진료비총액 총진료비 운행요금 총주문금액
supply: 공급가액 공급가 과세 과세물품가액 과세금액 과세물품 부가세과세물품가액 과세매출 과세공급가액 과세합계
    과세품 과세액 과세가액 공급금액 과세물품합계 과세대상금액 과세표준 NETAMOUNT 과세물품금액
    과세상품 공급가액합계 매출금액과세
vat: 부가세 부가세액 부가가치세 세액 VAT TAX 부가세금액 부가가치세액 부가세포함 포함된부가세 세금
    부과세
exempt: 면세물품가액 면세금액 면세 비과세 면세물품 면세매출 부가세면세물품가액 면세합계 면세품 면세액
    보증금 보증금액 봉투보증금 봉투보증금액 컵보증금 공병보증금
    면세가액 비과세금액 면세물품합계 면세공급가액 면세상품 면세품목 면세물품금액
service_charge: 봉사료 봉사료금액 서비스료 SERVICECHARGE 봉사금액 서비스차지
discount: 할인 할인금액 할인합계 총할인 총할인금액 쿠폰 쿠폰할인 에누리 행사할인 카드할인 즉시할인
    포인트할인 제휴할인 멤버십할인 배달비할인 할인총합계금액 할인액 통신사할인 회원할인 DISCOUNT
    절사 단수절사 총할인액 쿠폰사용
received: 받은금액 받은돈 현금 내신금액 투입금액 낸금액 받은현금 예치금 현금결제 CASH 현금금액
tender: 신용카드 카드 카드결제 카드지불 신용카드결제 체크카드 간편결제 카드매출 지불카드 신용카드금액
    계좌이체 제로페이 페이코결제 카카오페이 네이버페이 PAYCO 상품권 현금영수증 선불카드 교통카드
change: 거스름돈 거스름 잔돈 거스름액 CHANGE 거스름금액
other: 포인트 적립 적립포인트 잔여포인트 가용포인트 누적포인트 사용포인트 잔액 한도 누적 사용가능포인트
    금회발생포인트 누계포인트 단가 수량 상품수량 총수량 제품합계수량 용품수량 할인가 스탬프 마일리지
    배달비 배달료 배달팁 일반가합계 정가 할인율 전회포인트 금회포인트 공단부담금 보험자부담금
    비급여 급여 보너스포인트 봉투값 리터 이용료 호출료 기본료 주행요금 발생포인트 포인트잔액 카드잔액
    잔여한도 면세점 페이지 단말기번호 거래번호
number: 사업자등록번호 사업자번호 사업자NO 사업자등록NO 등록번호 사업자 사업자등록 사업번호
    사업자등록증번호 판매자사업자번호 가맹점사업자번호 판매자사업자등록번호 공급자등록번호
date: 거래일시 승인일시 결제일시 판매시간 판매일시 판매일자 판매일 일시 날짜 거래일 거래일자 결제일자
    결제일 승인일자 매출일 매출일시 매출일자 발행일자 발행일 발행일시 작성일자 작성일 작성년월일 거래시간
    거래시각 이용일시 이용일 영업일자 영업일 계산시간 등록 구매 구매일시 구매일 주문일시 주문접수시간
    정산일시 출차일시 출차시간 출차 수납일 수납일자 진료일 진료일자 통행일시 통과일시 주유일시 판매
    주문시간 승인시간 DATE 결제시간 결제시각 전표일자
start: 입차일시 입차시간 입차 승차시간 탑승일시 입실 체크인 출발 출발일시 승하차시간 이용시작 예약일시
expiry: 유효기간 쿠폰유효기간 반품기한 교환기한 까지 취소일자 출력일시 출력일자 인쇄일시 재출력
    재발행일 만료일 사용기간 유효기한 소멸예정일 생년월일 개업일 반품가능 교환환불기한 다음결제일 행사기간
    응모기간 기한 발급일 재발행일시
approval: 승인번호 승인NO 승인 신용승인번호 카드승인번호 현금영수증승인번호 APPROVALNO
    APPNO 거래승인번호
identifier: 가맹점번호 가맹번호 단말기번호 단말기 TID CATID 영수증번호 영수번호 거래번호
    전표번호 일련번호 주문번호 대기번호 포스번호 POS번호 전화 전화번호 TEL FAX 회원번호
    포인트승인번호 적립승인번호 멤버십주문번호 바코드 VANKEY 순번 계산원 BILL 픽업번호 접수번호
    차량번호 등록차량 결제기번호 고객번호 캐셔 POS 테이블 POSNO 대표번호 대표전화
card_number: 카드번호 카드NO 카드번호IC 신용카드번호 CARDNO 카드 식별번호 신분확인번호
card_issuer: 카드종류 카드사 카드사명 발급사 발급사명 카드명 발급카드 카드구분 결제카드 결제수단
    결제방법
acquirer: 매입사 매입사명 매입카드사 매입
merchant: 가맹점명 가맹점 상호 상호명 매장명 매장 점명 점포명 지점명 사업장명 판매자상호 주문매장
    업체명 주차장명칭 주차장명 업소명 판매점 영업소명 병원명 약국명 공급자상호 회사명 사업자명칭 주유소명
    요양기관명 영업소 호텔명 판매자
owner: 대표자 대표 대표자명 성명 대표이사 사업자명
address: 주소 사업장소재지 소재지 매장주소 가맹점주소 사업장주소 주차장주소 판매자주소
phone: 전화 전화번호 TEL 매장전화 연락처 대표전화 고객센터 문의
"""


def _dictionary(text: str) -> dict[str, tuple[str, ...]]:
    """Role -> words, from lines `role: word word`; an indented line goes on with the role above."""
    words: dict[str, tuple[str, ...]] = {}
    role = ""
    for line in text.strip().splitlines():
        head, colon, rest = line.partition(":")
        role = head if colon else role
        words[role] = (*words.get(role, ()), *(rest if colon else line).split())
    return words


WORDS = _dictionary(_PRINTED)
"""Role -> labels, without blanks or signs. The first role that names a word wins an exact match."""

AMOUNTS = tuple(WORDS)[: tuple(WORDS).index("number")]


@dataclass(frozen=True, slots=True)
class Label:
    """A recognised label: its role, the dictionary's spelling, and how alike the print is, 0..1."""

    role: str
    word: str
    score: float


def compact(text: str) -> str:
    """Letters only, Latin ones large: what is left of a label when blanks, colons and brackets go."""
    return re.sub(r"[^가-힣A-Za-z]", "", text).upper()


def strokes(text: str) -> str:
    """Hangul taken apart into jamo, so that one wrong stroke is one wrong letter of three."""
    return unicodedata.normalize("NFD", text)


_EXACT = {
    role_set: {word: role for role in reversed(list(WORDS)) if (role in AMOUNTS) == role_set for word in WORDS[role]}
    for role_set in (True, False)
}
_STROKES = {group: {word: strokes(word) for word in words} for group, words in _EXACT.items()}
_NOT_TOTAL = re.compile("할인|쿠폰|에누리")
_OTHER = re.compile("포인트|적립|잔액|한도|누적|수량|마일|스탬프|배달|POINT|쿠폰수|횟수")


def like(text: str, words: tuple[str, ...], least: float = 74) -> bool:
    """Whether a blank-separated piece of `text` is one of `words` but for a stroke or two."""
    pieces = [strokes(bare) for piece in re.split(r"[^가-힣A-Za-z]+", text) if (bare := compact(piece))]
    return any(fuzz.ratio(piece, strokes(word)) >= least for piece in pieces for word in words)


@lru_cache(maxsize=20_000)
def amount_label(text: str) -> Label | None:
    """What the words before an amount say it is; None where nothing in them is like a label."""
    bare = compact(text)
    if not bare:
        return None
    known = _EXACT[True].get(bare)
    if known:
        return Label(known, bare, 1.0)
    if _NOT_TOTAL.search(bare):
        return Label("discount", bare, 0.9)
    if _OTHER.search(bare):
        return Label("other", bare, 0.9)
    ending = _ending(bare, True)
    if len(ending) >= 3 or (ending and len(bare) <= len(ending) + 4):
        return Label(_EXACT[True][ending], ending, 0.92)
    return _fuzzy(bare, True, 0.62)


@lru_cache(maxsize=20_000)
def likeness(text: str, role: str) -> float:
    """How much even an unreadable label looks like one of `role`, 0..1: enough to choose between two equals only."""
    bare = strokes(compact(text))
    return max((fuzz.ratio(bare, strokes(word)) for word in WORDS[role]), default=0.0) / 100 if bare else 0.0


@lru_cache(maxsize=20_000)
def text_label(text: str) -> Label | None:
    """What the words before a number, date or name say it is; None where nothing in them is like a label."""
    bare = compact(text)
    if not bare:
        return None
    known = _EXACT[False].get(bare)
    if known:
        return Label(known, bare, 1.0)
    ending = _ending(bare, False)
    if len(ending) >= 3 or (ending and len(bare) <= len(ending) + 3):
        return Label(_EXACT[False][ending], ending, 0.92)
    return _fuzzy(bare, False, 0.66)


def _ending(bare: str, amounts: bool) -> str:
    """The longest known label of two letters or more that `bare` ends in, or ""."""
    return next((end for at in range(len(bare) - 1) if (end := bare[at:]) in _EXACT[amounts]), "")


def _fuzzy(bare: str, amounts: bool, least: float) -> Label | None:
    if len(bare) < 2 or len(bare) > 14:
        return None
    # Two syllables are four to six strokes: one wrong stroke must not turn any word into 합계.
    cutoff = max(least, 0.76 if len(bare) == 2 else least) * 100
    found = process.extractOne(strokes(bare), _STROKES[amounts], scorer=fuzz.ratio, score_cutoff=cutoff)
    if found is None:
        return None
    word: str = found[2]
    return Label(_EXACT[amounts][word], word, float(found[1]) / 100 * 0.95)
