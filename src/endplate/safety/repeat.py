"""Rules of repeated treatments: intervals, and doses of 12 weeks over regions, products and earlier treatments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from endplate.case import Treatment
from endplate.safety.chart import Chart, above
from endplate.safety.finding import Finding

__all__ = ["repeats"]

_INTERVAL = "session_interval"


@dataclass(frozen=True, slots=True)
class _Given:
    """A treatment: day, units and product."""

    day: float
    dose: float
    product: str


def repeats(chart: Chart) -> Iterator[Finding]:
    """Treatments that follow too soon, and what they add up to."""
    yield from _intervals(chart)
    yield from _recent(chart)
    for index, day in enumerate(chart.case.plan.days):
        yield from _sum(chart, index, day)


def _intervals(chart: Chart) -> Iterator[Finding]:
    least = chart.number(_INTERVAL)
    for index, (first, second) in enumerate(pairwise(chart.case.plan.days), start=1):
        if above(least, second - first):
            words = {"first": first, "second": second, "gap": second - first, "least": least}
            yield chart.finding("interval", _at(chart, index), entry=_INTERVAL, **words)


def _recent(chart: Chart) -> Iterator[Finding]:
    """Earlier treatments less than an interval before the first session."""
    least, days = chart.number(_INTERVAL), chart.case.plan.days
    for index, one in enumerate(_earlier(chart) if days else ()):
        first = days[0]
        gap = first + one.ago
        if above(least, gap):
            rule = "recent_treatment" if one.product == chart.product else "recent_toxin"
            words = {"dose": one.dose, "other": one.product, "ago": gap, "day": first, "least": least}
            yield chart.finding(rule, f"patient.health.treatments[{index}]", entry=_INTERVAL, **words)


def _sum(chart: Chart, index: int, last: float) -> Iterator[Finding]:
    """Treatments of the 12 weeks that end with a session, unless one of them alone is beyond its label."""
    least = chart.number(_INTERVAL)
    window = [one for one in _given(chart, index) if above(least, last - one.day)]
    labels = {one.product: chart.number(name) for one in window if (name := _total(chart, one.product))}
    known = [one for one in window if one.product in labels]
    if len(window) == 1 or any(above(one.dose, labels[one.product]) for one in known):
        return
    own = [one for one in known if one.product == chart.product]
    dose = sum(one.dose for one in own)
    if own and above(dose, labels[chart.product]):
        words = {"first": own[0].day, "second": last, "dose": dose, "label": labels[chart.product], "least": least}
        yield chart.finding("cumulative_dose", _at(chart, index), entry=_total(chart, chart.product), **words)
        return
    share = sum(one.dose / labels[one.product] for one in known)
    if len(labels) > 1 and above(share, 1.0):
        parts = "; ".join(f"{one.dose:g} of {labels[one.product]:g} U of {one.product}" for one in known)
        words = {"day": last, "share": share, "parts": parts, "least": least}
        yield chart.finding("joint_dose", _at(chart, index), entry=None, **words)


def _given(chart: Chart, last: int) -> list[_Given]:
    """Everything given up to a session, in order of time."""
    plan = chart.case.plan
    own = [_Given(day, dose, chart.product) for day, dose in zip(plan.days, plan.total_dose, strict=True)]
    earlier = [_Given(-one.ago, one.dose, one.product) for one in _earlier(chart)]
    return [*sorted(earlier, key=lambda one: one.day), *own[: last + 1]]


def _earlier(chart: Chart) -> tuple[Treatment, ...]:
    return chart.case.patient.health.treatments or ()


def _total(chart: Chart, product: str) -> str | None:
    name = f"label_total.{product}"
    return name if name in chart.library else None


def _at(chart: Chart, index: int) -> str | None:
    keys = {session: points[0].session_key for session, _, points in chart.sessions()}
    return None if keys[index] is None else f"{keys[index]}.at"
