"""Bounds against published tables, and their coverage by simulation (a short version of benchmarks.ledger coverage)."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.errors import CaseError, WrongValue
from workbench.pipeline.ledger.bounds import reliability_factor, size_for, stringer, upper_rate
from workbench.pipeline.ledger.sampling import canonical, draw, judge


@pytest.mark.parametrize(("size", "limit"), [(25, 0.113), (59, 0.0495), (149, 0.0199), (299, 0.0100)])
def test_no_error_found_as_the_audit_guides_tabulate_it(size, limit):
    assert upper_rate(0, size) == pytest.approx(limit, abs=0.00052)


@pytest.mark.parametrize(
    ("errors", "size", "percent"),
    [  # AICPA Audit Sampling, statistical sample results at 5 % risk of overreliance, upper limits in percent
        (0, 25, 11.3),
        (1, 25, 17.6),
        (0, 30, 9.5),
        (1, 30, 14.9),
        (2, 30, 19.6),
        (0, 40, 7.3),
        (1, 50, 9.2),
        (2, 50, 12.1),
        (0, 60, 4.9),
        (1, 60, 7.7),
        (3, 60, 12.5),
        (0, 75, 4.0),
        (0, 100, 3.0),
        (1, 100, 4.7),
        (2, 100, 6.2),
        (4, 100, 9.0),
        (1, 150, 3.2),
        (2, 200, 3.2),
    ],
)
def test_limits_as_the_aicpa_tabulates_them(errors, size, percent):
    assert 100 * upper_rate(errors, size) == pytest.approx(percent, abs=0.11)


@pytest.mark.parametrize(
    ("tolerable", "expected", "size"),
    [(0.05, 0.0, 59), (0.10, 0.0, 29), (0.02, 0.0, 149), (0.03, 0.0, 99), (0.06, 0.0, 49), (0.05, 0.01, 93)],
)
def test_sizes_as_the_aicpa_tabulates_them(tolerable, expected, size):
    assert size_for(tolerable, 0.95, expected) == size


@pytest.mark.parametrize(
    ("errors", "at95", "at90"), [(0, 3.00, 2.31), (1, 4.75, 3.89), (2, 6.30, 5.33), (3, 7.76, 6.69), (5, 10.52, 9.28)]
)
def test_reliability_factors_as_tabulated_for_money_unit_samples(errors, at95, at90):
    assert reliability_factor(errors, 0.95) == pytest.approx(at95, abs=0.01)
    assert reliability_factor(errors, 0.90) == pytest.approx(at90, abs=0.01)


def test_stringer_by_hand_and_between_its_ends():
    limits = [upper_rate(k, 100) for k in range(3)]
    by_hand = limits[0] + 0.5 * (limits[1] - limits[0]) + 0.2 * (limits[2] - limits[1])
    assert stringer([0.2, 0.5], 100) == pytest.approx(by_hand)
    assert stringer([], 100) == upper_rate(0, 100)
    assert stringer([1.0, 1.0], 100) == pytest.approx(upper_rate(2, 100))


@given(st.integers(1, 400), st.data())
def test_more_errors_never_lower_a_limit_and_more_checks_never_raise_it(size, data):
    errors = data.draw(st.integers(0, size))
    assert 0 < upper_rate(errors, size) <= 1
    assert upper_rate(errors, size + 1) <= upper_rate(errors, size)
    if errors < size:
        assert upper_rate(errors, size) <= upper_rate(errors + 1, size)


def test_the_true_rate_lies_under_the_limit_as_often_as_promised():
    rng = np.random.default_rng(1)
    rates = rng.uniform(0, 0.2, 2000)
    errors = rng.binomial(60, rates)
    limit = {k: upper_rate(int(k), 60) for k in set(errors.tolist())}
    assert np.mean([limit[int(k)] >= rate for k, rate in zip(errors, rates, strict=True)]) >= 0.95


def test_the_true_overstatement_lies_under_the_money_limit_as_often_as_promised():
    rng = random.Random(2)
    held = 0
    for trial in range(300):
        books = {f"r{n}": rng.randrange(1_000, 90_000) for n in range(200)}
        wrong = {name: rng.random() for name in books if rng.random() < 0.08}
        sample = draw(books, method="money", size=50, seed=trial)
        read = {n: {"total": str(round(books[n] * (1 - wrong.get(n, 0))))} for n in sample.chosen}
        result = judge(sample, read, {n: {"total": str(books[n])} for n in sample.chosen})
        held += result.upper_won >= sum(books[n] * taint for n, taint in wrong.items())
    assert held / 300 >= 0.95


def test_a_draw_follows_from_its_seed_alone():
    books = {f"r{n}": 1000 * (n + 1) for n in range(200)}
    shuffled = dict(random.Random(3).sample(list(books.items()), len(books)))
    for method in ("attribute", "money"):
        first, again = draw(books, method=method, seed=7), draw(shuffled, method=method, seed=7)
        assert first.chosen == again.chosen
        assert first.chosen != draw(books, method=method, seed=8).chosen
    assert len(draw(books, seed=7).chosen) == 59  # 5 % tolerable, none expected


def test_a_row_above_the_interval_is_always_drawn_and_money_draws_by_amount():
    books = {"big": 900_000, **{f"r{n}": 1000 for n in range(100)}, "back": -5000, "none": None}
    for seed in range(20):
        sample = draw(books, method="money", size=10, seed=seed)
        assert sample.certain == ("big",)
        assert set(sample.left_out) == {"back", "none"}
        assert "big" in sample.chosen
        assert len(sample.chosen) == len(set(sample.chosen))


def test_what_the_checkers_read_is_compared_and_said_as_the_standard_wants_it():
    books = {f"r{n}": 10_000 for n in range(100)}
    held = {name: {"total": "10000", "issued_at": "2026-10-05 19:48", "approval_number": "00123"} for name in books}
    sample = draw(books, size=59, seed=1)
    right = {n: {"total": "10000", "issued_at": "2026-10-05", "approval_number": "123"} for n in sample.chosen}
    some = dict(list(right.items())[:10])
    assert judge(sample, some, held).left == 49
    assert "49건이 남았습니다" in judge(sample, some, held).words()
    clean = judge(sample, right, held)
    assert (clean.errors, clean.accepted) == (0, True)
    assert clean.upper == pytest.approx(0.0495, abs=0.0001)
    assert "받아들일 수 있습니다" in clean.words()
    first = sample.chosen[0]
    wrong = judge(sample, right | {first: {"total": "1000"}}, held)
    assert (wrong.errors, wrong.accepted) == (1, False)
    assert list(wrong.differences.iloc[0]) == [first, "total", "10000", "1000"]
    assert "근거가 되지 않습니다" in wrong.words()


def test_a_money_sample_projects_its_errors():
    books = {f"r{n}": 10_000 for n in range(100)}
    sample = draw(books, method="money", size=50, seed=1)
    read = {name: {"total": "10000"} for name in sample.chosen}
    read[sample.chosen[0]] = {"total": "5000"}
    result = judge(sample, read, {name: {"total": "10000"} for name in books})
    assert result.projected == 10_000  # half of one in fifty, of a million
    assert result.upper_won == round(1_000_000 * stringer([0.5], 50))
    assert "상한" in result.words()


def test_what_makes_no_sense_is_refused_in_words():
    for bad in ({}, {"r": None}):
        with pytest.raises(CaseError):
            draw(bad, method="money")
    for given_ in (
        {"size": 0},
        {"tolerable": 1.5},
        {"confidence": 0.2},
        {"method": "luck"},
        {"tolerable": 1e-300},
        {"size": 10**400, "method": "money"},
    ):
        with pytest.raises(CaseError):
            draw({"r": 1}, **given_)
    with pytest.raises(WrongValue):
        canonical({"total": "천원"})
