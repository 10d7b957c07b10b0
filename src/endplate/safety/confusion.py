"""The most dangerous error: units of one product written, or given, as those of another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import exp, log

from endplate.case import Pattern, anatomy
from endplate.safety.amount import by_region, region_words
from endplate.safety.chart import Chart, above
from endplate.safety.finding import Finding
from endplate.safety.point import Point, region_of

__all__ = ["confusions"]

_LABEL = "label"


def confusions(chart: Chart) -> Iterator[tuple[tuple[int, str], Finding]]:
    """Session and region with a finding, where doses fit another product's label, but not the own one or none."""
    patterns = [one for one in anatomy().patterns.values() if one.status == _LABEL]
    for index, _, points in chart.sessions():
        for region, group in by_region(points).items():
            given = _doses(group)
            known = [(one, _ratios(given, _of_region(one, region), chart)) for one in patterns]
            fitting = [(one, ratios) for one, ratios in known if ratios]
            found = _confused(chart, fitting)
            if found is not None:
                rule, entry = _rule(chart, region, found)
                words = {"region": region_words(region)} | found
                words |= {} if entry is None else {"studied": chart.number(entry)}
                yield (index, region), chart.finding(rule, group[0].session_key, entry=entry, **words)


def _rule(chart: Chart, region: str, found: Mapping[str, float | str]) -> tuple[str, str | None]:
    """The rule that speaks, and its entry: doses above the own label that were studied may be meant."""
    if "own" not in found:
        return "borrowed_label", None
    ratio, studied, label = float(found["own"]), chart.limit(f"studied_{region}"), chart.limit(f"label_{region}")
    if studied is None or label is None or ratio <= 1.0:
        return "confused_product", None
    meant = not above(ratio * chart.number(label), chart.number(studied))
    return ("lookalike_dose", studied) if meant else ("confused_product", None)


def _confused(chart: Chart, fitting: Sequence[tuple[Pattern, list[float]]]) -> dict[str, float | str] | None:
    """The words of a finding, or None if the doses fit the own label, or no other."""
    own = [_middle(ratios) for one, ratios in fitting if one.product == chart.product]
    nearest = min(own, key=lambda ratio: abs(log(ratio)), default=None)
    if nearest is not None and abs(log(nearest)) < log(chart.number("own_label_departure")):
        return None
    close = log(chart.number("other_label_agreement"))
    others = [
        (one, _middle(ratios))
        for one, ratios in fitting
        if one.product != chart.product and all(abs(log(ratio)) <= close for ratio in ratios)
    ]
    if not others:
        return None
    products = ", ".join(dict.fromkeys(one.product for one, _ in others))
    pattern, ratio = min(others, key=lambda pair: abs(log(pair[1])))
    words = {"other": ratio, "other_product": products, "pattern": pattern.name}
    return words if nearest is None else words | {"own": nearest}


def _doses(points: Sequence[Point]) -> dict[str, float]:
    found: dict[str, float] = {}
    for point in points:
        if point.site is not None and point.injection.dose > 0.0:
            found[point.site.name] = found.get(point.site.name, 0.0) + point.injection.dose
    return found


def _of_region(pattern: Pattern, region: str) -> dict[str, float]:
    sites = anatomy().sites
    return {shot.site: shot.dose for shot in pattern.shots if region_of(sites[shot.site].muscle) == region}


def _ratios(given: Mapping[str, float], label: Mapping[str, float], chart: Chart) -> list[float]:
    """Given over label dose at each shared site; none if too few are shared."""
    shared = given.keys() & label.keys()
    if not shared or len(shared) / len(given.keys() | label.keys()) < chart.number("shared_sites"):
        return []
    return [given[site] / label[site] for site in sorted(shared)]


def _middle(ratios: Sequence[float]) -> float:
    """Geometric mean."""
    return exp(sum(log(ratio) for ratio in ratios) / len(ratios))
