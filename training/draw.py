"""Draws lines of text the way receipts print them and cameras see them: `python -m training.draw OUT.png`.

A line goes through four hands: the printer (dots, gaps, worn ink), the paper (texture, fading, shadow, stamps), the
camera (size, slant, curl, blur, noise, JPEG) and the detector (margins, slivers of the neighbours). Each of them is
mild or harsh, so that `training.evaluate` can ask for either.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from training.faces import Bitmap, Face, faces
from training.text import Writer, words

HEIGHT = 48
WIDEST = 560
Picture = np.ndarray  # uint8 H x W x 3, BGR


class Drawer:
    """Turns texts into pictures 48 px high.

    `harsh` is the share of lines that are badly printed or badly seen, `scanned` that of lines, often small ones, that
    a scanner has made thicker, thinner or patchy, `loose` that of lines set wide apart or in a box that does not fit.
    """

    def __init__(
        self,
        seed: int,
        chosen: Sequence[tuple[Face, float]],
        harsh: float = 0.3,
        scanned: float = 0.0,
        loose: float = 0.0,
    ) -> None:
        self.rng = random.Random(seed)
        self.noise = np.random.default_rng(seed)
        self.faces = [face for face, _ in chosen]
        self.shares = [share for _, share in chosen]
        self.harsh, self.scanned, self.loose = harsh, scanned, loose
        self.recent: list[np.ndarray] = []  # ink of earlier lines: what neighbours a line

    def line(self, text: str) -> Picture | None:
        """The text as a picture 48 px high, or nothing where no face has its characters or it gets too wide."""
        face = self._face(text)
        if face is None:
            return None
        harsh = self.rng.random() < self.harsh
        loose = bool(self.loose) and self.rng.random() < self.loose
        ink = self._printed(face, self._spread(text) if loose else text, harsh)
        if ink is None:
            return None
        if loose and self.recent and self.rng.random() < 0.3:
            ink = self._beside(ink)
        seen = self._seen(self._cut(ink, loose), harsh)
        width = max(16, round(seen.shape[1] * HEIGHT / seen.shape[0]))
        if width > WIDEST or width < 8 * len(text):
            return None
        return cv2.resize(seen, (width, HEIGHT))

    def again(self, photo: Picture) -> Picture | None:
        """A photo of a line, as another camera would have seen it; nothing where it is too wide."""
        r = self.rng
        high = max(16, min(HEIGHT, round(photo.shape[0] * r.uniform(0.6, 1))))
        wide = max(16, round(photo.shape[1] * high / photo.shape[0] * r.uniform(0.85, 1.15)))
        seen = cv2.resize(photo, (wide, high), interpolation=cv2.INTER_AREA)
        seen = cv2.convertScaleAbs(seen, alpha=r.uniform(0.7, 1.1), beta=r.uniform(-10, 30))
        if r.random() < 0.5:
            seen = cv2.imdecode(cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, r.randint(40, 95)])[1], 1)
        width = round(wide * HEIGHT / high)
        return cv2.resize(seen, (width, HEIGHT)) if 16 <= width <= WIDEST else None

    def _face(self, text: str) -> Face | None:
        for _ in range(6):
            face = self.rng.choices(self.faces, self.shares)[0]
            if face.draws(text):
                return face
        return None

    def _printed(self, face: Face, text: str, harsh: bool) -> np.ndarray | None:
        """Ink 0..1, cropped to what is printed."""
        r = self.rng
        dots = r.random() < 0.5
        gap = r.choice([1, 1, 2, 3, 5, 8]) if r.random() < 0.3 else r.choice([0, 0, 0, 0, -1])
        ink = face.ink(text, r.choice([18, 20, 24, 24, 28, 32, 36]), gap, dots)
        rows, columns = np.flatnonzero(ink.max(1) > 0.3), np.flatnonzero(ink.max(0) > 0.3)
        if len(rows) < 2:
            return None
        ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        if r.random() < 0.15:  # a bolder cut of the face
            ink = cv2.dilate(np.pad(ink, 1), np.ones(r.choice([(1, 2), (1, 2), (2, 1), (2, 2), (2, 3)]), np.uint8))
        if r.random() < 0.2:  # double height or width, dot by dot
            ink = np.repeat(ink, 2, r.choice([0, 0, 1]))
        if dots or isinstance(face, Bitmap):
            if r.random() < 0.3:  # a print head's heat runs on in the direction of travel
                ink = np.maximum(ink, np.roll(ink, 1, r.randint(0, 1)) * r.uniform(0.3, 1))
            if r.random() < 0.15 and ink.shape[0] >= 14:  # dot matrix: round dots with paper between
                ink = _needles(ink)
        if harsh and r.random() < 0.35:
            ink = self._worn(ink)
        return ink

    def _worn(self, ink: np.ndarray) -> np.ndarray:
        """Dead heater dots (rows or columns), lost dots, blotches of missing ink."""
        r, kind = self.rng, self.rng.random()
        ink = ink.copy()
        if kind < 0.35:
            ink *= self.noise.random(ink.shape, np.float32) > r.uniform(0.03, 0.3)
        elif kind < 0.6:
            for _ in range(r.randint(1, 3)):
                if r.random() < 0.7:
                    ink[r.randrange(ink.shape[0])] *= r.uniform(0, 0.5)
                else:
                    ink[:, r.randrange(ink.shape[1])] *= r.uniform(0, 0.5)
        else:
            cells = self.noise.random((max(2, ink.shape[0] // 6), max(2, ink.shape[1] // 6)), np.float32)
            ink *= np.clip(cv2.resize(cells, ink.shape[::-1]) * r.uniform(2, 5), r.uniform(0, 0.4), 1)
        return ink

    def _spread(self, text: str) -> str:
        """The same with wide gaps, as labels are set to fill a column; the gaps are read as one space each."""
        return text.replace(" ", " " * self.rng.randint(2, 6)) if self.rng.random() < 0.6 else text

    def _beside(self, ink: np.ndarray) -> np.ndarray:
        """With less than half a character of the next word at one end: where the box was cut through it."""
        r = self.rng
        high = ink.shape[0]
        other = r.choice(self.recent)
        other = cv2.resize(other, (max(1, other.shape[1] * high // other.shape[0]), high))
        wide = max(1, round(high * r.uniform(0.1, 0.35)))
        at = r.randrange(max(1, other.shape[1] - wide))
        gap = np.zeros((high, max(1, round(high * r.uniform(0.1, 0.5)))), np.float32)
        piece = other[:, at : at + wide]
        return np.concatenate([piece, gap, ink] if r.random() < 0.5 else [ink, gap, piece], 1)

    def _cut(self, ink: np.ndarray, loose: bool = False) -> np.ndarray:
        """The ink within the box a detector draws: margins, and in most boxes the edge of its neighbours.

        In a loose one up to two thirds of the lines above and below: text that runs at a slant through a level box.
        """
        r = self.rng
        high = ink.shape[0]
        margin = [round(high * r.triangular(-0.06, 0.6, 0.2)) for _ in range(2)]
        most = 0.35
        if loose and r.random() < 0.4:
            margin, most = [round(high * r.uniform(0.3, 0.75)) for _ in range(2)], 0.65
        side = [round(high * r.triangular(-0.05, 0.7, 0.2)) for _ in range(2)]
        box = np.pad(ink, ([max(m, 0) for m in margin], [max(s, 0) for s in side]))
        above, below, before, behind = (max(-m, 0) for m in (*margin, *side))
        box = box[above : box.shape[0] - below, before : box.shape[1] - behind]
        for edge in range(2):
            if margin[edge] >= 2 and r.random() < 0.45:
                rows = r.randint(1, max(1, min(margin[edge] - 1, round(most * high))))
                part = box[:rows] if edge == 0 else box[-rows:]
                np.maximum(part, self._neighbour(rows, box.shape[1], high, edge), out=part)
        self.recent = [*self.recent[-20:], ink]
        return box

    def _neighbour(self, rows: int, wide: int, high: int, edge: int) -> np.ndarray:
        """What intrudes at the top (edge 0) or bottom (1), rows x wide: a line's strokes, a ruled line, a bar code."""
        r, kind = self.rng, self.rng.random()
        found = np.zeros((rows, wide), np.float32)
        if kind < 0.75 and self.recent:
            other = r.choice(self.recent)
            other = cv2.resize(other, (max(1, other.shape[1] * high // other.shape[0]), high))
            piece = other[-rows:] if edge == 0 else other[:rows]
            at = r.randint(-piece.shape[1] // 2, wide // 2)
            piece = piece[:, max(0, -at) :][:, : wide - max(0, at)]
            found[: piece.shape[0], max(0, at) : max(0, at) + piece.shape[1]] = piece
        elif kind < 0.9:
            on, off = r.choice([(1, 0), (8, 6), (12, 4), (4, 4)])
            found[: r.randint(1, min(3, rows))] = np.arange(wide) % (on + off) < on
        else:
            found[:] = np.repeat(self.noise.random(wide // 2 + 1) < 0.5, 2)[:wide]
        return found

    def _seen(self, ink: np.ndarray, harsh: bool) -> Picture:
        """The line as a camera's pixels, at the size it has in the photo."""
        r = self.rng
        sizes = [13, 14, 15, 16, 18, 20, 24, 30] if harsh else [18, 20, 22, 24, 28, 32, 40, 48]
        high = round(r.choice(sizes) * r.uniform(1.0, 1.3))
        scanned = bool(self.scanned) and r.random() < self.scanned
        if scanned:
            high = r.choice([14, 15, 16, 18, 20, 22, 26, 32])
        wide = max(8, round(ink.shape[1] * high / ink.shape[0] * r.triangular(0.5, 1.3, 0.95)))
        ink = self._warped(ink, high, wide, harsh)
        if scanned:
            ink = self._scanned(ink)
        if r.random() < (0.75 if harsh else 0.4):
            ink = cv2.GaussianBlur(ink, (0, 0), high / 48 * r.uniform(0.4, 1.6 if harsh else 1.0) + 0.2)
        if harsh and r.random() < 0.12:  # a hand that moved
            length = r.randint(2, max(2, high // 7))
            kernel = np.ones((1, length) if r.random() < 0.6 else (length, 1), np.float32) / length
            ink = cv2.filter2D(ink, -1, kernel)
        if r.random() < 0.25:  # ink that spreads or starves: closes or opens small counters
            ink = np.clip((ink - r.uniform(0.0, 0.25)) * r.uniform(1.2, 2.2), 0, 1)
        grey = self._papered(ink, harsh)
        return self._photographed(grey, harsh)

    def _scanned(self, ink: np.ndarray) -> np.ndarray:
        """What a fax or a scanning app leaves: strokes a pixel thicker or thinner, pixels lost."""
        r = self.rng
        if r.random() < 0.5:
            ink = ink * (self.noise.random(ink.shape, np.float32) > r.uniform(0, 0.25))
        if r.random() < 0.35:
            return cv2.dilate(ink, np.ones((2, 2), np.uint8))
        if r.random() < 0.25 and ink.shape[0] >= 18:
            return cv2.erode(ink, np.ones((2, 2), np.uint8))
        return ink

    def _warped(self, ink: np.ndarray, high: int, wide: int, harsh: bool) -> np.ndarray:
        """Resized to the photo's pixels, with what slant the detector's four corners leave."""
        r = self.rng
        h, w = ink.shape
        if h > 2.2 * high:
            ink = cv2.resize(ink, (max(8, round(w * 1.5 * high / h)), round(1.5 * high)), interpolation=cv2.INTER_AREA)
            h, w = ink.shape
        if r.random() < 0.45:
            j = 0.12 if harsh else 0.06
            source = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
            lean = r.uniform(-0.2, 0.2) * high
            corners: list[list[float]] = [[lean, 0], [wide + lean, 0], [wide, high], [0, high]]
            target = np.array([[at + r.uniform(-j, j) * high for at in corner] for corner in corners], np.float32)
            warp = cv2.getPerspectiveTransform(source, target)
            mode = cv2.INTER_AREA if h > high else cv2.INTER_LINEAR
            ink = cv2.warpPerspective(ink, warp, (wide, high), flags=mode, borderMode=cv2.BORDER_CONSTANT)
        else:
            ink = cv2.resize(ink, (wide, high), interpolation=cv2.INTER_AREA if h > high else cv2.INTER_LINEAR)
        if r.random() < 0.12 and wide > 3 * high:  # curled paper
            bend = r.uniform(-0.14, 0.14) * high * np.sin(np.linspace(0, np.pi, wide) * r.choice([1, 1, 2]))
            x, y = np.meshgrid(np.arange(wide, dtype=np.float32), np.arange(high, dtype=np.float32))
            ink = cv2.remap(ink, x, (y + bend).astype(np.float32), cv2.INTER_LINEAR)
        return ink

    def _papered(self, ink: np.ndarray, harsh: bool) -> np.ndarray:
        """Grey values 0..255 of ink on paper."""
        r = self.rng
        high, wide = ink.shape
        light = r.uniform(120, 252)
        dark = r.uniform(0, light * (0.6 if harsh else 0.45))
        coarse = self.noise.standard_normal((max(2, high // 8), max(2, wide // 16)), np.float32)
        paper = light + cv2.resize(coarse * r.uniform(0, 0.1 if harsh else 0.04) * (light - dark), (wide, high))
        if harsh and r.random() < 0.25:  # a fold's or a hand's shadow
            edge = np.clip((np.arange(wide) - r.uniform(0, wide)) / r.uniform(2, wide), -1, 1) * r.uniform(-0.2, 0.2)
            paper = paper * (1 + edge.astype(np.float32))
        strength: np.ndarray | float = 1.0
        if r.random() < (0.5 if harsh else 0.2):
            cells = self.noise.random((2, max(2, wide // 40)), np.float32)
            strength = 1 - r.uniform(0, 0.5) * cv2.resize(cells, (wide, high))
        grey = paper - (paper - dark) * ink * strength
        grain = r.uniform(0, 0.12 if harsh else 0.04) * (light - dark)
        grey += self.noise.standard_normal((high, wide), np.float32) * grain
        return np.asarray(255 - grey if r.random() < 0.03 else grey)

    def _photographed(self, grey: np.ndarray, harsh: bool) -> Picture:
        """Colour, stamps, a scanner's threshold, JPEG."""
        r = self.rng
        if harsh and r.random() < 0.1:  # a scan in two tones
            grey = (grey - grey.mean() * r.uniform(0.8, 1)) * r.uniform(2, 6) + r.uniform(120, 220)
        colour: Picture = np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[:, :, None], 3, 2)
        if r.random() < 0.4:
            tint = np.array([r.uniform(0.8, 1), r.uniform(0.88, 1), r.uniform(0.88, 1)])
            colour = (colour * tint).astype(np.uint8)
        if r.random() < 0.06:
            self._stamped(colour)
        if r.random() < 0.6:
            coded = cv2.imencode(".jpg", colour, [cv2.IMWRITE_JPEG_QUALITY, r.randint(20 if harsh else 55, 95)])[1]
            colour = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
        return colour

    def _stamped(self, colour: Picture) -> None:
        """A coloured ring or block behind the text, in place."""
        r = self.rng
        over = colour.copy()
        high, wide = colour.shape[:2]
        shade = r.choice([(60, 60, 220), (220, 120, 60), (90, 180, 90), (160, 160, 160)])
        centre = (r.randint(0, wide), r.randint(-high, 2 * high))
        cv2.circle(over, centre, r.randint(high, 3 * high), shade, r.choice([-1, max(1, high // 8), max(1, high // 4)]))
        strength = r.uniform(0.15, 0.6)  # the ink below shows through
        cv2.addWeighted(over, strength, colour, 1 - strength, 0, dst=colour)


def _needles(ink: np.ndarray) -> np.ndarray:
    """Each dot as a disc with paper around it."""
    disc = np.array([[0.2, 0.7, 0.2], [0.7, 1.0, 0.7], [0.2, 0.7, 0.2]], np.float32)
    return np.kron((ink > 0.5).astype(np.float32), disc)


def main() -> None:
    """A sheet of drawn lines, to look at."""
    parser = argparse.ArgumentParser(description="Draw lines as receipts print them, to look at.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--lines", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--harsh", type=float, default=0.3, help="share of badly printed lines, 0 to 1")
    parser.add_argument("--scanned", type=float, default=0.0, help="share of scanned lines, 0 to 1")
    parser.add_argument("--loose", type=float, default=0.0, help="share of lines in boxes that do not fit, 0 to 1")
    parser.add_argument("--held-out", action="store_true", help="draw with the fonts and words of the evaluation")
    options = parser.parse_args()
    drawer = Drawer(options.seed, faces(options.held_out), options.harsh, options.scanned, options.loose)
    writer = Writer(random.Random(options.seed), words(evaluation=options.held_out))
    rows: list[np.ndarray] = []
    while len(rows) < options.lines:
        seen = drawer.line(writer.line() if len(rows) % 3 else writer.plain())
        if seen is not None:
            row = np.full((HEIGHT + 4, WIDEST, 3), 255, np.uint8)
            row[2 : HEIGHT + 2, : seen.shape[1]] = seen
            rows.append(row)
    cv2.imwrite(str(options.out), np.vstack(rows))


if __name__ == "__main__":
    main()
