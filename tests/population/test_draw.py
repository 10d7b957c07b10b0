"""Patients are drawn from counters, and their distributions are those of the population."""

from __future__ import annotations

import equinox
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endplate.case import Patient
from endplate.case.region import regions
from endplate.course import cohort_of, default_parameters
from endplate.errors import InvalidRequest
from endplate.population import crowds, default_population, draw, like

COUNTERS = st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=150)


def drawn(crowd):
    """Everything that is drawn, patients first, as bytes can be compared; what they share is told of each."""
    parts = [np.asarray(part) for part in (*crowd.cohort, *crowd.rates, crowd.skin_type)]
    count = len(crowd.index)
    return [np.moveaxis(np.broadcast_to(part, (*part.shape[:-1], count)), -1, 0) for part in parts]


def same(one, other):
    return all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, other, strict=True))


@settings(max_examples=25, deadline=None)
@given(counters=COUNTERS, seed=st.integers(0, 2**31 - 1), data=st.data())
def test_a_patient_is_the_same_in_any_order_and_chunk(population, typical, counters, seed, data):
    order = data.draw(st.permutations(range(len(counters))))
    cut = data.draw(st.integers(1, len(counters)))
    whole = drawn(draw(population, counters, typical=typical, seed=seed))
    assert np.isfinite(np.concatenate([part.ravel() for part in (*whole[:8], *whole[9:12], *whole[13:])])).all()
    mixed = drawn(draw(population, [counters[place] for place in order], typical=typical, seed=seed))
    assert same([part[order] for part in whole], mixed)
    pieces = [counters[first : first + cut] for first in range(0, len(counters), cut)]
    parts = [drawn(draw(population, piece, typical=typical, seed=seed)) for piece in pieces]
    assert same(whole, [np.concatenate(part) for part in zip(*parts, strict=True)])


def test_chunks_of_a_stream_are_the_whole_population(population, typical):
    whole = drawn(draw(population, range(300), typical=typical, seed=3))
    parts = [drawn(crowd) for crowd in crowds(population, 300, typical=typical, seed=3, chunk=77)]
    assert [len(part[0]) for part in parts] == [77, 77, 77, 69]
    assert same(whole, [np.concatenate(part) for part in zip(*parts, strict=True)])


def test_seeds_and_counters_give_other_patients(population, typical):
    one, other = (draw(population, range(200), typical=typical, seed=seed).rates for seed in (0, 1))
    assert len(np.unique(one.sensitivity)) == 200
    assert not np.any(np.asarray(one.sensitivity) == np.asarray(other.sensitivity))
    assert abs(np.corrcoef(np.log(one.sensitivity), np.log(other.sensitivity))[0, 1]) < 0.2


def test_both_precisions_draw_the_same_patients(frown):
    found = []
    for dtype in (jnp.float32, jnp.float64):
        typical = default_parameters(frown.plan.product, dtype=dtype)
        crowd = draw(default_population(dtype=dtype), range(500), typical=typical, seed=5)
        assert crowd.rates.sensitivity.dtype == dtype
        found.append(drawn(crowd))
    for single, double in zip(*found, strict=True):
        assert np.allclose(single, double, rtol=2e-5, equal_nan=True)


def test_medians_are_the_typical_patient(population, typical):
    crowd = draw(population, range(40_000), typical=typical, seed=11)
    women = np.asarray(crowd.cohort.female) == 1
    # Standard error of a median of n: 1.25 σ/√n.
    for value, spread in (
        (crowd.rates.sensitivity, population.sensitivity_spread),
        (crowd.rates.half_life, population.half_life_spread),
        (crowd.cohort.skin_thickness, population.skin_thickness_spread),
        (crowd.cohort.sun, population.sun_spread),
        (crowd.cohort.habit[0], population.habit_spread),
        (np.asarray(crowd.cohort.muscle_mass)[women], population.muscle_mass_spread),
    ):
        logs = np.log(np.asarray(value))
        assert abs(np.median(logs)) < 4 * 1.25 * float(spread) / np.sqrt(len(logs))
        assert logs.std() == pytest.approx(float(spread), rel=0.02)
    men = np.median(np.asarray(crowd.cohort.muscle_mass)[~women])
    assert men == pytest.approx(float(population.male_muscle_mass), rel=0.03)
    half_life = np.median(crowd.parameters.kinetics.light_chain_half_life)
    assert half_life == pytest.approx(float(typical.kinetics.light_chain_half_life), rel=0.02)


