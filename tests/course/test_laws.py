"""What must hold of any simulation, whatever the numbers."""

from __future__ import annotations

from dataclasses import replace

import equinox
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endplate.case import Patient
from endplate.case.file import parse_case, write_template
from endplate.course import STATUS, ClosedForm, default_parameters, simulate
from endplate.errors import InvalidRequest


def swapped(course):
    """Index of the other side of each muscle."""
    other = {"left": "right", "right": "left"}
    names = [name.partition(".") for name in course.muscles]
    return [course.muscles.index(stem + dot + other.get(side, side)) for stem, dot, side in names]


def test_no_toxin_leaves_every_muscle_as_it_was(frown):
    idle = simulate(replace(frown.plan, injections=()), frown.patient)
    assert np.all(np.asarray(idle.force) == 1)
    assert np.all(np.asarray(idle.lid) == 3.5)
    assert np.all(np.asarray(idle.brow) == 0)
    assert np.isinf(np.asarray(idle.milestones.onset)).all()


def test_a_mirrored_plan_gives_the_mirrored_face(frown, mirrored):
    uneven = replace(frown.plan, injections=frown.plan.injections[:2])
    one, other = simulate(uneven, frown.patient), simulate(mirrored(uneven), frown.patient)
    assert np.allclose(one.force, np.asarray(other.force)[:, swapped(one)], atol=1e-9)
    assert np.allclose(one.lid, np.asarray(other.lid)[:, ::-1], atol=1e-9)
    assert np.allclose(one.brow, np.asarray(other.brow)[:, ::-1], atol=1e-9)


def test_a_batch_is_the_patients_one_by_one(frown):
    people = [
        frown.patient,
        Patient(age=62.0, sex="male", muscle_mass=1.3, antibody_free_fraction=0.4),
        Patient(age=28.0, habits=replace(frown.patient.habits, frowning=2.0, smoking=5.0)),
    ]
    batch = simulate(frown.plan, people)
    for index, person in enumerate(people):
        alone = simulate(frown.plan, person)
        for name in ("force", "strain", "depth_rest", "grade", "lid", "brow", "captured"):
            got, want = np.asarray(getattr(batch, name))[..., index], np.asarray(getattr(alone, name))[..., 0]
            assert np.allclose(got, want, atol=1e-10), name


def test_float32_follows_float64(frown, course):
    single = simulate(frown.plan, frown.patient, parameters=default_parameters(frown.plan.product, dtype=jnp.float32))
    assert single.force.dtype == jnp.float32
    assert np.abs(np.asarray(single.force) - np.asarray(course.force)).max() < 2e-4
    assert np.abs(np.asarray(single.grade) - np.asarray(course.grade)).max() < 5e-3


def test_gradients_are_those_of_finite_differences(frown):
    shot = frown.plan.injections[1]

    def force(values):
        dose, volume, height, half_life = values
        changed = replace(shot, dose=dose, volume=volume, site=(shot.site[0], height, shot.site[2]))
        known = default_parameters(frown.plan.product)
        slower = equinox.tree_at(lambda p: p.kinetics.light_chain_half_life, known, half_life)
        plan = replace(frown.plan, injections=(changed,))
        course = simulate(plan, frown.patient, parameters=slower, days=[30.0], spread=ClosedForm())
        return course.force[0, course.muscle("corrugator_supercilii.left"), 0]

    at = jnp.array([shot.dose, shot.volume, shot.site[1], 45.0])
    step = 1e-4 * jnp.diag(at)
    numeric = [float(force(at + h) - force(at - h)) / (2 * float(h.sum())) for h in step]
    # Compiled, so that stages that do not matter for the force drop out.
    assert np.asarray(jax.jit(jax.grad(force))(at)) == pytest.approx(np.array(numeric), rel=1e-4)


def test_dose_and_kinetics_are_traced_through_tissue(frown):
    """Also where tissue is first solved while a program is being traced."""
    shot = replace(frown.plan.injections[1], site=(13.123, 22.0, -2.7))

    def force(values):
        dose, half_life = values
        known = default_parameters(frown.plan.product)
        slower = equinox.tree_at(lambda p: p.kinetics.light_chain_half_life, known, half_life)
        plan = replace(frown.plan, injections=(replace(shot, dose=dose),))
        course = simulate(plan, frown.patient, parameters=slower, days=[30.0])
        return course.force[0, course.muscle("corrugator_supercilii.left"), 0]

    at = jnp.array([shot.dose, 45.0])
    slope = np.asarray(jax.jit(jax.grad(force))(at))
    step = 1e-4 * jnp.diag(at)
    numeric = [float(force(at + h) - force(at - h)) / (2 * float(h.sum())) for h in step]
    assert slope == pytest.approx(np.array(numeric), rel=1e-4)


@pytest.mark.parametrize("unit", ["84 days", "12 weeks", "2016 hours", 84])
def test_any_unit_of_time_gives_the_same_course(unit):
    text = write_template("glabella-20u").replace('at = "0 days"', f"at = {unit!r}".replace("'", '"'), 1)
    case = parse_case(text)
    got = simulate(case.plan, case.patient, days=[0.0, 100.0])
    assert got.sessions == (84.0,)
    assert float(got.force[1].min()) == pytest.approx(0.1672, abs=5e-3)


