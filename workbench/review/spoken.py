"""What a reviewer says becomes words of the case, each with the way back: correct, settle, approve, reopen.

Every word goes with what the reviewer saw; Changed says that something else holds by now, and nothing was kept. The
way back refuses where another person has spoken since, and nobody's approval is given back by anybody else.
"""

from collections.abc import Callable
from contextlib import suppress

from workbench.case import Case
from workbench.domain import schema
from workbench.domain.errors import Changed, Gone, NotAllowed
from workbench.domain.model import Box, Finding, Receipt
from workbench.pipeline.storage.journal import Word
from workbench.pipeline.storage.spoken import Unless
from workbench.review import texts
from workbench.review.undo import Step


def correct(case: Case, user: str, seen: Receipt, name: str, text: str | None, box: Box | None = None) -> Step:
    """Keeps what `user` says a field of the receipt they `seen` holds (None: the machine's reading again)."""
    field = seen.field(name)
    earlier = field.corrections[-1] if field.corrections else None
    value = None if text is None else schema.parse(name, text)
    was, becomes = field.value or "", (field.read if value is None else value) or ""

    def append(word: str | None, expected: str, place: Box | None, since: int | None) -> int:
        detail = {"box": [place.left, place.top, place.right, place.bottom]} if place else None
        unless = Unless(value=expected, seq=since)
        return case.append(Word("correct", user, seen.id, field=name, value=word, detail=detail), unless)

    last = [append(value, was, box, None)]

    def back() -> None:
        last[:] = [append(earlier.value if earlier else None, becomes, earlier.box if earlier else None, last[0])]

    def forth() -> None:
        last[:] = [append(value, was, box, last[0])]

    shown = " → ".join(schema.render(name, one) or texts.EMPTY for one in dict.fromkeys((was, becomes)))
    did = texts.CORRECTING if was != becomes else texts.ACCEPT
    what = f"{seen.file} {texts.step(did, schema.spec(name).label)} ({shown})"
    return Step(what, seen.id, back, forth)


def fill(case: Case, user: str, seen: tuple[Receipt, ...], name: str, text: str) -> Step:
    """Keeps one value for a field of several receipts; what somebody has said of one since stays, and is told."""
    value = schema.parse(name, text)
    steps = [correct(case, user, receipt, name, value) for receipt in seen]
    return _together(texts.step(texts.FILLING.format(label=schema.spec(name).label), f"{len(seen):,}건"), "", steps)


def _together(what: str, receipt: str, steps: list[Step]) -> Step:
    """One step of several: what somebody has said of one since stays, the others go, and the first of those is told."""

    def each(ways: list[Callable[[], object]]) -> None:
        refused: list[Changed] = []
        for way in ways:
            try:
                way()
            except Changed as error:
                refused.append(error)
        if refused:
            raise refused[0]

    return Step(what, receipt, lambda: each([s.back for s in steps]), lambda: each([s.forth for s in steps]))


def settle(case: Case, user: str, seen: Receipt, finding: Finding, reason: str = "") -> Step:
    """Lets a finding stand as seen to."""

    def forth() -> None:
        case.settle(seen.id, finding, by=user, reason=reason)
        last[:] = [_last(case, seen.id, user)]

    def back() -> None:
        case.unsettle(seen.id, finding, by=user, since=last[0])

    last: list[int] = []
    forth()
    return Step(f"{seen.file} {texts.SETTLING}", seen.id, back, forth)


def settle_pair(case: Case, user: str, what: str, said: list[tuple[Receipt, Finding, str]]) -> Step:
    """Lets findings of several receipts stand, each for its reason; one step."""
    steps = [settle(case, user, seen, finding, reason) for seen, finding, reason in said]
    return _together(what, said[0][0].id, steps)


def approve(case: Case, user: str, seen: Receipt, revision: str) -> Step:
    """Approves the receipt as it stood on screen at `revision`, or confirms another's approval."""
    given = case.approve(seen.id, by=user, revision=revision, known=seen.findings).approvals
    last = [_last(case, seen.id, user)]

    def back() -> None:
        if user not in (one.by for one in given):  # another had approved it a moment before
            raise NotAllowed(texts.NOT_YOURS.format(by=", ".join(one.by for one in given)))
        case.reopen(seen.id, by=user, since=last[0], own=True)

    def forth() -> None:
        case.approve(seen.id, by=user, revision=revision, known=seen.findings)
        last[:] = [_last(case, seen.id, user)]

    return Step(f"{seen.file} {texts.APPROVING}", seen.id, back, forth)


def approve_together(case: Case, user: str, ids: tuple[str, ...]) -> Step:
    """The step behind an approval of many: back takes all of them back, and tells of the first that somebody spoke of
    since, which stays."""
    seen: dict[str, Receipt] = {}
    for name in ids:
        with suppress(Gone):  # deleted for good at this moment: nothing of it is to be taken back
            seen[name] = case.receipt(name)
    last = {name: _last(case, name, user) for name in seen}

    def held(kept: list[int | Changed]) -> None:
        last.update({name: entry for name, entry in zip(seen, kept, strict=True) if not isinstance(entry, Changed)})
        if refused := [entry for entry in kept if isinstance(entry, Changed)]:
            raise refused[0]

    return Step(
        texts.step(texts.APPROVING, f"{len(seen):,}건"),
        "",
        lambda: held(case.reopen_all(last, by=user)),
        lambda: held(case.approve_again(seen.values(), by=user)),
        many=True,
    )


def reopen(case: Case, user: str, seen: Receipt) -> Step:
    """Takes the approval back; only whoever gave it can undo that."""
    givers = [approval.by for approval in seen.approvals]
    case.reopen(seen.id, by=user, givers=givers)

    def back() -> None:
        if givers != [user]:
            raise NotAllowed(texts.NOT_YOURS.format(by=", ".join(givers)))
        case.approve(seen.id, by=user, revision=seen.revision, known=seen.findings)

    def forth() -> None:
        case.reopen(seen.id, by=user, givers=givers)

    return Step(f"{seen.file} {texts.REOPENING}", seen.id, back, forth)


def put_aside(
    case: Case, user: str, what: Callable[[int], str], ids: tuple[str, ...], receipt: str = "", same_as: str = ""
) -> tuple[Step, int]:
    """Puts receipts aside, perhaps for one of the same purchase; either way leaves those that another spoke of.

    The step, and how many it moved, by which `what` names it: another may have put some aside a moment before.
    """

    def move(aside: bool, since: dict[str, int] | None = None) -> dict[str, int]:
        keep = same_as if aside else ""
        moved = case.store.hide(ids if since is None else since, aside, by=user, same_as=keep, since=since)
        case.refresh()
        return moved

    last = move(True)
    step = Step(what(len(last)), receipt, lambda: last.update(move(False, last)), lambda: last.update(move(True, last)))
    return step, len(last)


def _last(case: Case, receipt_id: str, user: str) -> int:
    return max((entry.seq for entry in case.entries(receipt_id) if entry.by == user), default=0)