def test_shares_ages_and_correlations_are_those_of_the_population(population, typical):
    crowd = draw(population, range(40_000), typical=typical, seed=2)
    age = np.asarray(crowd.cohort.age)
    assert age.min() >= 18
    assert age.max() <= 75
    assert age.mean() == pytest.approx(46, abs=0.3)
    assert age.std() == pytest.approx(9.7, abs=0.3)
    assert np.mean(crowd.cohort.female) == pytest.approx(0.889, abs=0.006)
    assert np.mean(np.asarray(crowd.cohort.baseline)[1, 0] == 3) == pytest.approx(
        float(population.severe_share), abs=0.01
    )
    rest, grade = np.asarray(crowd.cohort.baseline)[:, 0]
    assert np.median(rest / grade) == pytest.approx(float(population.resting_share), rel=0.03)
    assert np.all((rest > 0) & (rest < grade))
    assert np.mean(np.asarray(crowd.cohort.smoking) > 0) == pytest.approx(0.2, abs=0.01)
    kinds = np.bincount(crowd.skin_type, minlength=7)[1:] / 40_000
    assert np.allclose(kinds, population.skin_types, atol=0.01)
    habit = np.log(crowd.cohort.habit)
    assert np.corrcoef(habit[0], habit[1])[0, 1] == pytest.approx(0.3, abs=0.02)
    rates = np.log(crowd.rates)
    assert abs(np.corrcoef(rates)[0, 1]) < 0.02


def test_a_correlation_of_sensitivity_and_half_life_is_drawn(population, typical):
    tied = equinox.tree_at(lambda p: p.sensitivity_half_life_correlation, population, jnp.asarray(-0.5))
    rates = np.log(draw(tied, range(20_000), typical=typical).rates)
    assert np.corrcoef(rates)[0, 1] == pytest.approx(-0.5, abs=0.02)
    assert rates.std(axis=1) == pytest.approx([float(tied.sensitivity_spread), float(tied.half_life_spread)], rel=0.02)


def test_traits_are_differentiable_in_their_spreads(population, typical):
    def spread_of_logs(spreads):
        changed = equinox.tree_at(lambda p: (p.sensitivity_spread, p.age_spread), population, (spreads[0], spreads[1]))
        crowd = draw(changed, range(100), typical=typical)
        return jnp.std(jnp.log(crowd.rates.sensitivity)) + jnp.std(crowd.cohort.age)

    at = jnp.array([0.9, 9.2])
    slope = np.asarray(jax.grad(spread_of_logs)(at))
    step = 1e-5 * jnp.diag(at)
    numeric = [float(spread_of_logs(at + h) - spread_of_logs(at - h)) / (2 * float(h.sum())) for h in step]
    assert slope == pytest.approx(np.array(numeric), rel=1e-5)


def test_drawn_patients_are_the_drawn_arrays(population, typical):
    crowd = draw(population, range(70), typical=typical, seed=4)
    people = crowd.patients()
    for one, other in zip(cohort_of(people), crowd.cohort, strict=True):
        assert np.array_equal(one, np.broadcast_to(other, one.shape), equal_nan=True)
    assert [person.skin.fitzpatrick for person in people] == crowd.skin_type.tolist()
    assert all(getattr(people[0].habits, region.habit) > 0 for region in regions() if region.habit is not None)


def test_patients_like_one_share_what_can_be_seen_and_nothing_else(population, typical):
    person = Patient(age=61.0, sex="male", muscle_mass=1.4)
    crowd = like(person, range(5, 25), typical=typical, seed=9)
    assert crowd.patients() == [person] * 20
    unknown = draw(population, range(5, 25), typical=typical, seed=9).rates
    assert np.array_equal(crowd.rates.sensitivity, unknown.sensitivity)
    assert len(np.unique(crowd.parameters.kinetics.light_chain_half_life)) == 20


@pytest.mark.parametrize("indices", [[], [-1], [2**32], [0.5], [[1, 2]]])
def test_unusable_indices_are_refused(population, typical, indices):
    with pytest.raises(InvalidRequest, match="indices of patients"):
        draw(population, indices, typical=typical)
