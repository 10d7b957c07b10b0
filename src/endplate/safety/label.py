"""Notes on what the label does not cover."""

from __future__ import annotations

from collections.abc import Iterator

from endplate.safety.amount import by_region, region_words
from endplate.safety.chart import Chart
from endplate.safety.finding import Finding

__all__ = ["labels"]

_NOWHERE = "unnamed"
_BY_TOTAL = ("neck", "eye", "arm", "leg", "limb")
_FOREHEAD, _GLABELLA = "forehead", "glabella"


def labels(chart: Chart) -> Iterator[Finding]:
    """Regions without a label dose, once each, and sessions with the forehead but without the glabella."""
    for region, points in by_region(chart.points).items():
        symbol = "label_total" if region in _BY_TOTAL else f"label_{region}"
        if region != _NOWHERE and chart.limit(symbol) is None:
            yield chart.finding("no_label", points[0].session_key, region=region_words(region))
    for _, _, points in chart.sessions():
        treated = by_region(points)
        if _FOREHEAD in treated and _GLABELLA not in treated:
            yield chart.finding("forehead_alone", treated[_FOREHEAD][0].session_key)
