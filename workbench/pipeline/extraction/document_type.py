"""What sort of paper it is, from its words; some sorts are no evidence of a purchase."""

import re
from collections.abc import Iterable

from workbench.pipeline.extraction.labels import compact
from workbench.pipeline.layout.rows import Row

KINDS: dict[str, str] = {
    "card_slip": "신용카드 매출전표",
    "pos_receipt": "POS 영수증",
    "cash_receipt": "현금영수증",
    "cash_receipt_personal": "현금영수증(소득공제)",
    "cash_receipt_business": "현금영수증(지출증빙)",
    "simple_receipt": "간이영수증",
    "tax_invoice": "세금계산서",
    "e_receipt": "전자영수증",
    "order_slip": "주문서·배달전표",
    "app_screen": "앱 화면",
    "taxi": "택시 영수증",
    "parking": "주차 영수증",
    "toll": "통행료 영수증",
    "transport": "승차권·항공권",
    "medical": "진료비·약제비 영수증",
    "cancelled": "취소 전표",
    "foreign": "해외 영수증",
    "not_receipt": "영수증이 아님",
    "receipt": "영수증",
}
"""Kind -> Korean name."""

NO_EVIDENCE = frozenset({"order_slip", "app_screen", "not_receipt"})
"""Kinds that prove no purchase."""

_RULES: tuple[tuple[str, str], ...] = (
    (
        "app_screen",
        r"증빙으로사용할수없|증빙자료로사용할수없|증빙용으로사용할수없|영수증으로사용할수없|실제요금과다를수",
    ),
    ("tax_invoice", r"세금계산서"),
    ("taxi", r"택시|승하차|주행거리|주행요금"),
    ("parking", r"주차(장|요금|시간|료)|입차"),
    ("toll", r"통행(료|요금)|하이패스|톨게이트|도로공사.{0,6}영업소"),
    ("transport", r"승차권|탑승권|KTX|SRT|항공권|고속버스|시외버스"),
    ("medical", r"진료비|본인부담|약제비|환자부담|요양기관"),
    ("simple_receipt", r"간이영수증|공급대가총액|위금액을(정히)?영수|정히영수"),
)
_CANCELLED = re.compile(
    r"(승인|거래|결제|매출|카드|전표|신용)취소|취소(전표|승인|거래|매출|금액|영수증)|환불(전표|영수증|금액)|반품(전표|영수증)|^취소$|\[취소\]|\(취소\)"
)
_POLICY = re.compile(
    "체크카드취소|취소시|취소는|취소가|취소및|취소일|환불은|환불시|가능|기준|경우|규정|수수료|이내|대금환급"
)
_CARD = re.compile(r"신용카드|카드번호|매출전표|신용승인|카드종류|카드사|할부|일시불|매입사")
_CASH = re.compile(r"현금영수증|현금\(소득공제|현금\(지출증빙|소득공제|지출증빙")
_ORDER = re.compile(
    r"픽업번호|수저포크|배달비|배달주문|포장주문|주문접수|주방|라이더|배달팁|주문서|조리시간|가게요청|요청사항|일회용수저|선결제|일회용품"
)
_CURRENCY = re.compile(r"[$€£¥]|\b(USD|EUR|JPY|CNY|GBP|VND|THB|SGD|HKD|TWD)\b")
_GOODS = re.compile(r"단가|수량|상품명|메뉴명?|품명")


def kind_of(rows: tuple[Row, ...], has_number: bool, has_total: bool, negative: bool) -> str:
    """The kind (a key of KINDS). `negative`: the total is printed with a minus."""
    texts = [compact(row.text) for row in rows]
    page = "".join(texts)
    if negative or says_cancelled(rows):
        return "cancelled"
    if not has_number and _foreign(" ".join(row.text for row in rows)):
        return "foreign"
    if not has_total and not has_number:
        return "not_receipt"
    for kind, pattern in _RULES:
        if re.search(pattern, page):
            if (
                kind == "tax_invoice"
                and has_number
                and re.search("(교부|발행|발급).{0,12}(불가|않|안됩|제외|없)|대용", page)
            ):
                continue
            if kind == "taxi" and not has_number and not re.search("영수증|승인번호|사업자|전표", page):
                return "app_screen"
            if kind in ("parking", "toll", "taxi") and _weak(page, pattern):
                continue
            return kind
    if _ORDER.search(page) and not has_number:
        return "order_slip"
    if "전자영수증" in page:
        return "e_receipt"
    if _CASH.search(page) and not re.search(r"(카드번호|신용카드\S{0,6}(매출|전표)|신용승인|카드종류)", page):
        return _cash(page)
    if _CARD.search(page):
        return (
            "pos_receipt"
            if any(_GOODS.search(t) for t in texts) and not re.search("신용승인|매출전표", page)
            else "card_slip"
        )
    return "pos_receipt" if any(_GOODS.search(t) for t in texts) else "receipt"


def _foreign(text: str) -> bool:
    """Hardly a Korean letter, and a currency that is not won."""
    letters = [c for c in text if c.isalpha()]
    korean = sum("가" <= c <= "힣" for c in letters)
    return len(letters) >= 15 and korean < 0.1 * len(letters) and bool(_CURRENCY.search(text))


def _cash(page: str) -> str:
    if re.search("지출증빙", page):
        return "cash_receipt_business"
    if re.search("소득공제", page):
        return "cash_receipt_personal"
    return "pos_receipt" if re.search("현금영수증(내역|은|문의|발급)", page) else "cash_receipt"


def _weak(page: str, pattern: str) -> bool:
    """A shop that merely speaks of its car park or of taxis."""
    return len(re.findall(pattern, page)) < 2 and not re.search(
        "주차요금|입차|통행(료|요금)|승하차|택시.{0,4}영수증|운수회사", page
    )


def says_cancelled(rows: Iterable[Row]) -> bool:
    """Whether a heading or label calls the sale cancelled; a policy that speaks of cancelling does not."""
    for row in rows:
        bare = re.sub(r"\s", "", row.text)
        if _CANCELLED.search(bare) and not _POLICY.search(bare) and len(bare) <= 24:
            return True
    return False
