"""20 U into the glabella by the label: what must be seen in face, end plates and grades."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from endplate.case import Patient
from endplate.case.file import read_case
from endplate.course import simulate
from endplate.evidence import load
from endplate.outcome import EFFORTS, RATERS

from .conftest import EXAMPLES

GLABELLA, MAXIMUM, INVESTIGATOR = 0, EFFORTS.index("maximum"), RATERS.index("investigator")


def loss(course, stem):
    """Largest loss of force of every muscle of this stem."""
    chosen = [index for index, name in enumerate(course.muscles) if name.startswith(stem)]
    assert chosen
    return 1 - np.asarray(course.force)[:, chosen, 0].min(axis=0)


def seen(course):
    """Probability of each grade at maximum frown by the investigator, (T, grade)."""
    return np.asarray(course.grade)[:, GLABELLA, MAXIMUM, INVESTIGATOR, :, 0]


def test_frown_strain_after_two_weeks_is_in_the_measured_range(course):
    strain = np.asarray(course.strain)[:, GLABELLA, 0]
    measured = load()["observed.frown_strain.remaining_day14"]
    assert measured.use == "check"
    assert measured.low <= strain[14] / strain[0] <= measured.high


def test_severe_becomes_none_or_mild_within_a_week_and_returns_in_month_four_or_five(course):
    grade = seen(course).argmax(axis=1)
    assert grade[0] == 3
    assert grade[7:31].max() <= 1
    assert 105 <= float(course.durations.none_or_mild[GLABELLA, 0]) <= 160
    assert grade[160:].min() >= 2
    assert 1 <= float(course.durations.onset[GLABELLA, 0]) <= 4


@pytest.mark.parametrize(("day", "row"), [(30, "static_day30"), (90, "static_day90")])
def test_lines_at_rest_fall_as_they_were_fitted(frown, day, row):
    """Calibration, by `calibration/crease.py` for a woman of 48: the library holds what the script gives."""
    course = simulate(frown.plan, Patient(age=48.0), days=np.arange(91.0))
    depth = np.asarray(course.depth_rest)[:, GLABELLA, 0]
    observed = load()[f"observed.irregularity.{row}"]
    assert observed.use == "calibration"
    assert 100 * (depth[day] / depth[0] - 1) == pytest.approx(observed.value, abs=0.2)


def test_treated_muscles_weaken_and_neighbours_hardly(course):
    assert loss(course, "corrugator").min() > 0.6
    assert loss(course, "procerus").min() > 0.5
    for stem in ("orbicularis_oculi_lateral", "orbicularis_oculi_pretarsal", "frontalis_lateral"):
        assert loss(course, stem).max() < 0.01
    assert loss(course, "orbicularis_oculi_medial").max() < 0.12
    assert loss(course, "frontalis").mean() < 0.05
    assert loss(course, "levator_palpebrae").max() < 0.02


def test_a_point_five_millimetres_above_the_rim_reaches_the_levator(course):
    case = read_case(EXAMPLES / "near_the_rim.toml")
    low = simulate(case.plan, case.patient)
    left, right = loss(low, "levator_palpebrae")
    print(f"levator loses {left:.2%} under the low point, {right:.2%} on the other side")
    assert left > 0.001
    assert left > 1.5 * right
    assert right == pytest.approx(loss(course, "levator_palpebrae")[1], rel=0.02, abs=1e-4)
    assert np.asarray(low.lid)[:, 0, 0].min() < np.asarray(low.lid)[:, 1, 0].min() - 0.005


def test_lid_and_brow_stay_within_the_width_of_a_normal_face(course):
    assert np.abs(np.asarray(course.lid) - 3.5).max() < 0.5
    assert np.abs(np.asarray(course.brow)).max() < 1.5


def test_patients_with_stronger_muscles_have_deeper_lines(frown):
    pair = [replace(frown.patient, muscle_mass=mass) for mass in (1.0, 1.4)]
    both = simulate(frown.plan, pair)
    assert np.all(np.asarray(both.strain)[0, :, 1] > np.asarray(both.strain)[0, :, 0])
    assert np.all(np.asarray(both.newtons)[0, :, 1] > np.asarray(both.newtons)[0, :, 0])
