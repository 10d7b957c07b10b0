"""A course as plain data: what `endplate simulate --json` prints and what the server sends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from math import isfinite
from typing import Any, cast

import numpy as np

from endplate.case import Case, Note
from endplate.course import Course
from endplate.evidence import load
from endplate.outcome import COLUMNS, EFFORTS, RATERS
from endplate.report.limits import case_limits
from endplate.report.offers import case_offers
from endplate.report.summary import SIDES, Summary
from endplate.report.words import DISCLAIMER
from endplate.safety import Finding

__all__ = ["finite", "plain"]

_DIGITS = 6


def plain(
    case: Case, course: Course, *, summary: Summary, notes: Sequence[Note], findings: Sequence[Finding] = ()
) -> dict[str, Any]:
    """Everything that is printed, and the full curves, as plain data for JSON; infinity becomes None."""
    days = np.asarray(course.days)
    content: dict[str, Any] = {
        "title": case.title,
        "disclaimer": DISCLAIMER,
        "null": "not within the simulated days",
        "product": course.product,
        "sessions": list(course.sessions),
        "evidence_hash": course.evidence,
        "seed": case.seed,
        "antitoxin_day": case.antitoxin_day,
        "notes": [note.to_dict() for note in notes],
        "findings": [one.to_dict() for one in findings],
        "overrides": dict(case.overrides),
        "offers": case_offers(case, load()),
        "limits": case_limits(case, summary, library=load()),
        "status": course.status_text()[0],
        "summary": asdict(summary),
        "days": days.tolist(),
        "muscles": {
            name: {key: np.asarray(getattr(course, key))[:, j, 0].tolist() for key in ("force", "transmission")}
            for j, name in enumerate(course.muscles)
        },
        "regions": {name: _region(course, r) for r, name in enumerate(course.regions)},
        "lid": {side: np.asarray(course.lid)[:, s, 0].tolist() for s, side in enumerate(SIDES)},
        "brow": {
            side: {column: np.asarray(course.brow)[:, s, c, 0].tolist() for c, column in enumerate(COLUMNS)}
            for s, side in enumerate(SIDES)
        },
    }
    return finite(content)


def _region(course: Course, r: int) -> dict[str, Any]:
    """Curves of one region; grade probabilities by effort and rater, one row a day."""
    grades = np.asarray(course.grade)[:, r, ..., 0]
    curves = ("strain", "depth_effort", "depth_rest")
    return {
        **{key: np.asarray(getattr(course, key))[:, r, 0].tolist() for key in curves},
        "grade_probability": {
            effort: {rater: grades[:, e, k].tolist() for k, rater in enumerate(RATERS)}
            for e, effort in enumerate(EFFORTS)
        },
    }


def finite(value: Any) -> Any:
    """Plain data in which every number is finite and has no more digits than mean something."""
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}") if isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(one) for key, one in cast("dict[str, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [finite(one) for one in cast("list[Any]", value)]
    return value
