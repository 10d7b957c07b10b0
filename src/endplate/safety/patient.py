"""Rules of the patient that a case file can already tell: the age."""

from __future__ import annotations

from collections.abc import Iterator

from endplate.safety.amount import region_words
from endplate.safety.chart import Chart
from endplate.safety.finding import Finding
from endplate.safety.rule import regions

__all__ = ["ages"]

_KEY = "patient.age"
_LIMB, _FACE = "limb", "face"


def ages(chart: Chart) -> Iterator[Finding]:
    """Regions below the age of the label; for a child in another region, that weight is not known."""
    age, treated = chart.case.patient.age, _groups(chart)
    adult = chart.number("adult_age")
    allowed = False
    for group, names in treated.items():
        entry = chart.limit(f"minimum_age_{group}") or f"minimum_age.{group}"
        least = chart.number(entry)
        allowed = allowed or age >= least
        if age < least:
            words = {"age": age, "least": least, "region": ", ".join(map(region_words, names))}
            yield chart.finding("minimum_age", _KEY, entry=entry, **words)
    if allowed and age < adult:
        yield chart.finding("child_dose", _KEY, entry="adult_age", age=age)


def _groups(chart: Chart) -> dict[str, list[str]]:
    """Treated regions by whose minimum age holds there."""
    found: dict[str, list[str]] = {}
    for region in dict.fromkeys(point.region for point in chart.points):
        known = regions().get(region)
        group = known.age if known is not None else region if region == _LIMB else _FACE
        found.setdefault(group, []).append(region)
    return found
