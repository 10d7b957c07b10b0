"""Trial files: what is read, and every fault at once."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest

from endplate.errors import InvalidRequest, TrialError
from endplate.population import Population
from endplate.trial import TrialParameters, read_trial
from endplate.trial.file import parse_trial, trial_schema
from endplate.trial.table import PopulationTable, RatersTable
from endplate.trial.template import LIKE, trial_template

FAULTY = """\
title = "x"
region = "glabela"
endpoints = ["composit_ge2"]
[[arm]]
name = "a"
size = 0
patern = "glabella-20u"
[[arm]]
name = "b"
size = 10
placebo = true
dose = 3
[[arm]]
name = "c"
size = 10
product = "abo"
pattern = "glabella-20u"
[visits]
days = [30, 7]
[population]
severeshare = 1
"""
EXPECTED = {
    (2, "region", "did you mean 'glabella'?"),
    (3, "endpoints[0]", "did you mean 'composite_ge2'?"),
    (4, "arm[0].pattern", "add pattern = …, or placebo = true"),
    (6, "arm[0].size", "write a whole number from 1 to 100000"),
    (7, "arm[0].patern", "did you mean 'pattern'?"),
    (17, "arm[2].pattern", "did you mean 'glabella-abo-50u'?"),
    (19, "visits.days", "give each day once, in order"),
    (21, "population.severeshare", "did you mean 'severe_share'?"),
}


def faults(text):
    with pytest.raises(TrialError) as caught:
        parse_trial(text, file="t.toml")
    return caught.value.faults


def changed(old, new):
    text = trial_template("glabella")
    assert old in text
    return text.replace(old, new)


def test_every_fault_is_told_at_once_with_its_place():
    found = faults(FAULTY)
    told = {(one.line, one.key, one.remedy) for one in found}
    assert told >= EXPECTED
    assert {one.key for one in found} - {key for _, key, _ in EXPECTED} == {"arm[1].dose"}
    assert {one.file for one in found} == {"t.toml"}


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("response = 30", "response = 31", "visits.response"),
        ('name = "placebo"', 'name = "20 U"', "arm"),
        ('    "subj_ge1",', '    "subj_ge1", "subj_ge1",', "endpoints"),
        ("# at = [0,", "at = [1,", "arm[0].at"),
        ("days = [7, 30, 60, 90, 120]", 'days = ["7 U", 30]', "visits.days[0]"),
        ("size = 200", "size = true", "arm[0].size"),
        ("dropout = 0.05", "dropout = 1.5", "visits.dropout"),
        ("# [population]\n# severe_share = 0.5", "[population]\nsevere_share = 2", "population.severe_share"),
        (
            "# [raters.subject]\n# expectation = -0.25",
            "[raters.subject]\nexpectation = -9",
            "raters.subject.expectation",
        ),
    ],
)
def test_a_fault_is_told_at_its_key(old, new, key):
    assert [one.key for one in faults(changed(old, new))] == [key]


def test_a_treatment_after_the_last_visit_is_a_fault():
    found = faults(changed('# at = [0, "16 weeks"]', 'at = [0, "20 weeks"]'))
    assert [one.key for one in found] == ["visits.days"]


@pytest.mark.parametrize("like", LIKE)
def test_every_template_can_be_read(like):
    trial = parse_trial(trial_template(like))
    assert [arm.placebo for arm in trial.arms] == [False, True]
    assert trial.region == LIKE[like][1]


def test_the_example_is_the_template(example):
    assert example.read_text(encoding="utf-8") == trial_template("glabella")
    trial = read_trial(example)
    assert trial.timing.visits == (7.0, 30.0, 60.0, 90.0, 120.0)
    assert [(arm.dose, arm.size) for arm in trial.arms] == [(20.0, 200), (0.0, 100)]


def test_dose_volume_days_and_numbers_are_taken():
    text = changed("# dose = 20 ", "dose = 30 ").replace('# volume = "0.1 mL"', 'volume = "0.05 mL"')
    text = text.replace('# at = [0, "16 weeks"]', 'at = [0, "2 months"]')
    text = text.replace("# [population]\n# severe_share", "[population]\nsevere_share")
    text = text.replace("# [raters.subject]\n# expectation = -0.25", "[raters.subject]\nexpectation = -0.1")
    trial = parse_trial(text)
    plan = trial.arms[0].plan
    assert plan.total_dose == pytest.approx((30.0, 30.0))
    assert plan.one_pattern
    assert {one.volume for one in plan.injections} == {0.05}
    assert trial.population == (("severe_share", 0.5),)
    assert trial.raters == (("subject_expectation", -0.1),)


def test_what_can_be_set_is_a_field():
    assert set(PopulationTable.model_fields) <= {field.name for field in fields(Population)}
    plain = set(RatersTable.model_fields) - {"investigator", "subject", "panel"}
    assert plain <= {field.name for field in fields(TrialParameters)}


def test_not_toml_no_file_and_nothing_are_faults(tmp_path):
    assert faults("title = ")[0].line == 1
    assert "empty" in faults("  ")[0].message
    with pytest.raises(TrialError, match="endplate trial new"):
        read_trial(tmp_path / "none.toml")


def test_an_unknown_template_names_the_nearest():
    with pytest.raises(InvalidRequest, match="glabella"):
        trial_template("glabela")


def test_the_schema_is_json():
    keys = json.loads(json.dumps(trial_schema()))["properties"]
    assert {"arm", "visits", "endpoints", "inclusion"} <= set(keys)
