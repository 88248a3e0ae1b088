"""The shop's name: beside its label, in the row of the business number or above it, or the head of the slip."""

import re
from dataclasses import replace

from workbench.model import Field
from workbench.pipeline.extract.candidates import Candidate
from workbench.pipeline.extract.labels import compact, text_label
from workbench.pipeline.extract.rows import Row

_LABEL = re.compile(
    r"(판매자\s?상호|가\s?맹\s?점\s?명|상\s?호\s?명?|매\s?장\s?명|점\s?포\s?명|지\s?점\s?명|업\s?체\s?명|사\s?업\s?장\s?명|주차장\s?명칭?|"
    r"가\s?맹\s?점|주[문분]매[장잠]|요양기관명?|주유소명|영업소명?|호텔명|병원명|약국명)\s*[\])】:：.]*\s*"
)
_HEADING = re.compile(
    "영수증|영수중|전표|고객용|회원용|보관용|판매영수|카드판매|재발행|재출력|전자영수|주문번호|대기번호|교환권|현금매출|매출내역|신용승인"
)
_NOTICE = re.compile(
    "교환|환불|지참|감사|환영|행복|안내|확인|이용|문의|결제|부가세|상품|메뉴|수량|금액|합계|카드|적립|포인트|신고|경우|다른|유형|주문|"
    "현금|수저|포장|요청|픽업|시간|일시|날짜|발행|판매원|담당|계산원|직원|영업|매입|테이블|번호|증빙|요금|출력|제품|단가|할인"
)
_ADDRESS = re.compile(
    r"(특별시|광역시|경기도?|강원|충청|전라|경상|제주)\s?\S*(시|군|구|도)(?=\s|$)|[가-힣]+[시군구]\s+[가-힣0-9]+(읍|면|동|로|길)(?=[\s\d,]|$)|"
    r"[가-힣]{1,8}(로|길)\s?\d|\d+층|\d+호\b|\d+번지|^서울"
)
_BRANCH = re.compile(
    r"[가-힣A-Za-z0-9)](점|지점|매장|본점|센터|영업소|주차장|휴게소|주유소|약국|의원|병원|식당|마트|농장|호텔)\d?\)?$"
)
_GOODS = re.compile("단가|수량|금액|상품명|메뉴명?$|품명|제품명")
_MONEY = re.compile(r"\d,\d{3}(?!\d)|\d원")
_BRAND = re.compile(r"[A-Za-z&' ]{2,16}|[가-힣]{2,7}")
_COMPANY = re.compile(r"\(주\)|주식회사|㈜|\(유\)|유한회사|협동조합")
_CUT = re.compile(
    r"\s*(성\s?명\s.*|대\s?표\s?자?\s?[:：].*|대표\s.*|TEL.*|T\s?[:.].*|전화.*|사업자.*|\d{3}\s?-\s?\d{2}\s?-\s?\d{5}.*|0\d{1,3}[-)]\s?\d{3,4}-?\d{0,4}.*|"
    r"1[568]\d\d-\d{4}.*|\d{10}.*|/.*)$",
    re.IGNORECASE,
)
_JOINED = "두 줄의 이름을 이음"
_DECORATION = " *=-_.:·,'\"`「」[]【】<>~|#★☆◆■▶†‘’“”"


def find_merchant(rows: tuple[Row, ...], number: Field | None) -> Field | None:
    """The shop with its branch, cleaned of telephone, owner and decoration; None where no row looks like a name."""
    if not rows:
        return None
    number_row = _row_of(rows, number)
    found = [*_labelled(rows), *_heads(rows, number_row)]
    if not found:
        return None
    counts: dict[str, int] = {}
    for c in found:
        counts[c.value] = counts.get(c.value, 0) + 1
    best = min(found, key=lambda c: (-(c.weight + 0.3 * (counts[c.value] - 1)), c.row, c.value))
    if best.weight < 0.8:
        return None
    best = _with_other_half(best, found, rows)
    confidence = 0.6 if best.confidence < 0.9 else 0.9
    # Sure only where a label, or the number beside a name like a branch's, says so: a line high up may be a heading.
    if best.confidence >= 0.97 and best.weight >= 3.3 and _JOINED not in best.reasons:
        confidence = 0.955
    return best.field("merchant", confidence)


def _labelled(rows: tuple[Row, ...]) -> list[Candidate]:
    found = []
    for index, row in enumerate(rows):
        match = _LABEL.search(row.text)
        # 상호 in the middle of a sentence, 가맹점 in "가맹점 정보" or "가맹점번호" name nobody.
        if not match or compact(row.text[: match.start()]):
            continue
        name = clean(row.text[match.end() :])
        if not _is_name(name) or re.match("정보|번호|주소|전화|대표|코드", name):
            continue
        word = match.group(1).replace(" ", "")
        weight = {"판매자상호": 5.0, "가맹점": 2.4}.get(word, 3.4)
        start = row.text.find(name, match.end())
        found.append(_candidate(row, index, start, name, weight, "상호 표시 옆에 인쇄됨"))
    return found


