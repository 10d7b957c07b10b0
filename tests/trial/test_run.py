"""Running a trial: the same bits for any chunk, the engine's own course, plain sense of the numbers."""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from endplate.case import Plan
from endplate.course import default_parameters, simulate
from endplate.course.lines import follow_lines, prepare_lines, tabulated
from endplate.errors import InvalidRequest
from endplate.population import default_population, draw
from endplate.trial import Arm, run_trial

DAYS = (7.0, 30.0, 90.0)


@pytest.mark.parametrize("chunk", [1, 300, 10_000])
def test_no_size_of_chunk_changes_a_bit(trial, result, chunk):
    assert run_trial(trial, chunk=chunk) == result


def test_another_seed_gives_other_patients(trial, result):
    other = run_trial(replace(trial, seed=1))
    assert other.arm("20 U").curves["inv_ge1"].at(30.0).rate != result.arm("20 U").curves["inv_ge1"].at(30.0).rate


def test_patients_beyond_the_last_whole_block_count(trial):
    few, more = (run_trial(replace(trial, patients=count)).arm("20 U").enrolled for count in (256, 257))
    assert few != more


@pytest.mark.parametrize("days_of_treatment", [(0.0,), (0.0, 40.0)])
@pytest.mark.parametrize("region", ["glabella", "forehead"])
def test_doses_read_from_a_table_are_those_of_each_end_plate(trial, region, days_of_treatment):
    plan = trial.arms[0].plan
    again = Plan(plan.product, tuple(replace(one, day=day) for day in days_of_treatment for one in plan.injections))
    typical = default_parameters(plan.product)
    crowd = draw(default_population(), range(64), typical=typical)
    lines = prepare_lines(again, region=region, days=DAYS, p=typical)
    own = {"p": crowd.parameters, "one_pattern": True, "region": region}
    table = tabulated(lines, spread=float(typical.kinetics.dose_spread))
    found, expected = (follow_lines(one, crowd.cohort, **own).value for one in (table, lines))
    assert np.allclose(found, expected, atol=1e-5)
    assert len(table.cloud.group) < len(lines.setting.anatomy.density)  # twins are followed once


@pytest.mark.parametrize("region", ["glabella", "lateral_canthus_left"])
def test_lines_of_one_region_are_those_of_the_whole_face(trial, region):
    plan = trial.arms[0].plan
    typical = default_parameters(plan.product)
    crowd = draw(default_population(), range(64), typical=typical)
    lines = prepare_lines(plan, region=region, days=DAYS, p=typical)
    found = follow_lines(lines, crowd.cohort, p=crowd.parameters, one_pattern=True, region=region)
    whole = simulate(plan, crowd.cohort, parameters=crowd.parameters, days=DAYS)
    expected = np.asarray(whole.severity)[:, whole.regions.index(region), 1]
    # Steps are up to six days long. Captured doses are read between muscle masses, here by a cubic, there along lines.
    assert np.allclose(found.value, expected, atol=3e-3)
    assert np.allclose(np.mean(found.value, axis=1), expected.mean(axis=1), atol=1e-3)
    assert np.all(found.solved)


def test_single_precision_is_enough(trial):
    plan = trial.arms[0].plan
    values = []
    for kind in (jnp.float32, jnp.float64):
        typical = default_parameters(plan.product, dtype=kind)
        crowd = draw(default_population(dtype=kind), range(64), typical=typical)
        lines = prepare_lines(plan, region="glabella", days=DAYS, p=typical)
        own = {"one_pattern": True, "region": "glabella"}
        values.append(np.asarray(follow_lines(lines, crowd.cohort, p=crowd.parameters, **own).value))
    assert np.abs(values[0] - values[1]).max() < 1e-3


