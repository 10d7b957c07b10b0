"""Adverse events from counts of trials, antibodies, overdose and rescue."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from endplate.case import Health, Treatment
from endplate.case.file import parse_case, write_template
from endplate.cli.main import app
from endplate.evidence import load
from endplate.evidence.counts import PLACEBO, adverse_counts
from endplate.report.words import DISCLAIMER
from endplate.safety import antibodies, antitoxin_window, overdose_words, risks, treated
from endplate.safety.pooling import pool
from endplate.safety.rescue import reachable
from endplate.safety.risk import Rate, Treated, expect

EVENTS = sorted({one.event for one in adverse_counts()})
ACTIVE = [one for one in adverse_counts() if one.product != PLACEBO]


def case(pattern: str = "glabella-20u"):
    """A case of a pattern."""
    return parse_case(write_template(pattern))


def predicted(one, library):
    """Interval of 90 % for the events that an arm counts."""
    asked = Treated("", one.treated, one.product, one.dose)
    _, active = expect(one.event, asked, library=library, trial=one.trial)
    draws = np.random.default_rng(5).binomial(one.patients, active)
    return np.quantile(draws, [0.05, 0.95])


@pytest.fixture(scope="module")
def frown():
    """Risks of the label's glabella by event."""
    return {one.event: one for one in risks(case(), load())}


def test_no_count_is_recalled_and_every_source_is_known():
    assert {one.confidence for one in adverse_counts()} <= {"verified", "secondary"}
    assert {one.source for one in adverse_counts()} <= set(load().sources)
    assert all(0 <= one.events <= one.patients for one in adverse_counts())


def test_counts_of_an_arm_stand_once():
    keys = [(one.trial, one.event, one.product, one.dose) for one in adverse_counts()]
    assert len(set(keys)) == len(keys)


def test_rows_of_trials_are_predicted_with_their_intervals():
    inside = [low <= one.events <= high for one in ACTIVE for low, high in [predicted(one, load())]]
    print(f"{sum(inside)} of {len(inside)} arms inside their 90 % interval")
    assert np.mean(inside) >= 0.9


def test_headache_after_the_glabella_is_not_blamed_on_the_drug(frown):
    found = frown["headache"]
    assert not found.blamed
    assert found.own
    assert found.added.low < 0.0 < found.added.high
    assert found.active.middle == pytest.approx(0.113, abs=0.02)
    assert found.placebo.middle == pytest.approx(0.114, abs=0.025)


def test_an_odd_lid_and_a_drooping_one_are_blamed(frown):
    for event, counted in (("eyelid_sensory_disorder", 0.032), ("eyelid_ptosis", 0.024)):
        assert frown[event].blamed
        assert frown[event].active.low < counted < frown[event].active.high
    assert frown["eyelid_ptosis"].of_spread


def test_dry_mouth_of_type_b_grows_with_the_dose():
    shares = [
        np.median(active - base)
        for dose in (2500.0, 5000.0, 10000.0)
        for base, active in [expect("dry_mouth", Treated("neck", "neck", "rima", dose), library=load())]
    ]
    assert shares == sorted(shares)
    base, active = expect("dry_mouth", Treated("neck", "neck", "rima", 5000.0), library=load())
    assert Rate.of(active - base).low > 0.0


def test_more_trials_narrow_the_interval_and_none_leaves_the_prior():
    rows = [one for one in adverse_counts() if one.event == "headache"]
    few = pool([one for one in rows if one.trial == "ONA_AESTH_POOLED_GL"], load())
    all_ = pool(rows, load())
    question = {"dose": 20.0, "trial": None, "count": 4000, "seed": 2}
    spread = [np.std(np.subtract(*one.log_odds("leti", treated="glabella", **question))) for one in (few, all_)]
    assert spread[1] < spread[0]


def test_the_pooling_is_that_of_a_single_large_trial():
    base = [one for one in adverse_counts() if one.trial == "ONA_AESTH_POOLED_GL" and one.event == "headache"]
    large = [replace(one, patients=100_000, events=events) for one, events in zip(base, (20_000, 10_000), strict=True)]
    found = pool(large, load())
    none, active = found.log_odds("ona", treated="glabella", dose=20.0, trial="ONA_AESTH_POOLED_GL", count=4000, seed=3)
    assert np.median(active) == pytest.approx(np.log(0.2 / 0.8), abs=0.02)
    assert np.median(none) == pytest.approx(np.log(0.1 / 0.9), abs=0.02)


def test_an_event_comes_and_goes(frown):
    days = np.arange(0.0, 400.0)
    curve = frown["eyelid_ptosis"].prevalence(days)
    assert curve[0] == 0.0
    assert 4 <= days[curve.argmax()] <= 14
    assert curve.max() <= frown["eyelid_ptosis"].added.middle
    assert curve[60] < 0.05 * curve.max()
    length = curve.sum() / frown["eyelid_ptosis"].added.middle
    assert 21.0 < length < 35.0


