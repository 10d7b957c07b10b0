"""The map of captured dose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from endplate.course.field import captured_field
from endplate.errors import InvalidRequest


def test_the_field_is_largest_at_the_needles_and_falls_off(field):
    for injection in field.injections:
        x, y, _ = injection.site
        near = field.captured[np.abs(field.y - y).argmin(), np.abs(field.x - x).argmin()]
        assert near > 0.5 * field.captured.max()
    assert field.captured[0].max() < 0.01 * field.captured.max()


def test_a_symmetric_plan_gives_a_symmetric_field(case):
    field = captured_field(case.plan, step=2.0)
    centred = np.interp(-field.x, field.x, field.captured.sum(axis=0))
    np.testing.assert_allclose(centred, field.captured.sum(axis=0), rtol=0.05, atol=0.05 * field.captured.max())


def test_twice_the_dose_is_captured_twice(case, field):
    plan = replace(case.plan, injections=tuple(replace(one, dose=2 * one.dose) for one in case.plan.injections))
    np.testing.assert_allclose(captured_field(plan).captured, 2 * field.captured, rtol=1e-12)


def test_a_frame_without_injections_is_told(case):
    with pytest.raises(InvalidRequest, match="no injection in the frame 'masseter'"):
        captured_field(case.plan, frame="masseter")
