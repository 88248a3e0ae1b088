"""A page of a few lines as every engine must read it."""

import numpy as np
from PIL import Image, ImageDraw

from workbench.pipeline.export.annotated_image import font

TEXTS = ["합계 12,500원", "사업자번호 111-11-11119", "2026-03-05 12:33"]


def page(texts=TEXTS):
    image = Image.new("RGB", (700, 90 * len(texts) + 60), "white")
    draw = ImageDraw.Draw(image)
    for i, text in enumerate(texts):
        draw.text((40, 40 + 90 * i), text, "black", font(40))
    return np.asarray(image)
