"""Captured toxin on grids, as documents."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from endplate.case import Case, Injection
from endplate.course.field import Field, captured_field

__all__ = ["fields"]

_HEAD = "head"
_STEP = 1.5  # mm
_UNIT = "half-cleaving levels"


def fields(case: Case) -> Iterator[dict[str, Any]]:
    """One map for each session that injects into the head; sessions that repeat another share its numbers."""
    known: dict[tuple[Injection, ...], dict[str, Any]] = {}
    for session in range(len(case.plan.days)):
        given = tuple(replace(one, day=0.0) for one in case.plan.session_injections(session) if one.frame == _HEAD)
        if not given:
            continue
        if given not in known:
            field = captured_field(case.plan, session=session, frame=_HEAD, step=_STEP, patient=case.patient)
            known[given] = _document(field, case.patient.antibody_free_fraction)
        yield {"session": session} | known[given]


def _document(field: Field, free: float) -> dict[str, Any]:
    height, width = field.captured.shape
    captured = free * np.maximum(field.captured, 0.0)
    return {
        "frame": _HEAD,
        "x0": float(field.x[0]),
        "y0": float(field.y[0]),
        "step": _STEP,
        "width": width,
        "height": height,
        "unit": _UNIT,
        "captured": base64.b64encode(captured.astype("<f4").tobytes()).decode("ascii"),
    }
