"""Predictions for rows: they follow the registry's own trials, dose, and the effects of trials."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from endplate.case import Injection, Patient, Plan, product
from endplate.case.anatomy import anatomy
from endplate.course import cohort_of, default_parameters
from endplate.course.lines import follow_effort, prepare_lines
from endplate.fit import ask, build_model
from endplate.fit.answer import EFFECTS
from endplate.fit.kept import table_store
from endplate.fit.question import Layout
from endplate.fit.table import AXES, by_mass, effort_of, effort_table, plan_of
from endplate.trial import Arm, Trial, run_trial
from endplate.trial.endpoints import Timing

LAYOUT = Layout("glabella-20u", "A", "glabella")
UNDATED = {"trial.drift": 0.0}


def nothing(model):
    return np.zeros((len(model.sources), len(EFFECTS)))


@pytest.fixture(scope="module")
def plain(model):
    """Predictions of the library as it is, for trials of one year."""
    return model.predict(UNDATED, nothing(model))


def rows_of(model, **fields):
    return [
        number
        for number, one in enumerate(model.questions)
        if all(getattr(one.row, name) == value for name, value in fields.items())
    ]


def test_rates_are_shares_and_times_are_days(model, plain):
    assert np.all(np.isfinite(plain))
    rates, times = plain[~model.timed], plain[model.timed]
    assert np.all((rates >= 0) & (rates <= 1))
    assert np.all(times > 28)


def test_they_are_those_of_a_trial_with_many_drawn_patients(model, plain):
    shots, sites = anatomy().patterns["glabella-20u"].shots, anatomy().sites
    given = tuple(Injection(sites[one.site].tip, one.dose, one.volume, day=0.0) for one in shots)
    arms = (Arm("ona", Plan(product("ona"), given), 200), Arm("placebo", None, 100))
    asked = ("inv_none_mild", "subj_mod_improve")
    trial = Trial("label", arms, Timing((7.0, 30.0, 60.0, 90.0, 120.0), 30.0), asked, patients=4096)
    found = run_trial(trial)
    for number, one in enumerate(model.questions):
        if one.row.trial != "BOTOXC_USPI_GL_pooled":
            continue
        arm = found.arm("placebo" if one.row.placebo else "ona")
        # 64 evenly placed patients against 4096 drawn ones.
        assert plain[number] == pytest.approx(arm.curves[one.endpoint].at(one.day).rate, abs=0.03)


def test_more_dose_relapses_less(model, plain):
    rows = rows_of(model, endpoint="relapse_rate")
    doses = [model.questions[row].row.dose for row in rows]
    assert doses == sorted(doses)
    assert np.all(np.diff(plain[rows]) < 0)


def test_an_effect_moves_its_own_trial_only(model, plain):
    effects = nothing(model)
    effects[0] = (0.5, 0.3, -0.1, 0.0)
    moved = model.predict(UNDATED, effects) - plain
    own = model.source_of == 0
    assert np.all(moved[~own] == 0)
    assert np.all(moved[own] != 0)


def test_placebo_follows_raters_and_no_potency(model, plain):
    moved = model.predict(UNDATED | {"potency.ona": 9000.0, "trial.half_life": 2.0}, nothing(model)) - plain
    placebo = rows_of(model, product="placebo")
    assert np.abs(moved[placebo]).max() < 1e-4
    kinder = model.predict(UNDATED | {"expectation.subject": -0.8}, nothing(model)) - plain
    subjects = [row for row in placebo if model.questions[row].endpoint == "subj_mod_improve"]
    assert np.all(kinder[subjects] > 0.05)


def test_longer_half_life_makes_late_rates_higher(model, plain):
    late = [row for row in rows_of(model, product="ona") if model.questions[row].day == 120.0]
    rates = [row for row in late if model.questions[row].endpoint == "inv_none_mild"]
    assert rates
    assert np.all(model.predict(UNDATED | {"trial.half_life": 1.5}, nothing(model))[rates] > plain[rates] + 0.02)


def test_the_table_reads_what_the_stages_give():
    days = (0.0, 3.0, 14.0, 60.0, 120.0, 200.0)
    table = effort_table(LAYOUT, days, store=table_store())
    mass, life, dose = np.array([0.7, 1.0, 1.4, 1.0]), np.array([-0.3, 0.1, 0.5, 0.0]), np.array([-1.0, 0.4, 1.3, -6.0])
    read = np.asarray(effort_of(by_mass(table, mass), half_life=life, dose=dose[None]))[0]
    plan = plan_of(LAYOUT)
    p = default_parameters(plan.product)
    lines = prepare_lines(plan, region=LAYOUT.region, days=days, p=p)
    known = p.kinetics
    moved = replace(
        known,
        potency=known.potency * np.exp(dose),
        light_chain_half_life=known.light_chain_half_life * np.exp(life),
    )
    people = cohort_of([Patient(muscle_mass=float(one)) for one in mass])
    found = follow_effort(lines, people, p=replace(p, kinetics=moved), one_pattern=True, region=LAYOUT.region)
    assert np.abs(np.asarray(found)[np.asarray(lines.shown)] - read).max() < 0.01


def test_the_axes_hold_what_priors_reach():
    dose = AXES.dose.nodes
    assert dose[0] < -7
    assert dose[-1] > 6
    assert AXES.half_life.nodes[0] <= -1.9
    assert AXES.half_life.nodes[-1] >= 1.9


def test_who_has_noticed_does_not_forget(model):
    """A late day of a diary is asked with the days before it."""
    row = replace(model.questions[0].row, endpoint="onset_cum_subject", day=180.0)
    early = replace(row, day=28.0)
    small = build_model([ask(row), ask(early)], patients=32, store=table_store())
    late, soon = small.predict({}, np.zeros((1, len(EFFECTS))))
    assert late > soon


def test_who_knows_what_was_given_notices_sooner(model):
    row = replace(model.questions[0].row, endpoint="onset_cum_subject", day=2.0)
    small = build_model([ask(row), ask(replace(row, trial="open", patients="open label"))], patients=32)
    blinded, known = small.predict({"trial.open_label": 0.5}, np.zeros((2, len(EFFECTS))))
    assert known > blinded + 0.05
    assert small.predict({"trial.open_label": 1.0}, np.zeros((2, len(EFFECTS)))) == pytest.approx(blinded)


def test_diaries_of_a_trial_may_note_smaller_changes(model):
    row = replace(model.questions[0].row, endpoint="onset_cum_subject", day=2.0)
    small = build_model([ask(row), ask(replace(row, trial="open", patients="open label"))], patients=32)
    usual, sooner = np.zeros((2, len(EFFECTS))), np.zeros((2, len(EFFECTS)))
    sooner[0, EFFECTS.index("noticed")] = np.log(0.5)
    values = {"trial.open_label": 0.5}
    known = small.predict(values, usual)
    assert small.predict(values, sooner) == pytest.approx([known[1], known[1]])


def test_drift_moves_trials_as_an_effect_on_sensitivity_would(model):
    decades = np.array(
        [next(one.row.decades for one in model.questions if one.row.source == own) for own in model.sources]
    )
    assert sorted(decades) == [-1.8, -1.5, -0.3]
    drifted = model.predict({"trial.drift": 0.4}, nothing(model))
    effects = nothing(model)
    effects[:, 0] = 0.4 * decades
    assert drifted == pytest.approx(model.predict(UNDATED, effects), rel=1e-6)


def test_another_day_needs_no_other_table():
    one, two = (effort_table(LAYOUT, days, store=table_store()) for days in ((0.0, 2.2, 90.0), (0.0, 2.2, 55.0, 90.0)))
    assert np.array_equal(one.values[..., :2], two.values[..., :2])
    assert np.array_equal(one.values[..., -1], two.values[..., -1])