def test_an_unlike_session_without_effect_changes_nothing(frown, course):
    extra = replace(frown.plan.injections[0], dose=1e-12, day=200.0)
    plan = replace(frown.plan, injections=(*frown.plan.injections, extra))
    assert not plan.one_pattern
    assert np.abs(np.asarray(simulate(plan, frown.patient).force) - np.asarray(course.force)).max() < 1e-6


def test_a_second_treatment_brings_the_effect_back_and_adds_to_what_is_left(frown, course):
    again = tuple(replace(shot, day=84.0) for shot in frown.plan.injections)
    twice = simulate(replace(frown.plan, injections=frown.plan.injections + again), frown.patient)
    muscle = course.muscle("corrugator_supercilii.left")
    first, second = np.asarray(twice.force)[:, muscle, 0], np.asarray(course.force)[:, muscle, 0]
    # Doses stand on another grid, so this is also its quadrature error.
    assert np.allclose(first[:84], second[:84], atol=3e-3)
    assert first[84:].min() < second.min()
    assert np.all(first[86:] < second[86:])


@settings(max_examples=8)
@given(st.floats(0.5, 40.0), st.floats(1.05, 3.0))
def test_more_dose_never_weakens_less(frown, dose, factor):
    def force(units):
        shots = tuple(replace(shot, dose=units) for shot in frown.plan.injections)
        return np.asarray(simulate(replace(frown.plan, injections=shots), frown.patient).force)

    assert np.all(force(dose * factor) <= force(dose) + 1e-7)


def test_antitoxin_helps_only_while_toxin_is_free(frown, course):
    muscle = course.muscle("corrugator_supercilii.left")

    def least(day):
        late = simulate(frown.plan, frown.patient, antitoxin_day=day)
        return float(np.asarray(late.force)[:, muscle, 0].min())

    untreated = float(np.asarray(course.force)[:, muscle, 0].min())
    assert least(0.02) > untreated + 0.3
    assert untreated + 0.05 < least(0.2) < least(0.02)
    assert least(3.0) == pytest.approx(untreated, abs=2e-3)


def test_days_may_start_late_and_the_baseline_stays_day_zero(frown, course):
    late = simulate(frown.plan, frown.patient, days=[30.0, 90.5])
    assert np.allclose(late.days, [30.0, 90.5])
    assert late.force.shape[0] == late.grade.shape[0] == 2
    assert np.allclose(np.asarray(late.force)[0], np.asarray(course.force)[30], atol=1e-5)
    assert np.allclose(np.asarray(late.severity)[0], np.asarray(course.severity)[30], atol=5e-3)


@pytest.mark.parametrize("days", [[], [3.0, 2.0], [-1.0, 2.0], [0.0, float("nan")], [[0.0, 1.0]]])
def test_unusable_days_are_refused(frown, days):
    with pytest.raises(InvalidRequest, match="days must be"):
        simulate(frown.plan, frown.patient, days=days)


def test_no_patient_is_refused(frown):
    with pytest.raises(InvalidRequest, match="no patient"):
        simulate(frown.plan, [])


def test_a_failed_patient_is_a_status_and_spares_the_others(frown):
    people = [frown.patient, replace(frown.patient, muscle_mass=float("nan"))]
    both = simulate(frown.plan, people)
    assert both.status_text() == [STATUS[0], STATUS[1]]
    assert np.isfinite(np.asarray(both.force)[..., 0]).all()


def test_both_scales_agree_on_how_severe_a_line_is(course):
    fws, merz = np.asarray(course.grade), np.asarray(course.merz)
    assert np.allclose(fws.sum(axis=-2), 1)
    assert np.allclose(merz.sum(axis=-2), 1)
    mean = [np.moveaxis(part, -2, -1) @ np.arange(part.shape[-2]) / (part.shape[-2] - 1) for part in (fws, merz)]
    assert np.abs(mean[0] - mean[1]).max() < 0.08


@pytest.mark.parametrize(("shift", "factor"), [(0.0, 10.0), (4.0, 1.0), (8.0, 10.0)])
def test_a_later_session_changes_nothing_before_it_and_never_adds_force_after_it(frown, course, shift, factor):
    later = tuple(
        replace(shot, day=100.0, dose=factor * shot.dose, site=(shot.site[0], shot.site[1] + shift, shot.site[2]))
        for shot in frown.plan.injections[: 5 if shift else 1]
    )
    both = np.asarray(simulate(replace(frown.plan, injections=frown.plan.injections + later), frown.patient).force)
    alone = np.asarray(course.force)
    # Doses stand on another grid, so this is also its quadrature error.
    assert np.abs(both[:100] - alone[:100]).max() < 2e-3
    assert (both - alone).max() < 2e-3


def test_without_an_effect_grades_stay_as_they_were(frown):
    idle = simulate(replace(frown.plan, injections=()), frown.patient)
    assert np.allclose(idle.grade, np.asarray(idle.grade)[:1], atol=1e-12)


def test_onset_does_not_depend_on_the_days_that_are_asked_for(frown, course):
    sparse = simulate(frown.plan, frown.patient, days=[0.0, 365.0])
    assert np.allclose(sparse.milestones.onset, course.milestones.onset)
    assert np.allclose(sparse.durations.none_or_mild, course.durations.none_or_mild)
    moved = tuple(replace(shot, day=10.37) for shot in frown.plan.injections)
    late = simulate(replace(frown.plan, injections=moved), frown.patient)
    muscle = course.muscle("corrugator_supercilii.left")
    assert float(late.milestones.onset[muscle, 0]) == pytest.approx(float(course.milestones.onset[muscle, 0]), abs=0.02)
