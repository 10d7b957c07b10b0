"""The bolus: how far it fills, how it falls off, what volume does."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from endplate.evidence import defaults, load
from endplate.solve.geometry import ball_radius
from endplate.spread import SpreadParameters, capture
from endplate.units import CUBIC_MM_PER_ML

LIBRARY = load()
USUAL = SpreadParameters(**{name: jnp.asarray(value) for name, value in defaults(SpreadParameters, LIBRARY).items()})
DISTANCE = np.linspace(0.0, 25.0, 101)


def profile(volume: float, distance: np.ndarray = DISTANCE, dose: float = 1.0) -> np.ndarray:
    """Captured dose at distances from one injection."""
    points = jnp.zeros((len(distance), 3, 1)).at[:, 1, 0].set(distance)
    one = jnp.ones(1)
    return np.asarray(capture(points, jnp.zeros((1, 3)), doses=dose * one, volumes=volume * one, parameters=USUAL))[
        0, :, 0
    ]


@pytest.mark.parametrize("volume", ["0_02", "0_1", "0_25", "0_5"])
def test_radius_of_the_filled_ball(volume):
    """Rows T09: the radius for an accessible fraction of 0.15, printed to 0.1 mm."""
    filled = float(volume.replace("_", ".")) * CUBIC_MM_PER_ML / 0.15
    expected = LIBRARY[f"observed.spread.bolus_radius_{volume}ml"].value
    assert float(ball_radius(jnp.asarray(filled))) == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize("volume", [0.02, 0.1, 1.0])
def test_captured_dose_falls_with_distance(volume):
    fall = np.diff(profile(volume))
    assert np.all(fall <= 1e-15)
    assert profile(volume)[-1] < 1e-3 * profile(volume)[0]


def test_volume_moves_toxin_outwards_without_adding_any():
    small, large = profile(0.05), profile(0.25)
    crossing = int(np.flatnonzero(large > small)[0])
    assert 0 < crossing < len(DISTANCE)
    assert np.all(large[:crossing] <= small[:crossing])
    assert np.all(large[crossing:] >= small[crossing:])
    shells = 4 * np.pi * DISTANCE**2 * (DISTANCE[1] - DISTANCE[0])
    assert (shells * large).sum() == pytest.approx((shells * small).sum(), rel=1e-3)


def test_half_of_the_toxin_is_captured_where_uptake_equals_clearance():
    assert float(USUAL.uptake_rate) == float(USUAL.clearance_rate)
    shells = 4 * np.pi * DISTANCE**2 * (DISTANCE[1] - DISTANCE[0])
    assert (shells * profile(0.1, dose=4.0)).sum() == pytest.approx(2.0, rel=1e-3)


def test_the_needle_may_stand_on_an_endplate():
    """The closed form has a removable 0/0 in the centre."""
    centre, beside = profile(0.1, np.array([0.0, 0.01]))
    assert np.isfinite(centre)
    assert centre == pytest.approx(beside, rel=1e-4)


def test_shapes_carry_any_leading_axes():
    points = jnp.zeros((4, 7, 3, 1))
    found = capture(points, jnp.zeros((5, 3)), doses=jnp.ones(5), volumes=jnp.ones(5), parameters=USUAL)
    assert found.shape == (5, 4, 7, 1)
    assert capture(points, jnp.zeros((0, 3)), doses=jnp.ones(0), volumes=jnp.ones(0), parameters=USUAL).shape[0] == 0
