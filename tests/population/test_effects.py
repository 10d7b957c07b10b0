"""Effects over patients: draws, the design between its points, and what is told."""

from __future__ import annotations

from dataclasses import replace

import equinox
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from endplate.case import Plan
from endplate.course import Responses, TissueSettings, simulate, tissue_responses
from endplate.course.scene import muscles_of
from endplate.errors import InvalidRequest
from endplate.population import like
from endplate.population.design import FACTOR_STEPS, OFFSETS, Misplaced, needle_axes, solve_design
from endplate.population.effects import default_effect_parameters, effects, effects_over, observe
from endplate.population.happening import EFFECTS
from endplate.population.placement import FACTORS, Scatter, default_placement, scatter

COARSE = TissueSettings(spacing=2.0)
SEEN = ("corrugator_supercilii.left", "frontalis_central.left", "orbicularis_oculi_medial.left")


@pytest.fixture(scope="module")
def plan(frown) -> Plan:
    """The lateral point over the left brow."""
    shots = [one for one in frown.plan.injections if one.name == "glabella.corrugator.left.lateral"]
    return replace(frown.plan, injections=tuple(shots))


@pytest.fixture(scope="module")
def placement():
    return default_placement()


@pytest.fixture(scope="module")
def design(plan, placement):
    return solve_design(plan, placement=placement, settings=COARSE)


def none_moved(patients: int) -> Scatter:
    return Scatter(jnp.zeros((1, 3, patients)), jnp.zeros((len(FACTORS), patients)))


def means(per_unit, plan) -> np.ndarray:
    """Mean response of the muscles near the point, (…)."""
    rows = [[one.name for one in muscles_of(plan)].index(name) for name in SEEN]
    return np.asarray(per_unit)[0, rows].mean(axis=1)


def test_draws_follow_the_patient_not_the_chunk(placement):
    many = scatter(placement, jnp.arange(200, dtype=jnp.uint32), injections=2, seed=3)
    few = scatter(placement, jnp.arange(60, 70, dtype=jnp.uint32), injections=2, seed=3)
    assert np.array_equal(few.offset, many.offset[..., 60:70])
    assert np.array_equal(few.factor, many.factor[..., 60:70])
    other = scatter(placement, jnp.arange(200, dtype=jnp.uint32), injections=2, seed=4)
    assert not np.array_equal(other.offset, many.offset)


def test_points_share_the_anatomy_and_not_the_needle(placement):
    drawn = np.asarray(scatter(placement, jnp.arange(20000, dtype=jnp.uint32), injections=2, seed=0).offset)
    across, depth, shift = (
        float(getattr(placement, name)) for name in ("needle_across", "needle_depth", "anatomy_shift")
    )
    assert drawn[0, 0].std() == pytest.approx(np.hypot(across, shift), rel=0.03)
    assert drawn[0, 2].std() == pytest.approx(np.hypot(depth, shift), rel=0.03)
    alike = np.corrcoef(drawn[0, 0], drawn[1, 0])[0, 1]
    assert alike == pytest.approx(shift**2 / (across**2 + shift**2), abs=0.03)


def test_the_planned_needle_is_the_solved_one(plan, design):
    solved = tissue_responses(plan, settings=COARSE)
    assert isinstance(solved, Responses)
    found = np.asarray(design.at(none_moved(2)))
    np.testing.assert_allclose(found[..., 0], np.asarray(solved.per_unit)[0], atol=1e-9)


def test_points_of_the_design_are_kept(plan, design):
    way = OFFSETS[-1] * needle_axes(plan.injections[0])[1]
    site = tuple(float(one) for one in np.asarray(plan.injections[0].site) + way)
    moved = replace(plan, injections=(replace(plan.injections[0], site=site),))
    scattered = Scatter(jnp.zeros((1, 3, 1)).at[0, 1, 0].set(OFFSETS[-1]), jnp.zeros((len(FACTORS), 1)))
    exact = np.asarray(tissue_responses(moved, settings=COARSE).per_unit)[0]
    np.testing.assert_allclose(np.asarray(design.at(scattered))[..., 0], exact, atol=1e-9)


