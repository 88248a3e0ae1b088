"""Text without what shows nothing: what comes from outside is shown and kept as a person would read it."""

import unicodedata

HIDDEN = ("Cc", "Cf", "Cs")
"""Categories that show nothing: control characters, marks of format (U+FEFF, U+200B, U+202E turns the text around),
halves of pairs."""
BLANK = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)
"""Letters and marks that show nothing either: Hangul's fillers, a joiner, selectors of a variant (Unicode's property
Default_Ignorable_Code_Point), and Braille's blank."""


def shows_nothing(letter: str) -> bool:
    """Whether a reader sees nothing where that character stands."""
    return letter in BLANK or unicodedata.category(letter) in HIDDEN


def printable(text: str) -> str:
    """The text without what shows nothing or turns its surroundings around; line ends and tabs stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c for c in text if c in "\n\t" or not shows_nothing(c))
