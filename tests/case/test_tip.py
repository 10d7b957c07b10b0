"""Needle tips that lie where toxin cannot go: each is named, with the other faults of the case."""

from __future__ import annotations

import numpy as np
import pytest

from endplate.case import anatomy
from endplate.case.build import Build
from endplate.case.file import case_of, parse_case
from endplate.case.tip import trouble_of
from endplate.case.vessel import vessel_at, vessels
from endplate.errors import CaseError

WRONG = {
    (31.0, 0.0, -18.0): "in the eye",
    (0.0, 45.0, -30.0): "in bone",
    (25.0, -150.0, -88.0): "in the common carotid artery",
    (0.0, 10.0, 8.0): "outside the skin",
}


@pytest.mark.parametrize("site", anatomy().sites.values(), ids=lambda site: site.name)
def test_every_named_site_lies_in_open_tissue(site):
    assert trouble_of(site.tip, site.frame) == ""


@pytest.mark.parametrize("pattern", anatomy().patterns)
def test_every_pattern_is_accepted(pattern):
    product = anatomy().patterns[pattern].product
    case = case_of({"title": "Any", "plan": {"product": product, "session": [{"at": 0, "pattern": pattern}]}})
    assert case.plan.injections


@pytest.mark.parametrize(("place", "words"), WRONG.items())
def test_tips_elsewhere_are_told_on_both_sides(place, words):
    for side in (1.0, -1.0):
        assert words in trouble_of((side * place[0], *place[1:]))


def test_all_of_them_are_told_at_once_with_their_lines():
    shots = "".join(
        f"[[plan.session.injection]]\nat_mm = {list(place)}\ndose = 4\nvolume = 0.1\n" for place in list(WRONG)[:3]
    )
    text = f'title = "Bad"\n[plan]\nproduct = "ona"\n[[plan.session]]\nat = 0\n{shots}'
    with pytest.raises(CaseError) as raised:
        parse_case(text)
    told = [(fault.line, fault.message) for fault in raised.value.faults]
    assert [line for line, _ in told] == [7, 11, 15]
    assert all(words in message for (_, message), words in zip(told, WRONG.values(), strict=False))


def test_near_a_vessel_is_not_in_it():
    for vessel in vessels():
        start, end = vessel.path[0], vessel.path[1]
        across = np.cross(end - start, (0.0, 0.3, 1.0))
        beside = 0.5 * (start + end) + (vessel.radius + 0.2) * across / np.linalg.norm(across)
        assert vessel_at(0.5 * (start + end)) == vessel.name
        assert vessel_at(beside) != vessel.name


def test_tips_are_looked_up_in_the_persons_own_head():
    """What is bone in the map may be soft tissue in a wider head, and the other way round."""
    narrow = Build(intercanthal_width=20.0)
    place = (64.0, 2.0, -27.0)
    assert trouble_of(place) == ""
    assert "outside" in trouble_of(place, build=narrow)


@pytest.mark.parametrize("place", [(float("nan"), 0.0, 0.0), (0.0, float("inf"), 0.0)])
def test_no_point_is_told(place):
    assert "no point" in trouble_of(place)
