"""Treated again by a rule: what is drawn is what the engine gives, and rules are kept."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from endplate.case import Plan
from endplate.cli.main import app
from endplate.course.lines import follow_lines, prepare_lines
from endplate.errors import InvalidRequest, TrialError
from endplate.population.crowd import with_rates
from endplate.trial import read_trial
from endplate.trial.block import BLOCK, patients_of, prepared
from endplate.trial.cycles import _block, _cycle, _with_checks, sample_cycles
from endplate.trial.file import parse_trial
from endplate.trial.rule import AtBaseline, AtGrade, Interval, Retreatment
from endplate.trial.template import trial_template

RULE = Retreatment(AtGrade(2), every=42.0, until=252.0, least=84.0, most=3)


@pytest.fixture(scope="module")
def trial(example):
    small = read_trial(example)
    return replace(small, arms=tuple(replace(arm, size=60) for arm in small.arms), retreatment=RULE)


@pytest.fixture(scope="module")
def found(trial):
    return sample_cycles(trial)


def test_the_same_seed_gives_the_same_trial_and_another_number_another(trial, found):
    assert sample_cycles(trial) == found
    assert sample_cycles(trial, number=1) != found


def test_a_patient_s_own_sessions_are_those_of_a_plan_with_them(trial):
    """Doses at shared checks, 0 or whole by patient, against plans with each patient's own days."""
    work = prepared(_with_checks(trial, RULE))
    drawn = _block(work, 0, 0, rule=RULE, seed=3)
    crowd = patients_of(work, np.arange(BLOCK), seed=3)
    plan, typical = trial.arms[0].plan, work.typical[0]
    p, days = with_rates(typical, crowd.rates), work.trial.days
    lines = work.lines[0]
    share = np.asarray(drawn.treated, np.float32)[:, None, None]
    own = {"p": p, "one_pattern": True, "region": trial.region}
    each = follow_lines(lines._replace(cloud=lines.cloud._replace(share=share)), crowd.cohort, **own).value
    patterns, counts = np.unique(drawn.treated.T, axis=0, return_counts=True)
    for pattern in patterns[np.argsort(-counts)[:3]]:
        given = np.array(RULE.checks)[pattern]
        whole = Plan(plan.product, tuple(replace(one, day=float(day)) for day in given for one in plan.injections))
        expected = follow_lines(prepare_lines(whole, region=trial.region, days=days, p=typical), crowd.cohort, **own)
        same = np.all(pattern == drawn.treated.T, axis=1)
        assert np.allclose(np.asarray(each)[:, same], np.asarray(expected.value)[:, same], atol=2e-3)


@pytest.mark.parametrize("rule", [AtGrade(2), AtBaseline(), Interval()])
def test_rules_are_kept(trial, rule):
    again = replace(RULE, rule=rule)
    work = prepared(_with_checks(replace(trial, retreatment=again), again))
    drawn = _block(work, 0, 0, rule=again, seed=1)
    checks = np.array(again.checks)
    assert drawn.treated[0].all()
    assert drawn.treated.sum(axis=0).max() <= again.most
    for patient in range(BLOCK):
        given = checks[drawn.treated[:, patient]]
        assert np.all(np.diff(given) >= again.least)
        assert np.all(given[1:] <= drawn.last_day[patient])
    if isinstance(rule, Interval):
        stays = drawn.last_day > again.until
        assert np.all(drawn.treated[:, stays].sum(axis=0) == again.most)
    else:
        assert drawn.treated.sum(axis=0).min() < again.most


def test_cycles_add_up(found, trial):
    for arm in found:
        assert sum(arm.treatments) == arm.size == 60
        assert arm.cycles[0].treated == 60
        for cycle, after in zip(arm.cycles, [*arm.cycles[1:], None], strict=True):
            assert cycle.again == (0 if after is None else after.treated)
            assert 0 <= cycle.responders <= cycle.assessed <= cycle.treated
            assert all(day >= RULE.least for day in cycle.days)
            assert list(cycle.waiting) == sorted(cycle.waiting, reverse=True)
    active, placebo = found
    assert active.cycles[0].responders > 3 * placebo.cycles[0].responders
    assert active.cycles[0].waiting[0] > placebo.cycles[0].waiting[0]


