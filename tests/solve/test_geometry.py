"""Balls, sharp and blurred."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from endplate.solve.geometry import ball_radius, blurred_ball

blurred = jax.jit(blurred_ball)

RADII = [0.7, 3.0, 9.0]


@pytest.mark.parametrize("radius", RADII)
def test_radius_of_a_ball_inverts_its_volume(radius):
    assert float(ball_radius(jnp.asarray(4 / 3 * np.pi * radius**3))) == pytest.approx(radius, rel=1e-12)


@pytest.mark.parametrize("radius", RADII)
@pytest.mark.parametrize("blur", [0.05, 1.0, 6.0])
def test_blurring_keeps_the_volume(radius, blur):
    """The integral over space stays 4/3 π r³."""
    distance = np.linspace(1e-9, radius + 12 * blur, 20_001)
    height = np.asarray(blurred(jnp.asarray(distance), jnp.asarray(radius), blur=jnp.asarray(blur)))
    volume = np.trapezoid(4 * np.pi * distance**2 * height, distance)
    assert volume == pytest.approx(4 / 3 * np.pi * radius**3, rel=1e-6)


def test_blurred_ball_is_the_convolution_with_a_gaussian():
    """By brute force on a fine grid of the ball."""
    axis = np.linspace(-2.0, 2.0, 161)
    cell = (axis[1] - axis[0]) ** 3
    x, y, z = np.meshgrid(axis, axis, axis, indexing="ij", sparse=True)
    inside = x**2 + y**2 + z**2 <= 4.0
    for distance in (0.3, 1.0, 2.0, 3.5):
        kernel = np.exp(-0.5 * ((x - distance) ** 2 + y**2 + z**2)) / (2 * np.pi) ** 1.5
        brute = (inside * kernel).sum() * cell
        assert float(blurred(jnp.asarray(distance), jnp.asarray(2.0), blur=jnp.asarray(1.0))) == pytest.approx(
            brute, rel=3e-3
        )


def test_limits_are_the_sharp_ball_and_the_gaussian():
    distance = jnp.asarray([0.5, 2.9, 3.1, 8.0])
    assert np.allclose(blurred_ball(distance, jnp.asarray(3.0), blur=jnp.asarray(1e-3)), [1, 1, 0, 0], atol=1e-12)
    gaussian = 4 / 3 * np.pi * 0.1**3 * np.exp(-0.5 * distance**2 / 25) / (2 * np.pi * 25) ** 1.5
    assert np.allclose(blurred_ball(distance, jnp.asarray(0.1), blur=jnp.asarray(5.0)), gaussian, rtol=1e-3)


def test_it_falls_with_distance_and_has_a_slope_everywhere():
    distance = jnp.linspace(0.01, 30.0, 400)
    slope = jax.vmap(jax.grad(lambda r: blurred_ball(r, jnp.asarray(4.0), blur=jnp.asarray(2.0))))(distance)
    assert np.all(np.isfinite(slope))
    assert np.all(np.asarray(slope) < 1e-12)
