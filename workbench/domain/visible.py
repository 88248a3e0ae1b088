"""Text without what shows nothing: what comes from outside is shown and kept as a person would read it."""

import unicodedata

HIDDEN = ("Cc", "Cf", "Cs")
"""Categories that show nothing: control characters, marks of format (U+FEFF, U+200B, U+202E turns the text around),
halves of pairs."""


def printable(text: str) -> str:
    """The text without what shows nothing or turns its surroundings around; line ends and tabs stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in HIDDEN)
