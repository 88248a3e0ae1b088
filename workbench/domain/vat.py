"""The arithmetic of value-added tax (부가가치세): a tenth of supply."""


def tenth(supply: int, vat: int, rows: int = 1) -> bool:
    """Whether VAT is a tenth of supply, to one won a row of goods (rounded, cut, or taken from the total)."""
    return abs(10 * vat - supply) <= 10 * max(rows, 1)