def test_the_wait_is_kaplan_and_meier_s():
    """Four patients: again on 84, again on 126, left on day 100, still waiting at the end."""
    rule = replace(RULE, until=168.0)
    treated = np.zeros((5, 4), bool)
    treated[0] = True
    treated[2, 0] = treated[3, 1] = True
    last_day = np.array([np.inf, np.inf, 100.0, np.inf])
    days = (42.0, 84.0, 126.0, 168.0)
    mild = np.array([[True, False, True, True]] + [[False] * 4] * 3)
    first = _cycle(1, treated, mild, last_day, timing=(days, 42.0), rule=rule)
    assert first.days == (84.0, 126.0)
    assert np.allclose(first.waiting, (3 / 4, 3 / 4 * 1 / 2))
    assert (first.treated, first.assessed, first.responders, first.again) == (4, 4, 3, 2)
    assert first.median == 126.0
    second = _cycle(2, treated, mild, last_day, timing=(days, 42.0), rule=rule)
    assert (second.treated, second.assessed, second.again, second.median) == (2, 2, 0, np.inf)


def test_what_cannot_be_done_is_refused(trial):
    with pytest.raises(InvalidRequest, match=r"no \[retreatment\]"):
        sample_cycles(replace(trial, retreatment=None))
    twice = trial.arms[0].plan
    plan = Plan(twice.product, tuple(replace(one, day=day) for day in (0.0, 90.0) for one in twice.injections))
    with pytest.raises(InvalidRequest, match="days of treatment of its own"):
        sample_cycles(replace(trial, arms=(replace(trial.arms[0], plan=plan),)))


def test_the_file_says_the_rule():
    plain = trial_template()
    assert parse_trial(plain).retreatment is None
    words = '[retreatment]\ngrade = 2\nevery = "6 weeks"\nleast = "12 weeks"\nuntil = 300\nmost = 3\n'
    assert parse_trial(plain + words).retreatment == Retreatment(AtGrade(2), "investigator", 42.0, 300.0, 84.0, 3)
    assert parse_trial(plain + "[retreatment]\nbaseline = true\n").retreatment == Retreatment(AtBaseline())
    assert parse_trial(plain + '[retreatment]\nrater = "subject"\n').retreatment == Retreatment(Interval(), "subject")


def test_faults_of_the_rule_are_told_at_once():
    own = trial_template().replace("# at = [0", "at = [0")
    words = "[retreatment]\ngrade = 2\nbaseline = true\nevery = 7\nuntil = 900\nleast = 1000\nmost = 1\nwhen = 3\n"
    with pytest.raises(TrialError) as told:
        parse_trial(trial_template() + words)
    keys = {fault.key for fault in told.value.faults}
    assert {"retreatment.baseline", "retreatment.until", "retreatment.most", "retreatment.when"} <= keys
    with pytest.raises(TrialError, match="days of treatment of its own"):
        parse_trial(own + "[retreatment]\ngrade = 2\n")


def test_the_command_tells_cycles(tmp_path, example):
    file = tmp_path / "again.toml"
    text = example.read_text(encoding="utf-8").replace("size = 200", "size = 40").replace("size = 100", "size = 40")
    file.write_text(text + '[retreatment]\ngrade = 2\nevery = "6 weeks"\nuntil = 252\nmost = 3\n', encoding="utf-8")
    done = CliRunner().invoke(app, ["trial", "run", str(file), "--patients", "256", "-o", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "median days to the next" in done.stdout
    kept = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    assert [arm["name"] for arm in kept["retreatment"]["drawn_trial"]] == ["20 U", "placebo"]
    assert "Treated again" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
