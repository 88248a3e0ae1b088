"""Amounts that a till prints in red: on many that alone says that a sale was taken back, without a minus."""

import re
from collections.abc import Sequence
from itertools import islice
from math import ceil

import numpy as np

from workbench.domain.model import Field, Finding, Line
from workbench.pipeline.imaging.pixels import Image

RED = "red-print"
"""Code of the finding."""

_AMOUNT = re.compile(r"\d{1,3}[,.]\d{3}(?!\d)")
_INK = 0.2
"""Share of a line's pixels, the darkest, that are its ink."""
_REDDER = 60
"""How much more red than green and blue (of 255) ink and paper differ by: lamplight tints both alike."""
_LEAST, _MOST = 0.8, 0.3
"""Share of the rows of amounts that are red, and of the other print that may be: on web pages one sum is."""


def red_findings(image: Image, lines: Sequence[Line], fields: Sequence[Field]) -> tuple[Finding, ...]:
    """The doubt about the sign of a total (won) whose amounts stand in red on `image` (RGB) beside other print."""
    total = next((f.read for f in fields if f.name == "total" and f.read), None)
    if total is None or total.startswith("-") or total == "0":
        return ()
    clear = [line for line in lines if line.confidence > 0.6 and len(line.text) > 2]
    amounts = [line for line in clear if _AMOUNT.search(line.text)]
    others = [line for line in clear if not _AMOUNT.search(line.text)]
    if len(amounts) < 2 or len(others) < 2 or not _mostly_red(image, amounts) or _red(image, others) > _MOST:
        return ()
    sentence = "금액이 빨간 글씨로 인쇄되어 있습니다. 취소·환불 전표인지 그림과 비교해 주세요."
    return (Finding("warning", sentence, ("total", "supply", "vat"), RED),)


def _red(image: Image, lines: Sequence[Line]) -> float:
    return sum(_is_red(image, line) for line in lines) / len(lines)


def _mostly_red(image: Image, lines: Sequence[Line]) -> bool:
    """Whether `_LEAST` of them are red; on most papers the first few tell that they are not."""
    spared = len(lines) - ceil(_LEAST * len(lines))
    others = (line for line in lines if not _is_red(image, line))
    return len(list(islice(others, spared + 1))) <= spared


def _is_red(image: Image, line: Line) -> bool:
    """Whether the ink of a line is red against the paper around it."""
    left, top, right, bottom = (
        max(0, round(v)) for v in (line.box.left, line.box.top, line.box.right, line.box.bottom)
    )
    print_ = image[top:bottom, left:right].reshape(-1, 3).astype(np.float32)
    if len(print_) < 20:
        return False
    order = np.argsort(print_[:, 1] + print_[:, 2])  # red ink is dark in green and blue alone
    share = max(1, int(_INK * len(print_)))
    ink, paper = print_[order[:share]].mean(0), print_[order[-share:]].mean(0)
    redness = (ink[0] - ink[1:].mean()) - (paper[0] - paper[1:].mean())
    return bool(redness > _REDDER)
