"""What the effects of a trial do to its rates, and what follows for intervals and power."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtri

from endplate.evidence import load
from endplate.trial import run_trial
from endplate.trial.between import shifts_of
from endplate.trial.power import power_of, size_for

EXPECTED = load()["expectation.investigator"].value
ASKED = ("inv_none_mild", "inv_ge1", "onset_cum_subject")


@pytest.fixture(scope="module")
def small(trial):
    return replace(trial, patients=256, endpoints=ASKED)


@pytest.fixture(scope="module")
def shifts(small):
    return shifts_of(small)


def test_a_more_sensitive_trial_responds_more_but_placebo_does_not(small, shifts):
    for arm, own in zip(small.arms, shifts, strict=True):
        sensitivity = own["inv_none_mild"][0]
        assert np.all(sensitivity == 0) if arm.placebo else np.all(sensitivity[1:] > 0.05)


def test_more_severe_patients_are_mild_less_often(shifts):
    assert np.all(shifts[0]["inv_none_mild"][1] <= 0)


def test_raters_who_see_more_lower_all_rates(shifts):
    for own in shifts:
        assert np.all(own["inv_ge1"][2] < 0)


def test_no_effects_no_shifts(small):
    none = tuple((f"between_{name}", 0.0) for name in ("sensitivity", "severe_share", "grade", "noticed"))
    for own in shifts_of(replace(small, raters=none)):
        assert all(np.all(moved == 0) for moved in own.values())


def test_diaries_that_note_larger_changes_note_fewer_effects_and_move_no_grade(shifts):
    active, placebo = (own for own in shifts)
    assert np.all(active["onset_cum_subject"][3] < 0)
    assert np.all(placebo["onset_cum_subject"][3] == 0)
    assert np.all(active["inv_none_mild"][3] == 0)


def test_shifts_are_those_of_a_trial_with_other_raters(small, shifts):
    grade = 0.2
    moved = shifts_of(replace(small, raters=(("between_grade", grade),)))
    plain, other = (
        run_trial(replace(small, raters=raters)) for raters in ((), (("investigator_expectation", EXPECTED + grade),))
    )
    for arm, own in zip(plain.arms, moved, strict=True):
        rates = [[row.rate for row in one.arm(arm.name).curves["inv_none_mild"].rows] for one in (plain, other)]
        assert own["inv_none_mild"][2] == pytest.approx(ndtri(rates[1]) - ndtri(rates[0]), abs=1e-6)
    assert shifts[0]["inv_none_mild"].shape == moved[0]["inv_none_mild"].shape


def test_effects_that_arms_share_cost_less_power_than_their_own():
    rates, sizes = (0.6, 0.4), size_for(0.6, 0.4)
    alone = power_of(rates, sizes)
    shared = power_of(rates, sizes, shifts=((0.3, 0.0), (0.3, 0.0)))
    apart = power_of(rates, sizes, shifts=((0.3, 0.0), (0.0, 0.3)))
    assert apart < shared - 0.05
    assert shared == pytest.approx(alone, abs=0.04)
