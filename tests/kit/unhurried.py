"""An engine for the trials: reads the same slip off every picture, slowly, so that a kill meets it at work."""

import time

from workbench.domain.model import Box, Line

SLIP = (
    "가맹점명: 견본상회",
    "사업자번호: 111-11-11119",
    "거래일시: 2026-03-05 12:33:10",
    "공급가액: 10,000",
    "부가세: 1,000",
    "합계: 11,000",
    "승인번호: 12345678",
)


class UnhurriedEngine:
    def __init__(self, spec):
        self.lines = tuple(Line(text, 0.99, Box(10, 20 + 40 * i, 300, 50 + 40 * i)) for i, text in enumerate(SLIP))

    def read(self, image):
        time.sleep(0.05)
        return self.lines
