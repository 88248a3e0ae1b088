"""A case with receipts as a reader would have left them, without reading anything: for what comes after the reading."""

import hashlib

from PIL import Image

from workbench.case import Case
from workbench.domain.model import Box, Field, Geometry, Line, Reading
from workbench.settings import Settings

SURE = 0.99


def filed(folder, *receipts, **settings):
    """A case in `folder` holding `receipts`: dicts of canonical values; `kind`, `confidence`, `picture` apart."""
    case = Case.open(folder, Settings(**settings))
    for values in receipts:
        put(case, **values)
    case.refresh()
    return case


def put(case, *, kind="card_slip", confidence=SURE, picture="", name="", **values):
    """Adds one receipt to a case; its id."""
    number = case.store.file_count()
    file_hash = hashlib.sha256(f"{case.folder}{number}{values}".encode()).hexdigest()
    (first,), _ = case.store.add_file(file_hash, name or f"{number + 1}.jpg", ".jpg", 10, 1, "kim")
    fields = tuple(Field(n, v, v, confidence) for n, v in values.items() if v is not None)
    line = Line("견본", 0.99, Box(0, 0, 10, 10))
    reading = Reading(Geometry(size=(100, 100)), (line,), kind=kind, fields=fields, picture_hash=picture, engine="test")
    case.store.put_page(first, (reading,))
    pictures = case.folder / "pictures"
    pictures.mkdir(exist_ok=True)
    picture_of_it = pictures / f"{first}.jpg"
    Image.new("RGB", (100, 100), "white").save(picture_of_it)
    case.store.put_picture(first, picture_of_it.read_bytes())  # else it is held for one that was swapped
    return first


def file_totals(folder, *totals):
    """A case of receipts in which nothing is to be found, a day each, over those totals; closed."""
    shop = {"merchant": "견본상회", "business_number": "123-45-67891"}
    papers = [
        {**shop, "issued_at": f"2026-11-{n:02d} 12:10:00", "total": total, "approval_number": f"3012{n - 1:04d}"}
        for n, total in enumerate(totals, 1)
    ]
    filed(folder, *papers).close()
