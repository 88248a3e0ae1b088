"""The sheet of the receipt in hand, as plain data for its script: what was read, what holds, what is open, and why."""

from typing import Any

from workbench.domain import schema
from workbench.domain.korean import in_korea
from workbench.domain.model import SURE, Field, Finding, Receipt, TaxFailure, TaxRecord
from workbench.review import beside, beside_texts, filters, suggest, texts
from workbench.review.crops import Crops
from workbench.review.goods import goods
from workbench.review.session import Session

DOUBTFUL = 0.8
"""Less sure than that, a value is shown as hardly read."""
THUMB = 0.15
"""Of a line's height, left around the small picture of a field: its box may run through the first digit."""
WORDS = {
    "correct": "고친 값",
    "crop": "그림에서 이 항목의 자리",
    "no_crop": "그림에서 자리를 찾지 못했습니다. 글상자를 누르거나 직접 적어 주세요.",
    "no_receipt": texts.NO_PICTURE,
    "first_steps": texts.FIRST_STEPS,
    "not_read": texts.NOT_READ,
    "problem": texts.STATE["open"][1],
    "corrected": "고침",
    "read": texts.READ_AS,
    "raw": texts.RAW,
    "nothing": texts.NOTHING_READ,
    "empty": texts.EMPTY,
    "confidence": texts.CONFIDENCE,
    "evidence": texts.EVIDENCE,
    "picks": texts.PICKS,
    "accept": texts.ACCEPT,
    "take_back": texts.TAKE_BACK,
    "next_problem": texts.NEXT_PROBLEM,
    "read_again": texts.READ_AGAIN,
    "tax": texts.TAX,
    "mock": texts.MOCK,
    "retry": texts.RETRY,
    "settle": texts.SETTLE,
    "reason": texts.REASON,
    "by_hand": texts.BY_HAND,
    "pointed": texts.POINTED,
    "machine_read": texts.MACHINE_READ,
    "offer": texts.OFFER,
    "approved_value": texts.APPROVED_VALUE,
    "now_value": texts.NOW_VALUE,
    "history": texts.HISTORY,
    "own": texts.OWN_FIELDS,
    "beside": beside_texts.OPEN,
}


