"""What a receipt is: frozen records, no behaviour beyond "a changed copy of me".

Texts in records are canonical (see `schema.parse`): won "12500", times "2025-10-03 15:26:32", numbers "123-45-67890".
Numbers and dates proper exist only at the edge, in `schema.value_of`.
"""

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from workbench.domain.schema import FILLED

Status = Literal["waiting", "read", "failed", "changed", "approved", "confirmed"]
"""changed: approved, and since then read otherwise or contradicted; confirmed: approved by a second person, too."""
Severity = Literal["error", "warning", "info"]
"""error: the value is wrong or cannot be relied on; warning: look at it; info: good to know."""

SURE = 0.95
"""A reading with less confidence asks for a look."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in px, origin top-left, on the upright image that the engine saw (one image per receipt region)."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Width in px."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height in px."""
        return self.bottom - self.top

    @property
    def centre(self) -> tuple[float, float]:
        """The middle as (x, y)."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def moved(self, dx: float, dy: float) -> "Box":
        """The same rectangle, `dx` px to the right and `dy` px down."""
        return Box(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy)

    def union(self, other: "Box") -> "Box":
        """The smallest box around both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One run of text as the engine read it; confidence 0..1; angle of its baseline in degrees, clockwise positive.

    `source` is "" for what was recognised, "pdf text" for what the file itself says in characters.
    """

    text: str
    confidence: float
    box: Box
    angle: float = 0.0
    source: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person said a field holds; `value` None takes earlier words back (undo to the machine's reading).

    `box` is where on the receipt's image it was tapped or drawn; None where it was typed.
    """

    value: str | None
    by: str
    at: datetime
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """A person's yes to what they saw: the receipt's `revision` then, the values that held, by field, and what they
    knew of: marks of errors and warnings (`validation.known`), None where an earlier program did not keep them.
    `reckoned` are the values that a rate gave them (see `Receipt.reckoned`).
    """

    by: str
    at: datetime
    revision: str
    values: tuple[tuple[str, str], ...] = ()
    known: tuple[str, ...] | None = None
    reckoned: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """A person has seen a finding (its code and sentence) and lets it stand, perhaps with a reason."""

    code: str
    message: str
    by: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a receipt: the machine's reading and, beside it, what people said.

    `read` is the machine's canonical value (None: nothing found), `raw` the text as printed before any
    normalising or repair, `evidence` the reasons for the choice, in Korean, for the reviewer.
    """

    name: str
    read: str | None = None
    raw: str = ""
    confidence: float = 0.0
    box: Box | None = None
    evidence: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @property
    def corrected(self) -> bool:
        """Whether a person's word stands ("" is a word: the person says that there is none)."""
        return bool(self.corrections) and self.corrections[-1].value is not None

    @property
    def evidence_box(self) -> Box | None:
        """Where what holds was found: the machine's box, or what a person tapped or drew; None for what was typed."""
        return self.corrections[-1].box if self.corrected else self.box

    @property
    def value(self) -> str | None:
        """What holds: the last correction, else the reading; None where there is nothing."""
        if self.corrections and self.corrections[-1].value is not None:
            return self.corrections[-1].value or None
        return self.read


