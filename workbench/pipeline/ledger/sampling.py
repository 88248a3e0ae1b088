"""A sample of a case's receipts to be checked blind, and what its outcome says of all of them (ISA 530); pure.

The draw follows from the seed and the receipts' ids alone: receipts are ordered by the SHA-256 of "seed:id", so anybody
can draw the same again, whatever the order in which they were added.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypedDict

import pandas as pd

from workbench.domain import schema
from workbench.domain.errors import CaseError, WrongValue
from workbench.pipeline.ledger.bounds import size_for, stringer, upper_rate

Method = Literal["attribute", "money"]


class Drawing(TypedDict, total=False):
    """How a sample is drawn: by receipts ("attribute") or by won ("money"), from which seed (0)."""

    method: str
    seed: int


@dataclass(frozen=True, slots=True)
class Sample:
    """What was drawn from what: `population` receipts of `book` won in all, `chosen` ids in the order of checking.

    In a money-unit sample `interval` is in won, and `certain` are those of at least one interval, always drawn;
    `left_out` are ids that have no positive amount and cannot be drawn so.
    """

    method: Method
    seed: int
    size: int
    tolerable: float
    confidence: float
    population: int
    book: int
    chosen: tuple[str, ...]
    interval: float = 0.0
    certain: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    books: dict[str, int] = field(default_factory=dict)
    meaning: str = "전체"
    id: int = 0

    def __repr__(self) -> str:
        how = "건수 표본" if self.method == "attribute" else f"금액 단위 표본, 간격 {self.interval:,.0f}원"
        return (
            f"{self.meaning} {self.population:,}건 {self.book:,}원에서 {len(self.chosen):,}건"
            f" ({how}, 난수 시드 {self.seed}, 신뢰수준 {self.confidence:.0%}, 허용 {self.tolerable:.1%})"
        )


@dataclass(frozen=True, slots=True)
class SampleResult:
    """What the checking showed; rates 0..1, won for a money-unit sample (None else)."""

    sample: Sample
    checked: int
    errors: int
    differences: pd.DataFrame
    rate: float
    upper: float
    projected: int | None = None
    upper_won: int | None = None

    @property
    def left(self) -> int:
        """How many of the chosen are still to be checked."""
        return len(self.sample.chosen) - self.checked

    @property
    def accepted(self) -> bool:
        """Whether all were checked and the limit lies within what was said to be tolerable."""
        return self.left == 0 and self.upper <= self.sample.tolerable

    def words(self) -> str:
        """The outcome as a workpaper says it."""
        sample = self.sample
        if self.left:
            return f"{len(sample.chosen):,}건 가운데 {self.checked:,}건을 확인했습니다. {self.left:,}건이 남았습니다."
        said = [
            f"{sample!r}을 모두 확인했습니다. 오류 {self.errors:,}건, 표본 오류율 {self.rate:.2%},"
            f" {sample.confidence:.0%} 신뢰수준의 상한 {self.upper:.2%} (구간 0~{self.upper:.2%})."
        ]
        if self.upper_won is not None:
            said.append(f"추정 오류 금액 {self.projected:,}원, 상한 {self.upper_won:,}원 (장부 {sample.book:,}원).")
        if self.accepted:
            said.append(f"상한이 허용 {sample.tolerable:.1%} 안이므로 함께 승인한 나머지도 받아들일 수 있습니다.")
        else:
            said.append(
                f"상한이 허용 {sample.tolerable:.1%}을(를) 넘으므로 함께 승인한 나머지를 받아들일 근거가 되지 않습니다."
                " 표본을 늘리거나 나머지를 하나씩 확인해 주세요."
            )
        return " ".join(said)

    def __repr__(self) -> str:
        return self.words()


SMALLEST, LARGEST = 1e-6, 10**9
"""The rate of errors that may be asked for, and the size: beyond them figures leave what a float holds."""


def draw(
    books: Mapping[str, int | None],
    *,
    size: int | None = None,
    tolerable: float = 0.05,
    confidence: float = 0.95,
    method: str = "attribute",
    seed: int = 0,
) -> Sample:
    """Draws from receipts given as id -> won (None where unknown). Without `size`, as many as zero errors ask for.

    CaseError where there is nothing to draw from, or what is asked for makes no sense.
    """
    if method not in ("attribute", "money"):
        raise CaseError("표본 방법은 attribute(건수) 또는 money(금액 단위)입니다.")
    if not SMALLEST <= tolerable < 1 or not 0.5 <= confidence < 1 or not (size is None or 1 <= size <= LARGEST):
        raise CaseError("허용 오류율은 0과 1 사이, 신뢰수준은 0.5와 1 사이, 크기는 1 이상이어야 합니다.")
    if not books:
        raise CaseError("표본을 뽑을 영수증이 없습니다.")
    wanted = size or size_for(tolerable, confidence)
    order = sorted(books, key=lambda name: (_draw_number(seed, name), name))
    book = sum(amount for amount in books.values() if amount)
    kept = {name: amount for name, amount in books.items() if amount is not None}
    common = (seed, wanted, tolerable, confidence, len(books), book)
    if method == "attribute":
        return Sample("attribute", *common, tuple(order[:wanted]), books=kept)
    paying = [name for name in order if (books[name] or 0) > 0]
    total = sum(books[name] or 0 for name in paying)
    if not paying:
        raise CaseError("금액이 있는 영수증이 없어 금액 단위 표본을 뽑을 수 없습니다.")
    interval = total / wanted
    certain = tuple(name for name in paying if (books[name] or 0) >= interval)
    chosen = (*certain, *_systematic([n for n in paying if n not in set(certain)], books, interval, seed))
    left_out = tuple(name for name in order if (books[name] or 0) <= 0)
    return Sample("money", *common, chosen, interval=interval, certain=certain, left_out=left_out, books=kept)


def _draw_number(seed: int, name: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}:{name}".encode()).digest(), "big")


def _systematic(names: Sequence[str], books: Mapping[str, int | None], interval: float, seed: int) -> list[str]:
    """Every `interval`-th won, from a start that the seed gives."""
    at = interval * (_draw_number(seed, "start") / 2**256)
    passed, found = 0.0, []
    for name in names:
        passed += books[name] or 0
        if at < passed:
            found.append(name)
            at += interval
    return found


def judge(sample: Sample, read: Mapping[str, Mapping[str, str]], held: Mapping[str, Mapping[str, str]]) -> SampleResult:
    """What the checks say: `read` is what checkers read off the pictures, `held` what the case holds, by id and field.

    A receipt is wrong where any field that was read differs. "" is a word: that there is no such value.
    """
    rows = []
    wrong: set[str] = set()
    done = [name for name in sample.chosen if name in read]
    for name in done:
        for field_name, value in read[name].items():
            ours = held.get(name, {}).get(field_name, "")
            if not _same(field_name, value, ours):
                wrong.add(name)
                rows.append((name, field_name, ours, value))
    differences = pd.DataFrame(rows, columns=["receipt_id", "field", "held", "checked"], dtype="string")
    count = len(done)
    rate = len(wrong) / count if count else 0.0
    if sample.method == "attribute" or not count:
        upper = upper_rate(len(wrong), count, sample.confidence) if count else 1.0
        return SampleResult(sample, count, len(wrong), differences, rate, upper)
    projected, upper_won = _money(sample, done, read)
    population = sum(amount for amount in sample.books.values() if amount > 0)
    return SampleResult(
        sample, count, len(wrong), differences, rate, min(1.0, upper_won / population), projected, upper_won
    )


def _money(sample: Sample, done: Sequence[str], read: Mapping[str, Mapping[str, str]]) -> tuple[int, int]:
    """Projected overstatement and its limit in won: what was drawn for certain is known, the rest by Stringer."""
    certain = set(sample.certain)
    over = {name: max(0, sample.books[name] - _won(read[name].get("total"), sample.books[name])) for name in done}
    known = sum(over[name] for name in done if name in certain)
    rest = [name for name in done if name not in certain]
    rest_book = sum(amount for name, amount in sample.books.items() if amount > 0 and name not in certain)
    if not rest:
        return known, known
    taints = [min(1.0, over[name] / sample.books[name]) for name in rest]
    limit = stringer(taints, len(rest), sample.confidence) * rest_book
    return round(known + sum(taints) / len(rest) * rest_book), round(known + limit)


def _won(text: str | None, book: int) -> int:
    return int(text) if text else 0 if text == "" else book


def _same(name: str, read: str, held: str) -> bool:
    if name == "issued_at":  # what both tell: a day, or a time as well
        length = min(len(read), len(held), len("2026-01-01 12:00"))
        return bool(read) == bool(held) and read[:length] == held[:length]
    if name == "approval_number":
        return read.lstrip("0").upper() == held.lstrip("0").upper()
    return read == held


def canonical(read: Mapping[str, str]) -> dict[str, str]:
    """What a checker typed, made canonical; WrongValue names what cannot be."""
    unknown = [name for name in read if name not in schema.BY_NAME]
    if unknown:
        raise WrongValue(f"{unknown[0]!r}이라는 항목은 없습니다.")
    return {name: schema.parse(name, text) for name, text in read.items()}
