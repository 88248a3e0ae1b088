"""What a person saw when they spoke, held against what holds: nobody speaks of what another has changed meanwhile."""

import json
import sqlite3
from dataclasses import dataclass

from workbench.domain import schema
from workbench.domain.errors import Act, Changed
from workbench.domain.korean import in_korea
from workbench.domain.model import Receipt
from workbench.pipeline.storage import journal
from workbench.pipeline.storage.journal import Entry

MACHINE = "기계"
VERBS = {
    "approve": "승인했습니다",
    "confirm": "확정했습니다",
    "reopen": "승인을 취소했습니다",
    "put-aside": "치웠습니다",
    "restore": "되돌렸습니다",
}


@dataclass(frozen=True, slots=True)
class Unless:
    """What was seen; each part that is None was not looked at.

    `revision` of the receipt, `value` canonical ("" for none) of the field, `seq` of the last entry that the person
    knows of: another person's word after it is news to them. `givers` are those whose approvals they saw: nobody takes
    back one that they do not know of.
    """

    revision: str | None = None
    value: str | None = None
    seq: int | None = None
    givers: tuple[str, ...] | None = None


def check(db: sqlite3.Connection, now: Receipt, field: str | None, unless: Unless, by: str) -> None:
    """Raises Changed, saying who changed what and when, where something else holds than was seen."""
    entries = [
        journal.entry_of(row)
        for row in db.execute(
            f"SELECT {journal.COLUMNS} FROM journal WHERE receipt = ? AND action NOT IN ('reread', 'take-over', 'draw')"  # noqa: S608
            " ORDER BY seq DESC LIMIT 50",
            (now.id,),
        ).fetchall()
    ]
    if unless.seq is not None:
        news = [e for e in entries if e.seq > unless.seq and e.by != by and _concerns(e, field)]
        if news:
            raise changed(now, field, unless, news[0])
    if unless.givers is not None and (new := {a.by for a in now.approvals} - {by, *unless.givers}):
        raise changed(now, field, unless, next((e for e in entries if e.by in new and e.action in VERBS), None))
    wrong_value = field is not None and unless.value is not None and (now.value(field) or "") != unless.value
    wrong_revision = unless.revision is not None and now.revision != unless.revision
    if wrong_value or wrong_revision:
        last = next((e for e in entries if e.action != "add" and _concerns(e, field)), None)
        raise changed(now, field, unless, last)


def _concerns(entry: Entry, field: str | None) -> bool:
    """Whether an act may have changed the field, or, without one, anything of the receipt."""
    if entry.action in ("approve", "confirm", "reopen"):
        return True
    if field is None:
        return True
    return entry.field == field or (entry.field is None and field in (entry.value or "") + (entry.before or ""))


def changed(now: Receipt, field: str | None, unless: Unless, last: Entry | None) -> Changed:
    """What is said to whom `last` was news: who changed what and when."""
    name, seen, current = _what(now, field, unless, last)
    who = (last.by or MACHINE) if last else MACHINE
    when = f"{in_korea(last.at):%m-%d %H:%M}" if last else ""
    label = schema.spec(name).label if name in schema.BY_NAME else ""
    if last is not None and last.action in VERBS:
        what = f"{VERBS[last.action]}."
    elif label:
        shown = [schema.render(name, value) or "비어 있음" for value in (seen, current)]
        what = f"‘{label}’을(를) 바꾸었습니다: {shown[0]} → {shown[1]}."
    else:
        what = "바꾸었습니다."
    message = f"{now.file}: 그 사이 {who}이(가) {when}에 {what} 지금 값을 보고 다시 해 주세요."
    act = Act(who, last.at if last else None)
    return Changed(message, receipt=now.id, field=name, seen=seen, current=current, last=act)


def _what(now: Receipt, field: str | None, unless: Unless, last: Entry | None) -> tuple[str, str | None, str | None]:
    """The field that changed, the value that was seen and the current one."""
    if field is not None:
        before = last.before if last is not None and last.field == field else None
        return field, unless.value if unless.value is not None else before, now.value(field)
    if last is None:
        return "", None, None
    if last.field:
        return last.field, last.before, now.value(last.field)
    if last.action in ("read", "extract") and last.value:
        was = json.loads(last.before or "{}")
        name = next(iter(json.loads(last.value)))
        return name, was.get(name), now.value(name)
    return "", None, None
