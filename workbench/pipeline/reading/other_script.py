"""Papers that the engine, which reads Hangul, cannot read: kana, Chinese, signs of money it has never seen.

The second reader knows these and no Hangul. Where a page shows hardly any Hangul it is the first one, line by line, and
the engine's reading becomes the second opinion.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from workbench.domain.model import Box, Finding, Line
from workbench.pipeline.extraction.foreign_money import FEW, SURE_LINE
from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.ocr.digit_reader import SecondReader

SCRIPT = "script"
"""Code of the finding that a page is written in a script the engine does not know."""

_MOST = 80
"""lines of a page that are read again, 20 ms each"""

_HANGUL, _LATIN = re.compile("[가-힣]"), re.compile("[A-Za-z]")
_KANA, _HAN = re.compile("[\u3041-\u30ff]"), re.compile("[\u4e00-\u9fff]")
_CJK_WORDS = re.compile(
    "合計|小計|消費税|税込|領収|お?預り|釣|円|発票|发票|金额|金額|合计|现金|實收|实收|应付|總計|总计|日期|年.{1,5}月"
)
_AGREED, _ALONE = 0.96, 0.9
"""confidence of a line whose digits both readers see, and of one that they see differently"""


@dataclass(frozen=True, slots=True)
class Reread:
    """The lines as the second reader has them, the engine's text by box, and what a person should know of it."""

    lines: tuple[Line, ...]
    engine: dict[Box, str]
    findings: tuple[Finding, ...] = ()


def in_other_script(image: Image, lines: Sequence[Line], second: SecondReader) -> Reread | None:
    """The lines read anew where the page shows hardly any Hangul; None for a Korean page, and for one without text."""
    hangul = sum(len(_HANGUL.findall(line.text)) for line in lines if line.confidence >= SURE_LINE)
    if hangul >= FEW or not 3 <= len(lines) <= _MOST or any(line.source for line in lines):
        return None
    seen = [second.read(image, line.box, line.angle) for line in lines]
    page = "\n".join(seen)
    kana, words = len(_KANA.findall(page)), len(_CJK_WORDS.findall(page))
    foreign = (kana >= 2 and words >= 1) or words >= 2
    latin = sum(len(_LATIN.findall(line.text)) for line in lines if line.confidence >= SURE_LINE)
    if not foreign and latin < max(12, 4 * hangul):
        return None
    told = tuple(_as_seen(line, text, foreign) for line, text in zip(lines, seen, strict=True))
    findings = (_finding(kana >= 2),) if foreign else ()
    return Reread(told, {line.box: line.text for line in lines}, findings)


def _as_seen(line: Line, text: str, foreign: bool) -> Line:
    """A line as the second reader has it; as it was where that sees nothing, or Chinese on a Latin page."""
    if not text or (not foreign and _HAN.search(text)):
        return line
    same = re.sub(r"\D", "", line.text) == re.sub(r"\D", "", text)
    return replace(line, text=text, confidence=max(line.confidence, _AGREED) if same else _ALONE)


def _finding(japanese: bool) -> Finding:
    name = "일본어(가나)" if japanese else "중국어·한자"
    sentence = (
        f"{name} 영수증입니다. 한글 인식기가 모르는 글자라 다른 인식기로 숫자·날짜·한자만 읽었습니다. "
        "상호와 품목은 그림과 비교해 주세요."
    )
    return Finding("info", sentence, (), SCRIPT)
