"""The linear chain against matrix exponentials."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.linalg import expm

from endplate.solve.chain import Chain, member_weights, respond

RATES = st.lists(st.floats(0.01, 300.0), min_size=4, max_size=4)
FEEDS = [0.7, 2.0, 0.3]


def chain(loss: list[float], feed: list[float]) -> Chain:
    return Chain(jnp.asarray(loss)[:, None], jnp.asarray(feed)[:, None])


def matrix(loss: list[float], feed: list[float]) -> np.ndarray:
    return np.diag(feed, -1) - np.diag(loss)


def apart(loss: list[float], by: float) -> bool:
    return all(abs(a - b) > by * max(a, b) for i, a in enumerate(loss) for b in loss[:i])


@given(RATES, st.floats(0.01, 20.0), st.integers(0, 3))
def test_modes_of_every_member_match_the_matrix_exponential(loss, time, member):
    assume(apart(loss, 0.02))
    rate, weight = member_weights(chain(loss, FEEDS), member)
    modal = float(jnp.sum(weight * jnp.exp(-rate * time)))
    assert modal == pytest.approx(expm(time * matrix(loss, FEEDS))[member, 0], rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("loss", [[2.0, 2.0, 0.5, 0.1], [2.0, 2.0, 2.0, 0.5], [1.0, 2.0, 1.0005, 2.001]])
def test_coinciding_rates_cost_less_than_a_percent(loss):
    times = np.linspace(0.1, 8.0, 20)
    rate, weight = member_weights(chain(loss, FEEDS))
    modal = np.array([float(jnp.sum(weight * jnp.exp(-rate * time))) for time in times])
    exact = np.array([expm(time * matrix(loss, FEEDS))[3, 0] for time in times])
    assert np.abs(modal - exact).max() < 0.01 * exact.max()


STEPS = np.array([0.1, 0.4, 0.0, 1.5, 3.0, 1e-4, 20.0])
DOSES = np.array([1.0, 0.0, 0.5, 0.0, 0.0, 2.0, 0.0, 0.0])
LOSS = [4.8, 20.0, 0.7, 0.015]


def by_matrices(loss: list[float], late: list[float], flags: np.ndarray) -> tuple[list[float], list[float]]:
    """Last member at the nodes and its integral over the steps; the extra row integrates it."""
    state, value, area = np.zeros(5), [0.0], []
    for step, dose, flag in zip(STEPS, DOSES[:-1], flags[:-1], strict=True):
        state[0] += dose
        state[4] = 0.0
        wide = np.zeros((5, 5))
        wide[:4, :4] = matrix(late if flag else loss, FEEDS)
        wide[4, 3] = 1.0
        state = expm(step * wide) @ state
        value.append(state[3])
        area.append(state[4])
    return value, area


@pytest.mark.parametrize("switched_from", [0, 2, 4, 8])
def test_response_to_doses_and_to_a_switch(switched_from):
    flags = np.arange(len(DOSES)) >= switched_from
    late = [30.0, *LOSS[1:]]
    found = respond(
        chain(LOSS, FEEDS),
        jnp.asarray(STEPS),
        doses=jnp.asarray(DOSES)[:, None],
        switch=(jnp.asarray(flags), chain(late, FEEDS)),
    )
    value, area = by_matrices(LOSS, late, flags)
    np.testing.assert_allclose(found.value[:, 0], value, rtol=1e-9, atol=1e-13)
    np.testing.assert_allclose(found.area[:, 0], area, rtol=1e-9, atol=1e-13)


def test_a_last_member_without_loss_keeps_everything():
    found = respond(
        chain([2.0, 3.0, 5.0, 0.0], [2.0, 3.0, 5.0]), jnp.asarray([1.0, 200.0]), doses=jnp.eye(3)[0][:, None]
    )
    assert float(found.value[-1, 0]) == pytest.approx(1.0, abs=1e-12)


def test_area_stays_exact_over_many_short_steps():
    """Areas of tiny steps add up to the area of long ones, to all digits."""
    tiny, dose = jnp.full(20_000, 1e-3), jnp.zeros((20_001, 1)).at[0, 0].set(1.0)
    long, same = jnp.full(2, 10.0), jnp.zeros((3, 1)).at[0, 0].set(1.0)
    fine, coarse = (
        respond(chain(LOSS, FEEDS), steps, doses=doses).area.sum() for steps, doses in ((tiny, dose), (long, same))
    )
    assert float(fine) == pytest.approx(float(coarse), rel=1e-11)


@pytest.mark.parametrize("loss", [LOSS, [2.0, 2.0, 2.0, 0.0]])
def test_slopes_are_finite(loss):
    def end(rates):
        found = respond(
            Chain(rates[:, None], jnp.asarray(FEEDS)[:, None]), jnp.asarray(STEPS), doses=jnp.asarray(DOSES)[:, None]
        )
        return found.value[-1, 0] + found.area.sum()

    assert np.all(np.isfinite(jax.grad(end)(jnp.asarray(loss))))
