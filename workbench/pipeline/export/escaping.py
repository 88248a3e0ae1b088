"""Text from a paper stays text in a table: nothing printed on a receipt becomes a formula, a number or a command."""

import re
import unicodedata

# What a spreadsheet takes for a formula; the full-width forms count too in Korean and Japanese Excel.
FORMULA_STARTS = tuple("=+-@＝＋－＠")
# What Excel would turn into a number or a date: 00123456 loses its zeros, 1-2 becomes January.
LIKE_NUMBER = re.compile(r"[\d.,:/%\-+\s]*\d[\d.,:/%\-+\seE]*")
# These of ours look like numbers and yet stay as they are.
SAFE = re.compile(r"\d{3}-\d{2}-\d{5}|[0-9a-f]{16}-\d+-\d+")


def printable(text: str) -> str:
    """The text without control characters (terminal escapes, NUL) and unpaired surrogates; line ends and tabs stay."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def csv_text(text: str) -> str:
    """The text as a CSV cell: a ' before what could run as a formula, ="..." around what Excel would make a number.

    `plain_text` takes it back.
    """
    text = printable(text)
    if text.startswith(("'", "\t", "\n")) or text.lstrip().startswith(FORMULA_STARTS):
        return f"'{text}"
    if LIKE_NUMBER.fullmatch(text) and not SAFE.fullmatch(text):
        return f'="{text}"'
    return text


def plain_text(cell: str) -> str:
    """What `csv_text` was given, up to unprintable characters."""
    if cell.startswith('="') and cell.endswith('"'):
        return cell[2:-1]
    return cell.removeprefix("'")


def excel_text(text: str) -> str:
    """The text as Excel's XML keeps it: printable, at most a cell's 32,767 characters, _x0041_ not read as an A."""
    return re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", printable(text))[:32_767]
