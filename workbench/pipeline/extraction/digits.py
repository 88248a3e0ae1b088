"""The ten digits of a business number: the check digit, and what bent ones may have been."""

from workbench.domain.check_digit import is_valid

CONFUSED: dict[str, str] = {
    "O": "0", "o": "0", "D": "0", "Q": "0", "I": "1", "l": "1", "i": "1", "|": "1", "]": "1", "!": "1", "Z": "2",
    "z": "2", "S": "5", "s": "5", "B": "8", "g": "9", "q": "9", "b": "6", "G": "6", "이": "0", "일": "1",
}  # fmt: skip
"""Letters that stand for one digit."""

DIGIT_PAIRS = frozenset({"09", "17", "38", "56", "68"})
"""Digits that a reader takes for each other, smaller one first; with more pairs most numbers have several repairs."""


def repairs(digits: str) -> list[str]:
    """Numbers that pass the check digit after one substitution of digits that readers confuse; ten digits in."""
    fixed = []
    for place, old in enumerate(digits):
        for new in "0123456789":
            if "".join(sorted(old + new)) in DIGIT_PAIRS:
                changed = shape(digits[:place] + new + digits[place + 1 :])
                if is_valid(changed):
                    fixed.append(changed)
    return fixed


def shape(digits: str) -> str:
    """Ten digits as 123-45-67890."""
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"


def number_of(digits: str, sure_shape: bool) -> tuple[str | None, bool]:
    """The number that ten letters stand for, and whether it took a repair; None where they are no number."""
    wrong = [i for i, c in enumerate(digits) if c not in "0123456789"]
    if not wrong:
        if int(digits[:3]) < 101:
            return None, False
        options = repairs(digits) if sure_shape and not is_valid(shape(digits)) else []
        return (options[0], True) if len(options) == 1 else (shape(digits), False)
    plain = "".join(CONFUSED.get(c, c) for c in digits)
    left = [i for i, c in enumerate(plain) if c not in "0123456789"]
    if not left:
        return (shape(plain), True) if is_valid(shape(plain)) else (None, False)
    if len(left) == 1 and len(wrong) == 1:  # one letter lost: the check digit leaves one answer
        place = left[0]
        options = [n for d in "0123456789" if is_valid(n := shape(plain[:place] + d + plain[place + 1 :]))]
        if len(options) == 1:
            return options[0], True
    return None, False
