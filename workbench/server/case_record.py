"""What is known of a case beside its receipts, as its `about.json` holds it."""

import hashlib
import hmac
import json
import re
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from workbench.domain.errors import CaseError
from workbench.event_log import event

CASE_ID = re.compile(r"[0-9a-f]{24}")
MOST_CASES = 1_000
"""Of one person: each is looked at for each page of theirs."""
INVITATION_SECONDS = 24 * 3600
GRACE_SECONDS = 3600
"""What a case at least has left after the server was down: a last chance to see the notice and download."""


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a case beside its receipts. `shared` maps keys to names; `idle` is seconds without any use."""

    id: str
    owner: str
    owner_name: str = ""
    title: str = ""
    made_at: float = 0.0
    idle: float = 0.0
    shared: dict[str, str] = field(default_factory=dict)
    invitations: dict[str, float] = field(default_factory=dict)

    def inviting(self, code: str) -> "About":
        """The same with one invitation more, which holds for a day; those that have ended are gone."""
        now = time.time()
        open_ones = {digest: until for digest, until in self.invitations.items() if until > now}
        return replace(self, invitations=open_ones | {_digest(code): now + INVITATION_SECONDS})

    def invites(self, code: str) -> bool:
        """Whether a code lets whoever has it in."""
        found = [until for digest, until in self.invitations.items() if hmac.compare_digest(digest, _digest(code))]
        return max(found, default=0.0) >= time.time()

    def joined(self, code: str, key: str, name: str) -> "About":
        """The same as seen by one person more; the code is used up."""
        left = {digest: until for digest, until in self.invitations.items() if digest != _digest(code)}
        return replace(self, invitations=left, shared=self.shared | {key: name or "이름 없는 브라우저"})

    def aged(self, seconds: float, most: float, after_start: bool) -> "About":
        """The same after so long without use; after a start of the server some of its `most` seconds are left."""
        idle = self.idle + max(0.0, seconds)
        return replace(self, idle=max(self.idle, min(idle, most - GRACE_SECONDS)) if after_start else idle)


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def read_about(path: Path) -> About | None:
    """None where there is no such case, or one that is just being deleted."""
    if not CASE_ID.fullmatch(path.parent.name):
        return None
    try:
        known: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError):
        event("about-unreadable", case=path.parent.name)
        known = {"owner_name": "?", "title": "(이름을 읽을 수 없음)"}  # as somebody's, so that it does not expire
    names = About.__dataclass_fields__
    # The folder says whose it is: one that was copied elsewhere by hand belongs to where it lies.
    known |= {"id": path.parent.name, "owner": path.parent.parent.name}
    return About(**{name: value for name, value in known.items() if name in names})


def is_empty(folder: Path) -> bool:
    """Whether a case was opened and holds no original."""
    files = folder / "files"
    return files.is_dir() and not any(files.iterdir())


def check_count(place: Path) -> None:
    """CaseError where the person whose cases lie in `place` has MOST_CASES of them."""
    if sum(1 for _ in place.glob("*/about.json")) >= MOST_CASES:
        raise CaseError(f"사건이 {MOST_CASES:,}건이어서 더 만들 수 없습니다. 쓰지 않는 사건을 지운 뒤 다시 해 주세요.")
