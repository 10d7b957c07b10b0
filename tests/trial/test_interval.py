"""Intervals of shares, and sample sizes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, norm

from endplate.errors import InvalidRequest
from endplate.trial.interval import confidence_interval, prediction_interval, trial_rates
from endplate.trial.power import power_of, size_for


@pytest.mark.parametrize(("rate", "size"), [(0.738, 405), (0.02, 80), (0.5, 20)])
def test_confidence_solves_wilsons_equation(rate, size):
    z = norm.ppf(0.975)
    for edge in confidence_interval(rate, size):
        assert abs(edge - rate) == pytest.approx(z * np.sqrt(edge * (1 - edge) / size))


@pytest.mark.parametrize("rate", [0.01, 0.3, 0.8, 0.999])
def test_without_trial_effects_prediction_is_binomial(rate):
    low, high = prediction_interval(rate, 120, spread=0.0)
    assert 120 * low == pytest.approx(binom.ppf(0.05, 120, rate))
    assert 120 * high == pytest.approx(binom.ppf(0.95, 120, rate))


@pytest.mark.parametrize("spread", [0.1, 0.25, 0.5])
@pytest.mark.parametrize("rate", [0.05, 0.4, 0.75])
def test_nine_of_ten_simulated_trials_lie_inside(rate, spread):
    random = np.random.default_rng(5)
    middle = norm.ppf(rate) * np.sqrt(1 + spread**2)
    own = norm.cdf(middle + spread * random.standard_normal(100_000))
    seen = random.binomial(150, own) / 150
    low, high = prediction_interval(rate, 150, spread=spread)
    assert own.mean() == pytest.approx(rate, abs=4e-3)
    # Counts are whole: each edge is the first count at which one, or nineteen, of twenty trials lie below or on it.
    for edge, part in ((low, 0.05), (high, 0.95)):
        assert np.mean(seen < edge - 1e-9) < part + 3e-3
        assert np.mean(seen <= edge + 1e-9) > part - 3e-3


def test_rates_of_single_trials_keep_the_expected_one():
    for rate in (0.01, 0.5, 0.97):
        own, weight = trial_rates(rate, spread=0.4)
        assert weight @ own == pytest.approx(rate, abs=1e-9)


def test_nobody_gives_no_interval():
    assert np.isnan(confidence_interval(0.5, 0.0)).all()
    assert np.isnan(prediction_interval(float("nan"), 10, spread=0.2)).all()


@pytest.mark.parametrize("rates", [(0.6, 0.4), (0.25, 0.05), (0.9, 0.8)])
@pytest.mark.parametrize("ratio", [1.0, 0.5])
def test_the_formulas_size_has_the_power_that_was_asked_for(rates, ratio):
    sizes = size_for(*rates, power=0.9, ratio=ratio)
    assert power_of(rates, sizes) == pytest.approx(0.9, abs=0.03)
    fewer = (sizes[0] // 2, sizes[1] // 2)
    assert power_of(rates, fewer) < 0.8


def test_differing_trials_cost_power():
    sizes = size_for(0.6, 0.4)
    shifts = (0.3, 0.0), (0.0, 0.3)
    assert power_of((0.6, 0.4), sizes, shifts=shifts) < power_of((0.6, 0.4), sizes) - 0.02


def test_equal_rates_are_refused():
    with pytest.raises(InvalidRequest, match="do not differ"):
        size_for(0.3, 0.3)
    with pytest.raises(InvalidRequest, match="between 0 and 1"):
        size_for(0.3, 0.2, power=1.5)
