"""Regions of skin lines: what folds them, and how a case names them."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from endplate.case import REGIONS, Baseline, Habits, anatomy
from endplate.case.file import parse_case, write_template
from endplate.case.region import folding, regions
from endplate.case.table import BaselineTable
from endplate.errors import InvalidRequest
from endplate.report.names import REGION_NAMES

MUSCLES = anatomy().muscles
# Their results are compared with earlier versions of the simulator, so they come first for ever.
FIRST = ("glabella", "forehead", "lateral_canthus_left", "lateral_canthus_right")


def test_regions_are_the_same_everywhere():
    assert REGIONS[: len(FIRST)] == FIRST
    assert tuple(BaselineTable.model_fields) == tuple(REGION_NAMES) == tuple(one.name for one in regions()) == REGIONS


@pytest.mark.parametrize("region", regions(), ids=lambda region: region.name)
def test_a_region_is_complete(region):
    known = {muscle.stem for muscle in MUSCLES} | {muscle.name for muscle in MUSCLES}
    assert set(region.muscles) <= known
    assert np.linalg.norm(region.axis) == pytest.approx(1.0, abs=1e-3)
    assert np.linalg.norm(region.pull) == pytest.approx(1.0, abs=1e-3)
    assert region.why
    assert region.habit is None or region.habit in {one.name for one in fields(Habits)}


def test_the_right_side_mirrors_the_left():
    share = dict(zip(REGIONS, folding(MUSCLES), strict=True))
    other = {"left": "right", "right": "left"}
    names = [muscle.name.partition(".") for muscle in MUSCLES]
    turned = [
        [muscle.name for muscle in MUSCLES].index(stem + dot + other.get(side, side)) for stem, dot, side in names
    ]
    by_name = {one.name: one for one in regions()}
    for left in (name for name in REGIONS if name.endswith("_left")):
        right = left.replace("_left", "_right")
        np.testing.assert_allclose(share[left][turned], share[right], atol=1e-12)
        mirrored = np.array([-1.0, 1.0, 1.0]) * by_name[left].axis
        assert abs(mirrored @ by_name[right].axis) == pytest.approx(1.0, abs=2e-3)


def test_shares_of_muscles_sum_to_one():
    np.testing.assert_allclose(folding(MUSCLES).sum(axis=1), 1.0)


def test_every_region_can_be_graded_in_a_case():
    tables = "".join(f"[patient.baseline.{name}]\nmaximum = 3\nrest = {k % 3}\n" for k, name in enumerate(REGIONS))
    graded = parse_case(write_template("dao-5u").replace("[plan]", tables + "[plan]", 1)).patient.baseline
    assert graded.maximum == (3.0,) * len(REGIONS)
    assert graded.rest == tuple(float(k % 3) for k in range(len(REGIONS)))


def test_the_template_names_every_region():
    line = next(line for line in write_template("glabella-20u").splitlines() if line.startswith("# Regions:"))
    assert all(name.removesuffix("_left").removesuffix("_right") in line for name in REGIONS)


def test_grades_of_the_first_regions_alone_leave_the_others_ungraded():
    few = Baseline(maximum=(3.0, None, 2.0), rest=(1.0,))
    assert few.maximum == (3.0, None, 2.0, *(len(REGIONS) - 3) * (None,))
    assert few.rest == (1.0, *(len(REGIONS) - 1) * (None,))
    with pytest.raises(InvalidRequest, match="13 grades at rest for 12 regions"):
        Baseline(rest=(1.0,) * (len(REGIONS) + 1))
