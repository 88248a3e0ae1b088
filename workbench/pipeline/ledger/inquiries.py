"""소명 요청: what is asked of the people who used the cards, when it is due, and what they answered.

An inquiry is about a statement row without a receipt or about a receipt's exception. It goes out as an Excel file and
its answers come back in the same file; each step is an entry of the journal.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import pandas as pd

from workbench.domain.errors import CaseError
from workbench.domain.model import Receipt
from workbench.domain.money import won_of
from workbench.domain.visible import printable
from workbench.pipeline.ledger.amounts import Cell, text_of
from workbench.pipeline.ledger.moments import moment_of
from workbench.pipeline.ledger.readers import Sheet
from workbench.pipeline.ledger.statements import row_of
from workbench.pipeline.storage.journal import Entry

State = Literal["요청", "답변", "종결"]
HEADS = ("번호", "사용자", "카드", "일자", "가맹점", "금액", "승인번호", "질문", "기한", "답변", "상태", "열쇠")
"""Columns of the file that goes out; 열쇠 tells which inquiry a row is and must stay."""
NO_RECEIPT = "이 거래의 영수증이 없습니다. 영수증을 보내 주시거나 사용 내용을 알려 주세요."


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One question: `key` "row:list:number" or "receipt:id", what it is about, and how far it is."""

    key: str
    question: str
    due: str = ""
    person: str = ""
    card: str = ""
    day: str = ""
    merchant: str = ""
    amount: int | None = None
    approval: str = ""
    answer: str = ""
    state: State = "요청"
    asked_by: str = ""

    def facts(self) -> dict[str, object]:
        """All that is told, for the journal."""
        return {name: getattr(self, name) for name in self.__slots__}


def inquiries_of(entries: Iterable[Entry]) -> dict[str, Inquiry]:
    """How every inquiry stands, by key, in the order in which they were first asked."""
    found: dict[str, Inquiry] = {}
    for entry in entries:
        key = entry.value or ""
        if entry.action == "inquiry":
            earlier = found.get(key)
            fresh = Inquiry(**{**entry.detail, "asked_by": entry.by})
            found[key] = replace(fresh, answer=earlier.answer) if earlier is not None else fresh
        elif key in found and entry.action == "answer":
            found[key] = replace(found[key], answer=str(entry.detail["answer"]), state="답변")
        elif key in found and entry.action == "inquiry-closed":
            found[key] = replace(found[key], state="종결")
    return found


def table(inquiries: Iterable[Inquiry]) -> pd.DataFrame:
    """Inquiries as the file that goes out shows them."""
    rows = [
        (n, q.person, q.card, q.day, q.merchant, q.amount, q.approval, q.question, q.due, q.answer, q.state, q.key)
        for n, q in enumerate(inquiries, start=1)
    ]
    return pd.DataFrame(rows, columns=list(HEADS))


def answers_in(
    sheets: Sequence[Sheet], name: str, known: Mapping[str, Inquiry] | None = None
) -> tuple[dict[str, str], list[str]]:
    """Answers by key out of a file that came back, and in words what of it could not be understood.

    Where a row no longer says what was asked (`known`), that is told, too: nothing but its answer is taken.
    """
    found: dict[str, str] = {}
    notes: list[str] = []
    for sheet in sheets:
        place = next((n for n, row in enumerate(sheet.rows) if {"답변", "열쇠"} <= {text_of(c) for c in row}), None)
        if place is None:
            continue
        heads = [text_of(cell) for cell in sheet.rows[place]]
        key_at, answer_at = heads.index("열쇠"), heads.index("답변")
        for number, row in enumerate(sheet.rows[place + 1 :], start=place + 2):
            key = text_of(row[key_at]) if key_at < len(row) else ""
            answer = _said(row[answer_at]) if answer_at < len(row) else ""
            if answer and not key:
                notes.append(f"{number}행: 열쇠가 지워져 어느 질문의 답인지 알 수 없습니다.")
            elif answer and key in found:
                notes.append(f"{number}행: 같은 질문의 답이 둘입니다. 먼저 것을 받았습니다.")
            elif answer:
                found[key] = answer
                changed = _changed(dict(zip(heads, row, strict=False)), (known or {}).get(key))
                if changed:
                    notes.append(f"{number}행: {'·'.join(changed)} 칸을 바꾸어 돌려보냈습니다. 답변만 받았습니다.")
    if not found and not notes:
        raise CaseError(f"{name}: 답변이 없습니다. ‘답변’과 ‘열쇠’ 열이 있는 소명 요청 파일인지 확인해 주세요.")
    return found, notes


def _said(cell: Cell) -> str:
    return printable(cell if isinstance(cell, str) else text_of(cell)).strip()


def _changed(row: Mapping[str, Cell], asked: Inquiry | None) -> list[str]:
    """Columns of a row that came back that do not say what was asked; those that are gone or empty say nothing."""
    if asked is None:
        return []
    facts = {"일자": asked.day, "가맹점": asked.merchant, "금액": asked.amount, "승인번호": asked.approval,
             "질문": asked.question, "기한": asked.due, "사용자": asked.person, "카드": asked.card}  # fmt: skip
    return [name for name, fact in facts.items() if _plain(row.get(name)) not in ("", _plain(fact))]


def _plain(cell: object) -> str:
    moment = moment_of(cell) if isinstance(cell, str) else None
    return str(moment.day) if moment and moment.day else "".join(printable(text_of(cell)).replace(",", "").split())


def due_text(due: str | date | None) -> str:
    """A day on which answers are due, as ISO text; CaseError for what is no day."""
    if due is None or due == "":
        return ""
    moment = moment_of(due)
    if moment is None or moment.day is None:
        raise CaseError(f"기한은 2026-12-05처럼 날짜로 적어 주세요: {due!r}")
    return moment.day.isoformat()


def of_missing(missing: pd.DataFrame, due: str) -> list[Inquiry]:
    """An inquiry for each statement row without a receipt (`Books.missing`)."""
    return [
        Inquiry(
            f"row:{row['list']}:{row['row']}", NO_RECEIPT, due, row["person"], row["card"], row["date"],
            row["merchant"], None if pd.isna(row["amount"]) else int(row["amount"]), row["approval"],
        )
        for row in missing.to_dict("records")
    ]  # fmt: skip


def of_receipt(receipt: Receipt, question: str, due: str) -> Inquiry:
    """A question about a receipt: its exceptions where no other words are given."""
    said = question.strip() or " ".join(finding.message for finding in receipt.open_findings)
    return Inquiry(
        f"receipt:{receipt.id}", said or "이 거래의 사용 내용을 알려 주세요.", due, receipt.value("person") or "",
        receipt.value("card_number") or "", receipt.value("issued_at") or "", receipt.value("merchant") or "",
        won_of(receipt, "total"), receipt.value("approval_number") or "",
    )  # fmt: skip


def in_korean(missing: pd.DataFrame) -> pd.DataFrame:
    """Rows without a receipt under the headings of the file that goes out."""
    names = {
        **{"person": "사용자", "card": "카드", "date": "일자", "merchant": "가맹점", "amount": "금액"},
        **{"approval": "승인번호", "reason": "이유", "statement": "명세서", "row": "행"},
    }
    return missing[list(names)].assign(row=missing["row"].map(row_of)).rename(columns=names)