def test_between_its_points_the_design_is_near_the_solution(plan, design):
    """Straight lines in the logarithm, added up over directions: off by a third at most where it matters."""
    rng, misses = np.random.default_rng(0), []
    for offset in rng.normal(scale=2.5, size=(6, 3)):
        site = np.asarray(plan.injections[0].site) + offset @ needle_axes(plan.injections[0])
        moved = replace(plan.injections[0], site=tuple(float(one) for one in site))
        try:
            exact = means(tissue_responses(replace(plan, injections=(moved,)), settings=COARSE).per_unit[0], plan)
        except InvalidRequest:
            continue
        there = Scatter(jnp.asarray(offset)[None, :, None], jnp.zeros((len(FACTORS), 1)))
        misses.append(np.log(means(design.at(there)[..., 0], plan) / exact))
    miss = np.abs(np.array(misses))
    print(f"{len(misses)} needles: median {np.median(miss):.2f}, largest {miss.max():.2f} of the logarithm")
    assert len(misses) >= 4
    assert np.median(miss) < 0.15
    assert miss.max() < 0.7


def test_a_wider_front_reaches_farther(plan, design):
    factor = jnp.zeros((len(FACTORS), 2)).at[FACTORS.index("front_dispersion")].set(jnp.asarray(FACTOR_STEPS)[::2])
    found = np.asarray(design.at(Scatter(jnp.zeros((1, 3, 2)), factor)))
    far = [one.name for one in muscles_of(plan)].index("levator_palpebrae_superioris.left")
    narrow, wide = found[0, far].mean(axis=0)
    assert wide > narrow


def test_patients_do_not_depend_on_how_many_are_followed(plan, frown, design, placement, typical):
    many, few = (
        observe(plan, like(frown.patient, range(count), typical=typical), design=design, placement=placement)[0]
        for count in (80, 20)
    )
    for name in EFFECTS:
        assert np.array_equal(many[name].largest[:20], few[name].largest), name


def test_without_spread_all_are_the_typical_patient(plan, frown, placement, typical):
    still = jax.tree.map(jnp.zeros_like, placement)
    design = solve_design(plan, placement=still, settings=COARSE)
    crowd = like(frown.patient, range(3), typical=typical)
    alike = equinox.tree_at(lambda one: one.rates, crowd, jax.tree.map(jnp.ones_like, crowd.rates))
    found = observe(plan, alike, design=design, placement=still)[0]["brow_lift"]
    course = simulate(plan, frown.patient, spread=tissue_responses(plan, settings=COARSE), days=np.arange(181.0))
    np.testing.assert_allclose(found.largest, np.asarray(course.brow).max(), rtol=1e-5)


def test_more_dose_never_weakens_less(plan, frown, design, placement, typical):
    crowd = like(frown.patient, range(40), typical=typical)

    def largest(dose: float, name: str) -> np.ndarray:
        given = replace(plan, injections=tuple(replace(one, dose=dose) for one in plan.injections))
        return observe(given, crowd, design=design, placement=placement)[0][name].largest

    for name in ("weak_closure", "dysphagia", "neck_weakness"):
        assert np.all(largest(40.0, name) >= largest(4.0, name) - 1e-9), name
    assert largest(40.0, "weak_closure").mean() > 1.5 * largest(4.0, "weak_closure").mean()


def test_intervals_and_spreads_hold_what_they_tell(plan, frown, design, placement, typical, monkeypatch):
    known = default_effect_parameters()
    low = equinox.tree_at(lambda one: one.brow_drop, known, jnp.asarray(0.2))
    monkeypatch.setattr("endplate.population.effects.default_effect_parameters", lambda: low)
    found = effects_over(plan, like(frown.patient, range(64), typical=typical), design=design, placement=placement)
    assert found.patients + found.failed == 64
    for one in found.found:
        assert 0 <= one.low <= one.probability <= one.high <= 1
        assert one.total == pytest.approx(one.probability + one.remainder)
    drop = found["brow_drop"]
    assert 0 < drop.number < 64
    assert drop.probability == drop.number / found.patients
    assert drop.low < drop.probability < drop.high
    assert 0 <= drop.onset.low <= drop.onset.median <= drop.onset.high
    assert 0 < drop.duration.median <= 181
    assert drop.severity.low >= drop.threshold == pytest.approx(0.2)


def test_bad_requests_say_what_to_do(plan, frown):
    with pytest.raises(InvalidRequest, match="at least one patient"):
        effects(plan, frown.patient, count=0)
    with pytest.raises(InvalidRequest, match="no injection"):
        effects(replace(plan, injections=()), frown.patient)


def test_a_spread_model_of_all_patients_has_their_axis(plan, design):
    assert Misplaced(design.at(none_moved(5))).per_unit.shape[-1] == 5
