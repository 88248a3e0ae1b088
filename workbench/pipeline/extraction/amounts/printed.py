"""Every amount that a page prints, each with the words that stand before it. Won are integers."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from workbench.domain import lexicon
from workbench.domain.model import Box, Line
from workbench.pipeline.extraction.candidates import label_above, may_be_cut
from workbench.pipeline.extraction.labels import Label, amount_label, compact
from workbench.pipeline.layout.rows import Row


@dataclass(frozen=True, slots=True)
class Amount:
    """One printed amount: where it is, its label (None: no words before it that say), and the engine's score.

    `marked` says that a thousands mark, a won sign or 원 shows it to be money; `words` stand before it, read or not;
    `second` that only the other reader sees this value there; `minus` which sign says that it goes the other way: "-"
    (a dash or triangle, before or behind), "?" (brackets, or a mark that may be a triangle: its neighbours decide).
    The value is negative where the sign is "-"; `cut` that a stroke before it may be its first digit.
    """

    value: int
    raw: str
    box: Box
    line: Line
    row: int
    confidence: float
    label: Label | None
    marked: bool
    words: str = ""
    second: bool = False
    minus: str = ""
    cut: bool = False

    @property
    def is_money(self) -> bool:
        """Whether the print itself, or the words before it, say that it is an amount."""
        return self.marked or self.label is not None

    @property
    def role(self) -> str:
        """The label's role, "" without one."""
        return self.label.role if self.label else ""


_NOT_MONEY = [
    re.compile(pattern)
    for pattern in (
        r"\d{2,4}\s?[-./년]\s?\d{1,2}\s?[-./월]\s?\d{1,2}일?(?!\d)|\d{4}\s?년",  # dates
        r"(?<!\d)\d{1,2}\s?:\s?\d{2}(?:\s?:\s?\d{2})?(?!\d)",  # times
        r"(?<!\d)\d{3}\s?-\s?\d{2}\s?-\s?\d{5}(?!\d)",  # business numbers
        r"(?<!\d)0\d{1,3}\s?[-)]\s?\d{3,4}\s?-\s?\d{4}(?!\d)",  # telephones
        r"(?<!\d)1[568]\d{2}-\d{4}(?!\d)",
        r"[\d*xX]{2,}[-*][\d*xX-]{4,}|(?<![\d,])\d{4} [\d*]{4} \*{4} [\d*]{4}",  # card masks
        r"\d{8,}",  # identifiers, barcodes
        r"\d{2,}-\d{2,}(?:-\d+)*",  # bill numbers
        r"[A-Za-z]\w*\d+\w*|\d+[A-Za-z]\w*",  # model names, sizes
        r"\d+\s?\+\s?\d+",  # 1+1
    )
]
_COUNT = re.compile(
    # A count's word ends there: in "23,091 세액" the amount is no age.
    r"(?<![\d,.])\d+(?:\.\d+)?\s?(?:%|퍼센트|개|시간|포인트|km|ml|kg|P\b|(?:명|인|점|회|층|호|장|건|일|분|세)(?![가-힣]))"
)
_TRIANGLE, _BENT_TRIANGLE = "△▲▽▼", "∆"
_MONEY = re.compile(
    rf"(?<!\d)(?<!\d[.,])(?P<sign>(?<![\w)])[-{_TRIANGLE}{_BENT_TRIANGLE}(]\s?)?(?P<mark>[₩\\]\s?)?(?P<late>-\s?)?"
    r"(?P<digits>\d{1,3}(?:\s?[,.]{1,3}\s?\d{3})+|\d{4,8}|\d{1,3}(?![.,])|\d{1,3},\d{1,2}\s?,\d{3})(?!\d|[.,]{1,3}[\d#])(?P<won>\s?(?:원|윈|온))?"
    rf"(?P<behind>\s?\)|-(?=\s*$))?"
)
_MARKS_OF_MONEY = [
    (re.compile(as_read, re.IGNORECASE), mark)
    for as_read, mark in (
        (r"(?<=\d[,.]\d{3})\s?(?:KRW|WON|CR|DR)(?!\w)", "원"),  # how else won, or a credit, is marked behind an amount
        (r"(?<=\d)['’´`](?=\d{3}(?!\d))", ","),
        (r"(?<![A-Za-z0-9])W(?=\d{1,3}(?:[,.]\d{3})+(?!\d))", "₩"),
        (r"(?<=\d[,.]\d{3})(?![gklmpt])[a-z](?!\w)", "원"),  # letters of units stay
        (r"(?<![\w.])[스소ㅅA^∧](?=\s?\d{1,3}(?:[,.]\d{3})+(?!\d))", _BENT_TRIANGLE),
    )
]
"""What the marks of money are read as."""
_GOODS_HEADER = lexicon.pattern("goods.heading")
_COUNTED = re.compile(rf"(?:{lexicon.pattern('goods.count').pattern})\D*$")


