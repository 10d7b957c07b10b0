"""Offers alone and with toxin: each changes its own parameters, fades, and the peptide does nothing that permeates."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from endplate.case import Given, Patient, Plan, offers, product
from endplate.case.file import parse_case, write_template
from endplate.case.offer import changes_of
from endplate.course import ClosedForm, default_parameters, simulate
from endplate.course.offers import offered_changes
from endplate.course.peptide import peptide_forecast
from endplate.evidence import load

DAYS = [0.0, 20.0, 60.0, 120.0, 300.0]
NOTHING = Plan(product("ona"), ())
CHANGING = sorted(name for name, one in offers().items() if one.changes)
LATE = 40000.0


@pytest.fixture(scope="module")
def run():
    """A course in homogeneous tissue."""

    def follow(plan: Plan, *given: Given):
        return simulate(plan, Patient(age=50.0), days=DAYS, offers=given, spread=ClosedForm())

    return follow


@pytest.fixture(scope="module")
def plan() -> Plan:
    return parse_case(write_template("glabella-20u")).plan


@pytest.mark.parametrize("name", CHANGING)
def test_an_offer_changes_its_named_parameters_alone(name):
    found = offered_changes([Given(name, 0.0)], jnp.asarray([0.0, 200.0]))
    named = {change.parameter for change in changes_of(offers()[name], load())}
    changed = {key for key, value in found._asdict().items() if bool(jnp.any(value != 1))}
    assert changed == named
    assert all(bool(jnp.all(value[0] == 1)) for value in found)


@pytest.mark.parametrize("name", CHANGING)
def test_an_offer_fades_to_nothing(name):
    until = 400.0 if offers()[name].daily else None
    found = offered_changes([Given(name, 0.0, until)], jnp.asarray([LATE]))
    assert all(np.asarray(value) == pytest.approx(1.0, abs=1e-6) for value in found)


def test_an_offer_stays_in_its_regions():
    found = offered_changes([Given("filler", 0.0, regions=("forehead",))], jnp.asarray([100.0]))
    assert np.flatnonzero(np.asarray(found.crease)[0, :, 0] != 1).tolist() == [1]


def test_what_is_done_once_multiplies_and_what_is_used_daily_does_not():
    days = jnp.asarray([100.0])
    laser, cream, peptide = Given("laser", 0.0), Given("moisturiser", 0.0), Given("acetyl_hexapeptide_8", 50.0)
    both = offered_changes([laser, cream, laser, peptide], days)
    assert np.asarray(both.crease) == pytest.approx(np.asarray(offered_changes([laser], days).crease) ** 2)
    assert np.asarray(both.hydration) == pytest.approx(np.asarray(offered_changes([cream], days).hydration))


def test_the_peptide_does_no_more_than_its_vehicle(run):
    cream, vehicle, without = (
        run(NOTHING, *given) for given in ([Given("acetyl_hexapeptide_8", 0.0)], [Given("moisturiser", 0.0)], [])
    )
    assert float(1 - jnp.min(cream.force)) < 1e-4
    assert np.asarray(cream.depth_rest) == pytest.approx(np.asarray(vehicle.depth_rest), rel=1e-4)
    assert np.asarray(cream.depth_effort) == pytest.approx(np.asarray(without.depth_effort), rel=1e-4)
    change = cream.depth_rest[2, 0, 0] / without.depth_rest[2, 0, 0] - 1
    alone = load()["offer.moisturiser.hydration.size"]
    assert alone.low <= float(change) <= alone.high


def test_none_in_the_dermis_is_exactly_no_effect(run):
    cream = run(NOTHING, Given("acetyl_hexapeptide_8", 0.0, permeation=0.0))
    assert float(jnp.min(cream.force)) == 1


def test_the_permeation_that_is_said_to_be_needed_gives_that_loss(run):
    needed = peptide_forecast(default_parameters(product("ona")), wanted=0.1)
    cream = run(NOTHING, Given("acetyl_hexapeptide_8", 0.0, permeation=needed.needed))
    assert needed.needed > 100 * needed.permeation
    # The share of fibres that fail at their own terminal; sprouts give a part of it back later.
    assert float(1 - cream.transmission[1, 0, 0]) == pytest.approx(0.1, rel=0.05)


def test_offers_add_to_what_toxin_does(run, plan):
    filler, sunscreen = Given("filler", 10.0), Given("sunscreen", 0.0)
    toxin, both = run(plan), run(plan, filler, sunscreen)
    assert np.asarray(both.force) == pytest.approx(np.asarray(toxin.force), abs=1e-12)
    factor = offered_changes([filler], jnp.asarray(DAYS)).crease[:, 0, 0]
    assert np.asarray(both.depth_rest[:, 0, 0]) == pytest.approx(
        np.asarray(toxin.depth_rest[:, 0, 0] * factor), rel=1e-3
    )
    assert np.all(np.asarray(both.depth_effort[1:]) <= np.asarray(toxin.depth_effort[1:]))


def test_a_filler_takes_the_line_at_rest_from_both_grades(run):
    filled, without = run(NOTHING, Given("filler", 0.0)), run(NOTHING)
    fall = np.asarray(without.severity - filled.severity)[:, 0]
    assert np.all(fall[1:] > 0)
    assert fall[:, 1] == pytest.approx(fall[:, 0], abs=1e-9)
