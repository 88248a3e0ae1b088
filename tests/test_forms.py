"""Slips of one electronic form look alike to the eye and to a picture's hash; only their values tell them apart."""

import random
from datetime import datetime, timedelta
from itertools import count

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from workbench.domain.model import Field, Receipt
from workbench.pipeline.export.annotated_image import font
from workbench.pipeline.imaging.pages import picture_hash
from workbench.pipeline.validation.duplicates import duplicates

TWINS = {"duplicate-picture", "duplicate-purchase", "duplicate-file"}


def slips(number, seed, fixed_total=False, approved=True):
    """`number` slips of one form: one shop, other payments; values and their pictures."""
    rng = random.Random(seed)
    at = datetime(2026, 3, 2, 9, 0)
    made = []
    for serial in range(number):
        at += timedelta(minutes=rng.randrange(11, 3000))
        total = 4_500 if fixed_total else rng.randrange(30, 900) * 100
        values = {"merchant": "가온문고", "business_number": "123-45-67891", "issued_at": f"{at:%Y-%m-%d %H:%M:%S}",
                  "total": str(total)}  # fmt: skip
        if approved:
            values["approval_number"] = f"{58_210_000 + serial}"
        made.append((values, drawn(values)))
    return made


def drawn(values):
    """The form: a head, rules, labels and values in fixed places."""
    page = Image.new("RGB", (480, 720), "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, 480, 70), fill="#1b4f9c")
    pen.text((110, 18), "신용카드 매출전표", "white", font(30))
    labels = ("merchant", "business_number", "issued_at", "approval_number", "total")
    for row, name in enumerate(labels):
        pen.line((20, 110 + 90 * row, 460, 110 + 90 * row), "#aaaaaa", 2)
        pen.text((24, 116 + 90 * row), name, "#555555", font(18))
        pen.text((200, 140 + 90 * row), values.get(name, "-"), "black", font(26))
    return np.asarray(page)


def receipts(made, names=None):
    names = names or (f"r{n:03}" for n in count())
    found = []
    for name, (values, image) in zip(names, made, strict=False):
        fields = tuple(Field(key, value, value, 0.97) for key, value in values.items())
        found.append(
            Receipt(name, f"{name}.png", name * 8, 1, 1, "read", fields=fields, picture_hash=picture_hash(image))
        )
    return found


def photographed(image, rng):
    """The slip as a phone takes it: turned a little, lit from a side, cut otherwise, compressed."""
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-1.5, 1.5), rng.uniform(0.96, 1.04))
    seen = cv2.warpAffine(np.ascontiguousarray(image), turn, (width, height), borderValue=(235, 235, 235))
    light = np.linspace(rng.uniform(0.7, 0.95), rng.uniform(0.85, 1.0), width)[None, :, None]
    seen = np.clip(seen * light + np.random.default_rng(rng.randrange(99)).normal(0, 4, seen.shape), 0, 255)
    return cv2.imdecode(cv2.imencode(".jpg", seen.astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 70])[1], 1)


def told(found):
    return {name for name, findings in found.items() if TWINS & {finding.code for finding in findings}}


@pytest.mark.parametrize(("fixed_total", "approved"), [(False, True), (True, True), (True, False), (False, False)])
def test_two_hundred_slips_of_one_form_are_no_twins(fixed_total, approved):
    """A season's lunches, tolls or parking: one shop, one price, one form, other days or approval numbers."""
    assert told(duplicates(receipts(slips(200, 7, fixed_total, approved)))) == set()


def test_a_slip_photographed_again_is_found_among_them():
    rng = random.Random(3)
    made = slips(60, 11)
    again = [(values, photographed(image, rng)) for values, image in made[:20]]
    found = duplicates([*receipts(made), *receipts(again, (f"again{n:02}" for n in count()))])
    assert told(found) == {f"r{n:03}" for n in range(20)} | {f"again{n:02}" for n in range(20)}
    for n in range(20):
        assert {link for f in found[f"again{n:02}"] if f.code in TWINS for link in f.links} == {f"r{n:03}"}


def test_a_photo_in_which_a_value_could_not_be_read_is_still_the_same_picture():
    (values, image), *_ = made = slips(40, 5)
    for lost in values:
        less = {name: value for name, value in values.items() if name not in (lost, "business_number")}
        found = duplicates([*receipts(made), *receipts([(less, photographed(image, random.Random(1)))], ["again"])])
        assert told(found) == {"r000", "again"}, lost


def test_a_sale_and_its_cancellation_are_a_pair_and_no_twins():
    sale, *_ = slips(1, 9)
    values = sale[0] | {"total": f"-{sale[0]['total']}"}
    assert told(duplicates(receipts([sale, (values, drawn(values))]))) == set()
