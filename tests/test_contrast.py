"""What is written can be read: WCAG 2.1's contrast of at least 4.5 for every ink on every ground, light and dark."""

import re

import pytest

from workbench.widgets.markup import asset

PAIRS = dict(re.findall(r"--rw-([\w-]+): light-dark\((#\w{6}), (?:#\w{6})\);", asset("theme.css")))
DARK = dict(re.findall(r"--rw-([\w-]+): light-dark\((?:#\w{6}), (#\w{6})\);", asset("theme.css")))
GROUNDS = ("bg", "panel", "raised", "accent-soft")
INKS = [(ink, ground) for ink in ("text", "soft", "accent", "good", "warn", "bad") for ground in GROUNDS]
INKS += [("good", "good-soft"), ("warn", "warn-soft"), ("bad", "bad-soft"), ("on-accent", "accent"), ("warn", "mark")]


def brightness(colour: str) -> float:
    """Relative luminance, https://www.w3.org/TR/WCAG21/#dfn-relative-luminance"""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colours", [PAIRS, DARK], ids=["light", "dark"])
def test_ink_stands_out_from_its_ground(colours):
    faint = {}
    for ink, ground in INKS:
        darker, lighter = sorted((brightness(colours[ink]), brightness(colours[ground])))
        contrast = (lighter + 0.05) / (darker + 0.05)
        if contrast < 4.5:
            faint[ink, ground] = round(contrast, 2)
    assert faint == {}
