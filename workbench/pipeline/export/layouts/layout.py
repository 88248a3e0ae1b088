"""What a layout says, as read from its TOML; a sentence for the person who wrote it where it makes no sense.

`python -m workbench layouts` names ours; README tells what the words of a TOML mean.
"""

import tomllib
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec
import re2

from workbench.domain.errors import ExportFailed
from workbench.domain.law import law, limits
from workbench.pipeline.export.layouts.values import VALUES

LONGEST_ANSWER = 1_000
_QUIET = re2.Options()
_QUIET.log_errors = False  # else it writes to the terminal
Kind = Literal["text", "won", "date", "number", "sign"]
"""How a cell is written: number and sign are for records of fixed width (zeros in front; ' ' or '-')."""


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One column: its heading, and the value, constant text or answer it holds; a text beside a value stands in for it.

    `codes` names a table that turns the value into another; `width` is the most letters (bytes in a record; 0: any);
    a `required` cell that is empty is told before anything is written.
    """

    heading: str = ""
    value: str = ""
    text: str = ""
    ask: str = ""
    codes: str = ""
    width: int = 0
    kind: Kind = "text"
    required: bool = False


WORDS = {
    "card": "카드전표", "cash": "지출증빙 현금영수증", "personal": "소득공제용 현금영수증", "invoice": "세금계산서",
    "simple": "간이영수증", "receipt": "그 밖의 영수증", "none": "증빙이 아닌 것",
}  # fmt: skip
"""The sorts of evidence (see `values.evidence`), for a person."""


class Which(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which receipts belong into the file; an empty list is any, `over` is in won or a limit of the law by its name."""

    deduction: list[str] = []
    evidence: list[str] = []
    status: list[str] = []
    over: int | str | None = None

    def in_words(self) -> str:
        """Which receipts they are, for a person."""
        said = [" · ".join(self.deduction), " · ".join(WORDS.get(one, one) for one in self.evidence)]
        over = self.over_won(None)
        said.append("" if over is None else f"{over:,}원 초과")
        return ", ".join(filter(None, said)) or "읽은 영수증 모두"

    def over_won(self, day: date | None) -> int | None:
        """The amount above which a receipt of that day is meant; of today where the day is not known."""
        return int(law(self.over, day).value) if isinstance(self.over, str) else self.over


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must be asked of the person: a regular expression (RE2) for what will do, and an example of it.

    A layout may come from anybody: RE2 takes time in proportion to the text, whatever the expression.
    """

    name: str
    label: str
    pattern: str = ".+"
    example: str = ""

    def allows(self, said: str) -> bool:
        """Whether that answer will do; re2.error where the pattern is none."""
        return len(said) <= LONGEST_ANSWER and re2.fullmatch(self.pattern, said, _QUIET) is not None


class Records(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of records of `length` bytes: one header, one detail per group, one trailer with the sums.

    With `period`, only receipts of the year, half and first months of it that were asked for belong into it.
    """

    length: int
    group: list[str]
    header: list[Column]
    detail: list[Column]
    trailer: list[Column]
    period: bool = False


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file for another program. `sure` is how sure we are of it (high, medium, low) and `source` why.

    `heading_row` and `first_row` are lines of the file, from 1; `title` lines stand above. `parts` writes the taxable
    and the exempt part of a receipt in rows of their own; `entries` are several rows a receipt, each naming by heading
    what differs from `columns`, left out where its `needs` is nothing; the values it names are required. A receipt
    without what is required is left out of the file if `complete`.
    """

    name: str
    version: str
    sure: Literal["high", "medium", "low"]
    source: str
    note: str = ""
    ending: Literal[".xlsx", ".xls", ".csv", ".txt"] = ".xlsx"
    encoding: Literal["utf-8-sig", "utf-8", "cp949"] = "cp949"
    title: list[str] = []
    heading_row: int = 1
    first_row: int = 2
    parts: bool = False
    complete: bool = False
    receipts: Which = Which()
    columns: list[Column] = []
    entries: list[dict[str, str]] = []
    asks: list[Ask] = []
    codes: dict[str, dict[str, str]] = {}
    records: Records | None = None

    @property
    def warning(self) -> str:
        """What a person must know before trusting it."""
        return "" if self.sure == "high" else "공식 양식이 아닙니다. 올리기 전에 자리를 확인해 주세요."


def names() -> dict[str, Layout]:
    """Our layouts by the name they are asked for with."""
    folder = files("workbench").joinpath("pipeline", "export", "layouts")
    found = sorted((item for item in folder.iterdir() if item.name.endswith(".toml")), key=lambda item: item.name)
    return {item.name.removesuffix(".toml"): _read(item.read_bytes(), item.name) for item in found}


def own_layouts(folder: Path) -> tuple[dict[str, Layout], list[str]]:
    """The layouts in a folder of somebody's own, by their path, and what is wrong with those that cannot be used."""
    found, complaints = {}, []
    for path in sorted(folder.glob("*.toml")):
        try:
            found[str(path)] = load(str(path))
        except ExportFailed as error:
            complaints.append(str(error))
    return found, complaints


