"""The arithmetic of value-added tax (부가가치세): a tenth of supply (law.toml, unchanged since 1977)."""

from workbench.domain.law import law

PARTS = int(1 / law("vat_rate").value)


def tenth(supply: int, vat: int, rows: int = 1) -> bool:
    """Whether VAT is a tenth of supply, to one won a row of goods (rounded, cut, or taken from the total)."""
    return abs(PARTS * vat - supply) <= PARTS * max(rows, 1)
