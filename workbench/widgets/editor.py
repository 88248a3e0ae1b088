"""The editor: every field of the receipt in hand, what was read, what holds, and the picture right above the input."""

from collections.abc import Callable
from typing import Any

import param

from workbench.domain import schema
from workbench.domain.errors import WorkbenchError
from workbench.domain.korean import in_korea
from workbench.domain.model import Box, Field, Finding, Receipt, TaxFailure, TaxRecord
from workbench.review import beside, beside_texts, filters, suggest, texts
from workbench.review.goods import goods
from workbench.review.preview import MARGIN, Picture
from workbench.review.session import Session
from workbench.widgets.markup import ASSETS, Scripted, styles

SURE, DOUBTFUL = 0.95, 0.8
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


WORDS_ON_HAND = ("approve", "accept", "settle", "take_back", "pick")
"""Verbs that say something of what the sheet shows."""


class Editor(Scripted):
    """Draws `view`; what is typed, tapped or pressed comes back as verbs."""

    view = param.Dict({"id": "", "words": WORDS})
    focus_next = param.Boolean(False, doc="Whether the field that comes next is opened for typing.")
    scope = param.String()

    _esm = ASSETS / "editor.js"
    _stylesheets = styles("editor")

    def __init__(
        self,
        session: Session,
        open_history: Callable[[], None] = lambda: None,
        open_beside: Callable[[], None] = lambda: None,
        **params: Any,
    ) -> None:
        """`open_history` shows what was said and done on the receipt in hand, `open_beside` what its finding names."""
        super().__init__(sizing_mode="stretch_both", margin=0, **params)
        self._session, self.open_history, self.open_beside = session, open_history, open_beside
        self._picture: tuple[tuple[str, object], Picture | None, dict[tuple[Box, float], str]] | None = None
        session.param.watch(
            self._draw,
            ["receipts", "chosen", "field", "finding", "question", "refusal", "asking", "user", "marked", "machine"],
        )
        self._draw()

    def _draw(self, *_: object) -> None:
        session, receipt = self._session, self._session.receipt
        nothing = {"id": "", "first": not session.receipts, "words": WORDS}
        self.view = nothing if receipt is None else self._view(receipt)

    def _view(self, receipt: Receipt) -> dict[str, Any]:
        session = self._session
        state = filters.state_of(receipt)
        problems, points, papers = filters.problems(receipt), filters.points(receipt), filters.papers(receipt)
        question = session.question if session.question and session.question.receipt == receipt.id else None
        active = receipt.field(session.field)
        refusal = session.refusal if session.refusal and session.refusal.receipt == receipt.id else None
        named = set(schema.BY_NAME)
        return {
            "id": receipt.id,
            "title": receipt.file,
            "where": texts.where(receipt.page, receipt.region, self._pages(receipt)),
            "state": [state, *texts.STATE[state]],
            "error": receipt.error,
            "waiting": receipt.status == "waiting",
            "can_approve": receipt.status != "waiting",
            "can_read": not session.progress.running,
            "revision": receipt.revision,
            "hand": session.hand,
            "left": len(points),
            "offer": not points and receipt.status in ("read", "changed"),
            "question": [question.say, question.yes, question.no] if question else None,
            "changed": self._changed(receipt),
            "waits": self._waits(receipt),
            "papers": [
                [*_finding(f), f == session.finding, bool(beside.partners(receipt, f, session.receipts))]
                for f in papers
            ],
            "active": session.field if session.finding is None else "",
            "fields": self._fields(receipt, problems, filled=False),
            **self._own(receipt, problems),
            "crop": self._crop(receipt, active, active.evidence_box),
            "machine_crop": self._crop(receipt, active, active.box) if active.corrected else "",
            "machine": session.machine,
            "picks": [schema.render(session.field, value) for value in session.picks()],
            "evidence": list(active.evidence),
            "refusal": {"text": refusal.text, "why": refusal.why} if refusal else None,
            "findings": [_finding(f) for f in receipt.findings if f not in papers and not named & set(f.fields)],
            "tax": self._tax(receipt),
            "words": {
                **WORDS,
                "left": _left(receipt, len(points)),
                "approve": self._verb(receipt),
            },
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
            "thumb": self._crop(receipt, field, field.evidence_box, around=THUMB),
        }

    def _crop(self, receipt: Receipt, field: Field, box: Box | None, around: float = MARGIN) -> str:
        if box is None:
            return ""
        key = (receipt.id, receipt.read_at)
        if self._picture is None or self._picture[0] != key:
            self._picture = (key, self._load(receipt), {})
        _, picture, crops = self._picture
        if picture is None:
            return ""
        place = (box, around)
        if place not in crops:
            crops[place] = picture.crop(box, around)
        return crops[place]

    def _load(self, receipt: Receipt) -> Picture | None:
        if receipt.status == "waiting" or not receipt.geometry.size[0]:
            return None
        try:
            return Picture(self._session.case.picture_of(receipt.id), receipt.geometry.size)
        except WorkbenchError as error:
            self._session.say("error", str(error))
            return None

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

    def heard(self, data: dict[str, Any]) -> None:
        """Does what the script asks for."""
        session, verb = self._session, data["verb"]
        if data.get("id") != session.chosen and verb == "commit":  # typed before another was chosen
            session.correct(str(data["text"]), str(data["field"]), str(data["id"]), _kept(data))
        elif verb == "commit":
            self._commit(data, bool(data["next"]))
        elif verb == "tab":
            if data["text"] is None or self._commit(data, False):
                self.focus_next = True
                session.move_field(int(data["by"]))
        elif verb in WORDS_ON_HAND:
            if session.holds(str(data.get("id", session.chosen)), str(data.get("hand", ""))):
                self._word(verb, data)
        elif verb == "answer":
            session.answer(bool(data["yes"]))
        elif verb == "field":
            session.choose_field(str(data["field"]))
        elif verb == "paper":
            session.choose_finding(int(data["place"]))
        elif verb == "fill":
            session.fill(str(data["field"]), str(data["text"]))
        elif verb == "machine":
            session.machine = bool(data["shown"])
        elif verb == "forget":
            session.refusal = None
        elif verb == "look_up":
            session.look_up([session.chosen])
        elif verb == "front":
            session.front = "sheet"
        elif verb == "history":
            self.open_history()
        elif verb == "beside":
            self.open_beside()
        elif verb in ("next_problem", "read_again"):
            getattr(session, verb)()

    def _word(self, verb: str, data: dict[str, Any]) -> None:
        session = self._session
        if verb == "approve":
            session.approve(session.chosen, str(data.get("revision", "")))
        elif verb == "pick":
            session.pick(int(data["number"]))
        elif verb == "take_back":
            session.take_back()
        elif session.settle(str(data.get("reason", ""))) if verb == "settle" else session.accept():
            session.next_problem()

    def _commit(self, data: dict[str, Any], go_on: bool) -> bool:
        session, field, text = self._session, str(data["field"]), str(data["text"])
        receipt = session.receipt
        kept = schema.render(field, receipt.field(field).value) if receipt else ""
        same = text.strip() == kept and _kept(data) in (None, kept)
        if same and schema.spec(field).filled:
            done = True  # nothing was read that could be called right
        elif same and field == session.field:
            done = session.accept()
        else:
            done = session.correct(text, field, seen=_kept(data))
        if done and go_on:
            session.next_problem()
        return done


def _kept(data: dict[str, Any]) -> str | None:
    """What stood in the field on screen when the typing began."""
    return None if data.get("kept") is None else str(data["kept"])


def _left(receipt: Receipt, count: int) -> str:
    if receipt.status == "waiting":
        return ""  # nobody knows yet
    return texts.PROBLEMS_LEFT.format(count=count) if count else texts.NO_PROBLEMS


def _finding(finding: Finding) -> list[str]:
    return [finding.severity, *texts.SEVERITY[finding.severity], finding.message]
