"""What a shop's name looks like in print, and what stands around it: owner, telephone, headings, decoration."""

import re

from workbench.domain import lexicon
from workbench.pipeline.extraction.labels import amount_label, compact, is_piece_of_label, text_label

BRANCH = re.compile(rf"[가-힣A-Za-z0-9)]({lexicon.any_of('names.branch')})\d?\)?$")
TRADE = re.compile(rf"({lexicon.any_of('names.trade')})(\([^)]*\))?$")
"""How the names of many trades end."""
MALL = lexicon.pattern("names.mall")
"""What houses shops: a branch of one is where a shop is, not what it is called."""
COMPANY = lexicon.pattern("names.company")
BRAND = re.compile(r"[A-Za-z&' ][A-Za-z&' 0-9]{1,15}|[가-힣]{2,7}")
MONEY = re.compile(r"\d,\d{3}(?!\d)|\d원")

_HEADING, _NOTICE = lexicon.pattern("names.heading"), lexicon.pattern("names.notice")
_SENTENCE = re.compile(rf"({lexicon.any_of('names.sentence_end')})[.!~]*$")
_ADDRESS = re.compile(
    r"(특별시|광역시|경기도?|강원|충청|전라|경상|제주)\s?\S*(시|군|구|도)(?=\s|$)|[가-힣]+[시군구]\s+[가-힣0-9]+(읍|면|동|로|길)(?=[\s\d,]|$)|"
    r"[가-힣]{1,8}(로|길)\s?\d|\d+층|\d+호\b|\d+번지|^서울\s"
)
_CUT = re.compile(
    r"\s*(성\s?명\s.*|대\s?표\s?자?\s?[:：].*|대\s?표\s.*|대\s?표\s?자\s?명?\s.*|(?<![A-Za-z])TEL.*|T\w{0,2}D\s?[:：].*|(?<![A-Za-z])T\s?[:.].*|전화.*|사업자.*|\d{3}\s?-\s?\d{2}\s?-\s?\d{5}.*|"
    r"\(?0\d{1,3}[-)]\s?\d{3,4}-?\d{0,4}.*|1[568]\d\d-\d{4}.*|\d{10}.*|(?<=\S)\s?#\d+.*|/.*)$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^\s*[\[【(「]?\s*([^\s:：()\[\]]{2,5}|\S{0,2}\s영수증)\s?[\])】」:：]\s*(?=\S\S)")
"""A label before a name, bent or not: "상효 :", "[매상명]"."""
HALF = re.compile(r"\S{1,4}(점|매장|센터)\d?")
"""A branch alone: half a name."""
_SPECK = re.compile(r"[^가-힣A-Za-z0-9()]{1,2}")
_DECORATION = " *=-_.:·,'\"`「」[]【】<>~|#★☆◆■▶†‘’“”"
_NOT_NAMES = frozenset({
    "owner", "address", "phone", "number", "date", "identifier", "card_number", "card_issuer", "approval", "acquirer",
})  # fmt: skip


def clean(text: str) -> str:
    """The name alone: without owner, telephone, number, headings and decoration."""
    label = _LABEL.match(text)
    if label and HALF.fullmatch(text[label.end() :].strip()) and not text_label(label[1]):
        label, text = None, re.sub(r"[\[\]【】「」]", " ", text)  # "[가나다] 서초점": a brand
    cut = _CUT.sub("", text[label.end() :] if label else text).replace("_", " ")
    cut = re.sub(r"^[\s*]*#\d+\s", "", cut)  # the shop's number in its chain
    cut = re.sub(r"^(?:[^\w(]|\((?![^)]*\)))+", "", cut.strip(_DECORATION))
    words = [word for word in cut.split() if not _SPECK.fullmatch(word)]
    return re.sub(r"\s*(\(|\s[Tt])$", "", " ".join(words))


def is_name(name: str) -> bool:
    """Whether the text can be a shop's name: no amount, address, heading or label."""
    bare = re.sub(r"[^가-힣A-Za-z]", "", name)
    if len(bare) < 2 or len(name) > 34:
        return False
    if MONEY.search(name) or sum(c.isdigit() for c in name) > len(bare):
        return False
    if _ADDRESS.search(name) or _HEADING.search(compact(name)) or _NOTICE.fullmatch(compact(name)):
        return False  # the heading of a paper or of a column
    if is_piece_of_label(name) or "http" in name.lower() or "www" in name.lower() or "@" in name:
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