def test_what_no_trial_of_the_product_counted_is_marked():
    found = risks(case("glabella-leti-20u"), load())
    assert found
    assert not any(one.own or one.blamed for one in found)


def test_regions_without_trials_have_no_rates():
    assert treated(case("masseter-48u"), load()) is None
    assert risks(case("masseter-48u"), load()) == []


def test_draws_are_the_same_every_time():
    assert risks(case(), load()) == risks(case(), load())


def with_treatments(*given: Treatment):
    one = case()
    return replace(one, patient=replace(one.patient, health=Health(treatments=given)))


def test_antibodies_grow_with_treatments_and_with_short_intervals():
    once = antibodies(case(), load()).share.middle
    often = antibodies(with_treatments(*(Treatment("ona", 20.0, 100.0 * k) for k in range(1, 9))), load())
    short = antibodies(with_treatments(*(Treatment("ona", 20.0, 40.0 * k) for k in range(1, 9))), load())
    assert once < often.share.middle < short.share.middle
    assert (often.sessions, often.short, short.short) == (9, 0, 8)


def test_antibodies_of_the_trials_come_back():
    trial = antibodies(with_treatments(Treatment("ona", 20.0, 100.0), Treatment("ona", 20.0, 200.0)), load())
    assert trial.share.low < 3 / 810 < trial.share.high


def test_antibodies_follow_the_protein_and_are_not_told_without_it():
    ona, inco = (antibodies(case(one), load()) for one in ("glabella-20u", "glabella-inco-20u"))
    assert inco.load < ona.load
    assert inco.share.middle < ona.share.middle
    assert antibodies(case("glabella-daxi-40u"), load()).share is None


def test_antitoxin_helps_for_hours_only():
    window = antitoxin_window(load())
    assert 1.0 < window.low < window.middle < window.high < 48.0
    share = [
        reachable(hour / 24.0, clearance=2.4, uptake=2.4, entry=203.04) for hour in (0.0, 1.0, window.middle, 48.0)
    ]
    assert share == sorted(share, reverse=True)
    assert share[2] == pytest.approx(window.left)


def test_reachable_toxin_solves_its_equations():
    clearance, uptake, entry = 2.4, 1.0, 203.0
    step, free, bound, left = 1e-5, 1.0, 0.0, clearance + uptake
    for _ in range(20_000):
        free, bound = free - step * left * free, bound + step * (uptake * free - entry * bound)
    exact = reachable(0.2, clearance=clearance, uptake=uptake, entry=entry)
    assert free + bound * left / uptake == pytest.approx(exact, rel=2e-3)


def test_overdose_is_told_against_the_label_and_never_called_safe():
    plan = case().plan
    large = replace(case(), plan=replace(plan, injections=tuple(replace(one, dose=300.0) for one in plan.injections)))
    assert "gross excess" in overdose_words(large, load())
    assert "no dose is known to be free of it" in overdose_words(case(), load())


@pytest.mark.parametrize("pattern", ["glabella-20u", "masseter-48u", "glabella-daxi-40u"])
def test_the_command_tells_risks_and_no_dose_of_a_remedy(tmp_path, pattern):
    path = tmp_path / "case.toml"
    path.write_text(write_template(pattern), encoding="utf-8")
    result = CliRunner().invoke(app, ["risks", str(path), "--patients", "0", "-o", str(tmp_path / "out")])
    assert result.exit_code == 0
    assert "seek medical care at once" in " ".join(result.stdout.split())
    assert DISCLAIMER in result.stdout
    remedies = result.stdout[result.stdout.index("Antitoxin reaches") :]
    assert not any(f" {unit}" in remedies for unit in ("mg", "mL", "U ", "drops of"))
    assert (tmp_path / "out" / "risks.png").stat().st_size > 10_000
    assert (tmp_path / "out" / "risks.csv").read_text(encoding="utf-8").startswith("event,origin,")


def test_json_of_risks(tmp_path):
    path = tmp_path / "case.toml"
    path.write_text(write_template("glabella-20u"), encoding="utf-8")
    content = json.loads(CliRunner().invoke(app, ["risks", str(path), "--patients", "0", "--json"]).stdout)
    assert content["treated"]["regions"] == "glabella"
    assert {"placebo", "added", "total", "blamed", "onset", "lasting", "prevalence"} <= set(content["events"][0])
    assert len(content["events"][0]["prevalence"]) == len(content["days"])
    assert {"nausea", "anxiety", "flu_like"} <= {one["event"] for one in content["unknown"]}
    assert content["findings"] == []
    assert content["overdose"]["antitoxin_hours"]["middle"] > 0
    assert content["disclaimer"] == DISCLAIMER


def test_an_unusable_file_exits_2(tmp_path):
    assert CliRunner().invoke(app, ["risks", str(tmp_path / "none.toml")]).exit_code == 2
