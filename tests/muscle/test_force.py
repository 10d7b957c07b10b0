"""Force from transmission, trophic state and activation."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from endplate.evidence import defaults, load
from endplate.muscle import MuscleParameters, activation, active_force, force_fraction

USUAL = MuscleParameters(**{name: jnp.asarray(value) for name, value in defaults(MuscleParameters, load()).items()})
PAIR = jnp.asarray([[0.0, 1.0], [1.0, 0.0]])
SHARE = st.floats(0.0, 1.0, allow_subnormal=False)


def drive(effort: float, first: float, second: float, synergy: jnp.ndarray = PAIR) -> np.ndarray:
    """Activation of two partners at their transmissions."""
    transmission = jnp.asarray([first, second])[None, :, None]
    return np.asarray(activation(jnp.asarray(effort), transmission, synergy=synergy, parameters=USUAL))[0, :, 0]


@given(SHARE)
def test_untreated_muscles_do_what_they_are_asked(effort):
    np.testing.assert_allclose(drive(effort, 1.0, 1.0), effort)


def test_a_partner_makes_up_for_what_is_lost_by_the_gain():
    gain = float(USUAL.compensation_gain)
    first, second = drive(0.5, 0.4, 1.0)
    assert first == pytest.approx(0.5)
    assert second == pytest.approx(0.5 * (1 + gain * 0.6))


@given(SHARE, SHARE, SHARE)
def test_activation_stays_a_fraction_and_never_falls_below_effort(effort, first, second):
    found = drive(effort, first, second)
    assert np.all(found <= 1.0)
    assert np.all(found >= effort - 1e-15)


def test_nothing_is_left_to_add_at_maximum_effort():
    assert drive(1.0, 0.0, 0.0).tolist() == [1.0, 1.0]


def test_strangers_do_not_compensate():
    assert drive(0.5, 0.1, 0.1, jnp.zeros((2, 2))).tolist() == [0.5, 0.5]


def test_force_is_stress_times_cross_section():
    """A fully active muscle of 100 mm² at 0.15 MPa pulls with 15 N; half the fibres of a muscle at 80 % give 40 %."""
    whole = force_fraction(jnp.ones((1, 1, 1)), jnp.ones((1, 1, 1)))
    part = force_fraction(jnp.full((1, 1, 1), 0.5), jnp.full((1, 1, 1), 0.8))
    area = jnp.asarray([[100.0]])
    newtons = [
        float(active_force(jnp.ones((1, 1, 1)), fraction, area=area, parameters=USUAL)[0, 0, 0])
        for fraction in (whole, part)
    ]
    assert newtons == pytest.approx([15.0, 6.0])
