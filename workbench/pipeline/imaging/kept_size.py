"""How large a picture is kept: sizes in px."""

from math import sqrt

LONGEST = 4000
"""px, the longest side of what is kept; a phone's 12 megapixels pass whole"""

NARROWEST = 1000
"""px, below this the shorter side is not shrunk: a till roll two metres long has to stay readable"""

AREA = 16_000_000
"""px, most that is kept in any case"""


def kept_size(width: float, height: float, longest: float = LONGEST) -> tuple[float, float]:
    """The (width, height) in px that a picture of that size is shrunk to; never larger than it was."""
    scale = max(longest / max(width, height), NARROWEST / min(width, height))
    scale = min(1.0, scale, sqrt(AREA / (width * height)))
    return max(1.0, width * scale), max(1.0, height * scale)
