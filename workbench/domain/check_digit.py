"""The check digit of a Korean business registration number (사업자등록번호)."""

WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
LOWEST = 101
"""The first three digits of numbers that are given out begin here."""


def passes(number: str) -> bool:
    """Whether the check digit of a business number is right and it is no dummy of zeros.

    Weighted sum over the first nine digits plus floor(5·d9 / 10); the tenth digit fills it up to a multiple of ten.
    """
    digits = [int(c) for c in number if c in "0123456789"]
    if len(digits) != 10 or not any(digits):
        return False
    total = sum(w * d for w, d in zip(WEIGHTS, digits, strict=False)) + 5 * digits[8] // 10
    return (10 - total % 10) % 10 == digits[9]


def is_valid(number: str) -> bool:
    """Whether the number passes its check digit and its first three digits are ones that are given out."""
    return passes(number) and int(number[:3]) >= LOWEST
