"""Draws from known densities, and what tells of chains that do not agree."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from endplate.fit.chains import draw, effective_draws, mixing

TURN = np.array([[1.0, 0.9], [0.0, 0.3]])


def leaning(place, spread):
    """A normal density with a correlation of 0.95."""
    return -0.5 * jnp.sum(jnp.linalg.solve(jnp.asarray(TURN).T * spread, place) ** 2)


def test_draws_have_the_densitys_moments():
    found = draw(leaning, np.zeros(2), data=2.0, count=1500, seed=3)
    flat = found.points.reshape(-1, 2)
    assert found.mixing < 1.02
    assert found.effective > 500
    assert flat.mean(axis=0) == pytest.approx([0, 0], abs=0.2)
    assert np.cov(flat.T) == pytest.approx(4 * TURN.T @ TURN, abs=0.5)


def test_heavy_tails_are_reached():
    found = draw(lambda x, _: -2.5 * jnp.sum(jnp.log1p(x**2 / 4)), np.zeros(1), count=3000)
    # Student's distribution with 4 degrees of freedom: 5 % beyond 2.776 either way.
    assert np.mean(np.abs(found.points) > 2.776) == pytest.approx(0.05, abs=0.02)


def test_the_same_seed_gives_the_same_bits():
    one, two = (draw(leaning, np.zeros(2), data=1.0, count=20, seed=5).points for _ in range(2))
    assert np.array_equal(one, two)


def test_chains_go_on_while_they_disagree():
    settled = draw(leaning, np.zeros(2), data=1.0, count=20, seed=5, mixed=10.0)
    never = draw(leaning, np.zeros(2), data=1.0, count=20, seed=5, mixed=0.0)
    assert settled.points.shape == (8, 20, 2)
    assert never.points.shape[1] == 80
    assert np.array_equal(never.points[:, :20], settled.points)


def test_chains_that_disagree_are_told():
    random = np.random.default_rng(0)
    points = random.normal(size=(4, 400, 2))
    assert mixing(points) < 1.02
    points[0, :, 1] += 1.5
    assert mixing(points) > 1.2


def test_draws_that_follow_each_other_count_less():
    random = np.random.default_rng(0)
    free = random.normal(size=(4, 1000, 1))
    slow = np.zeros_like(free)
    for step in range(1, 1000):
        slow[:, step] = 0.9 * slow[:, step - 1] + np.sqrt(1 - 0.81) * free[:, step]
    assert effective_draws(free) > 3000
    # The sum of autocorrelations of 0.9^k, twice, less one, is 19.
    assert effective_draws(slow) == pytest.approx(4000 / 19, rel=0.4)
