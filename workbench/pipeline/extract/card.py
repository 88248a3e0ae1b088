"""The card payment: approval number, card number as it is masked in print, issuer."""

import re
from dataclasses import replace

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from workbench.errors import WrongValue
from workbench.model import Field, Finding
from workbench.pipeline.extract.candidates import Again, Candidate, label_before
from workbench.pipeline.extract.labels import compact, like, strokes, text_label
from workbench.pipeline.extract.rows import Row
from workbench.schema import parse

_ISSUER_NAMES = """
신한 삼성 현대 롯데 국민 하나 우리 비씨 농협 NH 씨티 카카오뱅크 케이뱅크 토스뱅크 IBK 기업
수협 광주 전북 제주 신협 우체국 새마을 산업 KDB 외환 KB BC SC제일 저축 부산 대구 경남
MG 채움 하나SK 카카오페이 네이버페이 제로페이 삼성페이 페이코 PAYCO 토스페이 스마일페이
SSG페이 애플페이 비자 VISA 마스터 MASTER 아멕스 AMEX JCB 유니온페이 은련
모바일카드 온누리 지역화폐 BC카드
"""
ISSUERS = tuple(_ISSUER_NAMES.split())
"""Companies whose cards and payments are taken in Korea (no merchants)."""

_CARD_WORDS = re.compile("카드|체크|신용|페이|뱅크|CARD|개인|법인|머니")
_MASK = re.compile(r"(?<![\d*])\d{2,6}[-\s]?[\d*xX●•#-]{4,24}")
_NUMBER = re.compile(r"(?<![\dA-Za-z*.,-])(\d{6,10}|\d{12,24})(?![\d*]|[.,-]\d)")
_BRACKETED = re.compile(r"[\[({](\d{8})(?:[\])}]|1(?!\d))")
_APPROVED = re.compile("승인정보|승인내역|결제내역|카드승인|신용승인|페이내역|신용카드전표|매출전표")
_LOYALTY = re.compile("포인트|적립|멤버|회원|마일|스탬프|쿠폰|POINT|고객번호|보관")
_SLIP = re.compile(
    "신용카드|카드번호|카드종류|할부|일시불|매입|매출표|매출전표|카드사|결제금액|승인금액|KICC|KIS|NICE|KSNET|제출"
)
_STRANGER = re.compile(
    "가맹점번호|가맹번호|CATID|TID|단말|영수증번호|주문번호|전화|TEL|BILL|POS|순번|거래번호|사업자|일련|바코드"
)


def find_card_number(rows: tuple[Row, ...]) -> Field | None:
    """The masked number of the card that paid; loyalty cards and telephones are masked too."""
    found: list[Candidate] = []
    for index, row in enumerate(rows):
        for match in _MASK.finditer(row.text):
            raw = match.group().strip(" -#")
            if sum(c in "*xX●•" for c in raw) < 3 or sum(c.isdigit() for c in raw) < 4 or raw.startswith("0"):
                continue
            try:
                value = parse("card_number", raw)
            except WrongValue:
                continue
            start, end = match.span()
            line = row.words_at(start, end)[0].line
            candidate = Candidate(value, raw, row.box(start, end), line, index, row.confidence(start, end), 1.0)
            label = label_before(rows, index, start)
            if label and label.role == "card_number":
                candidate = candidate.because(1.5 * label.score, "카드번호 표시 옆에 인쇄됨")
            if raw[0] in "34569":
                candidate = candidate.because(0.8)
            near = compact(" ".join(r.text for r in rows[max(0, index - 2) : index + 3]))
            if (
                re.search("바코드", row.text)
                or _LOYALTY.search(compact(row.text))
                or _LOYALTY.search(compact(rows[index - 1].text if index else ""))
            ):
                candidate = candidate.because(-2.0)
            if _SLIP.search(near):
                candidate = candidate.because(0.8, "카드 승인 내역 안에 있음")
            if 13 <= len(re.sub(r"[^0-9*xX●•]", "", raw)) <= 16:
                candidate = candidate.because(0.5)
            found.append(candidate)
    if not found:
        return None
    best = min(found, key=lambda c: (-c.weight, c.row, c.value))
    if best.weight < 0.5:
        return None
    return best.field("card_number", 0.96 if best.confidence > 0.93 and best.weight > 2.5 else 0.9)


