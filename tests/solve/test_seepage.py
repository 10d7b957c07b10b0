"""Darcy flow from a point: ball, disc, fibres, walls, gradients."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from endplate.solve.diffusion import directional_weights, isotropic_weights, make_links
from endplate.solve.seepage import arrival, filled, point_weights, seep

COUNT, PORE = 33, 0.15
MIDDLE = COUNT // 2
SHAPE = (COUNT,) * 3
AXIS = np.arange(COUNT) - MIDDLE


def front(weights: jax.Array, volume: float, place: jax.Array | None = None) -> np.ndarray:
    """Share of each voxel of 1 mm that an injection in the middle fills."""
    source = point_weights(jnp.full(3, float(MIDDLE)) if place is None else place, SHAPE) * (weights[0] > 0)
    flux = seep(source / source.sum(), make_links(weights, 1.0))
    return np.asarray(filled(jnp.asarray(volume), arrival(source, flux, pore=jnp.asarray(PORE), sweeps=50), pore=PORE))


def spread_along(share: np.ndarray, axis: int) -> float:
    """Root mean square of the place along an axis."""
    weight = share.sum(axis=tuple(one for one in range(3) if one != axis))
    return float(np.sqrt((weight * AXIS**2).sum() / weight.sum()))


@pytest.mark.parametrize("volume", [20.0, 100.0, 300.0])
def test_homogeneous_tissue_is_filled_as_a_ball(volume):
    share = front(isotropic_weights(jnp.ones(SHAPE)), volume)
    assert share.sum() * PORE == pytest.approx(volume, rel=0.02)
    radius = (0.75 * volume / PORE / np.pi) ** (1 / 3)
    assert spread_along(share, 0) == pytest.approx(radius / np.sqrt(5), rel=0.03)


@pytest.mark.parametrize("volume", [20.0, 60.0])
def test_layer_between_walls_is_filled_as_a_disc(volume):
    layer = jnp.zeros(SHAPE).at[:, :, MIDDLE - 1 : MIDDLE + 1].set(1.0)
    share = front(isotropic_weights(layer), volume)
    assert share[:, :, : MIDDLE - 1].sum() == 0
    radius = np.sqrt(volume / (PORE * np.pi * 2))
    assert spread_along(share, 0) == pytest.approx(radius / 2, rel=0.03)


def test_fluid_runs_along_fibres_in_any_direction():
    """The front is an ellipsoid with semi-axes as the square roots of the permeabilities."""
    direction = jnp.asarray(np.array([1.0, 1.0, 0.0]) / np.sqrt(2))[:, None, None, None] * jnp.ones(SHAPE)
    share = front(directional_weights(jnp.ones(SHAPE), jnp.full(SHAPE, 3.0), direction=direction), 100.0)
    x, y = np.meshgrid(AXIS, AXIS, indexing="ij")
    flat = share.sum(axis=2)
    along, across = (np.sqrt((flat * (x + sign * y) ** 2).sum() / flat.sum() / 2) for sign in (1, -1))
    assert along / across == pytest.approx(np.sqrt(3.0), rel=0.05)
    assert spread_along(share, 2) == pytest.approx(across, rel=0.08)


def test_nothing_passes_a_wall():
    walled = jnp.ones(SHAPE).at[MIDDLE + 3].set(0.0)
    share = front(isotropic_weights(walled), 100.0)
    assert share[MIDDLE + 3 :].sum() == 0
    assert share.sum() * PORE == pytest.approx(100.0, rel=0.03)


def test_front_moves_smoothly_with_the_needle():
    def reach(shift: jax.Array) -> jax.Array:
        place = jnp.full(3, float(MIDDLE)).at[0].add(shift)
        source = point_weights(place, SHAPE)
        flux = seep(source, make_links(isotropic_weights(jnp.ones(SHAPE)), 1.0), tolerance=1e-12)
        share = filled(jnp.asarray(60.0), arrival(source, flux, pore=jnp.asarray(PORE), sweeps=40), pore=PORE)
        return jnp.sum(share * jnp.asarray(AXIS)[:, None, None]) / jnp.sum(share)

    slope, width = float(jax.grad(reach)(jnp.asarray(0.3))), 1e-5
    difference = float(reach(jnp.asarray(0.3 + width)) - reach(jnp.asarray(0.3 - width))) / (2 * width)
    assert slope == pytest.approx(difference, rel=1e-4)
    assert slope == pytest.approx(1.0, abs=0.15)