def amounts_of(rows: tuple[Row, ...]) -> tuple[Amount, ...]:
    """The amounts of a page in reading order; identifiers, dates and counts are left out."""
    found: list[Amount] = []
    for index, row in enumerate(rows):
        found.extend(_in_row(rows, index, row))
    return tuple(_counts_told(found))


def _counts_told(found: list[Amount]) -> list[Amount]:
    """Without the amounts that took a count for cut digits (`_cut_off`): where the goods above make up the rest."""
    told = list(found)
    for alone, whole in pairwise(found):
        if alone.row == whole.row and alone.line == whole.line and whole.box.left < alone.box.left:
            goods = {a.row: a.value for a in found if a.row < alone.row and a.label is None and a.marked}
            elsewhere = any(a.value == whole.value for a in found if a is not whole)
            if goods and sum(goods.values()) == alone.value and not elsewhere:
                told.remove(whole)
    return told


def hide(text: str, patterns: list[re.Pattern[str]] = _NOT_MONEY) -> str:
    """The text with all numbers that are no amounts turned to #, counts to blanks (same length)."""
    for as_read, mark in _MARKS_OF_MONEY:
        for match in as_read.finditer(text):
            text = text[: match.start()] + mark.ljust(len(match.group())) + text[match.end() :]
    text = _COUNT.sub(lambda m: " " * len(m.group()), text)
    for pattern in patterns:
        text = pattern.sub(lambda m: "#" * len(m.group()), text)
    return text


def amounts_in(text: str) -> list[int]:
    """The amounts in a bare text, left to right, without signs: what another reader saw in one line."""
    return [int(re.sub(r"\D", "", m["digits"])) for m in _MONEY.finditer(hide(text))]


def _in_row(rows: tuple[Row, ...], index: int, row: Row) -> list[Amount]:
    hidden, cells = joined(hide(row.text), row)
    found: list[Amount] = []
    matches = list(_MONEY.finditer(hidden))
    at, words = 0, ""
    for position, match in enumerate(matches):
        if _cut_off(row, match, matches[position + 1 : position + 2]):
            continue
        between = hidden[at : match.start()]
        # Words carry over a count: "합계 2 7,000" is 합계 of 7,000.
        words = between if compact(between) or "#" in between else words
        at = match.end()
        marked = bool(match["mark"] or match["won"] or "," in match["digits"] or "." in match["digits"])
        marked = marked or match.start("digits") in cells
        value = int(re.sub(r"\D", "", match["digits"]))
        last = position == len(matches) - 1
        if not marked and (len(match["digits"]) > 7 or (value < 10 and value != 0 and not last)):
            continue
        label = amount_label(words.rpartition("#")[2] or words)
        if label is None and not compact(words):
            label = _label_above(rows, index, match.start())
        if not marked and label is None and (value < 10 or not last) and value < 100:
            continue
        start, end = match.start("mark" if match["mark"] else "digits"), match.end("digits")
        end = cells.get(match.start("digits"), end)
        minus = _minus(match, alone=len(matches) == 1)
        found.append(
            Amount(
                -value if minus == "-" else value,
                row.text[match.start() : max(match.end(), end)].strip(),
                row.box(start, end),
                row.words_at(start, end)[0].line,
                index,
                row.confidence(start, end),
                label,
                marked,
                compact(words.rpartition("#")[2]),
                minus=minus,
                cut=match["digits"].find(",") in (1, 2) and may_be_cut(row.text[:end], match.start("digits"), end),
            )
        )
        if label and (whole := _cut_off(row, matches[position - 1], [match])):
            alone = replace(found[-1], minus=minus or "?" * (whole < 0))
            start = matches[position - 1].start("digits")
            raw, box = row.text[start:end], row.box(start, end)
            found[-1:] = [alone, replace(alone, value=whole, raw=raw, box=box, minus="-" if whole < 0 else minus)]
        words = ""
    return found


