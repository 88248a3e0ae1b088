"""Makes the font that the workbench draws Korean with: `python -m training.subset_font NanumGothic.ttf OUT.ttf`.

NanumGothic (OFL 1.1; Debian's fonts-nanum), every Hangul syllable, no hanja, no hinting: 1.4 instead of 4.7 MB.
A changed font may not carry the reserved name Nanum, so it is called Workbench Gothic.
"""

import sys

from fontTools import subset
from fontTools.ttLib import TTFont

NAME = "Workbench Gothic"
LETTERS = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x2010, 0x2026), (0x2030, 0x203F), (0x20A9, 0x20A9), (0x2103, 0x2121),
    (0x2150, 0x2199), (0x2200, 0x22FF), (0x2460, 0x24FF), (0x25A0, 0x26FF), (0x3000, 0x301F), (0x3131, 0x318E),
    (0x3200, 0x33FF), (0xAC00, 0xD7A3), (0xFF01, 0xFF5E), (0xFFE6, 0xFFE6),
)  # fmt: skip


def make(source: str, target: str) -> None:
    """Writes the subset of `source` to `target`."""
    font = TTFont(source)
    options = subset.Options(hinting=False, layout_features=[], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14])
    options.notdef_outline = True
    options.drop_tables += [f"TSI{number}" for number in (0, 1, 2, 3, 5)]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[point for first, last in LETTERS for point in range(first, last + 1)])
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6):
            record.string = NAME.replace(" ", "") if record.nameID == 6 else NAME
    font.save(target)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    make(*sys.argv[1:])
