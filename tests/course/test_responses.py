"""Layered tissue as the default of `simulate`: what is kept, masses, sizes of heads, massage, parameters."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import equinox
import jax.numpy as jnp
import numpy as np
import pytest

from endplate.case import Injection, Patient, Plan, product
from endplate.case.file import case_of
from endplate.course import ClosedForm, Store, TissueSettings, default_parameters, simulate, tissue_responses
from endplate.course import responses as room
from endplate.errors import InvalidRequest

DAYS = [0.0, 30.0]
MIDDLE = Injection((0.0, 10.0, -3.4), 4.0, 0.1, 0.0)
ONE = Plan(product("ona"), (MIDDLE,))


def procerus(plan, patient, **how):
    course = simulate(plan, patient, days=DAYS, **how)
    return float(course.force[1, course.muscle("procerus"), 0])


@pytest.fixture
def counted(monkeypatch):
    """How often tissue is solved."""
    calls: list[str] = []
    true = room.solve_injection
    monkeypatch.setattr(room, "solve_injection", lambda *a, **k: (calls.append("solved"), true(*a, **k))[1])
    monkeypatch.setattr(room, "cache_folder", lambda: None)
    room.forget_responses()
    yield calls
    room.forget_responses()


def test_tissue_is_the_default_and_the_closed_form_a_choice():
    assert procerus(ONE, Patient()) == procerus(ONE, Patient(), spread=tissue_responses(ONE))
    assert procerus(ONE, Patient()) < procerus(ONE, Patient(), spread=ClosedForm()) - 0.05


def test_another_dose_or_day_solves_nothing_again_and_no_folder_is_needed(counted):
    first = procerus(ONE, Patient())
    more = replace(ONE, injections=(replace(MIDDLE, dose=8.0), replace(MIDDLE, day=90.0)))
    assert procerus(more, Patient()) < first
    mirrored = replace(MIDDLE, site=(-0.0, 10.0, -3.4))
    assert procerus(replace(ONE, injections=(mirrored,)), Patient()) == first
    assert len(counted) == 1


def test_changed_parameters_of_spread_are_followed(counted):
    known = default_parameters(ONE.product)
    usual = procerus(ONE, Patient(), parameters=known)
    wider = equinox.tree_at(lambda p: p.spread.front_dispersion, known, jnp.asarray(4.5))
    slower = equinox.tree_at(lambda p: p.spread.uptake_rate, known, jnp.asarray(0.8))
    assert procerus(ONE, Patient(), parameters=wider) > usual + 0.005
    assert procerus(ONE, Patient(), parameters=slower) > usual + 0.02
    assert len(counted) == 3


def test_parameters_of_spread_that_differ_between_patients_are_refused():
    known = default_parameters(ONE.product)
    both = equinox.tree_at(lambda p: p.spread.front_dispersion, known, jnp.asarray([3.0, 3.5]))
    with pytest.raises(InvalidRequest, match="front_dispersion"):
        simulate(ONE, [Patient(), Patient()], parameters=both, days=DAYS)


@pytest.mark.parametrize("spread", [None, ClosedForm()])
def test_massage_spreads_the_fluid(spread):
    rubbed = replace(ONE, massage=True)
    assert procerus(rubbed, Patient(), spread=spread) > procerus(ONE, Patient(), spread=spread) + 0.005


def test_a_case_can_ask_for_massage():
    tree = {"title": "Rubbed", "plan": {"product": "ona", "session": [{"at": 0, "pattern": "dao-5u"}]}}
    assert not case_of(tree).plan.massage
    assert case_of(tree | {"plan": tree["plan"] | {"massage": True}}).plan.massage


def test_masses_around_those_of_patients():
    assert room.masses_around(np.array([1.0])) == (1.0,)
    assert room.masses_around(np.array([0.01, 1.0])) == (0.25, 0.5, 1.0)
    assert room.masses_around(np.array([1.01, 1.9])) == (1.0, 2.0)
    assert room.masses_around(np.array([100.0])) == (4.0,)
    assert room.masses_around(np.array([np.nan])) == (1.0,)


def test_between_masses_the_effect_lies_between(frown):
    losses = [procerus(ONE, Patient(muscle_mass=mass)) for mass in (1.0, 1.4, 2.0)]
    assert losses == sorted(losses)
    assert losses[0] < losses[1] < losses[2]


@pytest.mark.parametrize("spread", [None, ClosedForm()])
def test_named_sites_move_with_the_head(spread):
    """A wider, higher head is treated like the map's, a little less as its muscles lie farther apart."""
    tree = {"title": "Wide", "plan": {"product": "ona", "session": [{"at": 0, "pattern": "glabella-20u"}]}}
    usual = case_of(tree)
    wide = case_of(tree | {"patient": {"intercanthal_width": 36.0, "forehead_height": 66.0}})
    assert wide.plan.injections[1].site[0] == pytest.approx(usual.plan.injections[1].site[0] * 36.0 / 32.1)
    one, other = (simulate(case.plan, case.patient, days=DAYS, spread=spread) for case in (usual, wide))
    muscle = one.muscle("corrugator_supercilii.left")
    assert float(one.force[1, muscle, 0]) < float(other.force[1, muscle, 0]) < float(one.force[1, muscle, 0]) + 0.15
    both = simulate(wide.plan, [wide.patient, Patient()], days=DAYS, spread=spread)
    assert float(both.force[1, muscle, 0]) == pytest.approx(float(other.force[1, muscle, 0]), abs=1e-10)
    assert float(both.force[1, muscle, 1]) > float(both.force[1, muscle, 0])


def test_many_threads_may_keep_the_same_response(tmp_path):
    store = Store(tmp_path)
    value = {"per_unit": np.arange(2000.0)}
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: store.get("same", lambda: value)["per_unit"], range(64)))
    assert all(np.array_equal(one, value["per_unit"]) for one in found)
    assert [one.name for one in tmp_path.iterdir()] == ["same.npz"]


@pytest.mark.slow
def test_finer_voxels_change_little():
    """1 mm against 0.5 mm in the frown case: largest losses of force."""
    plan = case_of({"title": "Any", "plan": {"product": "ona", "session": [{"at": 0, "pattern": "glabella-20u"}]}}).plan
    courses = [
        simulate(plan, Patient(), days=DAYS, spread=tissue_responses(plan, settings=TissueSettings(spacing=spacing)))
        for spacing in (1.0, 0.5)
    ]
    apart = np.abs(np.asarray(courses[0].force)[1] - np.asarray(courses[1].force)[1])
    print(f"force after 30 days differs by {apart.max():.4f} at most")
    assert apart.max() < 0.01