def _cut_off(row: Row, digits: re.Match[str], rest: list[re.Match[str]]) -> int:
    """The one amount that the reader may have cut in two ("3 3,000" for 33,000), signed; 0 where it is none.

    Both readings stand, the whole and the rest alone behind a count: arithmetic tells, or neither is sure. What stands
    in a column of its own or behind a word for counts is a count, and what has a thousands mark an amount of its own.
    """
    if not rest or digits.end() != rest[0].start() - 1 or "," not in rest[0]["digits"] or rest[0]["sign"]:
        return 0
    one, other = (row.words_at(*m.span("digits"))[0] for m in (digits, rest[0]))
    whole = f"{digits['digits']}{'' if rest[0]['digits'].index(',') < 3 else ','}{rest[0]['digits']}"
    if one is not other or not digits["digits"].isdigit() or not re.fullmatch(r"[1-9]\d{0,2}(,\d{3})+", whole):
        return 0
    if _COUNTED.search(row.text[: digits.start()]):
        return 0
    return int(whole.replace(",", "")) * (-1 if "-" in (_minus(digits, False), _minus(rest[0], False)) else 1)


def _minus(match: re.Match[str], alone: bool) -> str:
    """The sign of an amount, see `Amount`: brackets are one around the row's only amount, if it shows no won sign."""
    before, behind = (match["sign"] or "").strip(), (match["behind"] or "").strip()
    if match["late"] or behind == "-" or before in ("-", *_TRIANGLE):
        return "-"
    bracketed = before == "(" and behind == ")" and alone and not match["mark"] and not match["won"]
    return "?" if bracketed or before == _BENT_TRIANGLE else ""


MOST_UNEVEN = 0.45
"""By what share of their mean the distances between the cells of one amount may differ from it."""


def joined(hidden: str, row: Row) -> tuple[str, dict[int, int]]:
    """The row with amounts of one digit a cell written together, and where each of them starts and ends in the row.

    Forms have a box for each digit: "금액 ₩ 3 3 3 0 0". Columns of counts (3 2 1) stand unevenly, carry no won
    sign, and follow no label of an amount.
    """
    ends: dict[int, int] = {}
    for run in re.finditer(r"(?<![\d.,/-])(?<!\d:)\d(?: {1,3}\d){2,9}(?![\d.,:/]| ?[-:/])", hidden):
        before = hidden[: run.start()]
        if not (before.rstrip().endswith(("₩", "\\")) or amount_label(before.rpartition("#")[2])):
            continue
        places = [run.start() + m.start() for m in re.finditer(r"\d", run.group())]
        if _even([row.box(place, place + 1).centre[0] for place in places]):
            digits = re.sub(r"\D", "", run.group())
            hidden = before + digits.ljust(len(run.group())) + hidden[run.end() :]
            ends[run.start()] = run.end()
    return hidden, ends


def _even(middles: list[float]) -> bool:
    steps = [right - left for left, right in pairwise(middles)]
    mean = sum(steps) / len(steps)
    return mean > 0 and all(abs(step - mean) <= MOST_UNEVEN * mean for step in steps)


def _label_above(rows: tuple[Row, ...], index: int, start: int) -> Label | None:
    """The label of a value that stands under it: the nearest word of a row above that holds labels only."""
    if index == 0:
        return None
    above, row = rows[index - 1], rows[index]
    far = row.y - above.y > 3 * max(row.height, above.height)
    if far or _MONEY.search(hide(above.text)) or _GOODS_HEADER.search(compact(above.text)):
        return None
    return label_above(rows, index, start, amount_label)
