"""What sort of paper it is, from its words; some sorts are no evidence of a purchase."""

import re
from collections.abc import Iterable

from workbench.domain import lexicon
from workbench.pipeline.extraction.foreign_money import HANGUL, korean_letters
from workbench.pipeline.extraction.labels import compact
from workbench.pipeline.layout.rows import Row

KINDS = lexicon.names("kinds.names")
"""Kind -> Korean name."""

NO_EVIDENCE = frozenset({
    "order_slip", "app_screen", "not_receipt", "quotation", "bill", "delivery_note", "preauthorisation",
    "medical_detail", "boarding_pass",
})  # fmt: skip
"""Kinds that prove no purchase."""

_KNOWN_BY = {kind: lexicon.any_of(f"kinds.known_by.{kind}") for kind in lexicon.group("kinds.known_by")}
_CANCELLED = lexicon.pattern("kinds.signs.cancelled")
_PERHAPS_CANCELLED = re.compile(rf".{{0,8}}{lexicon.any_of('kinds.signs.perhaps_cancelled')}")
_NOTICE_OF_IT = lexicon.pattern("kinds.signs.notice_of_cancelling")
_OF_CANCELLED = re.compile(rf"(?:{lexicon.any_of('kinds.signs.cancelled_label')})\D{{0,3}}\d[\d:./\s-]{{5,}}")
SHORTEST = 2
"""Letters of 취소, 환불, 반품."""
_AMOUNT_AFTER = re.compile(r"\d{1,3}(?:[,.]\s?\d{3})+|\d{3,}\s?원")
_CARD, _CASH, _ORDER, _CURRENCY = (
    lexicon.pattern(f"kinds.signs.{sign}") for sign in ("card", "cash", "order", "currency")
)
_GOODS = lexicon.pattern("goods.heading")
_WHOSE = r"(?:(?:공급받는자|공급자|고객|수용가|납부자|보관)?(?:보관)?용|사본|원본)?"
_TITLED = {
    kind: re.compile(rf".{{0,10}}?(?:{lexicon.any_of(f'kinds.titled.{kind}')}){_WHOSE}")
    for kind in lexicon.group("kinds.titled")
}
_SETTLED, NO_CASH_RECEIPT = lexicon.pattern("kinds.signs.settled"), lexicon.pattern("kinds.signs.no_cash_receipt")
UNPAID = frozenset({"bill", "order_slip", "delivery_note"})
"""Papers that a payment printed on them turns into evidence."""

MENTIONED = frozenset({"parking", "toll", "taxi"})
"""Kinds that a shop may merely speak of once: its car park, a taxi."""
_RIDDEN = re.compile("주차요금|입차|통행(료|요금)|승하차|택시.{0,4}영수증|운수회사")

LONGEST_TITLE = 22
"""Letters of a row that may be a title."""


def kind_of(rows: tuple[Row, ...], has_number: bool, has_total: bool, negative: bool) -> str:
    """The kind (a key of KINDS). `negative`: the total is printed with a minus."""
    texts = [compact(row.text) for row in rows]
    page = "".join(texts)
    if negative or says_cancelled(rows):
        return "cancelled"
    whole = " ".join(row.text for row in rows)
    if not has_number and korean_letters(whole) < HANGUL and _CURRENCY.search(whole):
        return "foreign"
    if not has_total and not has_number:
        return "not_receipt"
    title = titled(rows)
    if title and not (title in UNPAID and _SETTLED.search(page)):
        return title
    for kind, pattern in _KNOWN_BY.items():
        found = re.findall(pattern, page)
        if found and not (kind in MENTIONED and len(found) < 2 and not _RIDDEN.search(page)):
            alone = kind == "taxi" and not has_number and not re.search("영수증|승인번호|사업자|전표", page)
            return "app_screen" if alone else kind
    if _ORDER.search(page) and not has_number:
        return "order_slip"
    if "전자영수증" in page:
        return "e_receipt"
    page, goods = NO_CASH_RECEIPT.sub("", page), any(_GOODS.search(text) for text in texts)
    if _CASH.search(page) and not re.search(r"(카드번호|신용카드\S{0,6}(매출|전표)|신용승인|카드종류)", page):
        return _cash(page)
    if _CARD.search(page) and (not goods or re.search("신용승인|매출전표", page)):
        return "card_slip"
    return "pos_receipt" if goods else "receipt"


def titles(rows: tuple[Row, ...]) -> list[str]:
    """The letters of rows that may be titles: short, without an amount or a value behind a label."""
    found = [compact(row.text) for row in rows if not re.search(r"\d[,.]?\d{3}|[:：]\s*\S", row.text)]
    return [text for text in found if 2 <= len(text) <= LONGEST_TITLE]


def titled(rows: tuple[Row, ...]) -> str | None:
    """The kind that a title gives the paper; a sentence that merely speaks of such papers ends otherwise."""
    texts = titles(rows)
    return next((kind for kind, known in _TITLED.items() if any(known.fullmatch(text) for text in texts)), None)


def _cash(page: str) -> str:
    if re.search("지출증빙", page):
        return "cash_receipt_business"
    if re.search("소득공제", page):
        return "cash_receipt_personal"
    return "pos_receipt" if re.search("현금영수증(내역|은|문의|발급)", page) else "cash_receipt"


def says_cancelled(rows: Iterable[Row]) -> bool:
    """Whether a heading, or the value of a label, calls the sale cancelled, or the slip names what it cancels.

    A footnote that speaks of cancelling says more than that; a row with an amount labels the amount (see `given_back`).
    """
    for row in rows:
        if _AMOUNT_AFTER.search(row.text):
            continue
        # A word alone may be half of one: "반품 | 기한".
        words = [word.text for word in row.words if len(compact(word.text)) > SHORTEST]
        pieces = [row.text, *words, *re.split(r"[:：]", row.text)[1:]]
        if any(_CANCELLED.fullmatch(compact(piece)) for piece in pieces) or _OF_CANCELLED.search(row.text):
            return True
    return False


def may_be_cancelled(rows: tuple[Row, ...]) -> bool:
    """Whether a title ends in a word of cancelling, in a way that is not known (망상취소), and no notice begins so."""
    plain = tuple(row for row in rows if not re.search(r"\d", row.text))
    return any(_PERHAPS_CANCELLED.fullmatch(text) and not _NOTICE_OF_IT.search(text) for text in titles(plain))