def test_toxin_is_far_above_placebo(result):
    active, placebo = (result.arm(name).curves for name in ("20 U", "placebo"))
    for name in ("composite_ge2", "composite_ge2_and_0_1", "inv_none_mild", "composite_ge1", "subj_mod_improve"):
        for day in (30.0, 60.0, 90.0):
            assert active[name].at(day).prediction.low > placebo[name].at(day).prediction.high, (name, day)
    assert placebo["composite_ge2"].at(30.0).rate < 0.026  # largest placebo rate among the evidence
    assert active["composite_ge2"].at(30.0).rate > 10 * placebo["composite_ge2"].at(30.0).rate


def test_subjects_report_a_grade_after_placebo_where_the_composite_does_not(result):
    placebo = result.arm("placebo").curves
    assert 0.1 < placebo["subj_ge1"].at(30.0).rate < 0.5
    assert placebo["subj_ge1"].at(30.0).rate > placebo["inv_ge1"].at(30.0).rate > placebo["composite_ge1"].at(30.0).rate
    assert placebo["composite_ge1"].at(30.0).rate > placebo["composite_ge2"].at(30.0).rate


def test_harder_endpoints_have_lower_rates(result):
    for arm in result.arms:
        rows = {name: [row.rate for row in curve.rows] for name, curve in arm.curves.items()}
        for easier, harder in (
            ("inv_ge1", "composite_ge1"),
            ("composite_ge1", "composite_ge2"),
            ("composite_ge2", "composite_ge2_and_0_1"),
            ("inv_none_mild", "inv_and_subj_none_mild"),
            ("median_return_baseline", "median_loss_none_mild"),
        ):
            assert np.all(np.array(rows[easier]) >= np.array(rows[harder]) - 1e-6), (arm.name, easier, harder)
        for name in ("onset_cum_subject", "onset_cum_physician"):
            assert np.all(np.diff(rows[name]) >= -1e-6), name
        for name in ("median_loss_none_mild", "median_return_baseline"):
            assert np.all(np.diff(rows[name]) <= 1e-6), name


def test_more_toxin_gives_more_responders(trial):
    plan = trial.arms[0].plan
    doses = [
        Plan(plan.product, tuple(replace(one, dose=part * one.dose) for one in plan.injections)) for part in (0.5, 1, 2)
    ]
    arms = tuple(Arm(f"{place}", one, 100) for place, one in enumerate(doses))
    found = run_trial(replace(trial, arms=arms, endpoints=("composite_ge2", "inv_none_mild")))
    for name in ("composite_ge2", "inv_none_mild"):
        for day in trial.timing.visits:
            rates = [arm.curves[name].at(day).rate for arm in found.arms]
            assert rates == sorted(rates), (name, day)


def test_severe_lines_make_two_grades_likelier_and_none_or_mild_less(trial):
    few, many = (
        run_trial(replace(trial, population=(("severe_share", share),))).arm("20 U").curves for share in (0.2, 0.8)
    )
    assert many["composite_ge2"].at(30.0).rate > few["composite_ge2"].at(30.0).rate
    assert many["inv_none_mild"].at(30.0).rate < few["inv_none_mild"].at(30.0).rate


def test_expectation_moves_the_subject_and_not_the_investigator(trial, result):
    calm = run_trial(replace(trial, raters=(("subject_expectation", 0.0),)))
    for name, same in (("subj_ge1", False), ("inv_ge1", True)):
        before, after = (one.arm("placebo").curves[name].at(30.0).rate for one in (result, calm))
        assert (before == after) is same, name


def test_progress_is_told_and_may_stop(trial):
    told = []
    run_trial(trial, chunk=256, progress=lambda done, whole: told.append((done, whole)))
    assert told == [(0, 1200), (512, 1200), (1024, 1200), (1200, 1200)]

    def stop(done, whole):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_trial(trial, progress=stop)
    with pytest.raises(InvalidRequest, match="chunk"):
        run_trial(trial, chunk=0)


def test_a_result_says_what_it_has_not(result):
    with pytest.raises(InvalidRequest, match="its days: 7, 30"):
        result.arm("20 U").curves["inv_ge1"].at(8.0)
    with pytest.raises(InvalidRequest, match="20 U, placebo"):
        result.arm("nobody")
