"""Muscle wastes without transmission and regrows with it."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from endplate.evidence import defaults, load
from endplate.muscle import MuscleParameters, trophic_state
from endplate.solve.exponential import Path

USUAL = MuscleParameters(**{name: jnp.asarray(value) for name, value in defaults(MuscleParameters, load()).items()})
STEPS = jnp.ones(1500)


def held(transmission: float) -> np.ndarray:
    """Trophic state while transmission stays at one value."""
    constant = jnp.full((1501, 1, 1), transmission)
    return np.asarray(trophic_state(Path(constant, 0 * constant), STEPS, parameters=USUAL).value)[:, 0, 0]


def test_a_working_muscle_stays_as_it_is():
    assert np.all(held(1.0) == 1.0)


def test_a_blocked_muscle_wastes_to_the_limit_at_the_time_constant():
    course, limit = held(0.0), float(USUAL.atrophy_limit)
    assert course[-1] == pytest.approx(1 - limit, abs=1e-9)
    assert course[round(float(USUAL.atrophy_time))] == pytest.approx(1 - limit * (1 - np.exp(-1)), rel=1e-9)


@pytest.mark.parametrize("transmission", [0.2, 0.5, 0.9])
def test_partial_block_wastes_in_proportion(transmission):
    assert held(transmission)[-1] == pytest.approx(1 - float(USUAL.atrophy_limit) * (1 - transmission), abs=1e-6)


def test_regrowth_is_slower_than_wasting():
    blocked_for_half_a_year = jnp.where(jnp.arange(1501) < 180, 0.0, 1.0)[:, None, None]
    path = Path(blocked_for_half_a_year, 0 * blocked_for_half_a_year)
    course = np.asarray(trophic_state(path, STEPS, parameters=USUAL).value)[:, 0, 0]
    lost, left = 1 - course[180], 1 - course[180:]
    month = round(float(USUAL.recovery_time))
    assert left[month] == pytest.approx(lost * np.exp(-1), rel=0.05)
    assert left[-1] < 1e-6


@given(arrays(float, 40, elements=st.floats(0.0, 1.0)))
def test_it_stays_between_the_limit_and_one(transmission):
    """Whatever transmission does, in steps of five days with linear pieces between."""
    value = jnp.asarray(np.repeat(transmission, 2))[:, None, None]
    steps = jnp.asarray(np.tile([5.0, 0.0], 40)[:-1])
    course = np.asarray(trophic_state(Path(value, 0 * value), steps, parameters=USUAL).value)
    assert course.max() <= 1 + 1e-12
    assert course.min() >= 1 - float(USUAL.atrophy_limit) - 1e-12
