"""The vendor master (거래처) and the owner's memory of approved receipts: which number is whose; pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.domain.check_digit import is_valid
from workbench.domain.errors import CaseError
from workbench.domain.model import Receipt
from workbench.pipeline.ledger.amounts import text_of
from workbench.pipeline.ledger.columns import VENDOR_SYNONYMS, WORDS, find_columns
from workbench.pipeline.ledger.heading import find_heading
from workbench.pipeline.ledger.payment_notes import rows_told
from workbench.pipeline.ledger.payments import number_of
from workbench.pipeline.ledger.readers import Sheet
from workbench.pipeline.ledger.shop_likeness import bare_name

MASTER, MEMORY = "거래처 목록", "승인한 영수증"


@dataclass(frozen=True, slots=True)
class VendorList:
    """A vendor master as it was understood: (number, name) of each row, and what of it could not be."""

    name: str
    columns: dict[str, str]
    vendors: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        used = ", ".join(f"{WORDS[kind]} = {column}" for kind, column in self.columns.items())
        return "\n".join([f"{self.name}: 거래처 {len(self.vendors):,}곳. {used}.", *self.notes])


@dataclass(frozen=True, slots=True)
class Vendors:
    """Names by number and numbers by name, each with where it is known from."""

    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    numbers: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.names)


def understand_vendors(sheets: Sequence[Sheet], name: str, given: Mapping[str, str | None] | None = None) -> VendorList:
    """The sheet that holds numbers and names of vendors; CaseError says in words what is missing."""
    for sheet in sheets:
        heading = find_heading(sheet.rows, VENDOR_SYNONYMS)
        if heading is None:
            continue
        body = sheet.rows[heading.below :]
        columns = find_columns(heading.names, body, given or {}, VENDOR_SYNONYMS)
        if len(columns) < 2:
            continue
        number, title = heading.names.index(columns["number"]), heading.names.index(columns["merchant"])
        rows = {n: (number_of(_at(row, number)), text_of(_at(row, title)))
                for n, row in enumerate(body, heading.below + 1) if any(row)}  # fmt: skip
        found = tuple(dict.fromkeys((no, name_) for no, name_ in rows.values() if no and name_))
        if found:
            left = len(rows) - sum(bool(no and name_) for no, name_ in rows.values())
            notes = [f"사업자번호나 이름이 없는 줄 {left:,}개는 쓰지 않습니다."] if left else []
            return VendorList(name, columns, found, (*notes, *_doubts(rows)))
    raise CaseError(
        f"{name}: 거래처명과 사업자등록번호가 있는 제목 줄을 찾지 못했습니다. 거래처 목록인지 확인해 주세요."
    )


def _doubts(rows: Mapping[int, tuple[str, str]]) -> list[str]:
    """What of the numbers cannot be right, with their rows; `rows` by their number in the file."""
    wrong = [n for n, (number, _) in rows.items() if number and not is_valid(number)]
    names: dict[str, set[str]] = defaultdict(set)
    for number, name in rows.values():
        names[number] |= {bare_name(name)} - {""}
    several = [n for n, (number, _) in rows.items() if number and len(names[number]) > 1]
    told = (
        (wrong, "검증번호가 맞지 않는 사업자번호 {:,}개({}): 번호를 확인해 주세요."),
        (several, "한 사업자번호에 이름이 여럿인 줄 {:,}개({}): 어느 이름이 맞는지 확인해 주세요."),
    )
    return [text.format(len(found), rows_told(found)) for found, text in told if found]


def _at(row: Sequence[object], place: int) -> object:
    return row[place] if place < len(row) else None


def remembered(receipts: Iterable[Receipt]) -> list[tuple[str, str]]:
    """(number, name) of receipts that a person approved, those of one number said alike by most."""
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for receipt in receipts:
        number, name = receipt.value("business_number"), receipt.value("merchant")
        if receipt.status in ("approved", "confirmed") and number and name:
            names[number][name] += 1
    return [(number, counts.most_common(1)[0][0]) for number, counts in names.items()]


def known_vendors(lists: Iterable[tuple[str, Iterable[tuple[str, str]]]]) -> Vendors:
    """What is known of vendors from (where from, its rows); the first to name a number is asked first."""
    names: dict[str, dict[str, str]] = defaultdict(dict)
    numbers: dict[str, set[str]] = defaultdict(set)
    for source, rows in lists:
        for number, name in rows:
            names[number].setdefault(name, source)
            if len(bare_name(name)) >= 2:
                numbers[bare_name(name)].add(number)
    return Vendors(dict(names), {name: frozenset(found) for name, found in numbers.items()})