def _heads(rows: tuple[Row, ...], number_row: int | None) -> list[Candidate]:
    """Rows of the head of the slip: those around the business number, those at the top, those named like a branch."""
    found = []
    last = _end_of_head(rows, number_row)
    tall = sorted(row.height for row in rows)[len(rows) // 2]
    for index in range(last):
        row = rows[index]
        name = clean(row.text)
        if not _is_name(name) or _LABEL.match(row.text):
            continue
        weight, reasons = 0.6 - 0.05 * index, []
        if number_row is not None and index <= number_row:
            distance = number_row - index
            if distance == 0 and row.text.find(name) < 3:
                weight += 2.2
                reasons.append("사업자번호와 같은 줄")
            elif distance == 1:
                weight += 1.7
                reasons.append("사업자번호 바로 윗줄")
            elif distance <= 4:
                weight += 0.9 - 0.1 * distance
        elif number_row is not None:
            weight -= 1.0
        if _BRANCH.search(name):
            weight += 1.5
            reasons.append("지점 이름 꼴")
        if _COMPANY.search(name):
            weight -= 0.8
        if row.height > 1.35 * tall:
            weight += 0.4
            reasons.append("큰 글씨")
        weight -= max(0.0, 0.85 - row.confidence(0, len(row.text))) * 2
        start = max(row.text.find(name), 0)
        candidate = _candidate(row, index, start, name, weight, "")
        for reason in reasons or ["영수증 머리의 글"]:
            candidate = candidate.because(0, reason)
        found.append(candidate)
    return found


def _end_of_head(rows: tuple[Row, ...], number_row: int | None) -> int:
    """The row at which the head of the slip ends: at the goods, or where amounts begin."""
    limit = max(12, (number_row or 0) + 2)
    for index, row in enumerate(rows[:limit]):
        if index > (number_row or 0) and (_GOODS.search(compact(row.text)) or _MONEY.search(row.text)):
            return index
    return min(len(rows), limit)


def clean(text: str) -> str:
    """The name alone: without owner, telephone, number, headings and decoration."""
    bare = re.sub(r"^\s*[\[【(「]?\s*(판매\s?영수증|영수증|매장명?|상호)\s?[\])】」:]\s*", "", text)
    cut = _CUT.sub("", bare)
    words = cut.strip(_DECORATION).split()
    # "현 대 가 나 점": letters printed apart are one word.
    spaced = len(words) > 3 and sum(len(word) == 1 for word in words) >= 0.6 * len(words)
    return "".join(words) if spaced else " ".join(words)


def _is_name(name: str) -> bool:
    bare = re.sub(r"[^가-힣A-Za-z]", "", name)
    if len(bare) < 2 or len(name) > 34:
        return False
    if _MONEY.search(name):
        return False
    if sum(c.isdigit() for c in name) > len(bare):
        return False
    if _ADDRESS.search(name) or _HEADING.search(compact(name)):
        return False
    if "http" in name.lower() or "www" in name.lower() or "@" in name:
        return False
    label = text_label(name)
    if label and label.score >= 0.9 and label.role in ("owner", "address", "phone", "number", "date", "identifier"):
        return False
    return not (_NOTICE.search(name) and not _BRANCH.search(name))


def _with_other_half(best: Candidate, found: list[Candidate], rows: tuple[Row, ...]) -> Candidate:
    """Brand on one row and branch on another become one name ("가나다" + "서초점")."""
    if best.row < 0 or "상호 표시 옆에 인쇄됨" in best.reasons or not _BRANCH.search(best.value):
        return best
    others = [c for c in found if c.confidence > 0.9 and not _COMPANY.search(c.value)]
    below = [c for c in others if c.row == best.row + 1 and _BRANCH.search(c.value) and len(c.value) <= 8]
    if below:
        return _joined(best, below[0])
    above = [c for c in others if c.row == best.row - 1 and _BRANCH.search(c.value)]
    if above and len(best.value) <= 8:
        return _joined(above[0], best)
    brands = [
        c
        for c in others
        if 0 < best.row - c.row <= 5 and _BRAND.fullmatch(c.value) and not _BRANCH.search(c.value)
        and _alone(rows[c.row], c.value) and compact(c.value) not in compact(best.value)
    ]  # fmt: skip
    if len(best.value) <= 12 and brands and not _latin(best.value):
        return _joined(max(brands, key=lambda c: (_latin(c.value), round(rows[c.row].height), -c.row)), best)
    return best


def _latin(text: str) -> bool:
    return bool(re.search("[A-Za-z]{2}", text))


def _alone(row: Row, name: str) -> bool:
    return len(compact(row.text)) <= len(compact(name)) + 2


def _joined(first: Candidate, second: Candidate) -> Candidate:
    return replace(
        first,
        value=f"{first.value} {second.value}",
        raw=f"{first.raw} {second.raw}",
        box=first.box.union(second.box),
        confidence=min(first.confidence, second.confidence),
        weight=max(first.weight, second.weight),
        reasons=(*first.reasons, _JOINED),
    )


def _candidate(row: Row, index: int, start: int, name: str, weight: float, reason: str) -> Candidate:
    start = max(start, 0)
    end = min(max(start + len(name), start + 1), len(row.text))
    words = row.words_at(start, end) or row.words
    candidate = Candidate(
        name, row.text[start:end], row.box(start, end) if row.words_at(start, end) else words[0].line.box,
        words[0].line, index, min(w.confidence for w in words),
    )  # fmt: skip
    return candidate.because(weight, reason)


def _row_of(rows: tuple[Row, ...], number: Field | None) -> int | None:
    if number is None or not number.raw:
        return None
    return next((i for i, row in enumerate(rows) if number.raw in row.text), None)
