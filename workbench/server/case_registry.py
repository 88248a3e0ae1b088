"""Everybody's cases under one roof: whose each is, who else may see it, and when nobody's are thrown away.

`home/people/<key of the person>/<id of the case>/` is a case folder with an `about.json`. Ids are random, and one that
is not yours is answered as one that does not exist.
"""

import json
import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from workbench.domain.errors import CaseError
from workbench.pipeline.storage.atomic import sweep_drafts, whole
from workbench.server.case_record import CASE_ID, About, check_count, is_empty, read_about
from workbench.server.disk_room import DiskRoom
from workbench.server.identity import KEY, Person

EMPTY_SECONDS = 3600
"""How long a case without a named owner stays that nobody put anything into: every passing robot begins one."""
NO_SUCH_CASE = "없는 사건이거나 볼 수 없는 사건입니다. 주소를 확인하거나 주인에게 공유를 부탁해 주세요."
UNKNOWN_INVITATION = "맞지 않거나 이미 쓴 초대 코드입니다. 주인에게 새 코드를 부탁해 주세요."
_CHANGING = threading.RLock()
"""Held from reading an about.json until it is written again."""


@dataclass(frozen=True, slots=True)
class CaseRegistry:
    """The cases of all people under `home`; those of nobody named leave after `keep_hours` without use."""

    home: Path
    keep_hours: int = 24
    room: DiskRoom = field(default_factory=lambda: DiskRoom(20_000))
    _seen: dict[Path, tuple[tuple[int, int], frozenset[str]]] = field(default_factory=dict, repr=False, compare=False)
    _going: set[str] = field(default_factory=set, repr=False, compare=False)

    def make(self, person: Person, title: str = "") -> About:
        """A new case of that person's; its folder is there when this returns. CaseError where they have too many."""
        check_count(self._of(person.key))
        about = About(secrets.token_hex(12), person.key, person.name, title, time.time())
        folder = self.folder(about)
        try:
            folder.mkdir(parents=True, mode=0o700)
        except OSError as error:
            raise CaseError(
                f"사건 폴더를 만들 수 없습니다 ({error.strerror}). 디스크 공간과 권한을 확인해 주세요."
            ) from error
        self._write(about)
        return about

    def folder(self, about: About) -> Path:
        """Where the case lies: what `Case.open` takes."""
        return self._of(about.owner) / about.id

    def cases(self, person: Person) -> list[About]:
        """All that the person may see: their own and those shared with them, the latest used first."""
        own = [about for path in self._of(person.key).glob("*/about.json") if (about := read_about(path)) is not None]
        for link in self._of(person.key).glob("shared/*"):
            about = read_about(self._of(link.read_text("ascii").strip()) / link.name / "about.json")
            if about is not None and person.key in about.shared:
                own.append(about)
        own = [about for about in own if about.id not in self._going]
        return sorted(own, key=lambda about: (about.idle, -about.made_at))

    def find(self, person: Person, case_id: str) -> About:
        """The case of that id if the person may see it; CaseError says the same of foreign cases and missing ones."""
        if CASE_ID.fullmatch(case_id):
            about = read_about(self._of(person.key) / case_id / "about.json")
            if about is None:
                about = next((shared for shared in self.cases(person) if shared.id == case_id), None)
            if about is not None and case_id not in self._going:
                return about
        raise CaseError(NO_SUCH_CASE)

    def let_go(self, person: Person, case_id: str) -> About:
        """A case that its owner deletes: from now on nobody finds it, though what goes on in it has yet to end."""
        about = self.owned(person, case_id)
        self._going.add(case_id)
        return about

    def take_back(self, about: About) -> None:
        """The case could not be deleted: it is there again."""
        self._going.discard(about.id)

    def is_open_to(self, person: Person, about: About) -> bool:
        """Whether the person may still see a case found before; one look at the disk as long as nothing changed."""
        path = self.folder(about) / "about.json"
        known = self._seen.get(path)
        try:
            seen = path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:  # a network drive's hiccup ends nobody's page: what was seen last holds
            return known is not None and person.key in known[1]
        stamp = (seen.st_mtime_ns, seen.st_ino)
        if known is None or known[0] != stamp:
            found = read_about(path)
            known = (stamp, frozenset() if found is None else frozenset({found.owner, *found.shared}))
            self._seen[path] = known
        return person.key in known[1]

    def owned(self, person: Person, case_id: str) -> About:
        """As `find`, for what only the owner may do."""
        about = self.find(person, case_id)
        if about.owner != person.key:
            raise CaseError("이 일은 사건의 주인만 할 수 있습니다.")
        return about

    def rename(self, person: Person, case_id: str, title: str) -> About:
        """Gives a case another title."""
        with _CHANGING:
            about = replace(self.owned(person, case_id), title=" ".join(title.split())[:100])
            self._write(about)
            return about

    # sharing

    def invite(self, person: Person, case_id: str) -> str:
        """A code that lets whoever enters it first see the case; it holds for a day and works once."""
        with _CHANGING:
            about = self.owned(person, case_id)
            code = f"{case_id}-{secrets.token_hex(10)}"
            self._write(about.inviting(code))
            return code

    def accept(self, person: Person, code: str) -> About:
        """Enters an invitation: from now on the person sees the case as well."""
        with _CHANGING:
            code = code.strip()
            case_id = code.partition("-")[0]
            about = self._anywhere(case_id) if CASE_ID.fullmatch(case_id) else None
            if about is None or not about.invites(code):
                raise CaseError(UNKNOWN_INVITATION)
            if about.owner == person.key:
                return about
            about = about.joined(code, person.key, person.name)
            self._write(about)
            link = self._of(person.key) / "shared" / case_id
            link.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            link.write_text(about.owner, "ascii")
            return about

    def withdraw(self, person: Person, case_id: str, key: str) -> About:
        """Stops sharing a case with the person of that key."""
        with _CHANGING:
            about = self.owned(person, case_id)
            about = replace(about, shared={k: name for k, name in about.shared.items() if k != key})
            self._write(about)
            return about

    # room and time

    def check_room(self, key: str, more: int) -> None:
        """FileRefused if `more` bytes would be too much for the person of that key."""
        self.room.check(self._of(key), more)

    def touch(self, about: About) -> None:
        """Notes that the case is in use: its time begins anew."""
        with _CHANGING:
            fresh = read_about(self.folder(about) / "about.json")
            if fresh is not None and fresh.idle:
                self._write(replace(fresh, idle=0.0))

    def seconds_left(self, about: About) -> float | None:
        """How long the case stays if nobody uses it; None for ever."""
        return None if about.owner_name else max(0.0, self.keep_hours * 3600 - about.idle)

    def age(self, seconds: float, in_use: frozenset[str] = frozenset(), after_start: bool = False) -> list[About]:
        """Lets `seconds` pass for all cases but those in use (ids), and deletes what has had its time; what that was.

        Counted in seconds that passed, not by the date: a clock that jumps a year ahead deletes nothing. After a start,
        however long the server was down, `case_record.GRACE_SECONDS` are left.
        """
        gone = []
        for case in self.all():
            if case.owner_name or case.id in in_use:
                continue
            with _CHANGING:
                about = read_about(self.folder(case) / "about.json")
                if about is None:
                    continue
                most = self.keep_hours * 3600
                if is_empty(self.folder(about)):
                    most = min(most, EMPTY_SECONDS)
                about = about.aged(seconds, most, after_start)
                if about.idle >= most:
                    self._remove(about)
                    gone.append(about)
                else:
                    self._write(about)
        return gone

    def all(self) -> Iterator[About]:
        """Every case of everybody; for the server itself, never for a page."""
        found = map(read_about, self.home.glob("people/*/*/about.json"))
        return (about for about in found if about is not None)

    def delete(self, person: Person, case_id: str) -> None:
        """Deletes a case for good: originals, readings, pictures, journal. Whoever has it open must close it first."""
        self._remove(self.owned(person, case_id))

    def finish(self, about: About) -> None:
        """As `delete`, of a case that was let go before."""
        self._remove(about)
        self._going.discard(about.id)

    def _remove(self, about: About) -> None:
        folder = self.folder(about)
        self._seen.pop(folder / "about.json", None)
        # Out of sight in one step, so that a crash in between leaves nothing that looks like a case.
        going = folder.with_name(f".deleting-{about.id}")
        try:
            folder.rename(going)
            shutil.rmtree(going)
        except OSError as error:
            raise CaseError(
                f"사건을 다 지우지 못했습니다 ({error.strerror}). 권한을 확인하고 다시 지워 주세요."
            ) from error
        for key in about.shared:
            (self._of(key) / "shared" / about.id).unlink(missing_ok=True)

    def clean(self) -> None:
        """Finishes deletions that a crash cut short, and removes drafts it left; for the server's start."""
        for rest in self.home.glob("people/*/.deleting-*"):
            shutil.rmtree(rest, ignore_errors=True)
        for about in self.all():
            sweep_drafts(self.folder(about))

    def _of(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise CaseError(NO_SUCH_CASE)
        return self.home / "people" / key

    def _anywhere(self, case_id: str) -> About | None:
        paths = self.home.glob(f"people/*/{case_id}/about.json")  # a guess must not have all cases read
        return next(filter(None, map(read_about, paths)), None)

    def _write(self, about: About) -> None:
        path = self.folder(about) / "about.json"
        try:
            with whole(path) as draft:
                draft.write_text(json.dumps(asdict(about), ensure_ascii=False), encoding="utf-8")
        except OSError as error:
            raise CaseError(
                f"사건 폴더에 쓸 수 없습니다 ({error.strerror}). 디스크 공간과 권한을 확인해 주세요."
            ) from error
