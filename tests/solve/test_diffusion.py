"""Finite volumes: what goes out comes in, sheets in series, weights, gradients."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from endplate.solve.diffusion import (
    DIRECTIONS,
    Medium,
    directional_weights,
    euler_step,
    evolve,
    flow,
    isotropic_weights,
    longest_step,
    make_links,
    settle,
    super_step,
)

SIZE = 12


def rough(seed: int, dtype: type = np.float64) -> tuple[jax.Array, Medium]:
    """A start and a medium that differ from voxel to voxel, with oblique fibres and walls."""
    draw = np.random.default_rng(seed)
    shape = (SIZE, SIZE + 1, SIZE + 2)
    direction = draw.standard_normal((3, *shape))
    direction /= np.linalg.norm(direction, axis=0)
    across = np.exp(0.5 * draw.standard_normal(shape))
    across[:, 5] = 0.0
    weights = directional_weights(jnp.asarray(across), jnp.asarray(3 * across), direction=jnp.asarray(direction))
    links = make_links(weights.astype(dtype), 0.9)
    loss, uptake = (jnp.asarray(draw.uniform(0, 1, shape), dtype) for _ in range(2))
    return jnp.asarray(draw.uniform(0, 1, shape), dtype), Medium(links, loss, uptake)


@pytest.mark.parametrize("stepper", [euler_step, super_step(3), super_step(6)])
@pytest.mark.parametrize("capacity", [None, 0.1])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_mass_is_kept(stepper, capacity, dtype):
    start, medium = rough(1, dtype)
    medium = medium._replace(capacity=capacity if capacity is None else jnp.asarray(capacity, dtype))
    step = float(longest_step(medium.links))
    done = evolve(start, medium, days=20 * step, steps=20, stepper=stepper)
    assert done.captured.dtype == dtype
    total = sum(np.asarray(part, float).sum() for part in (done.concentration, done.captured, done.cleared))
    assert total == pytest.approx(float(np.asarray(start, float).sum()), rel=1e-5 if dtype == np.float32 else 1e-12)


def test_nothing_becomes_negative_at_the_longest_step():
    start, medium = rough(2)
    spike = jnp.zeros_like(start).at[3, 3, 3].set(1.0)
    step = float(longest_step(medium.links))
    done = evolve(spike, medium, days=30 * step, steps=30)
    assert float(done.concentration.min()) >= 0
    assert float(done.concentration[:, :5].sum()) > 0
    assert float(done.concentration[:, 5:].sum()) == 0  # behind the wall


def test_injections_superpose():
    start, medium = rough(3, np.float32)
    other = start[::-1] * 3
    step = float(longest_step(medium.links))
    alone, beside, both = (
        np.asarray(evolve(one, medium, days=10 * step, steps=10).captured) for one in (start, other, start + other)
    )
    assert np.abs(both - alone - beside).max() < 1e-5 * both.max()


@pytest.mark.parametrize("seed", range(5))
def test_weights_make_up_the_tensor(seed):
    direction = np.random.default_rng(seed).standard_normal(3)
    direction /= np.linalg.norm(direction)
    weights = np.asarray(directional_weights(jnp.asarray(1.0), jnp.asarray(3.7), direction=jnp.asarray(direction)))
    lattice = np.array(DIRECTIONS, float)
    assert weights.min() >= 0
    tensor = np.einsum("k,ki,kj->ij", weights, lattice, lattice)
    assert tensor == pytest.approx(np.eye(3) + 2.7 * np.outer(direction, direction), abs=1e-12)


def test_sheet_is_in_series_with_the_tissue():
    """Between two plates held at 0 and 1 the steady current is one over the sum of resistances."""
    count, spacing, sheet = 10, 0.7, 4.0
    weights = isotropic_weights(jnp.full((count, 1, 1), 0.3))
    walls = [jnp.zeros((count - 1, 1, 1)), jnp.zeros((count, 0, 1)), jnp.zeros((count, 1, 0))]
    walls[0] = walls[0].at[4].set(sheet)
    links = make_links(weights, spacing, resistance=tuple(walls))
    current = 1 / ((count - 1) * spacing / 0.3 + sheet)
    drop = np.full(count - 1, current * spacing / 0.3)
    drop[4] += current * sheet
    level = jnp.asarray(np.concatenate([[0.0], np.cumsum(drop)])[:, None, None])
    net = np.asarray(flow(level, links))[:, 0, 0]
    assert level[-1, 0, 0] == pytest.approx(1.0)
    assert np.abs(net[1:-1]).max() < 1e-12
    assert net[0] * spacing == pytest.approx(current)


def test_capacity_limits_uptake_and_a_large_one_does_nothing():
    start, medium = rough(4)
    run = {"days": 5.0, "steps": 400}
    linear = np.asarray(evolve(start, medium, **run).captured)
    full = np.asarray(evolve(start, medium._replace(capacity=jnp.asarray(0.02)), **run).captured)
    wide = np.asarray(evolve(start, medium._replace(capacity=jnp.asarray(1e6)), **run).captured)
    assert full.max() <= 0.02 * (1 + 1e-12)
    assert full.sum() < 0.5 * linear.sum()
    assert np.abs(wide - linear).max() < 1e-5 * linear.max()


def test_settled_exposure_is_that_of_long_times():
    start, medium = rough(5)
    medium = medium._replace(loss=medium.loss + 1)
    step = float(longest_step(medium.links))
    steps = int(np.ceil(16 / step)) * 2
    slow = np.asarray(evolve(start, medium, days=16.0, steps=steps, stepper=super_step(3)).exposure)
    assert np.abs(np.asarray(settle(start, medium)) - slow).max() < 3e-3 * slow.max()


@pytest.mark.parametrize("exposure", ["steps", "settled"])
def test_gradients_match_finite_differences(exposure):
    start, medium = rough(6)

    def seen(scale: jax.Array) -> jax.Array:
        fast = medium._replace(links=tuple(scale * link for link in medium.links), loss=1 + medium.loss * scale)
        if exposure == "steps":
            return evolve(start * scale, fast, days=0.3, steps=12, stepper=super_step(4)).exposure[4, 4, 4]
        return settle(start * scale, fast, tolerance=1e-12)[4, 4, 4]

    slope, width = float(jax.grad(seen)(jnp.asarray(0.8))), 1e-5
    difference = float(seen(jnp.asarray(0.8 + width)) - seen(jnp.asarray(0.8 - width))) / (2 * width)
    assert slope == pytest.approx(difference, rel=1e-6)
