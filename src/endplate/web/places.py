"""Where the injections of a case went, and how much each muscle was given, as documents."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from endplate.case import Case, Injection, Pattern, Plan, Site, anatomy
from endplate.case.innervation import distance
from endplate.case.muscle import Point

__all__ = ["doses", "intended_muscle", "needle_entry", "places"]

_HEAD = "head"
_LABEL = "label"
_LEVATORS = ("levator_palpebrae_superioris.left", "levator_palpebrae_superioris.right")
_FARTHEST_SKIN, _STEP = 120.0, 0.5  # mm along the needle


def places(case: Case, keys: list[str] | None = None) -> list[dict[str, Any]]:
    """One document for each injection, in the order of the plan; `keys` say where they stand in the case."""
    count = [0] * len(case.plan.days)
    found: list[dict[str, Any]] = []
    for index, (one, session) in enumerate(zip(case.plan.injections, case.plan.session, strict=True)):
        key = {} if keys is None else {"key": keys[index]}
        found.append({"session": session, "injection": count[session]} | key | _place(one))
        count[session] += 1
    return found


def needle_entry(injection: Injection) -> tuple[float, float]:
    """Where the needle goes through the skin, in the frontal plane [mm]; in a muscle's own frame, above the tip."""
    if injection.frame != _HEAD:
        return injection.site[0], injection.site[1]
    surface, tip = anatomy().surface, np.asarray(injection.site, float)
    out = -surface.inward(tip)
    if injection.depth is not None:
        x, y, _ = tip + injection.depth * out
        return float(x), float(y)
    along = np.arange(0.0, _FARTHEST_SKIN, _STEP)
    points = tip + along[:, None] * out
    above = points[:, 2] - surface.height(points[:, 0], points[:, 1])
    first = int(np.argmax(above >= 0.0))
    if first == 0:  # on the skin already, or none above
        return float(tip[0]), float(tip[1])
    length = np.interp(0.0, above[first - 1 : first + 1], along[first - 1 : first + 1])
    x, y, _ = tip + length * out
    return float(x), float(y)


def doses(plan: Plan) -> dict[str, Any]:
    """Units by muscle in the session with most units, and in every session, beside the nearest label pattern."""
    sessions = [_session(plan, index) for index in range(len(plan.days))]
    most = max(sessions, key=lambda one: one["total"], default=_session(plan, None))
    shown = {key: most[key] for key in ("total", "by_muscle", "label")}
    return {"unit": plan.product.unit, **shown, "sessions": sessions}


def intended_muscle(injection: Injection) -> str:
    """The muscle for which the injection's site is meant; by coordinates, that of the nearest named site."""
    return _site(injection).muscle


def _place(one: Injection) -> dict[str, Any]:
    head = one.frame == _HEAD
    x, y = needle_entry(one)
    return {
        "site": one.name,
        "tip": list(one.site),
        "skin": [x, y],
        "frame": one.frame,
        "dose": one.dose,
        "volume": one.volume,
        "day": one.day,
        "rim_distance": float(anatomy().surface.rim_distance(x, y)) if head else None,
        "levator_distance": min(distance(anatomy().muscle(name), one.site) for name in _LEVATORS) if head else None,
    }


def _site(injection: Injection) -> Site:
    """The named site of an injection, or the one nearest to its needle tip."""
    named = anatomy().sites.get(injection.name or "")
    return _nearest(injection.site, injection.frame) if named is None else named


@cache
def _tips(frame: str) -> tuple[list[Site], np.ndarray]:
    found = [site for site in anatomy().sites.values() if site.frame == frame]
    return found, np.array([site.tip for site in found])


def _nearest(tip: Point, frame: str) -> Site:
    found, tips = _tips(frame)
    return found[int(np.linalg.norm(tips - np.asarray(tip), axis=-1).argmin())]


def _session(plan: Plan, index: int | None) -> dict[str, Any]:
    given = () if index is None else plan.session_injections(index)
    pairs = [(_site(one), one.dose) for one in given]
    label = _label(plan.product.code, frozenset(site.name for site, _ in pairs))
    return {
        "day": None if index is None else plan.days[index],
        "total": sum(dose for _, dose in pairs),
        "by_muscle": _by_muscle(pairs),
        "label": None if label is None else _label_doses(label),
    }


def _by_muscle(pairs: list[tuple[Site, float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for site, dose in pairs:
        found[site.muscle] = found.get(site.muscle, 0.0) + dose
    return found


def _label(product: str, given: frozenset[str]) -> Pattern | None:
    """The label pattern of the product that shares most sites with those given, if it shares any."""
    own = [one for one in anatomy().patterns.values() if one.product == product and one.status == _LABEL]
    best = max(own, key=lambda one: _likeness(one, given), default=None)
    return best if best is not None and _likeness(best, given) > 0 else None


def _likeness(pattern: Pattern, given: frozenset[str]) -> float:
    """Shared sites over all sites of both."""
    own = frozenset(shot.site for shot in pattern.shots)
    return len(own & given) / len(own | given)


def _label_doses(label: Pattern) -> dict[str, Any]:
    pairs = [(anatomy().sites[shot.site], shot.dose) for shot in label.shots]
    return {"pattern": label.name, "total": label.total_dose, "by_muscle": _by_muscle(pairs)}
