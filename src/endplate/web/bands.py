"""How far patients like this one differ, as a document."""

from __future__ import annotations

from typing import Any

import numpy as np

from endplate.case import Case
from endplate.course import Course
from endplate.population import Band, simulate_band

__all__ = ["bands"]

_LEVEL = 0.9
_UNTOUCHED = 0.99  # a muscle that keeps more than this in nearly everyone needs no band


def bands(case: Case, course: Course, *, patients: int) -> dict[str, Any] | None:
    """Bands over virtual patients on the days of a course; None where they are not known.

    Parameters
    ----------
    case, course
        The one simulated, and what came out.
    patients
        How many are drawn; none if 0.

    Returns
    -------
    dict or None
        Bands of the muscles that weaken and of all regions. An antitoxin and other offers have none.
    """
    if patients == 0 or case.antitoxin_day is not None or case.offers:
        return None
    days = np.asarray(course.days)
    found = simulate_band(case.plan, case.patient, count=patients, level=_LEVEL, seed=case.seed, days=days)
    if not found.solved:
        return None
    weak = np.flatnonzero(found.force.low.min(axis=0) < _UNTOUCHED)
    return {
        "patients": found.solved,
        "level": found.level,
        "muscles": {found.muscles[j]: _band(found.force, int(j)) for j in weak},
        "regions": {
            name: {"depth_effort": _band(found.depth_effort, r), "depth_rest": _band(found.depth_rest, r)}
            for r, name in enumerate(found.regions)
        },
    }


def _band(band: Band, index: int) -> dict[str, list[float]]:
    names = {"low": band.low, "middle": band.median, "high": band.high}
    return {name: values[:, index].tolist() for name, values in names.items()}
