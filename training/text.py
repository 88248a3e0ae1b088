"""What receipts say: labels, amounts, numbers, dates, menus, shop names, and syllables that mean nothing.

Enough of the text is random that the network cannot guess what it does not see. One word in ten is held out of
training, by its hash, for `training.evaluate`.
"""

from __future__ import annotations

import random
import unicodedata
import zlib
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase

from workbench.domain import lexicon

WORDS = Path("/usr/share/hunspell/ko.dic")  # Debian's hunspell-ko
LONGEST = 36  # characters in a line; what fits 560 px

HANGUL = [bytes([a, b]).decode("euc-kr") for a in range(0xB0, 0xC9) for b in range(0xA1, 0xFF)]  # KS X 1001
RARE = list("샾쏼믜뷁펲똠뙇쒸꼍챠쥬뎁햏쨩")  # outside KS X 1001, met on signs
SIGNS = list("₩·…○●※★☆▶→□■％℃㈜ⓒ×÷–—“”‘’【】「」《》〈〉：，．（）＊＃＆￦▲▼◆◇")  # fmt: skip
ASCII = [chr(code) for code in range(33, 127)]
CHARACTERS = [*dict.fromkeys([*ASCII, *SIGNS, *HANGUL, *RARE]), " "]


def drawn_words() -> dict[str, tuple[str, ...]]:
    """What stands on receipts in these very words, by section; labels are all that extraction knows, and more."""
    known = [*lexicon.group("labels.amount").values(), *lexicon.group("labels.text").values()]
    sections = lexicon.group("training")
    return sections | {"labels": tuple(dict.fromkeys(chain(*known, sections["labels"])))}


def held_out(word: str) -> bool:
    """Whether training must not see the word."""
    return zlib.crc32(word.encode()) % 10 == 0


def words(source: Path = WORDS, evaluation: bool = False) -> list[str]:
    """Dictionary words of two to seven syllables: those to train on, or the held-out ones."""
    listed = source.read_text("utf8").splitlines()
    entries = (unicodedata.normalize("NFC", line.split("/")[0].strip()) for line in listed)
    known = set(HANGUL)
    return [w for w in entries if 1 < len(w) < 8 and set(w) <= known and held_out(w) == evaluation]


def vocabulary() -> list[str]:
    """Words to train on, on any machine: the dictionary's where it is installed, else those that stand on receipts."""
    if WORDS.is_file():
        return words()
    known = set(HANGUL)
    listed = sorted({word for text in chain(*drawn_words().values()) for word in text.split()})
    return [word for word in listed if 1 < len(word) < 8 and set(word) <= known]


