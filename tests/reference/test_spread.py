"""The closed form of the bolus against a steady diffusion problem, adaptive quadrature in time, and its own mass."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import quad

from endplate.evidence import defaults, load
from endplate.solve.geometry import blurred_ball
from endplate.spread import SpreadParameters, capture
from endplate.units import CUBIC_MM_PER_ML

LIBRARY = load()
VOLUMES = [0.02, 0.1, 0.5]
RADII = np.linspace(0.0, 25.0, 251)


def spread(**changes: float) -> SpreadParameters:
    values = defaults(SpreadParameters, LIBRARY) | changes
    return SpreadParameters(**{name: jnp.asarray(value) for name, value in values.items()})


def captured(radii: np.ndarray, volume: float, parameters: SpreadParameters) -> np.ndarray:
    """Dose captured per volume at distances from one injection of 1 U [U/mm³]."""
    endplates = jnp.zeros((len(radii), 3, 1)).at[:, 0, 0].set(radii)
    one = jnp.ones(1)
    return np.asarray(capture(endplates, jnp.zeros((1, 3)), doses=one, volumes=volume * one, parameters=parameters))[
        0, :, 0
    ]


def ball(volume: float, p: SpreadParameters) -> tuple[float, float]:
    """Radius of the bolus, and the dose captured in it if nothing moved [U/mm³]."""
    tissue = volume * CUBIC_MM_PER_ML / float(p.accessible_fraction)
    share = float(p.uptake_rate / (p.uptake_rate + p.clearance_rate))
    return (0.75 * tissue / np.pi) ** (1 / 3), share / tissue


def screened(radii: np.ndarray, volume: float, p: SpreadParameters) -> np.ndarray:
    """Captured dose of a sharp ball: D ∇²A − (k_clr + k_up) A + c(0) = 0 for the integral A of c over time."""
    radius, height = ball(volume, p)
    length = float(jnp.sqrt(p.diffusivity / (p.uptake_rate + p.clearance_rate)))
    a, x = radius / length, np.maximum(radii, 1e-9) / length
    inside = 1 - (1 + a) * (np.exp(np.minimum(x, a) - a) - np.exp(-x - a)) / (2 * x)
    outside = (a - 1 + (a + 1) * np.exp(-2 * a)) * np.exp(np.minimum(a - x, 0.0)) / (2 * x)
    return height * np.where(x < a, inside, outside)


def averaged(distance: float, volume: float, p: SpreadParameters) -> float:
    """The same integral over the exponential time of removal, by adaptive quadrature in the square root of time."""
    radius, height = ball(volume, p)
    removal = float(p.uptake_rate + p.clearance_rate)

    def part(root: float) -> float:
        blur = np.sqrt(float(p.front_dispersion) ** 2 + 2 * float(p.diffusivity) * root**2 / removal)
        return (
            2
            * root
            * np.exp(-(root**2))
            * float(blurred_ball(jnp.asarray(distance), jnp.asarray(radius), blur=jnp.asarray(blur)))
        )

    return height * quad(part, 0.0, 6.0, epsabs=1e-12, epsrel=1e-9, limit=200)[0]


@pytest.mark.parametrize("diffusivity", [0.2592, 0.864, 20.0])
def test_time_average_solves_the_steady_diffusion_problem(diffusivity):
    """Without dispersion, the average of the heat kernel over the time of removal is the screened Poisson solution."""
    p = spread(front_dispersion=1e-4, diffusivity=diffusivity)
    radius, height = ball(0.1, p)
    for distance in radius + np.array([-4.0, -1.0, -0.2, 0.2, 1.0, 3.0]):
        exact = screened(np.array([distance]), 0.1, p)[0]
        assert averaged(distance, 0.1, p) == pytest.approx(exact, rel=0.01, abs=1e-7 * height)


@pytest.mark.parametrize("volume", VOLUMES)
def test_sharp_front_limit_of_capture(volume):
    """Three nodes in time cannot follow a front of no width, which lies outside the range of the evidence.

    Beyond three diffusion lengths of the front the error is below 1 % of the maximum, at the front below 3 %.
    """
    p = spread(front_dispersion=1e-3)
    radius, height = ball(volume, p)
    error = np.abs(captured(RADII, volume, p) - screened(RADII, volume, p)) / height
    length = float(jnp.sqrt(p.diffusivity / (p.uptake_rate + p.clearance_rate)))
    away = np.abs(RADII - radius) > 3 * length
    print(f"{volume} mL: {error.max():.3%} at the front, {error[away].max():.3%} away from it")
    assert error[away].max() < 0.01
    assert error.max() < 0.03


@pytest.mark.parametrize("dispersion", [1.5, 3.0, 5.0])
@pytest.mark.parametrize("diffusivity", [0.00432, 0.2592, 0.864])
def test_three_nodes_in_time_suffice_over_the_range_of_the_evidence(dispersion, diffusivity):
    p = spread(front_dispersion=dispersion, diffusivity=diffusivity)
    radii = np.linspace(0.5, 15.0, 8)
    exact = np.array([averaged(distance, 0.1, p) for distance in radii])
    error = np.abs(captured(radii, 0.1, p) - exact).max() / exact.max()
    print(f"dispersion {dispersion} mm, D {diffusivity} mm²/day: {error:.1e} of the maximum")
    assert error < 1e-5


@pytest.mark.parametrize("volume", VOLUMES)
@pytest.mark.parametrize("dispersion", [1.5, 3.0])
def test_captured_dose_over_space_is_the_share_that_uptake_wins(volume, dispersion):
    p = spread(front_dispersion=dispersion, uptake_rate=1.3, clearance_rate=2.9)
    nodes, weights = np.polynomial.legendre.leggauss(300)
    radii = 30.0 * (nodes + 1)
    total = (30.0 * weights * 4 * np.pi * radii**2 * captured(radii, volume, p)).sum()
    assert total == pytest.approx(1.3 / (1.3 + 2.9), rel=1e-6)
