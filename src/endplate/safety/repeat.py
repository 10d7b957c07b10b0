"""Rules of repeated sessions: the interval, and the dose of 12 weeks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from endplate.safety.chart import Chart, above
from endplate.safety.finding import Finding

__all__ = ["repeats"]

_INTERVAL = "session_interval"


def repeats(chart: Chart) -> Iterator[Finding]:
    """Sessions that follow too soon, and what they add up to."""
    least = chart.number(_INTERVAL)
    starts = {index: points[0].session_key for index, _, points in chart.sessions()}
    for index, (first, second) in enumerate(pairwise(chart.case.plan.days), start=1):
        if above(least, second - first):
            key = None if starts[index] is None else f"{starts[index]}.at"
            words = {"first": first, "second": second, "gap": second - first, "least": least}
            yield chart.finding("interval", key, entry=_INTERVAL, **words)
            yield from _sum(chart, index, key=key, least=least)


def _sum(chart: Chart, last: int, *, key: str | None, least: float) -> Iterator[Finding]:
    """The window that ends with session `last`, unless one session alone is beyond the label."""
    plan, name = chart.case.plan, chart.limit("label_total")
    pairs = list(zip(plan.days, plan.total_dose, strict=True))
    second = plan.days[last]
    window = [(day, dose) for day, dose in pairs[: last + 1] if above(least, second - day)]
    dose = sum(units for _, units in window)
    if name is None or not above(dose, label := chart.number(name)) or any(above(units, label) for _, units in window):
        return
    words = {"first": window[0][0], "second": second, "dose": dose, "label": label, "least": least}
    yield chart.finding("cumulative_dose", key, entry=name, **words)
