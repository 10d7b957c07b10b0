"""The default skin against the numbers it was calibrated with, and against measurements."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from endplate.case.anatomy import anatomy
from endplate.case.patient import REGIONS
from endplate.case.region import folding
from endplate.evidence import load
from endplate.skin import buckling, effective_age, fold, live, skin_strain
from endplate.units import convert

DAYS = jnp.arange(0.0, 181.0)
# Force after 20 U in the glabella: a third is left at two weeks, half by day 75.
COURSE_DAYS = [0, 1, 2, 3, 4, 5, 7, 10, 14, 22, 30, 45, 60, 75, 90, 105, 120, 150, 180]
COURSE = np.array([100, 99, 88, 76, 66, 58, 48, 39, 34, 31, 32, 38, 44, 50, 57, 63, 69, 79, 87]) / 100


def treated(patients: int) -> jax.Array:
    course = np.interp(np.asarray(DAYS), COURSE_DAYS, COURSE)
    return jnp.asarray(course)[:, None, None] * jnp.ones((1, len(REGIONS), patients))


def test_wavelength_and_critical_strain_of_the_glabella(person, parameters):
    people = person(20, 70)
    fold_of = buckling(effective_age(people.age[None], people, parameters=parameters), people, parameters=parameters)
    assert fold_of.wavelength[0, 0] == pytest.approx(13.0, abs=0.05)
    np.testing.assert_allclose(fold_of.critical_strain[0], [0.098, 0.052], atol=6e-4)


def test_forehead_lines_come_as_far_apart_as_counted(person, parameters):
    people = person(25, 45, 65)
    spacing = buckling(people.age[None], people, parameters=parameters).wavelength[1]
    assert ((spacing >= 12) & (spacing <= 16)).all()


def test_untreated_strain_is_the_measured_one(person, parameters):
    strain = skin_strain(jnp.ones((len(REGIONS), 1)), person(45), parameters=parameters)[:, 0]
    observed = load()["observed.frown_strain.glabella_compression.before"]
    measured = convert(observed.value, observed.unit, to="1")
    lips = REGIONS.index("perioral")
    np.testing.assert_allclose(strain[0], measured, rtol=1e-4)
    np.testing.assert_allclose(strain[1:lips], 0.14, rtol=1e-3)
    np.testing.assert_allclose(strain[lips], 0.09, rtol=1e-4)
    np.testing.assert_allclose(strain[lips + 1 :], 0.07, rtol=1e-3)


def test_muscles_are_as_thick_as_the_share_of_load_was_derived_with(person):
    muscles = anatomy().muscles
    used = folding(muscles) @ np.array([muscle.thickness for muscle in muscles])
    np.testing.assert_allclose(person(45).muscle_thickness, used, rtol=0.01)


def test_strain_follows_force_in_proportion(person, parameters):
    effort = jnp.full((len(REGIONS), 1), 0.3)
    ratio = skin_strain(effort, person(45), parameters=parameters) / skin_strain(
        jnp.ones_like(effort), person(45), parameters=parameters
    )
    np.testing.assert_allclose(ratio, 0.3)


def test_resting_crease_of_an_untreated_glabella_over_life(person, parameters):
    people = person(38, 50, 60)
    strain = skin_strain(jnp.ones((len(REGIONS), 3)), people, parameters=parameters)
    crease = jax.jit(live)(strain, people, parameters=parameters)
    # The growth is fitted to 0.13, 0.36 and 0.54 mm, which are assumed; it meets them within 0.0075 mm.
    np.testing.assert_allclose(sum(crease)[0], [0.137, 0.365, 0.533], atol=0.001)


def test_static_lines_fade_after_one_treatment(person, parameters):
    """Regression for the rough course above; the fit to -17 % and -24 % is tested with the model's own course."""
    skin = jax.jit(fold)(treated(1), DAYS, person=person(48), parameters=parameters)
    change = 100 * (skin.depth_rest[jnp.array([30, 90]), 0, 0] / skin.depth_rest[0, 0, 0] - 1)
    np.testing.assert_allclose(change, [-16.4, -21.0], atol=0.5)


def test_treatment_twice_a_year_keeps_a_young_glabella_smooth(person, parameters):
    """Regression: 0.13 mm at 38 untreated, a third or less when treated every 26 weeks from 25 on."""
    days = jnp.arange(0.0, 13 * 365.25, 7.0)
    effort = jnp.interp(days % 182.0, jnp.asarray(COURSE_DAYS), jnp.asarray(COURSE))[:, None, None]
    skin = jax.jit(fold)(effort * jnp.ones((1, len(REGIONS), 1)), days, person=person(25), parameters=parameters)
    assert 0.03 < skin.depth_rest[-1, 0, 0] < 0.06


def test_sun_and_smoking_count_as_years(person, parameters):
    people = person(50, 50, 50, sun=[1.0, 2.0, 1.0], smoking=[0.0, 0.0, 50.0])
    np.testing.assert_allclose(effective_age(people.age, people, parameters=parameters), [50, 60, 55])
