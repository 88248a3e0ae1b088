"""Draws the sample receipts, their truth and a card statement into this folder: `python data/sample/make.py`.

Every merchant, person and sale is invented, and each paper says so. The same numbers come out at every run.
"""

import csv
import json
import time
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from slips import LUNCH, NOODLES, NOTE, PAPERS, UNCLAIMED, Slip

import workbench

HERE = Path(__file__).parent
FONT = Path(workbench.__file__).parent / "fonts" / "WorkbenchGothic.ttf"
WIDTH, MARGIN, SIZE = 760, 44, 30
"""px of a paper 80 mm wide, its margin, its print"""

Row = tuple[str, ...]


def rows_of(slip: Slip) -> list[Row]:
    """The printed rows: (text,) centred, (label, value) at both edges, (a, b, c, d) columns, () a rule."""
    shop = [("상호", slip.merchant), ("사업자번호", slip.number), ("대표자", slip.owner), ("주소", slip.address)]
    shop.append(("전화", slip.phone))
    money = [("공급가액", won(slip.supply)), ("부가세", won(slip.vat))] if slip.total > slip.exempt else []
    if slip.exempt:
        money.append(("면세금액", won(slip.exempt)))
    money.append(("합계", won(slip.total)))
    paid = [("카드종류", slip.card), ("카드번호", slip.card_number), ("할부", "일시불"), ("승인번호", slip.approval)]
    if slip.kind == "cash":
        paid = [("용도", slip.purpose), ("식별번호", "123-45-*****"), ("승인번호", slip.approval)]
    if slip.kind == "pos":
        goods = [
            (item.name + ("*" if item.exempt else ""), won(item.price), str(item.quantity), won(item.amount))
            for item in slip.items
        ]
        marks = [("* 표시는 면세 품목입니다",)] if slip.exempt else []
        head = [("영 수 증",), *shop, ("판매일시", slip.issued), ()]
        return [*head, ("상품명", "단가", "수량", "금액"), (), *goods, (), *money, (), *paid, *marks, *foot(slip)]
    title = "현금영수증" if slip.kind == "cash" else "신용카드 매출전표"
    goods = [("품명", " ".join(item.name for item in slip.items))]
    return [(title,), (), *shop, (), ("거래일시", slip.issued), *paid, *goods, (), *money, *foot(slip)]


def foot(slip: Slip) -> list[Row]:
    """The last rows; they say that the paper is a sample."""
    return [(), *((line,) for line in slip.footer), (NOTE,)]


def won(amount: int) -> str:
    """An amount as printed."""
    return f"{amount:,}"


