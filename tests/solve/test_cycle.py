"""Grids of patients who are treated at times of their own."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from endplate.solve.cycle import make_cycles
from endplate.solve.exponential import Path

DAYS = 365

gaps = st.lists(st.floats(20.0, 120.0), min_size=0, max_size=2)
treated = st.tuples(st.floats(0.0, 30.0), gaps).map(lambda one: np.cumsum([one[0], *one[1]])[:, None])


def nodes(cycles, times):
    """Times of the nodes of each patient (N, P) [day]."""
    return times[0] + np.concatenate([np.zeros_like(times[:1]), np.cumsum(np.asarray(cycles.steps, float), axis=0)])


@given(treated)
def test_steps_reach_from_the_first_dose_to_the_last_day(times):
    cycles = make_cycles(times, DAYS, dtype=np.float64)
    steps = np.asarray(cycles.steps)
    assert (steps >= 0).all()
    np.testing.assert_allclose(nodes(cycles, times)[-1], DAYS, atol=1e-9)


@given(treated)
def test_every_dose_has_a_node_at_its_time(times):
    cycles = make_cycles(times, DAYS, dtype=np.float64)
    at = nodes(cycles, times)
    for session, when in enumerate(times):
        (node,) = np.flatnonzero(cycles.event == session)
        np.testing.assert_allclose(at[node], when, atol=1e-9)


@given(treated)
def test_daily_values_of_a_cubic_are_exact(times):
    """Hermite output has no error on a cubic, so every day is read at its right place."""
    cycles = make_cycles(times, DAYS, dtype=np.float64)
    at = nodes(cycles, times) / DAYS
    path = Path(jnp.asarray(at**3 - at), jnp.asarray((3 * at**2 - 1) / DAYS))
    day = np.arange(DAYS + 1.0)
    expected = (day / DAYS) ** 3 - day / DAYS
    after = day >= times[0, 0]
    np.testing.assert_allclose(np.asarray(cycles.daily(path))[after, 0], expected[after], atol=1e-9)


def test_days_before_the_first_dose_keep_the_first_value():
    times = np.array([[10.5]])
    cycles = make_cycles(times, DAYS, dtype=np.float64)
    at = nodes(cycles, times)
    daily = np.asarray(cycles.daily(Path(jnp.asarray(at), jnp.ones_like(jnp.asarray(at)))))[:, 0]
    np.testing.assert_allclose(daily[:11], 10.5)
    np.testing.assert_allclose(daily[11:], np.arange(11.0, DAYS + 1))


def test_a_dose_that_is_not_given_takes_no_time():
    times = np.array([[0.0, 0.0], [90.0, float(DAYS)]])
    cycles = make_cycles(times, DAYS, dtype=np.float64)
    at = nodes(cycles, times)
    (second,) = np.flatnonzero(cycles.event == 1)
    np.testing.assert_allclose(at[second], [90.0, DAYS])
    np.testing.assert_allclose(at[-1], DAYS)
