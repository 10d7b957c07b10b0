"""Rules of children: doses by body weight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from endplate.safety.amount import by_region, region_words
from endplate.safety.chart import Chart, above
from endplate.safety.finding import Finding
from endplate.safety.patient import AGE, of_age
from endplate.safety.point import Point

__all__ = ["children"]

_WEIGHT = "patient.weight"
_LIMBS = ("arm", "leg")
_SIDES = ("left", "right")


def children(chart: Chart) -> Iterator[Finding]:
    """For a patient below the adult age, in regions whose label allows the age: the dose per kilogram."""
    patient, allowed = chart.case.patient, of_age(chart)
    if patient.age >= chart.number("adult_age") or not allowed:
        return
    if patient.weight is None:
        yield chart.finding("child_weight", AGE, entry="adult_age", age=patient.age)
        return
    found = [*_unlabelled(chart, allowed), *_doses(chart, patient.weight)]
    yield from found
    if not found:
        yield chart.finding("child_watch", AGE, entry=None, age=patient.age, weight=patient.weight)


def _unlabelled(chart: Chart, allowed: set[str]) -> Iterator[Finding]:
    """Limbs for which the product has no dose per kilogram."""
    for region in sorted(allowed & {*_LIMBS, "limb"}):
        if chart.limit(f"child_dose_{region}") is None:
            words = {"age": chart.case.patient.age, "region": region_words(region)}
            yield chart.finding("child_unlabelled", AGE, entry=None, **words)


def _doses(chart: Chart, weight: float) -> Iterator[Finding]:
    """In each session the first excess of each kind of limb: of one side, then of both; else of all together."""
    for _, _, points in chart.sessions():
        regions = by_region(points)
        found = [
            first
            for limb in _LIMBS
            if (first := next(_excesses(chart, weight, _areas(limb, regions.get(limb, ()))), None)) is not None
        ]
        everything = {("child_dose_all", "whole session"): points}
        yield from found or _excesses(chart, weight, everything)


def _areas(limb: str, points: Sequence[Point]) -> Mapping[tuple[str, str], Sequence[Point]]:
    """Symbol and words of each cap, with the points that it counts."""
    sides = {
        (f"child_dose_{limb}", f"{side} {limb}"): [one for one in points if (one.muscle or "").endswith(f".{side}")]
        for side in _SIDES
    }
    return sides | {(f"child_dose_{limb}s", f"{limb}s"): list(points)}


def _excesses(chart: Chart, weight: float, areas: Mapping[tuple[str, str], Sequence[Point]]) -> Iterator[Finding]:
    for (symbol, region), points in areas.items():
        name, cap = chart.limit(symbol), chart.limit(symbol.replace("dose", "most"))
        if name is None or cap is None or not points:
            continue
        per, top = chart.number(name), chart.number(cap)
        dose, most = sum(one.injection.dose for one in points), min(per * weight, top)
        if above(dose, most):
            words = {"region": region, "dose": dose, "each": dose / weight, "weight": weight}
            words |= {"most": most, "per": per, "cap": top}
            yield chart.finding("child_dose", points[0].session_key or _WEIGHT, entry=name, **words)
