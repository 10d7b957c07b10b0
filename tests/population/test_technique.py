"""A plan in the hands of a novice and an expert."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from endplate.case import Injection, Plan, product
from endplate.case.file import parse_case, write_template
from endplate.cli.main import app
from endplate.course import simulate
from endplate.errors import InvalidRequest
from endplate.evidence import load
from endplate.population import technique as room
from endplate.population.technique import OPERATORS, Hand, hand_of, technique

CASE = parse_case(write_template("glabella-20u"))


@pytest.fixture(scope="module")
def told():
    """The label's glabella in both hands."""
    return {
        one: technique(CASE.plan, CASE.patient, operator=one, library=load(), draws=16, seed=3) for one in OPERATORS
    }


def test_a_novice_scatters_more_than_an_expert(told):
    novice, expert = told["novice"], told["expert"]

    def width(one, name):
        return one.losses[name].high - one.losses[name].low

    for name in ("corrugator_supercilii.left", "corrugator_supercilii.right", "procerus"):
        assert width(novice, name) > width(expert, name)
    assert novice.asymmetry.middle > expert.asymmetry.middle
    assert sum(one.scatter for one in novice.points) > sum(one.scatter for one in expert.points)


def test_without_errors_the_plan_comes_out_nearly(told):
    course = simulate(CASE.plan, CASE.patient, days=np.arange(0.0, 93.0, 4.0))
    losses = 1.0 - np.asarray(course.force).min(axis=0)[:, 0]
    for name in ("corrugator_supercilii.left", "corrugator_supercilii.right", "procerus"):
        assert told["expert"].planned[name] == pytest.approx(losses[course.muscle(name)], abs=0.1)


def test_an_error_in_dose_alone_is_the_dose(told):
    offset = np.zeros((len(CASE.plan.injections), 3, 2))
    factor = np.ones((len(CASE.plan.injections), 2)) * np.array([1.0, 2.0])
    both = room._follow(CASE.plan, CASE.patient, offset, factor)
    twice = replace(CASE.plan, injections=tuple(replace(one, dose=2 * one.dose) for one in CASE.plan.injections))
    other = room._follow(twice, CASE.patient, offset[..., :1], np.ones((len(CASE.plan.injections), 1)))
    np.testing.assert_allclose(np.asarray(both.force)[..., 1], np.asarray(other.force)[..., 0], atol=2e-3)


def test_a_needle_that_is_off_is_a_needle_elsewhere():
    first = CASE.plan.injections[0]
    moved = replace(
        CASE.plan,
        injections=(replace(first, site=(3.0, first.site[1] + 2.0, first.site[2] - 1.0)), *CASE.plan.injections[1:]),
    )
    offset = np.zeros((len(CASE.plan.injections), 3, 1))
    offset[0, :, 0] = np.array(moved.injections[0].site) - np.array(first.site)
    still, ones = np.zeros_like(offset), np.ones((len(CASE.plan.injections), 1))
    there = room._follow(CASE.plan, CASE.patient, offset, ones, planned=room.ClosedForm())
    other = room._follow(moved, CASE.patient, still, ones, planned=room.ClosedForm())
    np.testing.assert_allclose(np.asarray(there.force), np.asarray(other.force), atol=2e-3)


def test_errors_have_the_sizes_of_the_hand_and_directions_of_the_skin():
    plan = Plan(product("ona"), (Injection((0.0, 10.0, -4.0), 4.0, 0.1, 0.0),))
    hand = Hand(across=2.0, depth=0.5, dose=0.1, dilution=0.0)
    offset, factor = room._errors(plan, hand, draws=20_000, seed=1)
    into = room._axes(plan.injections[0])[:, 2] @ offset[0]
    assert into.std() == pytest.approx(0.5, rel=0.03)
    assert np.linalg.norm(offset[0], axis=0).std() > 0.5
    assert np.sqrt((offset[0] ** 2).sum(axis=0).mean()) == pytest.approx(np.sqrt(2 * 4.0 + 0.25), rel=0.03)
    assert factor.std() == pytest.approx(0.1, rel=0.03)


def test_draws_are_the_same_every_time(told):
    again = technique(CASE.plan, CASE.patient, operator="expert", library=load(), draws=16, seed=3)
    assert again == told["expert"]


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
    assert (tmp_path / "out" / "technique.png").stat().st_size > 10_000
    assert CliRunner().invoke(app, ["technique", str(path), "--draws", "1"]).exit_code == 2
