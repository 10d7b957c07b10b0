"""Exponential steps: their weights, their order, their limits."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad, solve_ivp

from endplate.solve.exponential import Path, constant_source_step, linear_path, weights

# From zero over the switch between series and closed form (0.7) to a step that forgets everything.
AREAS = [0.0, 1e-12, 1e-4, 0.1, 0.5, 0.699999, 0.700001, 1.0, 5.0, 60.0, 5000.0]


@pytest.mark.parametrize("area", AREAS)
def test_weights_are_the_moments_they_claim_to_be(area):
    found = weights(jnp.asarray(area))
    assert float(found.decay) == pytest.approx(np.exp(-area), rel=1e-7, abs=1e-15)
    for value, moment in ((found.phi, lambda v: 1.0), (found.first, lambda v: v), (found.bow, lambda v: v * (1 - v))):
        end = min(1.0, 40.0 / max(area, 1e-9))
        exact = quad(lambda v, f=moment: np.exp(-area * v) * f(v), 0.0, end, epsabs=0, epsrel=1e-10, limit=200)[0]
        assert float(value) == pytest.approx(exact, rel=1e-7)


def test_weights_in_single_precision():
    areas = jnp.asarray(AREAS)
    single = weights(areas.astype(jnp.float32))
    for low, high in zip(single, weights(areas), strict=True):
        assert low.dtype == jnp.float32
        np.testing.assert_allclose(low, high, rtol=1e-5, atol=1e-30)


@given(st.floats(0.0, 100.0))
def test_weights_have_finite_slopes(area):
    slopes = jax.jacobian(lambda z: jnp.stack(weights(z)))(jnp.asarray(area))
    assert np.all(np.isfinite(slopes))
    assert np.all(np.asarray(slopes) <= 0)


def test_a_constant_decay_is_solved_exactly():
    stepped = constant_source_step(
        jnp.asarray(0.3), jnp.asarray(2.0), source=jnp.asarray(0.7), area=jnp.asarray(2 * 1.1), rise=jnp.asarray(0.0)
    )
    exact = 0.7 / 1.1 + (0.3 - 0.7 / 1.1) * np.exp(-2.2)
    assert float(stepped) == pytest.approx(exact, rel=1e-12)


def source(t):
    return 1.2 + np.sin(1.3 * t), 1.3 * np.cos(1.3 * t)


def decay(t):
    return 0.8 + 0.6 * np.cos(0.9 * t), -0.54 * np.sin(0.9 * t)


@jax.jit
def follow(steps, a, b):
    return linear_path(steps, Path(*a), decay=Path(*b), start=jnp.zeros(1)).value[-1, 0]


def test_a_path_converges_with_order_four():
    exact = solve_ivp(
        lambda t, x: source(t)[0] - decay(t)[0] * x, (0, 8), [0.0], method="Radau", rtol=1e-12, atol=1e-13
    ).y[0, -1]
    errors = []
    for count in (16, 32, 64):
        times = np.linspace(0, 8, count + 1)
        a, b = ([jnp.asarray(part)[:, None] for part in f(times)] for f in (source, decay))
        errors.append(abs(float(follow(jnp.diff(jnp.asarray(times)), a, b)) - exact))
    orders = np.log2(np.divide(errors[:-1], errors[1:]))
    assert np.all(orders > 3.7), orders


def test_a_step_of_length_zero_changes_nothing():
    times = jnp.asarray([0.0, 1.0, 1.0, 1.0, 2.0])
    a, b = ([jnp.asarray(part)[:, None] for part in f(np.asarray(times))] for f in (source, decay))
    value = linear_path(jnp.diff(times), Path(*a), decay=Path(*b), start=jnp.zeros(1)).value[:, 0]
    assert float(value[1]) == float(value[2]) == float(value[3])


@given(st.floats(1e3, 1e12), st.floats(0.0, 1.0))
def test_a_stiff_step_lands_on_its_target(rate, target):
    flat = jnp.zeros((2, 1))
    path = linear_path(
        jnp.ones(1), Path(flat + rate * target, flat), decay=Path(flat + rate, flat), start=jnp.asarray([0.5])
    )
    assert float(path.value[-1, 0]) == pytest.approx(target, abs=1e-9)
