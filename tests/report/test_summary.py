"""What is told of a course."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from math import inf

import numpy as np
import pytest

from endplate.case import Baseline, Patient
from endplate.evidence import load
from endplate.report.limits import limits
from endplate.report.names import duration_text, muscle_name, region_name
from endplate.report.summary import (
    AffectedMuscle,
    ArchedBrow,
    ChangedRegion,
    Ptosis,
    paired,
    paired_regions,
    summarise,
)
from endplate.report.words import _busy, _lid_words, _runs, case_words, key_findings


@pytest.fixture(scope="module")
def summary(course, case):
    return summarise(course, case.patient.baseline)


def test_all_muscles_are_told_or_counted(summary, course):
    assert len(summary.muscles) + summary.spared == len(course.muscles)
    least = np.asarray(course.force)[..., 0].min(axis=0)
    assert {name for one in summary.muscles for name in one.names} == {
        name for name, force in zip(course.muscles, least, strict=True) if force <= 0.99
    }


def test_a_graded_region_is_told_even_if_nothing_changes(course):
    graded = Baseline(maximum=(None, None, 2.0, None))
    assert ("lateral_canthus_left",) in [one.names for one in summarise(course, graded).regions]
    assert ("lateral_canthus_left",) not in [one.names for one in summarise(course).regions]


def test_grades_are_told_by_month(summary, course):
    assert summary.months == (0, 1, 2, 3, 4, 5)
    glabella = next(one for one in summary.regions if one.names == ("glabella",))
    assert glabella.maximum[0] == 3
    assert min(glabella.maximum) <= 1
    assert len(glabella.maximum) == len(glabella.rest) == 6


def test_left_and_right_are_told_together_only_if_they_agree():
    left = AffectedMuscle(("a.left",), (1.0,), 0.8, 1.0, 20.0, inf)
    right = replace(left, names=("a.right",))
    assert [one.names for one in paired((left, right))] == [("a.left", "a.right")]
    assert [one.names for one in paired((left, replace(right, peak_loss=0.7)))] == [("a.left",), ("a.right",)]


def test_left_and_right_lines_are_told_together_only_if_they_agree():
    left = ChangedRegion(("lateral_canthus_left",), (2, 1), (1, 1), 2.0, 100.0, inf, 120.0)
    right = replace(left, names=("lateral_canthus_right",))
    (both,) = paired_regions((left, right))
    assert region_name(both.names) == "Lateral canthal lines, both sides"
    assert len(paired_regions((left, replace(right, onset=3.0)))) == 2


def test_findings_hold_the_numbers_of_the_summary(course, summary):
    text = " ".join(key_findings(course, summary, ptosis=2.0))
    first = summary.muscles[0]
    assert f"−{100 * first.peak_loss:.0f} %" in text
    assert "Upper lid: moves by less than" in text
    assert "Brow: medial part up by" in text


def test_words_of_grades_over_time():
    days = np.arange(6.0)
    assert _runs(days, np.array([3, 3, 1, 1, 3, 3])) == "severe at first, mild from day 2, severe again from day 4"
    assert _runs(days, np.full(6, 1)) == "mild throughout"
    assert _busy(days, np.array([3, 1, 3, 1, 3, 2])) == (
        "severe at first, at best mild (first on day 1, 33 % of all days), moderate at the end"
    )


def test_a_fallen_lid_is_called_ptosis(summary):
    left, right = summary.lids
    fallen = replace(summary, lids=(replace(left, lowest=left.start - 2.4), right))
    (text,) = _lid_words(replace(fallen, ptosis=(Ptosis("left", 2.4, 5.0, 60.0),)), 2.0)
    assert text == "Upper lid: ptosis, a fall by 2 mm or more: left, by 2.4 mm at most, day 5 to 60."


def test_ptosis_and_arched_brow_are_found_in_the_course(course):
    days = np.asarray(course.days)
    fallen = (days >= 5) & (days <= 60)
    lid = np.where(fallen[:, None, None], [[[1.4], [3.4]]], 3.5)
    brow = np.zeros((len(days), 2, 3, 1))
    brow[20, 1, 2], brow[20, 1, 0] = 0.9, -0.3
    changed = dataclasses.replace(course, lid=lid, ptosis=3.5 - lid >= 2.0, brow=brow)
    found = summarise(changed)
    assert found.ptosis == (Ptosis("left", pytest.approx(2.1), 5.0, 60.0),)
    assert found.spock == (ArchedBrow("right", pytest.approx(1.2), 20.0),)
    text = " ".join(key_findings(changed, found, ptosis=2.0))
    assert "ptosis, a fall by 2 mm or more: left, by 2.1 mm at most, day 5 to 60" in text
    assert "the lateral part rises above the medial one by up to 1.2 mm on the right (day 20)" in text


def test_a_course_of_20_u_has_neither(summary, course):
    assert summary.ptosis == ()
    assert summary.spock == ()
    assert not np.asarray(course.ptosis).any()


def test_the_limit_of_a_man_with_the_muscles_of_a_woman(case):
    def told(**patient):
        return " ".join(limits(case.plan.product, [], library=load(), patient=Patient(**patient)))

    assert "men's facial muscles" in told(sex="male")
    assert "men's facial muscles" not in told(sex="male", muscle_mass=1.2) + told()


def test_short_texts():
    assert duration_text(inf, 180.0) == "> 180"
    assert muscle_name("scalenus_ant_med.left") == "scalenus anterior and medius, left"


def test_sessions_are_told_in_short(case):
    first = case.plan.injections
    several = replace(case.plan, injections=tuple(replace(one, day=84.0 * k) for k in range(8) for one in first))
    assert "20 U of onabotulinumtoxinA in 5 injections in each of 8 sessions, day 0 to 588;" in case_words(
        replace(case, plan=several)
    )
    uneven = replace(case.plan, injections=(*first, replace(first[0], day=84.0)))
    assert "4 to 20 U of onabotulinumtoxinA in 1 to 5 injections on each of the days 0, 84;" in case_words(
        replace(case, plan=uneven)
    )