def find_approval(
    rows: tuple[Row, ...], card: Field | None, again: Again, business_number: str | None
) -> tuple[Field | None, tuple[Finding, ...]]:
    """The card company's approval number and what is doubtful about it."""
    found = _approvals(rows, card, business_number)
    if not found:
        return None, ()
    best = found[0]
    if best.weight < 1.35:
        return None, ()
    labelled = any("승인번호" in reason for reason in best.reasons)
    twice = sum(c.value == best.value for c in found) > 1
    confidence = 0.9 if labelled else 0.75
    if twice and labelled:
        confidence = 0.97
    findings: list[Finding] = []
    first = best.value
    second = again.text(best.line)
    if second is not None:
        runs = re.findall(r"\d+", second)
        if best.value in runs or any(best.value in run and len(run) <= len(best.value) + 1 for run in runs):
            # Without a readable label the place tells: eight digits inside the card's part of the slip.
            placed = len(best.value) == 8 and best.weight >= 2.4
            confidence = 0.975 if labelled else 0.955 if placed else 0.9
            best = best.because(0, "다른 인식기도 같은 번호로 읽음")
        else:
            confidence = min(confidence, 0.7)
            close = [r for r in runs if len(r) == len(best.value) and Levenshtein.distance(r, best.value) <= 4]
            seen = f" / {close[0]}" if len(close) == 1 else ""
            findings.append(_doubt(f"승인번호를 두 인식기가 다르게 읽었습니다 ({best.value}{seen}). 확인해 주세요."))
            if len(close) == 1:  # without Hangul to distract it the other reader is the better one at digits (measured)
                best = replace(best, value=close[0]).because(0, "다른 인식기가 읽은 번호")
    rivals = sorted({c.value for c in found if c.value not in (first, best.value) and c.weight > best.weight - 0.5})
    if rivals:
        confidence = min(confidence, 0.85)
        findings.append(_doubt(f"승인번호로 볼 수 있는 번호가 더 있습니다 ({', '.join(rivals[:3])})."))
    return best.field("approval_number", confidence), tuple(findings)


def _approvals(rows: tuple[Row, ...], card: Field | None, business_number: str | None) -> list[Candidate]:
    own = re.sub(r"\D", "", business_number or "")
    card_rows = _card_rows(rows, card)
    found: list[Candidate] = []
    for index, row in enumerate(rows):
        bracketed = {m.start(1): m.group(1) for m in _BRACKETED.finditer(row.text)}
        spans = [(s, s + 8, v) for s, v in bracketed.items()]
        spans += [(*m.span(1), m.group(1)) for m in _NUMBER.finditer(row.text) if m.start(1) not in bracketed]
        for start, end, value in spans:
            if value == own or set(value) == {"0"}:
                continue
            candidate = Candidate(
                value,
                row.text[start:end],
                row.box(start, end),
                row.words_at(start, end)[0].line,
                index,
                row.confidence(start, end),
            )
            found.append(_weighed(candidate, rows, start, start in bracketed, card_rows))
    return sorted(found, key=lambda c: (-c.weight, c.row, c.value))