def source_of(name: str) -> bytes:
    """The TOML of one of ours, to be copied and changed; ExportFailed names the ones there are."""
    item = files("workbench").joinpath("pipeline", "export", "layouts", f"{name}.toml")
    if not item.is_file():
        raise ExportFailed(f"{name!r}이라는 양식은 없습니다. 양식: {', '.join(names())}")
    return item.read_bytes()


def load(name: str) -> Layout:
    """The layout of that name, or that a TOML file holds; ExportFailed says what is wrong with it."""
    path = Path(name)
    if path.suffix.lower() != ".toml":
        return _read(source_of(name), name)
    try:
        return _read(path.read_bytes(), path.name)
    except OSError as error:
        raise ExportFailed(f"양식 파일을 열 수 없습니다: {path} ({error.strerror})") from None


def _read(data: bytes, name: str) -> Layout:
    try:
        layout = msgspec.convert(tomllib.loads(data.decode("utf-8-sig")), Layout)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise ExportFailed(f"양식 {name}을(를) 이해하지 못했습니다: {error}") from None
    for trouble in _troubles(layout):
        raise ExportFailed(f"양식 {name}: {trouble}")
    return layout


def _troubles(layout: Layout) -> list[str]:
    """What is wrong with a layout that has the right form."""
    records, over = layout.records, layout.receipts.over
    columns = layout.columns if records is None else [*records.header, *records.detail, *records.trailer]
    asked = {ask.name for ask in layout.asks}
    headings = {column.heading for column in columns}
    found = [] if columns else ["열(columns)이 없습니다."]
    if isinstance(over, str) and over not in limits():
        found.append(
            f"over의 {over!r}이라는 한도는 없습니다. 원으로 적거나 {', '.join(limits())} 가운데 하나를 적어 주세요."
        )
    for column in columns:
        where = f"{column.heading!r} 열"
        if column.value and column.value not in VALUES:
            found.append(f"{where}의 값 {column.value!r}은(는) 없습니다. 값: {', '.join(VALUES)}")
        if column.ask and column.ask not in asked:
            found.append(f"{where}이 묻는 {column.ask!r}이(가) asks에 없습니다.")
        if column.codes and column.codes not in layout.codes:
            found.append(f"{where}의 코드표 {column.codes!r}이(가) codes에 없습니다.")
    found += [f"{ask.label!r}의 pattern을 이해하지 못했습니다: {ask.pattern[:60]}" for ask in layout.asks if _odd(ask)]
    for entry in layout.entries:
        found += [f"entries의 {heading!r}이라는 열은 없습니다." for heading in entry.keys() - headings - {"needs"}]
        found += [f"entries의 값 {said[1:]!r}은(는) 없습니다." for said in entry.values() if _unknown(said)]
    if records is not None:
        for part in ("header", "detail", "trailer"):
            width = sum(column.width for column in getattr(records, part))
            if width != records.length:
                found.append(f"{part} 레코드가 {width}바이트입니다. {records.length}바이트여야 합니다.")
        if records.period and not {"year", "half", "month"} <= asked:
            found.append("period에는 year, half, month를 묻는 asks가 있어야 합니다.")
    elif layout.first_row <= layout.heading_row:
        found.append("first_row는 heading_row보다 아래여야 합니다.")
    return found


def _odd(ask: Ask) -> bool:
    try:
        ask.allows("")
    except re2.error:
        return True
    return False


def _unknown(said: str) -> bool:
    return said.startswith("=") and said[1:].partition("|")[0] not in VALUES
