"""Milestones and durations."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from endplate.outcome import (
    duration_none_or_mild,
    duration_one_grade,
    duration_to_baseline,
    find_milestones,
    grade_probability,
    onset_of_effect,
)

DAYS = jnp.arange(0.0, 201.0)
DURATIONS = (duration_none_or_mild, duration_to_baseline, duration_one_grade)
milestones = jax.jit(find_milestones)


@jax.jit
def spans(severity: jax.Array, parameters, start: float = 0.0) -> tuple[jax.Array, ...]:
    p = grade_probability(jnp.stack([0 * severity, severity])[:, :, None, None].transpose(1, 2, 0, 3), parameters)
    return tuple(span(DAYS, p, start=start)[0, 0] for span in (onset_of_effect, *DURATIONS))


def triangle(depth: float, down: float, up: float) -> np.ndarray:
    """A course that falls to `depth` by day `down` and is back at 0 by day `up`."""
    return np.interp(np.asarray(DAYS), [0, down, up], [0, depth, 0])


@given(peak=st.floats(0.15, 1.0), down=st.integers(2, 60), back=st.integers(10, 120))
def test_milestones_of_a_triangle(peak, down, back, parameters):
    force = jnp.asarray(1 - triangle(peak, down, down + back))[:, None, None]
    found = milestones(force, DAYS, parameters=parameters)
    wanted = [down * 0.1 / peak, down, peak, down + back / 2]
    np.testing.assert_allclose([one[0, 0] for one in found], wanted, rtol=1e-9)


@given(peak=st.floats(-0.3, 0.099))
def test_a_muscle_hardly_touched_has_no_days(peak, parameters):
    found = milestones(jnp.asarray(1 - triangle(peak, 10, 50))[:, None, None], DAYS, parameters=parameters)
    assert np.isposinf([found.onset, found.peak, found.half_recovery]).all()
    np.testing.assert_allclose(found.peak_loss, max(peak, 0), atol=1e-12)


def test_a_muscle_that_stays_weak_has_not_recovered(parameters):
    force = jnp.asarray(1 - np.interp(np.asarray(DAYS), [0, 20, 200], [0, 0.8, 0.5]))[:, None, None]
    found = milestones(force, DAYS, parameters=parameters)
    assert np.isposinf(found.half_recovery).all()
    assert found.peak == 20


def test_no_effect_has_no_onset_and_no_duration(parameters):
    assert [float(day) for day in spans(jnp.full_like(DAYS, 2.0), parameters)] == [np.inf, 0, 0, 0]


def test_three_durations_of_one_course(parameters):
    """Severity 2 falls to 0.3 by day 10 and is back by day 180: the three differ, each as defined."""
    severity = 2 - triangle(1.7, 10, 180)
    onset, mild, baseline, one_grade = (float(day) for day in spans(jnp.asarray(severity), parameters))
    expected_at = 180 - 170 * np.array([0.5, 0.5, 1.0]) / 1.7
    assert 2 < onset < 4
    np.testing.assert_allclose([mild, baseline, one_grade], expected_at, atol=1.5)
    later = [float(day) for day in spans(jnp.asarray(severity), parameters, 2.0)]
    np.testing.assert_allclose(later, np.array([onset, mild, baseline, one_grade]) - 2)


@given(gain=st.floats(0.0, 2.9), baseline=st.floats(1.8, 3.0), back=st.floats(20, 180))
def test_durations_are_ordered(gain, baseline, back, parameters):
    severity = baseline - triangle(min(gain, baseline), 10, back)
    onset, _, to_baseline, one_grade = spans(jnp.asarray(severity), parameters)
    assert to_baseline >= one_grade
    assert jnp.isfinite(onset) == (to_baseline > 0)


def test_an_effect_that_lasts_to_the_end_is_infinite(parameters):
    days = spans(jnp.asarray(np.interp(np.asarray(DAYS), [0, 10], [2.5, 0.5])), parameters)
    assert jnp.isfinite(days[0])
    assert np.isposinf(days[1:]).all()


def test_a_line_mild_from_the_start_does_not_count_as_treated(parameters):
    mild = spans(jnp.asarray(1.2 - triangle(1.0, 10, 100)), parameters)[1]
    assert mild == 0


def test_days_have_finite_slopes(parameters):
    def total(scale):
        force = jnp.asarray(1 - triangle(0.8, 10, 150))[:, None, None] ** scale
        found = find_milestones(force, DAYS, parameters=parameters)
        severity = 2.5 * force
        p = grade_probability(jnp.stack([severity, severity], axis=2), parameters)
        return sum(jnp.sum(day) for day in (*found, *(span(DAYS, p) for span in DURATIONS)))

    slope = jax.jit(jax.grad(total))(1.0)
    assert jnp.isfinite(slope)
    assert slope > 0
