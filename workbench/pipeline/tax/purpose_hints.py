"""What a receipt hints at about the nature or the purpose of a purchase: questions for a person, no rulings; pure.

Common words of a trade in the merchant's name, and the kind of paper. 시행령 §88⑤ and 부가가치세법 §39①.
"""

import re

from workbench.domain.model import Receipt

TRADES = (
    (r"택시|고속버스|시외버스|항공|여객", "여객운송"),
    (r"목욕|사우나|찜질|이발|이용원|미용실|헤어(샵|숍|살롱)|네일", "목욕·이발·미용"),
    (r"동물병원|성형외과", "미용 성형·동물진료"),
    (r"(운전|자동차)\S{0,4}학원|무도", "무도·자동차운전학원"),
    (r"입장권|영화관|놀이공원|극장", "입장권"),
)
"""Supplies that give no input VAT through a slip, whoever makes them."""
PURPOSES = (
    (r"주유소|충전소|석유|주차", "비영업용 승용차의 주유·주차"),
    (r"골프|노래|주점|유흥|룸살롱", "기업업무추진비(접대비)나 업무와 무관한 지출"),
)
"""Expenses that give none for what they were spent on (부가가치세법 §39①)."""


def trade_hint(receipt: Receipt) -> str:
    """The trade without input VAT that the merchant's name speaks of; "" for none."""
    return _first(TRADES, receipt)


def purpose_hint(receipt: Receipt) -> str:
    """The purpose without input VAT that the name or the kind of paper speaks of; "" for none."""
    return PURPOSES[0][1] if receipt.kind == "parking" else _first(PURPOSES, receipt)


def _first(words: tuple[tuple[str, str], ...], receipt: Receipt) -> str:
    name = re.sub(r"\s", "", receipt.value("merchant") or "")
    return next((meaning for pattern, meaning in words if re.search(pattern, name)), "")
