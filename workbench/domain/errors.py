"""What can go wrong that a person can act on. Each message says, in Korean, what happened and what to do now."""

from datetime import datetime
from typing import NamedTuple


class WorkbenchError(Exception):
    """The root: `str(error)` is a sentence fit for the screen."""


class FileRefused(WorkbenchError):
    """A file that cannot become a receipt: wrong type, damaged, locked, too large. The others are not concerned."""


class ReadFailed(WorkbenchError):
    """Reading one receipt failed: the engine raised, memory ran out, the worker died."""


class ModelMissing(WorkbenchError):
    """A recogniser or detector that was asked for is not on this machine and cannot be fetched."""


class WrongValue(WorkbenchError):
    """A text that is no value of its field; the message says what is expected."""


class CaseError(WorkbenchError):
    """The case folder cannot be used: no right to read or write, disk full, damaged, newer than this program."""


class Act(NamedTuple):
    """Who did something, and when; "" and None where it is not known."""

    by: str = ""
    at: datetime | None = None


class Changed(WorkbenchError):
    """What was to be said rests on something that another has changed since; nothing was kept.

    `by` and `at` tell who changed it and when, `seen` and `current` the value that was seen and the one there now
    (canonical, None for none); `field` is "" where it is about the whole receipt.
    """

    def __init__(
        self, message: str, *, receipt: str, field: str = "", seen: str | None = None, current: str | None = None,
        last: Act | None = None,
    ) -> None:  # fmt: skip
        super().__init__(message)
        self.receipt, self.field, self.seen, self.current = receipt, field, seen, current
        self.by, self.at = last or Act()


class Gone(Changed, CaseError):
    """What was to be said is about a receipt that is not in the case, or no longer."""

    def __init__(self, receipt: str) -> None:
        super().__init__(f"이 사건에 없는 영수증입니다: {receipt}", receipt=receipt)


class NotAllowed(WorkbenchError):
    """This person may not do that here, as approving alone where two have to."""


class ExportFailed(WorkbenchError):
    """A file could not be written: disk full, no right to write, open in another program. The old file is whole."""


class SettingsError(WorkbenchError):
    """A setting that makes no sense; the message names it."""


class TaxError(WorkbenchError):
    """A query that got no answer. `code` is stable, `stops` says that asking on is useless for now."""

    code = "tax"
    stops = False


class NoKey(TaxError):
    """No service key is set."""

    code, stops = "no-key", True


class WrongKey(TaxError):
    """The service does not know the key, or its use has not been approved."""

    code, stops = "wrong-key", True


class QuotaUsedUp(TaxError):
    """The day's calls are used up."""

    code, stops = "quota", True


class NoNetwork(TaxError):
    """The service could not be reached, or did not answer in time."""

    code = "no-network"


class ServiceDown(TaxError):
    """The service answered that it is out of order."""

    code = "service-down"


class BadAnswer(TaxError):
    """The service answered something that makes no sense, or left the number out."""

    code = "bad-answer"


class NotAsked(TaxError):
    """The number cannot be right (its check digit fails), so it was not asked."""

    code = "not-asked"
