"""Rules of distance: the orbit, the levator of the lid, the rim, and the depth of the needle."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from endplate.case import anatomy
from endplate.case.innervation import distance
from endplate.safety.chart import Chart
from endplate.safety.finding import Finding
from endplate.safety.point import Point

__all__ = ["distances", "height_above_rim"]

_SIDES = ("left", "right")
_LEVATOR, _LID = "levator_palpebrae_superioris", "orbicularis_oculi_pretarsal"
_EYE = "eye"
_ABOVE_RIM = ("glabella", "forehead")


def distances(chart: Chart) -> Iterator[Finding]:
    """At most one finding of place, and one of depth, for each point."""
    for point in chart.points:
        guided_to_eye = point.region == _EYE and point.injection.name is not None
        if point.in_head and not guided_to_eye:
            yield from _place(chart, point)
            yield from _depth(chart, point)


def height_above_rim(x: float, y: float) -> float | None:
    """Height of (x, y) above the upper rim of the orbit straight below it [mm]; None beside the orbit.

    Examples
    --------
    >>> height_above_rim(29.0, 30.0)
    10.0
    """
    start = anatomy().surface.rim
    end = np.roll(start, -1, axis=0)
    low, high = np.minimum(start[:, 0], end[:, 0]), np.maximum(start[:, 0], end[:, 0])
    spans = (low <= abs(x)) & (abs(x) <= high) & (high > low)
    if not spans.any():
        return None
    share = (abs(x) - start[spans, 0]) / (end[spans, 0] - start[spans, 0])
    return float(y - (start[spans, 1] + share * (end[spans, 1] - start[spans, 1])).max())


def _place(chart: Chart, point: Point) -> Iterator[Finding]:
    """The gravest of orbit, levator and rim."""
    key = point.key("site" if point.injection.name else "at_mm")
    inside = -float(anatomy().surface.rim_distance(*point.skin))
    near = _far_from(_LEVATOR, point)
    if inside > 0.0 and _far_from(_LID, point) > chart.number("depth_tolerance"):
        yield chart.finding("orbit", key, inside=inside)
    elif near < (least := chart.number("levator_clearance")):
        yield chart.finding("levator", key, entry="levator_clearance", near=near, least=least)
    elif point.region in _ABOVE_RIM:
        yield from _rim(chart, point, key)


def _rim(chart: Chart, point: Point, key: str | None) -> Iterator[Finding]:
    height, least = height_above_rim(*point.skin), chart.number("rim_clearance")
    # Coordinates of the map are rounded to a tenth of a millimetre.
    if height is not None and round(height, 1) < least:
        yield chart.finding("rim_height", key, entry="rim_clearance", height=height, least=least)


def _depth(chart: Chart, point: Point) -> Iterator[Finding]:
    one, site = point.injection, point.site
    if site is None or one.depth is None or one.depth <= site.depth:
        return
    beyond = distance(anatomy().muscle(site.muscle), one.site)
    if beyond > chart.number("depth_tolerance"):
        words = {"beyond": beyond, "depth": one.depth, "usual": site.depth, "muscle": _words(site.muscle)}
        yield chart.finding("needle_depth", point.key("depth"), entry="depth_tolerance", **words)


def _far_from(stem: str, point: Point) -> float:
    return min(distance(anatomy().muscle(f"{stem}.{side}"), point.injection.site) for side in _SIDES)


def _words(muscle: str) -> str:
    return muscle.partition(".")[0].replace("_", " ")
