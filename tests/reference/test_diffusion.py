"""Finite volumes against the heat kernel with decay: order, 0.5 mm, oblique fibres, size of the box."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from endplate.solve.diffusion import (
    Medium,
    Tally,
    directional_weights,
    evolve,
    isotropic_weights,
    longest_step,
    make_links,
    settle,
    super_step,
)

BROAD, DIFFUSIVITY, REMOVAL, DAYS = 2.0, 0.8, 0.6, 1.0
OBLIQUE = np.array([2.0, 1.0, -1.0]) / np.sqrt(6.0)


def gaussian(count: int, spacing: float, covariance: np.ndarray) -> np.ndarray:
    """A Gaussian of mass 1 on a centred grid."""
    axis = (np.arange(count) - 0.5 * (count - 1)) * spacing
    place = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), -1)
    square = np.einsum("...i,ij,...j", place, np.linalg.inv(covariance), place)
    return np.exp(-0.5 * square) / np.sqrt((2 * np.pi) ** 3 * np.linalg.det(covariance))


def run(count: int, spacing: float, ratio: float = 1.0, dtype: type = np.float64) -> tuple[Tally, np.ndarray]:
    """The solution of a Gaussian start after `DAYS`, and the exact one."""
    shape = (count,) * 3
    direction = jnp.asarray(np.broadcast_to(OBLIQUE[:, None, None, None], (3, *shape)), dtype)
    across = jnp.full(shape, DIFFUSIVITY, dtype)
    weights = (
        directional_weights(across, ratio * across, direction=direction) if ratio > 1 else isotropic_weights(across)
    )
    medium = Medium(make_links(weights, spacing), jnp.asarray(0.4 * REMOVAL, dtype), jnp.asarray(0.6 * REMOVAL, dtype))
    start = BROAD**2 * np.eye(3)
    steps = int(np.ceil(DAYS / (2 * float(longest_step(medium.links)))))
    first = jnp.asarray(gaussian(count, spacing, start), dtype)
    got = evolve(first, medium, days=DAYS, steps=max(steps, 4), stepper=super_step(4))
    tensor = DIFFUSIVITY * (np.eye(3) + (ratio - 1) * np.outer(OBLIQUE, OBLIQUE))
    exact = gaussian(count, spacing, start + 2 * DAYS * tensor) * np.exp(-REMOVAL * DAYS)
    return got, exact


@pytest.mark.parametrize("ratio", [1.0, 3.0])
def test_order_of_convergence_in_space(ratio):
    errors = []
    for count in (10, 20, 40):
        got, exact = run(count, 24.0 / count, ratio)
        errors.append(np.sqrt(((np.asarray(got.concentration) - exact) ** 2).mean()) / exact.max())
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    print(f"errors {errors}, orders {orders}")
    assert orders[-1] == pytest.approx(2.0, abs=0.2)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("ratio", [1.0, 3.0])
def test_heat_kernel_with_decay_at_half_a_millimetre(ratio, dtype):
    got, exact = run(44, 0.5, ratio, dtype)
    error = np.abs(np.asarray(got.concentration) - exact).max() / exact.max()
    print(f"ratio {ratio}: largest error {error:.2%} of the maximum")
    assert error < 0.01
    taken, lost = float(np.asarray(got.captured, float).sum()), float(np.asarray(got.cleared, float).sum())
    assert taken / lost == pytest.approx(1.5, rel=1e-4)
    assert (taken + lost) * 0.125 == pytest.approx(1 - np.exp(-REMOVAL * DAYS), rel=1e-3)


def test_size_of_the_box_does_not_matter():
    small, large = (np.asarray(run(count, 1.0)[0].exposure) for count in (20, 32))
    assert np.abs(large[6:-6, 6:-6, 6:-6] - small).max() < 1e-3 * large.max()


def test_settled_exposure_of_a_point_is_the_screened_kernel():
    """A = e^(−r/ℓ) / (4 π D r) with ℓ² = D/k, eight voxels and more from the point."""
    count, spacing = 41, 0.5
    removal = 0.3
    medium = Medium(
        make_links(isotropic_weights(jnp.full((count,) * 3, DIFFUSIVITY)), spacing),
        jnp.asarray(0.0),
        jnp.asarray(removal),
    )
    middle = count // 2
    point = jnp.zeros((count,) * 3).at[middle, middle, middle].set(1 / spacing**3)
    found = np.asarray(settle(point, medium))[middle + 8 : middle + 15, middle, middle]
    radius = spacing * np.arange(8, 15)
    exact = np.exp(-radius * np.sqrt(removal / DIFFUSIVITY)) / (4 * np.pi * DIFFUSIVITY * radius)
    assert found == pytest.approx(exact, rel=0.04)
