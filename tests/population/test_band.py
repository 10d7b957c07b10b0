"""Bands over patients."""

from __future__ import annotations

from dataclasses import replace

import equinox
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from endplate.course import STATUS, simulate
from endplate.errors import InvalidRequest
from endplate.population import band_over, default_population, draw, like, simulate_band

DAYS = [0.0, 7.0, 30.0, 90.0, 180.0]
FIELDS = ("force", "depth_effort", "depth_rest", "lid", "brow", "onset", "none_or_mild", "to_baseline", "one_grade")
SPREADS = ("sensitivity_spread", "half_life_spread")


@pytest.fixture(scope="module")
def bands(frown):
    return simulate_band(frown.plan, frown.patient, days=DAYS)


def spread_by(factor, population=None):
    """The population with its hidden spreads multiplied."""
    known = population or default_population()
    places = lambda p: tuple(getattr(p, name) for name in SPREADS)  # noqa: E731
    return equinox.tree_at(places, known, tuple(factor * value for value in places(known)))


def test_bands_hold_their_medians(bands):
    for name in FIELDS:
        low, median, high = getattr(bands, name)
        assert np.all(low <= median), name
        assert np.all(median <= high), name
    assert np.allclose(bands.grade.sum(axis=-1), 1)
    assert bands.solved == 64
    assert bands.failed == 0


def test_the_same_seed_gives_the_same_bands_and_another_one_does_not(frown, bands):
    again = simulate_band(frown.plan, frown.patient, days=DAYS)
    other = simulate_band(frown.plan, frown.patient, days=DAYS, seed=1)
    assert jax.tree.all(jax.tree.map(np.array_equal, again, bands))
    assert not np.array_equal(other.force.median, bands.force.median)


def test_without_variability_every_edge_is_the_deterministic_course(frown):
    bands = simulate_band(frown.plan, frown.patient, count=8, days=DAYS, population=spread_by(0.0))
    course = simulate(frown.plan, frown.patient, days=DAYS)
    for name in FIELDS:
        band = getattr(bands, name)
        known = getattr(course, name, None)
        known = getattr(course.durations, name) if known is None else known
        assert np.array_equal(band.low, band.high), name
        assert np.allclose(band.median, np.asarray(known)[..., 0], rtol=1e-12, atol=1e-12), name
    assert np.allclose(bands.grade, np.asarray(course.grade)[..., 0], atol=1e-12)


def test_the_median_of_many_is_near_the_typical_patient(frown):
    bands = simulate_band(frown.plan, frown.patient, count=128, days=DAYS)
    course = np.asarray(simulate(frown.plan, frown.patient, days=DAYS).force)[..., 0]
    # Force falls with sensitivity and with half-life, so its median is close to the force of their medians.
    assert np.abs(bands.force.median - course).max() < 0.12


def test_a_wider_level_holds_a_narrower_one(frown, bands):
    half = simulate_band(frown.plan, frown.patient, days=DAYS, level=0.5)
    for name in FIELDS:
        wide, narrow = getattr(bands, name), getattr(half, name)
        assert np.all(wide.low <= narrow.low), name
        assert np.all(narrow.high <= wide.high), name


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_more_variability_never_narrows_the_band_of_force_at_day_30(frown, seed):
    widths = []
    for factor in (0.0, 0.25, 0.5, 1.0, 1.5):
        bands = simulate_band(frown.plan, frown.patient, days=DAYS, seed=seed, population=spread_by(factor))
        widths.append(bands.force.high[2] - bands.force.low[2])
    assert np.diff(widths, axis=0).min() > -1e-9
    assert widths[-1].max() > 0.3


def test_chunks_change_nothing(frown, typical):
    crowd = like(frown.patient, range(100), typical=typical)
    whole, parts = (band_over(frown.plan, crowd, days=DAYS, chunk=chunk) for chunk in (100, 64))
    for one, other in zip(jax.tree.leaves(whole), jax.tree.leaves(parts), strict=True):
        assert np.allclose(one, other, rtol=1e-9, atol=1e-12)


def test_a_band_over_drawn_patients_is_that_of_simulate(frown, typical, population):
    crowd = draw(population, range(12), typical=typical, seed=6)
    bands = band_over(frown.plan, crowd, days=DAYS, level=0.5)
    course = simulate(frown.plan, crowd.patients(), parameters=crowd.parameters, days=DAYS)
    force = np.asarray(course.force)
    assert np.allclose(bands.force, np.quantile(force, [0.25, 0.5, 0.75], axis=-1), atol=1e-12)
    assert np.allclose(bands.grade, np.asarray(course.grade).mean(axis=-1), atol=1e-12)


def test_failed_patients_are_left_out_and_counted(frown, typical):
    crowd = like(frown.patient, range(9), typical=typical)
    broken = equinox.tree_at(lambda c: c.rates.sensitivity, crowd, crowd.rates.sensitivity.at[4].set(jnp.nan))
    some, kept = band_over(frown.plan, broken, days=DAYS), crowd.take(jnp.array([0, 1, 2, 3, 5, 6, 7, 8]))
    others = band_over(frown.plan, kept, days=DAYS)
    assert (some.solved, some.failed) == (8, 1)
    assert STATUS[int(some.status[4])].startswith("a parameter")
    for name in (*FIELDS, "grade"):
        assert np.allclose(getattr(some, name), getattr(others, name), atol=1e-12), name


def test_where_nobody_is_solved_there_is_no_band(frown):
    lost = replace(frown.patient, muscle_mass=float("nan"))
    bands = simulate_band(frown.plan, lost, count=4, days=DAYS)
    assert (bands.solved, bands.failed) == (0, 4)
    assert np.isnan(bands.force.median).all()
    assert np.isnan(bands.grade).all()


@pytest.mark.parametrize("level", [0.0, 1.0, -1.0, float("nan")])
def test_an_unusable_level_is_refused(frown, level):
    with pytest.raises(InvalidRequest, match="level must lie"):
        simulate_band(frown.plan, frown.patient, level=level)
