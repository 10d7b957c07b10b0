"""Rules of age: below every label, and older than one names."""

from __future__ import annotations

from collections.abc import Iterator

from endplate.safety.amount import region_words
from endplate.safety.chart import Chart
from endplate.safety.finding import Finding
from endplate.safety.region import regions

__all__ = ["AGE", "ages", "of_age"]

AGE = "patient.age"
_LIMB, _FACE = "limb", "face"


def ages(chart: Chart) -> Iterator[Finding]:
    """Regions below the age of the label, and lines of a candidate older than the label names."""
    age = chart.case.patient.age
    for group, names in _groups(chart).items():
        entry = _least(chart, group)
        if age < (least := chart.number(entry)):
            words = {"age": age, "least": least, "region": ", ".join(map(region_words, names))}
            yield chart.finding("minimum_age", AGE, entry=entry, **words)
    name = chart.limit("older_age")
    if name is not None and _FACE in _groups(chart) and age >= (limit := chart.number(name)):
        yield chart.finding("older_age", AGE, entry=name, age=age, limit=limit)


def of_age(chart: Chart) -> set[str]:
    """Treated regions for which the patient has the age of the label."""
    age = chart.case.patient.age
    return {
        region
        for group, names in _groups(chart).items()
        if age >= chart.number(_least(chart, group))
        for region in names
    }


def _least(chart: Chart, group: str) -> str:
    return chart.limit(f"minimum_age_{group}") or f"minimum_age.{group}"


def _groups(chart: Chart) -> dict[str, list[str]]:
    """Treated regions by whose minimum age holds there."""
    found: dict[str, list[str]] = {}
    for region in dict.fromkeys(point.region for point in chart.points):
        known = regions().get(region)
        group = known.age if known is not None else region if region == _LIMB else _FACE
        found.setdefault(group, []).append(region)
    return found