class Writer:
    """Makes up lines of receipts. `line()` is any line, `dense()` one packed with Hangul, `plain()` one without."""

    def __init__(self, rng: random.Random, vocabulary: list[str]) -> None:
        self.rng = rng
        self.vocabulary = vocabulary
        self.known = drawn_words()

    def line(self) -> str:
        """A line of a receipt, at most `LONGEST` characters, single spaces."""
        return self._fitting(self.rng.choices(_KINDS, _SHARES)[0])

    def plain(self) -> str:
        """A line without Hangul: what the base model reads well."""
        while True:
            text = self._fitting(self.rng.choices(_PLAIN, _PLAIN_SHARES)[0])
            if text.isascii() or not set(text) & set(HANGUL):  # amounts may end in 원
                return text

    def dense(self) -> str:
        """8 to 26 characters, mostly random syllables: more Hangul learnt in a line's time than a receipt's own."""
        r = self.rng
        pieces = [self.syllables, self.word, self.shop, self.anything, self.number]
        text, wanted = "", r.randint(8, 26)
        while len(text) < wanted:
            text += r.choice(["", " ", " ", "(", ")", "/", ":", "."]) + r.choices(pieces, [8, 3, 2, 1, 1])[0]()
        return " ".join(text[:wanted].split())

    def brief(self, plain: bool) -> str:
        """What stands in a cell of its own: a count, a nought, a sign; where not `plain`, a syllable or two."""
        r = self.rng
        if not plain:
            text = r.choice([self.syllables(1, 2), self.syllables(1, 2), r.choice(self.known["labels"])])
            return " ".join(text) if r.random() < 0.5 else text
        return r.choice(
            [
                "0", "1", self.digits(1, 1), self.digits(1, 1), self.digits(2, 2), self.digits(1, 3),
                f"{self.digits(1, 1)} {self.digits(1, 1)}", f"{r.randint(1, 99)},000", f"-{r.randint(1, 9)}00",
                r.choice(["*", "**", "-", "+", "x", "X", "%", "#", ":", ".", "=", ">", "~"]), f"{r.randint(1, 9)}EA",
            ]
        )  # fmt: skip

    def _fitting(self, kind: Callable[[Writer], str]) -> str:
        while True:
            text = " ".join(kind(self).split())
            if 0 < len(text) <= LONGEST:
                return text

    # numbers
    def digits(self, fewest: int, most: int) -> str:
        """A run of digits."""
        return "".join(self.rng.choices("0123456789", k=self.rng.randint(fewest, most)))

    def amount(self) -> str:
        """Won with or without a sign or unit."""
        r = self.rng
        value = r.choice([r.randint(1, 999), r.randint(1, 999) * 100, r.randint(1, 99999) * 10, r.randint(1, 99999999)])
        written = f"{value:,}" if r.random() < 0.92 else str(value)
        before = r.choice(["", "", "", "", "₩", "￦", "\\", "-", "₩ "])
        return before + written + r.choice(["", "", "", "", "", "원", "-"])

    def business_number(self) -> str:
        """As on a slip: 123-45-67890, seldom without the dashes."""
        dash = self.rng.choice(["-", "-", "-", "-", "-", " - ", ""])
        return dash.join([self.digits(3, 3), self.digits(2, 2), self.digits(5, 5)])

    def date(self) -> str:
        """A date, often with a time."""
        r = self.rng
        y, m, d = r.randint(2012, 2029), r.randint(1, 12), r.randint(1, 31)
        s = r.choice("--/.")
        year = y % 100 if r.random() < 0.25 else y
        forms = [f"{year}{s}{m:02d}{s}{d:02d}"] * 6
        forms += [f"{y}년 {m}월 {d}일", f"{y}년{m:02d}월{d:02d}일", f"{y}{m:02d}{d:02d}", f"{y}{s} {m}{s} {d}"]
        day = r.choice(forms) + r.choice(["", "", "", f"({r.choice('월화수목금토일')})"])
        return day + (r.choice([" ", " ", ""]) + self.time() if r.random() < 0.6 else "")

    def time(self) -> str:
        """Hours and minutes, often seconds."""
        r = self.rng
        clock = f"{r.randint(0, 23):02d}:{r.randint(0, 59):02d}"
        return r.choice(["", "", "", "오후 ", "AM "]) + clock + (f":{r.randint(0, 59):02d}" if r.random() < 0.6 else "")

    def phone(self) -> str:
        """A telephone number."""
        r = self.rng
        area = r.choice(["02", "031", "032", "051", "010", "1588", "1544", "070", "0507"])
        if r.random() < 0.2:
            return f"({area}){self.digits(3, 4)}-{self.digits(4, 4)}"
        return r.choice("-- )").join([area, self.digits(3, 4), self.digits(4, 4)])

    def card(self) -> str:
        """A card number, partly hidden."""
        r = self.rng
        hidden = r.choice("***XxX")
        body = self.digits(16, 16)
        first, last = r.choice([(4, 12), (6, 12), (8, 12), (6, 16), (8, 16), (16, 16)])
        body = body[:first] + hidden * (last - first) + body[last:]
        return r.choice(["-", "-", "", " "]).join(body[i : i + 4] for i in range(0, 16, 4))

    def code(self) -> str:
        """Approval, terminal, receipt, table numbers."""
        r = self.rng
        return r.choice(
            [
                self.digits(8, 8), self.digits(8, 8), self.digits(4, 12), self.digits(9, 10),
                "No." + self.digits(1, 4), "POS:" + self.digits(2, 2), self.digits(13, 13), "#" + self.digits(2, 4),
                f"{self.digits(4, 4)}-{self.digits(4, 6)}", f"{self.digits(2, 8)}-{self.digits(2, 5)}",
                "".join(r.choices(ascii_uppercase + "0123456789", k=r.randint(4, 12))),
            ]
        )  # fmt: skip

    def number(self) -> str:
        """Any of the numbers above."""
        return self.rng.choice(
            [Writer.business_number, Writer.business_number, Writer.code, Writer.code, Writer.amount, Writer.amount,
             Writer.date, Writer.phone, Writer.card]
        )(self)  # fmt: skip

    # words
    def word(self) -> str:
        """A word of the dictionary."""
        return self.rng.choice(self.vocabulary)

    def syllables(self, fewest: int = 2, most: int = 8) -> str:
        """Hangul that means nothing."""
        return "".join(self.rng.choices(HANGUL, k=self.rng.randint(fewest, most)))

    def label(self) -> str:
        """A label as printed: at times spaced out, bracketed or with a star."""
        name = self.rng.choice(self.known["labels"])
        if self.rng.random() < 0.2:
            name = " ".join(name)
        before, behind = ["", "", "", "", "", "[", "(", "*", "<", "※ "], ["", "", "", "", "]", ")"]
        return self.rng.choice(before) + name + self.rng.choice(behind)

    def labelled(self) -> str:
        """A label and the number that belongs to it."""
        return self.label() + self.rng.choice([" : ", ":", " ", " ", ": ", " :", ""]) + self.number()

    def item(self) -> str:
        """What was bought."""
        r = self.rng
        kinds: list[Callable[[], str]] = [self.word, lambda: r.choice(self.known["food"]), lambda: self.syllables(2, 4)]
        name = r.choice(kinds)()
        if r.random() < 0.5:
            name += r.choice(["", " "]) + r.choice([self.word(), r.choice(self.known["food"])])
        return name + (r.choice(self.known["units"]) if r.random() < 0.25 else "")

    def bought(self) -> str:
        """A row of the list: item, price, count, sum."""
        cells = [self.item(), self.amount(), str(self.rng.randint(1, 20)), self.amount()]
        return " ".join(cells[i] for i in sorted(self.rng.sample(range(4), self.rng.randint(2, 4))))

    def shop(self) -> str:
        """A shop's name: made-up syllables, a trade, a branch."""
        r = self.rng
        name = r.choice([self.syllables(1, 4), self.syllables(1, 3), self.word(), r.choice(self.known["places"])])
        name += r.choice(["", "", " "]) + r.choice([r.choice(self.known["trades"]), self.syllables(1, 2), ""])
        if r.random() < 0.25:
            name = r.choice(["(주)", "주식회사 ", "㈜", "(유)"]) + name
        if r.random() < 0.5:
            branch = r.choice([self.syllables(2, 3), r.choice(self.known["places"]), self.word()])
            branch += r.choice(["점", "점", "역점", "본점", "지점"])
            name += f"({branch})" if r.random() < 0.4 else " " + branch
        return name

    def address(self) -> str:
        """A street address, cut where the paper ends."""
        r = self.rng
        places = self.known["places"]
        street = f"{r.randint(1, 999)}" + r.choice(["", f"-{r.randint(1, 99)}", "번길", "길"])
        inside = ["", f"{r.randint(1, 20)}층", "지하1층", f"({r.choice(places)})", f"{r.randint(101, 2000)}호"]
        parts = [*r.sample(places, r.randint(2, 4)), street, r.choice(inside)]
        return " ".join(parts)

    def person(self) -> str:
        """Who rang it up."""
        return self.rng.choice(["대표자 ", "대표:", "담당: ", "계산원:", "성명 ", ""]) + self.syllables(3, 3)

    def sentence(self) -> str:
        """Small print."""
        return " ".join(self.word() for _ in range(self.rng.randint(2, 5)))

    def latin(self) -> str:
        """Brands and small print in Latin letters."""
        r = self.rng
        made = ["".join(r.choices(ascii_lowercase, k=r.randint(2, 9))) for _ in range(r.randint(1, 3))]
        text = " ".join(r.choice(self.known["brands"]) if r.random() < 0.3 else word for word in made)
        return r.choice([text, text.upper(), text.title()])

    def anything(self) -> str:
        """Any character of the dictionary, so that the rare ones are met."""
        return "".join(self.rng.choices(CHARACTERS, k=self.rng.randint(3, 12)))

    def rule(self) -> str:
        """A ruled line made of signs."""
        return self.rng.choice("--=*.~") * self.rng.randint(4, 24)

    def signs(self) -> str:
        """Digits with every ASCII sign between them."""
        count = self.rng.randint(3, 7)
        return "".join(self.rng.choice([self.rng.choice(ASCII), self.digits(1, 4)]) for _ in range(count))

    def moment(self) -> str:
        """A date and time of any digits."""
        return (
            f"{self.digits(4, 4)}-{self.digits(2, 2)}-{self.digits(2, 2)} {':'.join(self.digits(2, 2) for _ in 'hms')}"
        )

    def sum(self) -> str:
        """The numbers of a row: price, count, sum."""
        return f"{self.amount()} {self.digits(1, 2)} {self.amount()}"


_MIX: dict[Callable[[Writer], str], float] = {
    Writer.labelled: 22, Writer.label: 4, Writer.shop: 14, Writer.syllables: 14, Writer.item: 11, Writer.bought: 8,
    Writer.address: 6, Writer.sentence: 6, Writer.person: 3, Writer.date: 3, Writer.anything: 4, Writer.number: 5,
}  # fmt: skip
_KINDS, _SHARES = list(_MIX), list(_MIX.values())
_PLAIN_MIX: dict[Callable[[Writer], str], float] = {
    Writer.business_number: 18, Writer.code: 20, Writer.amount: 18, Writer.phone: 8, Writer.card: 10,
    Writer.moment: 8, Writer.latin: 10, Writer.signs: 5, Writer.rule: 1, Writer.sum: 4,
}  # fmt: skip
_PLAIN, _PLAIN_SHARES = list(_PLAIN_MIX), list(_PLAIN_MIX.values())