class ReceiptSheet:
    """Drawn up anew from what the session holds each time it is asked for."""

    def __init__(self, session: Session) -> None:
        self._session, self._crops = session, Crops(session)

    def of(self, receipt: Receipt | None) -> dict[str, Any]:
        """All that is shown; with no receipt in hand what to do first."""
        if receipt is None:
            return {"id": "", "first": not self._session.receipts, "words": WORDS}
        problems, open_ones = filters.problems(receipt), len(filters.points(receipt))
        return {
            **self._head(receipt, open_ones),
            **self._in_hand(receipt),
            **self._findings(receipt),
            **self._own(receipt, problems),
            "fields": self._fields(receipt, problems, filled=False),
            "tax": self._tax(receipt),
            "words": {**WORDS, "left": _left(receipt, open_ones), "approve": self._verb(receipt)},
        }

    def _head(self, receipt: Receipt, open_ones: int) -> dict[str, Any]:
        """Which receipt it is, how it stands, and what may be done with it as a whole."""
        session, state = self._session, filters.state_of(receipt)
        question = session.question if session.question and session.question.receipt == receipt.id else None
        return {
            "id": receipt.id,
            "title": receipt.file,
            "where": texts.where(receipt.page, receipt.region, self._pages(receipt)),
            "state": [state, *texts.STATE[state]],
            "error": receipt.error,
            "waiting": receipt.status == "waiting",
            "can_approve": receipt.status != "waiting",
            "can_read": not session.reading.running,
            "revision": receipt.revision,
            "hand": session.hand,
            "left": open_ones,
            "offer": not open_ones and receipt.status in ("read", "changed"),
            "question": [question.text, question.yes, question.no] if question else None,
            "changed": self._changed(receipt),
            "waits": self._waits(receipt),
        }

    def _in_hand(self, receipt: Receipt) -> dict[str, Any]:
        """The field in hand: where it stands in the picture, what else it may be, and why the last word was refused."""
        session, field = self._session, receipt.field(self._session.field)
        refusal = session.refusal if session.refusal and session.refusal.receipt == receipt.id else None
        return {
            "active": session.field if session.finding is None else "",
            "crop": self._crops.of(receipt, field.evidence_box),
            "machine_crop": self._crops.of(receipt, field.box) if field.corrected else "",
            "machine": session.machine,
            "picks": [schema.render(session.field, value) for value in session.picks()],
            "evidence": list(field.evidence),
            "refusal": {"text": refusal.text, "why": refusal.why} if refusal else None,
        }

    def _findings(self, receipt: Receipt) -> dict[str, Any]:
        """What concerns no single field: findings on the paper, and such as name no field at all."""
        session, papers, named = self._session, filters.papers(receipt), set(schema.BY_NAME)
        return {
            "papers": [
                [*_finding(f), f == session.finding, bool(beside.partners(receipt, f, session.receipts))]
                for f in papers
            ],
            "findings": [_finding(f) for f in receipt.findings if f not in papers and not named & set(f.fields)],
        }

    def _pages(self, receipt: Receipt) -> int:
        """How many pages of its file hold receipts."""
        pages: list[int] = [one.page for one in self._session.receipts if one.file_hash == receipt.file_hash]
        return max(pages, default=receipt.page)

    def _verb(self, receipt: Receipt) -> str:
        case = self._session.case
        if receipt.status == "approved" and case.needs_second(receipt):
            return texts.CONFIRM if case.may_confirm(receipt, self._session.user) else texts.REOPEN
        return texts.REOPEN if receipt.status in ("approved", "confirmed") else texts.APPROVE

    def _waits(self, receipt: Receipt) -> str:
        """What an approved receipt lacks where two persons have to approve it."""
        if receipt.status != "approved" or not self._session.case.needs_second(receipt):
            return ""
        return texts.FOUR_EYES_WAITS.format(by=receipt.approved_by)

    def _changed(self, receipt: Receipt) -> dict[str, Any] | None:
        if receipt.status != "changed":
            return None
        last = receipt.approvals[-1]
        rows = [
            [schema.spec(name).label, *(schema.render(name, one) or texts.EMPTY for one in (approved, now))]
            for name, approved, now in receipt.changed_values
            if name in schema.BY_NAME
        ]
        said = texts.CAME_SINCE if receipt.unseen and not rows else texts.WAS_APPROVED
        return {
            "said": said.format(by=last.by, at=f"{in_korea(last.at):%m-%d %H:%M}"),
            "rows": rows,
            "unseen": [_finding(finding) for finding in receipt.unseen],
        }

    def _own(self, receipt: Receipt, problems: tuple[str, ...]) -> dict[str, Any]:
        """What no reading of a field is: the fields people fill in, what the case knows of them, and the goods."""
        session = self._session
        return {
            "own": self._fields(receipt, problems, filled=True),
            "used": suggest.used(session.receipts, session.field) if schema.spec(session.field).filled else (),
            "fill": texts.FILL.format(count=len(session.marked)) if session.marked else "",
            "goods": goods(receipt),
        }

    def _fields(self, receipt: Receipt, problems: tuple[str, ...], filled: bool) -> list[dict[str, Any]]:
        wanted = [spec for spec in schema.FIELDS if spec.filled == filled]
        return [self._field(receipt, receipt.field(spec.name), spec, problems) for spec in wanted]

    def _field(
        self, receipt: Receipt, field: Field, spec: schema.FieldSpec, problems: tuple[str, ...]
    ) -> dict[str, Any]:
        word = field.corrections[-1] if field.corrected else None
        sure = field.read is not None
        return {
            "name": spec.name,
            "label": spec.label,
            "kind": spec.kind,
            "filled": spec.filled,
            "value": schema.render(spec.name, field.value),
            "read": schema.render(spec.name, field.read),
            "raw": field.raw,
            "found": sure,
            "confidence": round(field.confidence * 100) if sure else None,
            "by_hand": word is not None and word.box is None,
            "level": "high" if field.confidence >= SURE else "middle" if field.confidence >= DOUBTFUL else "low",
            "corrected": word is not None,
            "who": texts.CORRECTED_BY.format(by=word.by, at=f"{in_korea(word.at):%m-%d %H:%M}") if word else "",
            "problem": spec.name in problems,
            "findings": [_finding(f) for f in receipt.findings if spec.name in f.fields],
            "thumb": self._crops.of(receipt, field.evidence_box, THUMB),
        }

    def _tax(self, receipt: Receipt) -> dict[str, Any]:
        tax = receipt.tax
        asked = texts.ASKED_AT.format(at=f"{in_korea(tax.asked_at):%Y-%m-%d %H:%M}") if tax else ""
        if isinstance(tax, TaxRecord):
            text, sub = " · ".join(part for part in (tax.type, tax.status) if part), asked
        elif isinstance(tax, TaxFailure):
            text, sub = texts.TAX_FAILURE.get(tax.code, tax.code), f"{tax.message} ({asked})"
        else:
            text, sub = texts.NOT_ASKED_YET, ""
        return {
            "text": text,
            "sub": sub,
            "failed": isinstance(tax, TaxFailure),
            "mock": isinstance(tax, TaxRecord) and tax.source != "nts",
            "busy": self._session.asking,
            "deduction": receipt.deduction,
            "reason": receipt.deduction_reason,
        }


def _left(receipt: Receipt, count: int) -> str:
    if receipt.status == "waiting":
        return ""  # nobody knows yet
    return texts.PROBLEMS_LEFT.format(count=count) if count else texts.NO_PROBLEMS


def _finding(finding: Finding) -> list[str]:
    return [finding.severity, *texts.SEVERITY[finding.severity], finding.message]