def _weighed(
    candidate: Candidate, rows: tuple[Row, ...], start: int, bracketed: bool, card_rows: list[int]
) -> Candidate:
    index, value = candidate.row, candidate.value
    row, c = rows[index], candidate
    label = label_before(rows, index, start)
    before = compact(row.text[:start])
    if label and label.role == "approval":
        c = c.because(3.0 * label.score, "승인번호 표시 옆에 인쇄됨")
    elif (label and label.role in ("identifier", "number", "phone", "date", "address")) or _STRANGER.search(
        before[-8:]
    ):
        c = c.because(-3.0)
    if _LOYALTY.search(before) or _LOYALTY.search(compact(rows[index - 1].text) if index else ""):
        c = c.because(-1.6)
    c = c.because({8: 1.2, 9: 0.6, 10: 0.2}.get(len(value), 0.0 if len(value) > 11 else -0.8))
    if bracketed:
        c = c.because(1.0, "카드 승인 내역의 괄호 안에 인쇄됨")
    distance = min((abs(index - r) for r in card_rows), default=99)
    if distance <= 4:
        c = c.because(0.9 - 0.15 * distance, "카드번호 가까이에 있음")
    if _SLIP.search(compact(row.text)) or like(row.text, ("일시불", "할부")):
        c = c.because(0.5)
    section = "".join(compact(r.text) for r in rows[max(0, index - 5) : index])
    if _APPROVED.search(section):
        c = c.because(1.2, "승인·결제 내역 안에 있음")
    if not (label and label.role == "approval") and before.endswith("호") and len(before) <= 4:
        c = c.because(0.6)
    dated = re.fullmatch(r"20\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])", value)
    if dated and not (label and label.role == "approval"):
        c = c.because(-3.0)
    if len(value) > 10 and not (label and label.role == "approval"):
        c = c.because(-0.4 if _APPROVED.search(section) else -1.0 if distance <= 2 else -3.0)
    return c


def _card_rows(rows: tuple[Row, ...], card: Field | None) -> list[int]:
    found = [i for i, row in enumerate(rows) if card and card.raw and card.raw in row.text]
    return found or [
        i for i, row in enumerate(rows) if re.search(r"\*{4,}", row.text) and not _LOYALTY.search(row.text)
    ]


def find_issuer(rows: tuple[Row, ...], card: Field | None) -> Field | None:
    """Who issued the card, as printed."""
    card_rows = _card_rows(rows, card)
    found: list[Candidate] = []
    for index, row in enumerate(rows):
        for word, start in zip(row.words, row.starts, strict=True):
            for piece in re.finditer(r"[^\[\]():：/,]+", word.text):
                text = piece.group().strip(" .*-")
                name = re.sub(r"[\d*.,\s원-]+$", "", text)
                if not 2 <= len(name) <= 14 or not _names_issuer(name):
                    continue
                at = start + piece.start()
                candidate = Candidate(
                    name, text, row.box(at, at + len(piece.group())), word.line, index, word.confidence, 1.0
                )
                label = label_before(rows, index, at)
                if label and label.role in ("card_issuer", "acquirer"):
                    candidate = candidate.because(
                        2.0 * label.score if label.role == "card_issuer" else 1.2, "카드사 표시 옆에 인쇄됨"
                    )
                if _CARD_WORDS.search(name.upper()):
                    candidate = candidate.because(0.8)
                distance = min((abs(index - r) for r in card_rows), default=99)
                if distance <= 5:
                    candidate = candidate.because(1.2 - 0.2 * distance, "카드번호 가까이에 있음")
                if index < len(rows) * 0.3:
                    candidate = candidate.because(-1.2)
                found.append(candidate)
    if not found:
        return None
    best = min(found, key=lambda c: (-c.weight, c.row, c.value))
    if best.weight < 1.6:
        return None
    return best.field("card_issuer", 0.96 if best.confidence > 0.93 and best.weight >= 2.4 else 0.85)


def _names_issuer(text: str) -> bool:
    bare = compact(text)
    if not bare or (text_label(bare) and bare in ("신용카드", "카드", "체크카드", "카드번호")):
        return False
    if any(bare.startswith(name.upper()) for name in ISSUERS):
        return bool(_CARD_WORDS.search(bare)) or bare in {n.upper() for n in ISSUERS}
    if "카드" not in bare and "체크" not in bare:
        return False
    return any(
        fuzz.ratio(strokes(bare[: len(n)]), strokes(n)) >= 80 for n in ISSUERS if len(n) >= 2 and len(bare) > len(n)
    )


def _doubt(message: str) -> Finding:
    return Finding("warning", message, ("approval_number",), "doubt")