@dataclass(frozen=True, slots=True)
class Item:
    """One printed row of goods; amounts in won; None where not printed or not readable."""

    name: str
    quantity: int | None = None
    unit_price: int | None = None
    amount: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a reviewer should know: a Korean sentence, and the names of the fields it concerns.

    `code` is a stable short name ("checksum", "sum", "duplicate", ...) to filter by; `links` are ids of other
    receipts it speaks of (duplicates).
    """

    severity: Severity
    message: str
    fields: tuple[str, ...] = ()
    code: str = ""
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaxRecord:
    """What the tax service said of a business number, and when.

    `status` 계속사업자, 휴업자, 폐업자 or "" (not registered); `type` the service's sentence; `code` our class
    (GENERAL, SIMPLIFIED, SIMPLIFIED_INVOICE, SPECIAL_LEGACY, EXEMPT, NON_PROFIT, NOT_REGISTERED, UNKNOWN);
    `previous_code` the class before `changed_on`; `source` "nts" for the real service or "standin" for the 모의 one;
    `raw` the row as received, JSON.
    """

    number: str
    status: str
    type: str
    code: str
    asked_at: datetime
    source: str = "nts"
    closed_on: date | None = None
    changed_on: date | None = None
    previous_code: str = ""
    invoice_from: date | None = None
    merged: bool = False
    raw: str = ""


@dataclass(frozen=True, slots=True)
class TaxFailure:
    """A query that got no answer: the kind of failure (an `errors.TaxError` code) and a sentence for a person."""

    number: str
    code: str
    message: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Geometry:
    """How the picture in the file becomes the image that the engine saw; enough to draw it again.

    `orientation` is 0, 90, 180 or 270 degrees clockwise, applied to the page as its file says it stands (EXIF obeyed);
    `region` is then cut out, in px of the turned page; None is the whole page. `size` is (width, height) of the result.
    A bill over several `pages` is drawn as one picture, its pages under each other, `page_height` px apart.
    """

    orientation: int = 0
    region: Box | None = None
    size: tuple[int, int] = (0, 0)
    pages: int = 1
    page_height: int = 0

    def page_of(self, box: Box) -> int:
        """On which of its pages, from 0, the middle of a box of its image lies."""
        if self.pages < 2 or self.page_height < 1:
            return 0
        down = box.centre[1] + (self.region.top if self.region else 0.0)
        return min(self.pages - 1, max(0, int(down // self.page_height)))

    def box_of_page(self, page: int) -> Box:
        """Where its page `page`, from 0, lies in its image."""
        width, height = self.size
        if self.pages < 2 or self.page_height < 1:
            return Box(0, 0, width, height)
        top = page * self.page_height - (self.region.top if self.region else 0.0)
        return Box(0, max(0.0, top), width, min(float(height), top + self.page_height))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a worker made of one receipt region: geometry, lines, and what was extracted from them.

    `second` holds what another recogniser read of the few lines it was asked for; `kind` is the sort of paper (see
    `extraction.document_type`); `picture_hash` a perceptual hash, 16 hex digits.
    """

    geometry: Geometry
    lines: tuple[Line, ...]
    second: tuple[Line, ...] = ()
    kind: str = "receipt"
    fields: tuple[Field, ...] = ()
    items: tuple[Item, ...] = ()
    findings: tuple[Finding, ...] = ()
    engine: str = ""
    seconds: float = 0.0
    picture_hash: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt of a case. Its lines are large and stay in the case: `Case.lines_of(receipt.id)`.

    `read_findings` came with the reading (what only the lines can tell), `findings` are all that hold now. `statement`
    is how strictly a row of a statement agrees, `statement_row` which; "" where none does.
    `approved_by` and `confirmed_by` (the second of two) are "" where nobody has, or where it changed since;
    `approvals` tells of what has changed since, too, and `unseen` are the grave findings that came after it.
    `reckoned` names the fields whose value the case does not keep: another list of the user's gives it (a rate).
    """

    id: str
    file: str
    file_hash: str
    page: int
    region: int
    status: Status = "waiting"
    kind: str = ""
    error: str = ""
    geometry: Geometry = field(default_factory=Geometry)
    fields: tuple[Field, ...] = ()
    items: tuple[Item, ...] = ()
    tax: TaxRecord | TaxFailure | None = None
    read_findings: tuple[Finding, ...] = ()
    findings: tuple[Finding, ...] = ()
    deduction: str = ""
    deduction_reason: str = ""
    engine: str = ""
    seconds: float = 0.0
    picture_hash: str = ""
    read_at: datetime | None = None
    approved_by: str = ""
    confirmed_by: str = ""
    statement: str = ""
    statement_row: str = ""
    approvals: tuple[Approval, ...] = ()
    unseen: tuple[Finding, ...] = ()
    settled: tuple[Settled, ...] = ()
    reckoned: tuple[str, ...] = ()

    @property
    def revision(self) -> str:
        """12 hex digits that change when a value that holds changes, its reading, or the picture it was read from."""
        return revision_of(self)

    @property
    def kept_revision(self) -> str:
        """The revision of what the case keeps, without what is reckoned."""
        return revision_of(replace(self, fields=tuple(f for f in self.fields if f.name not in self.reckoned)))

    def revision_of(self, approval: Approval) -> str:
        """The revision that an approval was given to, `revision` where it fits what stands now.

        An approval keeps what is reckoned beside its revision, which tells of nothing reckoned.
        """
        same = dict(approval.reckoned) == {name: self.value(name) or "" for name in self.reckoned}
        return self.revision if same and approval.revision == self.kept_revision else approval.revision

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        """Errors and warnings that nobody has judged: neither settled nor, for a warning, answered in its fields.

        An error stands even where a person's own words make it.
        """
        settled = {(one.code, one.message) for one in self.settled}
        return tuple(
            finding
            for finding in self.findings
            if finding.severity != "info"
            and (finding.code, finding.message) not in settled
            and not (
                finding.severity == "warning"
                and finding.fields
                and all(self.field(name).corrected for name in finding.fields)
            )
        )

    @property
    def changed_values(self) -> tuple[tuple[str, str, str], ...]:
        """Of a receipt that changed since its approval: (field, value approved, value that holds); "" for none."""
        if self.status != "changed":
            return ()
        approved = dict((*self.approvals[-1].values, *self.approvals[-1].reckoned))
        now = self.values
        names = dict.fromkeys((*now, *approved))
        return tuple(
            (name, approved.get(name, ""), now.get(name, ""))
            for name in names
            if approved.get(name, "") != now.get(name, "")
        )

    def field(self, name: str) -> Field:
        """The field of that name; an empty one where nothing was found."""
        for known in self.fields:  # a plain loop: asked for a million times in a large case
            if known.name == name:
                return known
        return Field(name)

    def value(self, name: str) -> str | None:
        """The canonical value that holds for the field of that name."""
        return self.field(name).value

    @property
    def values(self) -> dict[str, str]:
        """All canonical values that hold, by field."""
        return {field.name: field.value for field in self.fields if field.value}

    def with_field(self, changed: Field) -> "Receipt":
        """A copy in which `changed` stands for the field of its name."""
        if any(f.name == changed.name for f in self.fields):
            return replace(self, fields=tuple(changed if f.name == changed.name else f for f in self.fields))
        return replace(self, fields=(*self.fields, changed))

    @property
    def corrected(self) -> bool:
        """Whether a person's word stands in any field that the paper shows."""
        return any(f.corrected and f.name not in FILLED for f in self.fields)

    @property
    def spoken_of(self) -> bool:
        """Whether anything here is a person's work: a value corrected or filled in, an approval."""
        return bool(self.approvals) or any(f.corrected for f in self.fields)

    @property
    def confidence(self) -> float | None:
        """The lowest confidence among the fields that were found and not corrected; None where there is none."""
        found = [f.confidence for f in self.fields if f.read is not None and not f.corrected]
        return min(found, default=None)


def revision_of(receipt: Receipt) -> str:
    """See `Receipt.revision`: 12 hex digits of a SHA-256 over what stands on the receipt, how it was read, and where.

    What only tells how sure the machine was (confidence, evidence, findings) is left out: a reading that finds the
    same is the same.
    """
    shown = sorted((f.name, f.value or "", f.read or "") for f in receipt.fields if f.value or f.read)
    goods = [(item.name, item.quantity, item.unit_price, item.amount) for item in receipt.items]
    place = receipt.geometry.region
    cut = (place.left, place.top, place.right, place.bottom) if place else ()
    seen = [receipt.file_hash, receipt.page, receipt.geometry.orientation, cut, receipt.kind, goods, shown]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:12]


def receipt_id(file_hash: str, page: int, region: int) -> str:
    """The stable id of a receipt: first 16 hex digits of its file's SHA-256, page and region, both from 1."""
    return f"{file_hash[:16]}-{page}-{region}"
