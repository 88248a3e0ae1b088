"""Text from a paper stays text in a table: nothing printed on a receipt becomes a formula, a number or a command."""

import re
import unicodedata

from workbench.domain.visible import printable, shows_nothing

FORMULA_STARTS = tuple("=+-@")
"""What a spreadsheet takes for a formula, after NFKC: full-width and small forms count in Korean and Japanese Excel,
the minus sign of mathematics in LibreOffice."""
# What Excel would turn into a number or a date: 00123456 loses its zeros, 1-2 becomes January.
LIKE_NUMBER = re.compile(r"[\d.,:/%\-+\s]*\d[\d.,:/%\-+\seE]*")
# These of ours look like numbers and yet stay as they are.
SAFE = re.compile(r"\d{3}-\d{2}-\d{5}|[0-9a-f]{16}-\d+-\d+")


def could_run(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula: its first visible sign is one of = + - @ in any width."""
    shown = unicodedata.normalize("NFKC", printable(text)).replace("\N{MINUS SIGN}", "-").lstrip()
    return shown.startswith(FORMULA_STARTS)


def plain_cell(text: str) -> str:
    """The text as a cell of a file that another program reads: one line, a ' before what could run as a formula."""
    text = " ".join(printable(text).split())
    return f"'{text}" if could_run(text) else text


def csv_text(text: str) -> str:
    """The text as a CSV cell: a ' before what could run as a formula, ="..." around what Excel would make a number.

    `plain_text` takes it back.
    """
    text = printable(text)
    if text.startswith(("'", "\t", "\n")) or could_run(text):
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
    """The text as a cell of Excel takes it: printable, at most 32,767 characters."""
    return printable(text)[:32_767]


def json_text(text: str) -> str:
    """JSON in which every character that shows nothing is written as \\uXXXX: the text is whole, the file is inert."""
    return re.sub(r"[^\x00-\x7f]", lambda found: _escaped(found[0]), text)


def _escaped(letter: str) -> str:
    if not shows_nothing(letter) and unicodedata.category(letter) not in ("Zl", "Zp"):
        return letter
    units = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i] << 8 | units[i + 1]:04x}" for i in range(0, len(units), 2))
