"""A business number becomes a tax record: what a tax service is, and asking it in batches, never failing open.

The official service answers as of the call, not of the receipt; `verdict` turns a record into what held on the day.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from workbench.domain.check_digit import passes
from workbench.domain.errors import BadAnswer, NotAsked, TaxError
from workbench.domain.model import TaxFailure, TaxRecord
from workbench.pipeline.tax.nts_client import BATCH, NationalTaxService

__all__ = ["BATCH", "NationalTaxService", "TaxService", "is_fresh", "look_up_batches"]

log = logging.getLogger(__name__)

GIVE_UP_AFTER = 2
"""Batches in a row without any answer before the rest is marked unasked: a dead line costs seconds, not hours."""
KEPT = timedelta(hours=24)
KEPT_NOT_REGISTERED = timedelta(hours=1)  # the service is renewed every 30 minutes, so a new business soon appears


class TaxService(Protocol):
    """Who is asked about business numbers."""

    def look_up(self, numbers: Sequence[str]) -> dict[str, TaxRecord]:
        """What is known of each number ("123-45-67891"); one that got no answer is left out; raises TaxError."""
        ...


def look_up_batches(service: TaxService, numbers: Iterable[str]) -> Iterator[dict[str, TaxRecord | TaxFailure]]:
    """Ask for all numbers and yield each batch (at most 100) as it is answered, so that it can be stored at once.

    Each different number comes out exactly once, under the text it was given as; unanswered ones as TaxFailure. Errors
    of the service never raise. An error that `stops`, or two batches in a row without an answer, ends the asking; the
    rest is then yielded as failed for the same reason. Stop early by not asking for more.
    """
    wanted = list(dict.fromkeys(number for number in numbers if number))
    impossible = {number: _failed(number, NotAsked(NOT_ASKED)) for number in wanted if not passes(number)}
    if impossible:
        yield dict(impossible)
    possible = [number for number in wanted if number not in impossible]
    in_vain = 0
    for start in range(0, len(possible), BATCH):
        batch = possible[start : start + BATCH]
        try:
            answered = service.look_up(batch)
            error: TaxError = BadAnswer(LEFT_OUT)
        except TaxError as failure:
            answered, error = {}, failure
        if len(answered) < len(batch):
            log.warning(
                "Tax look-up: %d of %d numbers unanswered (%s)", len(batch) - len(answered), len(batch), error.code
            )
        yield {number: answered.get(number) or _failed(number, error) for number in batch}
        in_vain = 0 if answered else in_vain + 1
        if error.stops or in_vain == GIVE_UP_AFTER:
            rest = possible[start + BATCH :]
            for later in range(0, len(rest), BATCH):
                yield {number: _failed(number, error) for number in rest[later : later + BATCH]}
            return


def is_fresh(record: TaxRecord, service: TaxService, now: datetime) -> bool:
    """Whether `service` need not be asked again: the answer is younger than 24 hours, "not registered" than one.

    A stand-in's word counts for nothing before the real service, and never takes the place of the real one's.
    """
    source = getattr(service, "source", record.source)
    if record.source != source:
        return record.source == "nts"
    kept = KEPT_NOT_REGISTERED if record.code == "NOT_REGISTERED" else KEPT
    # An answer from the future was kept by a clock that was wrong: its age is unknown.
    return timedelta(minutes=-1) <= now - record.asked_at < kept


NOT_ASKED = "사업자번호의 검증번호가 맞지 않아 조회하지 않았습니다. 번호를 그림과 맞추어 고친 뒤 다시 조회해 주세요."
LEFT_OUT = "국세청의 답에 이 번호가 없거나 뜻을 알 수 없습니다. 다시 조회해 주세요."


def _failed(number: str, error: TaxError) -> TaxFailure:
    return TaxFailure(number, error.code, str(error), datetime.now(UTC))
