"""Which column of a list holds what: by the names that card companies, banks and 홈택스 give them; pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from workbench.domain import lexicon
from workbench.domain.errors import CaseError
from workbench.pipeline.ledger.amounts import Cell, decimal_of, text_of
from workbench.pipeline.ledger.currencies import foreign_heading
from workbench.pipeline.ledger.moments import moment_of
from workbench.pipeline.ledger.row_states import calls_off

SYNONYMS = lexicon.group("headings.payments")
"""What a column is called, the surest name first."""
VENDOR_SYNONYMS = lexicon.group("headings.vendors")
"""The same for a vendor master (거래처)."""
WORDS = lexicon.names("headings.kinds")
"""Kinds of columns as people call them, in the order of the form in which they are chosen."""

_IN_WON = re.compile(r"원화|[(\[]\s*원\s*[)\]]|₩|KRW", re.IGNORECASE)
_CURRENCY = re.compile(r"원화|krw|usd|달러|현지통화|현지|외화|미화")
_SHAPES = {
    "date": re.compile(r"(?:지출|구매|구입|주문|발생|사용)일"),
    "number": re.compile(r"(?:가맹점|공급자|거래처|판매자|매출처)?사업자(?:등록)?번호"),
    "approval": re.compile(r"(?!원|취소|당초).*승인번호"),
    "merchant": re.compile(
        r"(?!.*(?:번호|코드|주소|유형|전화)).*(?:가맹점|사용처|이용처|거래처|구매처|결제처|지출처|구입처|판매처|매출처|매입처|상호|상점|매장|업체|점포)(?:명|이름)?"
    ),
    "card": re.compile(r".*카드번호"),
}
"""What headings end with that no list of names can hold in full."""
_NO_PAYMENT = re.compile(
    r"공급가|부가|세액|봉사|수수료|할인|포인트|적립|청구|한도|잔액|취소|환불|입금|면세|비과세|잔여|누적"
)
_NO_DAY = re.compile(r"결제|청구|입금|지급|취소|접수|매입|만기|예정|등록|출금일|기준|할부")


def bare_heading(name: object) -> str:
    """A heading without spaces, units and marks: "이용금액 (원)" is "이용금액"."""
    plain = unicodedata.normalize("NFKC", text_of(name)).lower()
    return re.sub(r"[\W_]", "", re.sub(r"\(.*?\)|\[.*?\]", "", plain))


def kinds_of(name: object, synonyms: Mapping[str, tuple[str, ...]] = SYNONYMS) -> set[str]:
    """What a heading may stand for, by its name alone."""
    return set(_kinds_of(name if isinstance(name, str) else text_of(name), synonyms is VENDOR_SYNONYMS))


@lru_cache(maxsize=4096)
def _kinds_of(name: str, vendors: bool) -> frozenset[str]:
    synonyms = VENDOR_SYNONYMS if vendors else SYNONYMS
    bare = bare_heading(name)
    without = _CURRENCY.sub("", bare) or bare
    found = {kind for kind, names in synonyms.items() if bare in names or without in names}
    if synonyms is SYNONYMS and bare:
        if not found and re.search(r"(?:금|용|인|제|래|출|비)액$", without) and not _NO_PAYMENT.search(bare):
            found.add("amount")
        if not found and re.search(r"(일자|일시|날짜)$", bare) and not _NO_DAY.search(bare):
            found.add("date")
        if not found:
            found |= {kind for kind, shape in _SHAPES.items() if shape.fullmatch(bare)}
        if "amount" in found and foreign_heading(name):
            found = (found - {"amount"}) | {"foreign"}
        elif "foreign" in found and _IN_WON.search(name):
            found = (found - {"foreign"}) | {"amount"}
    return frozenset(found)


def find_columns(
    heading: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    given: Mapping[str, str | None],
    synonyms: Mapping[str, tuple[str, ...]] = SYNONYMS,
) -> dict[str, str]:
    """Which column holds what, by kind; `given` names win. CaseError if one that was given does not exist.

    A column that holds nothing, or no amounts under a heading of amounts, gives way to another of the same kind.
    """
    found: dict[str, str] = {}
    for kind, wanted in given.items():
        if wanted is not None and wanted != "":
            if wanted not in heading:
                raise CaseError(f"명세서에 {wanted!r} 열이 없습니다. 열: {', '.join(filter(None, heading))}")
            found[kind] = wanted
    for kind, names in synonyms.items():
        if kind in given:
            continue
        fitting = [
            (not _speaks(kind, [row[place] for row in rows if place < len(row)]), _rank(name, names), place, name)
            for place, name in enumerate(heading)
            if name and name not in found.values() and kind in kinds_of(name, synonyms)
        ]
        if fitting:
            found[kind] = min(fitting)[3]
    if synonyms is SYNONYMS and "cancelled" not in given:
        _find_cancelled(heading, rows, found)
    return found


def _find_cancelled(heading: Sequence[str], rows: Sequence[Sequence[Cell]], found: dict[str, str]) -> None:
    """Takes the column in which rows are called cancelled, whatever its name, where the one named so calls none so."""

    def says(place: int) -> bool:
        cells = (row[place] for row in rows if place < len(row) and isinstance(row[place], str))
        return any(calls_off(str(cell)) for cell in cells)

    named = found.get("cancelled")
    if named is not None and (re.search("취소일", named) or says(list(heading).index(named))):
        return
    taken = {name for kind, name in found.items() if kind != "cancelled"}
    other = next((name for place, name in enumerate(heading) if name and name not in taken and says(place)), None)
    if other is not None:
        found["cancelled"] = other


def missing_kinds(found: Mapping[str, str]) -> list[str]:
    """Kinds without which nothing can be matched, that are not there."""
    return [kind for kind in ("amount", "date") if kind not in found]


def _rank(name: str, names: Sequence[str]) -> int:
    bare = bare_heading(name)
    without = _CURRENCY.sub("", bare)
    return names.index(bare) if bare in names else names.index(without) if without in names else len(names)


def _speaks(kind: str, cells: Sequence[Cell]) -> bool:
    """Whether a column holds what its heading promises in any of its first rows."""
    some = [cell for cell in cells if cell is not None and cell != ""][:200]
    if kind in ("amount", "foreign", "returned"):
        return any(decimal_of(cell) for cell in some)
    if kind == "date":
        return any(moment_of(cell) for cell in some)
    return bool(some)
