"""How wrong a population may be, given what a sample showed: exact binomial, Stringer, and their sizes.

Sources: ISA 530; Clopper and Pearson (1934) for the binomial limit; Stringer (1963) as given in Leslie, Teitlebaum and
Anderson, "Dollar-Unit Sampling" (1979), with the limits of the binomial; AICPA, Audit Sampling, for the factors of zero
to several errors (3.00, 4.75, 6.30 at 95 %), which are those of the Poisson law.
"""

from collections.abc import Iterable
from math import ceil

MOST_ERRORS = 500


def upper_rate(errors: int, size: int, confidence: float = 0.95) -> float:
    """The highest rate of errors (0..1) that the sample still allows at that confidence, one-sided and exact."""
    _check(errors, size, confidence)
    if errors >= size:
        return 1.0
    from scipy.special import betaincinv  # loaded where a limit is wanted: it takes a tenth of a program's start

    return float(betaincinv(errors + 1, size - errors, confidence))


def size_for(tolerable: float, confidence: float = 0.95, expected: float = 0.0) -> int:
    """How many to draw so that `expected` of them wrong still leave the limit at or below `tolerable` (rates, 0..1).

    ValueError if no sample that forgives fewer than MOST_ERRORS does: what is expected comes too near to it.
    """
    if not 0 < tolerable < 1 or not 0 <= expected < tolerable:
        raise ValueError("0 <= expected < tolerable < 1")
    for errors in range(MOST_ERRORS):  # the smallest sample that forgives so many, if no more are expected in it
        size = _forgiving(errors, tolerable, confidence)
        if ceil(expected * size) <= errors:
            return size
    raise ValueError("expected comes too near to tolerable")


def _forgiving(errors: int, tolerable: float, confidence: float) -> int:
    low, high = errors + 1, errors + 2
    while upper_rate(errors, high, confidence) > tolerable:
        low, high = high, 2 * high
    while low < high:
        middle = (low + high) // 2
        if upper_rate(errors, middle, confidence) <= tolerable:
            high = middle
        else:
            low = middle + 1
    return low


def reliability_factor(errors: int, confidence: float = 0.95) -> float:
    """The expected number of errors at which that many or fewer are found with probability 1 - confidence (Poisson)."""
    from scipy.special import gammaincinv

    return float(gammaincinv(errors + 1, confidence))


def stringer(taints: Iterable[float], size: int, confidence: float = 0.95) -> float:
    """The upper limit of the mean taint (0..1) of all money units; `taints` of those units drawn that were overstated.

    A taint is (book - true) / book. Units without error need not be given.
    """
    wrong = sorted((taint for taint in taints if taint > 0), reverse=True)
    if len(wrong) > size or any(taint > 1 for taint in wrong):
        raise ValueError("taints: at most one for each unit drawn, each at most 1")
    _check(len(wrong), size, confidence)
    limit = before = upper_rate(0, size, confidence)
    for number, taint in enumerate(wrong, start=1):
        here = upper_rate(number, size, confidence)
        limit += (here - before) * taint
        before = here
    return min(limit, 1.0)


def _check(errors: int, size: int, confidence: float) -> None:
    if not 0 <= errors <= size or size < 1 or not 0 < confidence < 1:
        raise ValueError("0 <= errors <= size, size >= 1, 0 < confidence < 1")
