"""A plan in the hands of a novice and an expert."""

from __future__ import annotations

import json
from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest
from typer.testing import CliRunner

from endplate.case.file import parse_case, write_template
from endplate.cli.main import app
from endplate.course import TissueSettings, default_parameters, simulate, tissue_responses
from endplate.course.parameters import parameters_for
from endplate.course.scene import muscles_of
from endplate.errors import InvalidRequest
from endplate.evidence import load
from endplate.population import technique as room
from endplate.population.design import needle_axes, solve_design
from endplate.population.technique import OPERATORS, Hand, hand_of, technique

CASE = parse_case(write_template("glabella-20u"))
COARSE = TissueSettings(spacing=2.0)
DAYS = np.arange(0.0, 93.0, 4.0)
AIMED = ("corrugator_supercilii.left", "corrugator_supercilii.right", "procerus")


@pytest.fixture(scope="module")
def told():
    """The label's glabella in both hands."""
    return {one: told_of(one) for one in OPERATORS}


def told_of(operator: str):
    return technique(CASE.plan, CASE.patient, operator=operator, library=load(), draws=64, seed=3, settings=COARSE)


@pytest.fixture(scope="module")
def place():
    """Session, patient and design."""
    spread = parameters_for(CASE.plan, default_parameters(CASE.plan.product)).spread
    how = room._placement(hand_of("expert", load()))
    design = solve_design(CASE.plan, placement=how, parameters=spread, settings=COARSE)
    return room._Room(CASE.plan, CASE.patient, design)


def errors(draws: int = 1):
    """No error at all."""
    count = len(CASE.plan.injections)
    return room._Errors(jnp.zeros((count, 3, draws)), jnp.ones((count, draws)))


def losses(plan) -> np.ndarray:
    """Largest loss of force of each muscle, solved for this plan."""
    course = simulate(plan, CASE.patient, days=DAYS, spread=tissue_responses(plan, settings=COARSE))
    return 1.0 - np.asarray(course.force).min(axis=0)[:, 0]


def test_a_novice_scatters_more_than_an_expert(told):
    novice, expert = told["novice"], told["expert"]

    def width(one, name):
        return one.losses[name].high - one.losses[name].low

    for name in AIMED:
        assert width(novice, name) > width(expert, name)
    assert novice.asymmetry.middle > expert.asymmetry.middle
    assert sum(one.scatter for one in novice.points) > sum(one.scatter for one in expert.points)


def test_a_lid_is_at_more_risk_in_the_hand_of_a_novice(told):
    share = {one: sum(each.share + each.remainder for each in told[one].complications) for one in OPERATORS}
    assert share["novice"] > share["expert"] > 0
    assert told["novice"].complications[0].name == "lid_ptosis"


def test_without_errors_the_plan_comes_out_exactly(place):
    np.testing.assert_allclose(room._follow(place, errors()).losses[:, 0], losses(CASE.plan), atol=1e-6)


def test_an_error_in_dose_alone_is_the_dose(place):
    twice = replace(CASE.plan, injections=tuple(replace(one, dose=2 * one.dose) for one in CASE.plan.injections))
    none = errors()
    found = room._follow(place, room._Errors(none.offset, 2 * none.factor)).losses[:, 0]
    np.testing.assert_allclose(found, losses(twice), atol=1e-6)


def test_a_needle_that_is_off_is_a_needle_elsewhere(place):
    """At a point of the design, where layered tissue was solved."""
    first = CASE.plan.injections[0]
    x, y, z = (float(one) for one in np.asarray(first.site) + 3.0 * needle_axes(first)[1])
    moved = replace(CASE.plan, injections=(replace(first, site=(x, y, z)), *CASE.plan.injections[1:]))
    none = errors()
    found = room._follow(place, room._Errors(none.offset.at[0, 1, 0].set(3.0), none.factor)).losses[:, 0]
    np.testing.assert_allclose(found, losses(moved), atol=1e-5)


def test_errors_have_the_sizes_of_the_hand():
    hand = Hand(across=2.0, depth=0.5, dose=0.1, dilution=0.0)
    drawn = room._errors(CASE.plan, hand, room._placement(hand), draws=20_000, seed=1)
    np.testing.assert_allclose(np.asarray(drawn.offset).std(axis=2), [[2.0, 2.0, 0.5]] * 5, rtol=0.03)
    np.testing.assert_allclose(np.asarray(drawn.factor).std(axis=1), [0.1] * 5, rtol=0.03)
    assert abs(np.corrcoef(drawn.factor)[0, 1]) < 0.03
    shared = room._errors(CASE.plan, Hand(0.0, 0.0, 0.0, 0.1), room._placement(hand), draws=2000, seed=1)
    np.testing.assert_allclose(shared.factor[0], shared.factor[1], rtol=1e-6)


def test_more_draws_change_none_of_the_first():
    hand = hand_of("novice", load())
    few, many = (room._errors(CASE.plan, hand, room._placement(hand), draws=draws, seed=1) for draws in (20, 90))
    np.testing.assert_array_equal(few.offset, many.offset[..., :20])
    np.testing.assert_array_equal(few.factor, many.factor[..., :20])


def test_the_last_chunk_is_filled_up_and_not_counted(place):
    seen = room._follow(place, errors(70))
    assert seen.losses.shape == (len(muscles_of(CASE.plan)), 70)
    assert all(len(one.has) == 70 for one in seen.records.values())


def test_draws_are_the_same_every_time(told):
    assert told_of("expert") == told["expert"]


def test_bad_requests_are_refused():
    with pytest.raises(InvalidRequest, match="novice, expert"):
        hand_of("master", load())
    with pytest.raises(InvalidRequest, match="at least 2"):
        technique(CASE.plan, CASE.patient, operator="expert", library=load(), draws=1)


def test_the_command_tells_both_and_writes_a_figure(tmp_path):
    path = tmp_path / "case.toml"
    path.write_text(write_template("glabella-20u"), encoding="utf-8")
    words = ["technique", str(path), "--draws", "16", "--json", "-o", str(tmp_path / "out")]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    content = json.loads(result.stdout)
    assert [one["operator"] for one in content["operators"]] == list(OPERATORS)
    assert content["operators"][0]["points"][0]["name"].startswith("glabella")
    assert content["operators"][0]["complications"][0]["name"] == "lid_ptosis"
    assert (tmp_path / "out" / "technique.png").stat().st_size > 10_000
    assert CliRunner().invoke(app, ["technique", str(path), "--draws", "1"]).exit_code == 2