def paper(slip: Slip) -> Image.Image:
    """The printed paper, flat and clean, grey."""
    rows = rows_of(slip)
    pitch = round(1.45 * SIZE)
    image = Image.new("L", (WIDTH, 2 * MARGIN + pitch * (len(rows) + 1)), 248)
    draw = ImageDraw.Draw(image)
    small, large = ImageFont.truetype(FONT, SIZE), ImageFont.truetype(FONT, round(1.5 * SIZE))
    left, right, y = MARGIN, WIDTH - MARGIN, MARGIN
    for n, row in enumerate(rows):
        if not row:
            for x in range(left, right, 14):
                draw.line((x, y + pitch // 2, x + 8, y + pitch // 2), fill=70, width=2)
        elif len(row) == 1:
            draw.text((WIDTH / 2, y), row[0], 40, large if n == 0 else small, anchor="ma")
            y += pitch // 2 if n == 0 else 0
        elif len(row) == 2:
            face = large if row[0] == "합계" else small
            draw.text((left, y), row[0], 40, face)
            draw.text((right, y), row[1], 40, face, anchor="ra")
            y += pitch // 3 if face is large else 0
        else:
            draw.text((left, y), row[0], 40, small)
            for text, x in zip(row[1:], (0.62, 0.75, 1.0), strict=True):
                draw.text((left + x * (right - left), y), text, 40, small, anchor="ra")
        y += pitch
    return image


def worn(image: Image.Image, rng: np.random.Generator) -> np.ndarray:
    """The paper as a tired thermal printer leaves it: uneven density, faint streaks along the feed; uint8 grey."""
    ink = 248.0 - np.asarray(image, dtype=np.float32)
    height, width = ink.shape
    density = cv2.resize(rng.uniform(0.72, 1.0, (12, 5)).astype(np.float32), (width, height))
    for x in rng.integers(0, width, 5):
        density[:, x : x + 2] *= rng.uniform(0.1, 0.6)
    speckle = rng.uniform(0.86, 1.0, ink.shape)
    folds = cv2.resize(rng.uniform(-7, 4, (9, 3)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(244.0 + folds - ink * density * speckle, 0, 255).astype(np.uint8)


def photo(slip: Slip, rng: np.random.Generator) -> Image.Image:
    """The paper on a desk, taken by hand: perspective, shade, a little blur and noise."""
    sheet = worn(paper(slip), rng)
    height, width = sheet.shape
    across, down = round(1.45 * width), round(1.16 * height)
    grain = cv2.resize(rng.normal(0, 9, (down // 3, 12)).astype(np.float32), (across, down))
    desk = np.array((146, 121, 96), np.float32) + grain[..., None]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    offset = np.array([(across - width) / 2, (down - height) / 2], np.float32)
    quad = (corners + offset + rng.uniform(-0.022, 0.022, (4, 2)) * height).astype(np.float32)
    warp = cv2.getPerspectiveTransform(corners, quad)
    tone = np.array((1.0, 0.985, 0.955), np.float32)
    printed = (
        cv2.warpPerspective(sheet, warp, (across, down), flags=cv2.INTER_AREA).astype(np.float32)[..., None] * tone
    )
    cover = cv2.warpPerspective(np.ones_like(sheet, np.float32), warp, (across, down))
    shadow = cv2.GaussianBlur(np.roll(cover, (9, 12), (0, 1)), (0, 0), 9)[..., None]
    scene = desk * (1 - 0.35 * shadow) * (1 - cover[..., None]) + printed * cover[..., None]
    light = cv2.resize(
        rng.uniform(0.82, 1.04, (3, 3)).astype(np.float32), (across, down), interpolation=cv2.INTER_CUBIC
    )
    scene = cv2.GaussianBlur(scene * light[..., None], (0, 0), 0.8) + rng.normal(0, 2.5, (down, across, 1))
    return Image.fromarray(np.clip(scene, 0, 255).astype(np.uint8))


def scan(slips: tuple[Slip, ...], rng: np.random.Generator) -> Image.Image:
    """An A4 sheet lying across on an office scanner, with the papers side by side."""
    sheet = Image.new("L", (2480, 1754), 253)
    for n, slip in enumerate(slips):
        sheet.paste(Image.fromarray(worn(paper(slip), rng)), (40 + 815 * n, 90 + 70 * (n % 2)))
    return sheet


def no_receipt(rng: np.random.Generator) -> Image.Image:
    """Hills under an evening sky: what gets into a pile by mistake."""
    height, width = 900, 1200
    sky = np.linspace((250, 170, 110), (120, 150, 210), height)[::-1][:, None, :].repeat(width, axis=1)
    x = np.arange(width)
    for n, colour in enumerate(((92, 110, 120), (60, 88, 76), (34, 58, 44))):
        ridge = height * (0.5 + 0.13 * n) + 60 * np.sin(x / (160 - 30 * n) + 2 * n) + 14 * np.sin(x / 31 + n)
        sky[np.arange(height)[:, None] > ridge[None]] = colour
    return Image.fromarray(np.clip(sky + rng.normal(0, 3, sky.shape), 0, 255).astype(np.uint8))


def draw(name: str, slips: tuple[Slip, ...]) -> None:
    """Writes one file of the sample."""
    rng = np.random.default_rng([ord(letter) for letter in name])
    target = HERE / name
    if name.endswith(".pdf"):
        sheets = [Image.fromarray(worn(paper(slip), rng)) for slip in slips]
        day = time.strptime("2025-11-12", "%Y-%m-%d")  # else every run makes another file
        sheets[0].save(
            target, save_all=True, append_images=sheets[1:], resolution=203, quality=80, creationDate=day, modDate=day
        )
    elif not slips:
        no_receipt(rng).save(target, quality=82)
    elif len(slips) > 1:
        scan(slips, rng).save(target, quality=75)
    elif name.endswith(".png"):
        Image.fromarray(worn(paper(slips[0]), rng)).save(target, optimize=True)
    else:
        turn = {"upside_down.jpg": 180, "simplified_sideways.jpg": 90}.get(name, 0)
        photo(slips[0], rng).rotate(turn, expand=True).save(target, quality=78)


def truth() -> list[dict[str, object]]:
    """One record a file: the receipt's fields, or `receipts` where the file holds several; nulls where it is none."""
    none = dict.fromkeys(LUNCH.truth())
    return [
        {"file": name, **(slips[0].truth() if slips else none)}
        if len(slips) < 2
        else {"file": name, "receipts": [slip.truth() for slip in slips]}
        for name, slips in PAPERS.items()
    ]


def statement() -> list[tuple[str, str, str, str, int]]:
    """The card statement: all card sales but the last one, and some for which there is no receipt; by time."""
    sales = [slip for slips in PAPERS.values() for slip in slips if slip.kind != "cash" and slip is not NOODLES]
    rows = [(slip.issued, slip.card, slip.merchant, slip.approval, slip.total) for slip in sales]
    return sorted(rows + [(when, "비씨카드", shop, approval, total) for when, shop, approval, total in UNCLAIMED])


def main() -> None:
    """Draws all."""
    for name, slips in PAPERS.items():
        draw(name, slips)
    (HERE / "truth.json").write_text(json.dumps(truth(), ensure_ascii=False, indent=1) + "\n", "utf-8")
    with (HERE / "card_statement.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("이용일시", "카드", "가맹점명", "승인번호", "이용금액"))
        writer.writerows(statement())


if __name__ == "__main__":
    main()
