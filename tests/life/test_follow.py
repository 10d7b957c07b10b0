"""Lives against the single course, against the checks of the model, and against sense."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from endplate.case import Plan
from endplate.case.patient import Habits, Skin
from endplate.course import simulate
from endplate.errors import InvalidRequest
from endplate.evidence import load
from endplate.life import Change, follow_life
from endplate.life.body import pattern_of


@pytest.fixture(scope="module")
def untreated(life, pattern):
    """Depth at rest without treatment at some ages [mm]."""
    found = follow_life(life(age=20.0, until=80.0, every=365.25), pattern=pattern)
    return lambda age: found.depth_rest.untreated[found.at(age), 0]


def test_a_life_follows_the_same_course_as_simulate(life, pattern):
    """Twelve weeks apart over two years; the steps of a life are up to nine days long, those of a course a day."""
    asked = life(age=45.0, until=47.0, every=84.0)
    found = follow_life(asked, pattern=pattern)
    days = (found.age - 45.0) * 365.25
    given = tuple(replace(one, day=84.0 * n) for n in range(len(found.sessions)) for one in asked.plan.injections)
    course = simulate(Plan(asked.plan.product, given), asked.patient, days=days)
    rows = (course.depth_effort[:, 0, 0], course.depth_rest[:, 0, 0])
    for one, other, most in zip((found.depth_effort, found.depth_rest), rows, (3e-3, 2e-4), strict=True):
        assert np.abs(one.treated[:, 0] - np.asarray(other)).max() < most
    # A course leaves out of its grades what ageing adds within its time: here, to the line at rest.
    first = days < 84.0
    severity = np.asarray(course.severity)[first, 0, 1, 0]
    twins = [part[first, 0] for part in (found.severity_rest.treated, found.severity_rest.untreated)]
    added = twins[0] / twins[1] * (twins[1] - twins[1][0])
    assert np.abs(found.severity_effort.treated[first, 0] - added - severity).max() < 0.002


def test_untreated_creases_are_those_of_the_model(untreated):
    for age, depth in ((38.0, 0.13), (50.0, 0.36), (60.0, 0.54)):
        assert untreated(age) == pytest.approx(depth, abs=0.012)


def test_lines_become_manifest_near_forty(life, pattern):
    found = follow_life(life(age=20.0, until=80.0), pattern=pattern)
    row = load()["observed.lines_manifest_age"]
    onset = found.manifest(found.severity_rest.untreated[:, 0])
    assert onset is not None
    # Not before 40 is all that was seen; how soon after is assumed.
    assert row.value <= onset <= row.value + 3


@pytest.mark.parametrize("weeks", [21, 26])
def test_the_treated_twin_of_25_stays_smooth_to_38(life, pattern, weeks):
    """Design check of 0.04 to 0.06 mm against 0.13 mm; a tenth of a millimetre is about where a line is seen."""
    found = follow_life(life(every=7.0 * weeks), pattern=pattern)
    treated, untreated = found.depth_rest.treated[-1, 0], found.depth_rest.untreated[-1, 0]
    assert untreated == pytest.approx(0.13, abs=0.012)
    assert 0.01 < treated < 0.06
    assert treated < 0.1 < untreated


def test_nothing_given_leaves_twins_alike(life, pattern):
    found = follow_life(life(age=30.0, until=50.0, pauses=((30.0, 50.0),)), pattern=pattern)
    assert not len(found.sessions)
    np.testing.assert_array_equal(found.depth_rest.treated, found.depth_rest.untreated)
    np.testing.assert_array_equal(found.effort, 1.0)


def test_more_sessions_leave_shallower_lines(life, pattern):
    depths = [
        follow_life(life(age=30.0, until=50.0, every=7.0 * weeks), pattern=pattern).depth_rest.treated[-1, 0]
        for weeks in (12, 16, 26, 52)
    ]
    assert depths == sorted(depths)


def test_after_the_last_session_muscle_comes_back_and_lines_grow(life, pattern):
    found = follow_life(life(age=30.0, until=60.0, every=84.0, stop=45.0), pattern=pattern)
    stop, later = found.at(44.9), found.at(49.0)
    assert found.sessions[-1] < 45.0
    assert found.mass[stop, 0] < 0.9
    assert found.mass[later, 0] > 0.995
    assert found.depth_rest.treated[-1, 0] > 2 * found.depth_rest.treated[stop, 0]
    assert found.depth_rest.treated[-1, 0] < found.depth_rest.untreated[-1, 0]


def test_a_grade_brings_a_session_when_it_is_back(life, pattern):
    asked = life(age=45.0, until=50.0, every=14.0, grade=2.0, least=84.0)
    found = follow_life(asked, pattern=pattern)
    gaps = np.diff(found.sessions) * 365.25
    assert len(found.sessions) > 3
    assert (gaps >= 84.0 - 1e-6).all()
    for session in found.sessions[1:]:
        before = np.searchsorted(found.age, session + 1e-6) - 1
        assert found.severity_effort.treated[before, 0] >= 1.5
        looked = found.severity_effort.treated[
            (found.age > session - 20 / 365.25) & (found.age < session - 15 / 365.25)
        ]
        assert looked.min() < 1.5


def test_more_is_given_where_less_waiting_is_asked(life, pattern):
    counts = [
        len(follow_life(life(age=45.0, until=55.0, every=28.0, grade=grade), pattern=pattern).sessions)
        for grade in (1.0, 2.0, 2.5)
    ]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


def test_pauses_and_changes_hold_from_their_age_on(life, pattern):
    asked = life(age=40.0, until=46.0, every=84.0, pauses=((42.0, 43.0),), changes=(Change(44.0, "dose", 1.5),))
    found = follow_life(asked, pattern=pattern)
    assert not ((found.sessions > 42.0) & (found.sessions < 43.0)).any()
    late = found.sessions >= 44.0
    np.testing.assert_allclose(found.dose[late], 30.0)
    np.testing.assert_allclose(found.dose[~late], 20.0)


def test_a_habit_that_grows_deepens_both_twins_from_then_on(life, pattern):
    plain = follow_life(life(age=40.0, until=50.0), pattern=pattern)
    tense = follow_life(life(age=40.0, until=50.0, changes=(Change(45.0, "frowning", 2.0),)), pattern=pattern)
    before, after = plain.at(44.0), plain.at(49.9)
    for one, other in (
        (plain.depth_rest.treated, tense.depth_rest.treated),
        (plain.depth_rest.untreated, tense.depth_rest.untreated),
    ):
        np.testing.assert_allclose(one[before], other[before], rtol=1e-6)
        assert (other[after] > 1.05 * one[after]).all()


@pytest.mark.parametrize(
    ("change", "deeper"),
    [
        ({"skin": Skin(proneness=2.0)}, True),
        ({"skin": Skin(moisture=0.5)}, True),
        ({"skin": Skin(moisture=1.5)}, False),
        ({"habits": Habits(frowning=2.0)}, True),
        ({"habits": Habits(sun=1.5)}, True),
        ({"habits": Habits(smoking=30.0)}, True),
        ({"menopause": 51.0}, None),
        ({"habits": Habits(brow_raising=3.0)}, None),
    ],
)
def test_what_a_person_is_like_shows_in_the_untreated_twin(life, pattern, change, deeper):
    typical, other = (
        follow_life(life(age=40.0, until=60.0, patient=one), pattern=pattern).depth_rest.untreated[-1, 0]
        for one in ({}, change)
    )
    if deeper is None:
        assert other == pytest.approx(typical, rel=1e-9)
    else:
        assert (other > 1.01 * typical) == deeper
        assert (other < 0.99 * typical) != deeper


def test_an_early_menopause_ages_the_skin_until_the_usual_one_has_passed(life, pattern):
    """Wrinkles come with the years after menopause (Youn 2003); there is no row of a size."""
    usual, early = (
        follow_life(life(age=40.0, until=70.0, patient={"menopause": age}), pattern=pattern) for age in (51.0, 42.0)
    )
    middle, late = usual.at(51.0), usual.at(69.9)
    assert early.depth_rest.untreated[middle, 0] > 1.1 * usual.depth_rest.untreated[middle, 0]
    for name in ("thickness", "collagen"):
        assert (early.state[name][middle] < usual.state[name][middle]).all()
        np.testing.assert_allclose(early.state[name][[0, late]], usual.state[name][[0, late]], rtol=1e-6)
    men = follow_life(life(age=40.0, until=60.0, patient={"sex": "male", "menopause": 42.0}), pattern=pattern)
    plain = follow_life(life(age=40.0, until=60.0, patient={"sex": "male"}), pattern=pattern)
    np.testing.assert_array_equal(men.depth_rest.untreated, plain.depth_rest.untreated)


def test_a_graded_patient_begins_at_the_grades(life, pattern):
    asked = life(age=45.0, until=47.0)
    baseline = replace(asked.patient.baseline, maximum=(3.0,), rest=(1.0,))
    found = follow_life(replace(asked, patient=replace(asked.patient, baseline=baseline)), pattern=pattern)
    assert found.severity_effort.untreated[0, 0] == pytest.approx(3.0, abs=0.01)
    assert found.severity_rest.untreated[0, 0] == pytest.approx(1.0, abs=0.01)


def test_antibodies_come_at_an_age_and_leave_one_session(life):
    asked = life(age=20.0, until=80.0, every=84.0, antibodies=True)
    known = pattern_of(asked)
    lost = [follow_life(replace(asked, seed=seed), pattern=known) for seed in range(60)]
    hit = [one for one in lost if one.lost is not None]
    chance = lost[0].antibodies[-1]
    assert 0 < chance < load()["life.antibody_prone"].value
    assert (np.diff(lost[0].antibodies) >= 0).all()
    assert abs(len(hit) - 60 * chance) < 3 * np.sqrt(60 * chance) + 1
    for one in hit:
        assert (one.sessions > one.lost).sum() == 1
        assert one.depth_effort.treated[-1, 0] > 0.99 * one.depth_effort.untreated[-1, 0]


def test_a_life_is_the_same_twice(life, pattern):
    first, second = (follow_life(life(), pattern=pattern) for _ in range(2))
    np.testing.assert_array_equal(first.depth_rest.treated, second.depth_rest.treated)


def test_what_cannot_be_followed_is_refused_all_at_once(life):
    with pytest.raises(InvalidRequest) as caught:
        life(age=50.0, until=40.0, every=3.0, regions=("nose",))
    assert all(
        words in str(caught.value) for words in ("ends at 40", "first session", "at least 14", "regions must be")
    )
