"""Rules of amount in one session: region, site, muscle, total, concentration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from endplate.case import anatomy
from endplate.safety.chart import Chart, above
from endplate.safety.finding import Finding
from endplate.safety.point import Point

__all__ = ["TENTH", "amounts", "by_region", "concentrations", "region_words", "unlike_label"]

TENTH = 0.1  # mL: labels give units in a tenth of a millilitre
_WHOLE = "whole session"
_WORDS = {"other": "rest of the face", "unnamed": "part of the head that no site of the map names", "limb": "limb"}
_NOT_OF_THE_FACE = ("neck", "eye", "arm", "leg", "limb")


def amounts(chart: Chart, confused: Sequence[tuple[int, str]]) -> Iterator[Finding]:
    """Doses of every session; regions whose product is in doubt (`confused`) are judged by that alone."""
    for index, _, points in chart.sessions():
        doubted = {region for session, region in confused if session == index}
        judged: dict[str, list[Finding]] = {}
        for region, group in by_region(points).items():
            judged[region] = [] if region in doubted else list(_region(chart, region, group))
            yield from judged[region]
            yield from _sites(chart, region, group)
        yield from _muscles(chart, points)
        yield from _total(chart, points, _settled(chart, judged, doubted))


def concentrations(chart: Chart) -> Iterator[Finding]:
    """Points of the face whose concentration is none of the label; those of a vial are judged by the vial."""
    name = chart.limit("label_concentration")
    if name is None or (chart.case.vial is not None and chart.case.vial.volume is not None):
        return
    for point in chart.points:
        one = point.injection
        if one.dose <= 0.0 or one.volume <= 0.0 or point.region in _NOT_OF_THE_FACE:
            continue
        words = unlike_label(chart, name, dose=one.dose, volume=one.volume)
        if words is not None:
            yield chart.finding("concentration", point.key("volume"), entry=name, **words)


def unlike_label(chart: Chart, name: str, *, dose: float, volume: float) -> dict[str, float] | None:
    """The words of a concentration outside the range of a label's entry, or None."""
    found, tolerance = chart.library[name], chart.number("concentration_tolerance")
    low, high = found.low or found.value, found.high or found.value
    strength = dose / volume
    if low / tolerance <= strength <= high * tolerance:
        return None
    words = {"concentration": strength * TENTH, "low": low * TENTH, "high": high * TENTH}
    return words | {"dose": dose, "volume": volume}


def by_region(points: Sequence[Point]) -> dict[str, list[Point]]:
    """Points of a session by region, in the order of the plan."""
    found: dict[str, list[Point]] = {}
    for point in points:
        found.setdefault(point.region, []).append(point)
    return found


def region_words(region: str) -> str:
    """A region in words.

    Examples
    --------
    >>> region_words("lateral_canthus")
    'lateral canthus'
    """
    return _WORDS.get(region, region.replace("_", " "))


def _units(points: Sequence[Point]) -> float:
    return sum(point.injection.dose for point in points)


def _region(chart: Chart, region: str, points: Sequence[Point]) -> Iterator[Finding]:
    name = chart.limit(f"label_{region}")
    if name is None:
        yield from _usual(chart, points)
        return
    dose, label, key = _units(points), chart.number(name), points[0].session_key
    if above(dose, label):
        rule = "gross_dose" if dose >= chart.number("gross_excess") * label else "region_dose"
        words = {"region": region_words(region), "dose": dose, "label": label, "times": dose / label}
        yield chart.finding(rule, key, entry=name, **words)


def _usual(chart: Chart, points: Sequence[Point]) -> Iterator[Finding]:
    """Sites beyond every pattern of the product, where its label has no dose to compare with."""
    times = chart.number("gross_excess")
    own = [one for one in anatomy().patterns.values() if one.product == chart.product]
    for point in points:
        site, dose = point.site, point.injection.dose
        usual = max((shot.dose for one in own for shot in one.shots if site and shot.site == site.name), default=None)
        if usual is not None and dose >= times * usual:
            words = {"dose": dose, "usual": usual, "times": dose / usual}
            yield chart.finding("gross_site", point.key("dose"), entry=None, **words)


def _sites(chart: Chart, region: str, points: Sequence[Point]) -> Iterator[Finding]:
    name = chart.limit(f"label_site_{region}") or chart.limit("label_site")
    for point in points:
        if name is not None and above(point.injection.dose, label := chart.number(name)):
            yield chart.finding("site_dose", point.key("dose"), entry=name, dose=point.injection.dose, label=label)


def _muscles(chart: Chart, points: Sequence[Point]) -> Iterator[Finding]:
    """Muscles of one side, and those whose label counts both sides together."""
    given: dict[tuple[str, str], list[Point]] = {}
    for point in points:
        if point.muscle is not None:
            stem = anatomy().muscle(point.muscle).stem
            given.setdefault((f"label_muscle_{stem}", point.muscle), []).append(point)
            given.setdefault((f"label_both_{stem}", stem), []).append(point)
    for (symbol, muscle), group in given.items():
        name, dose = chart.limit(symbol), _units(group)
        if name is not None and above(dose, label := chart.number(name)):
            words = {"muscle": muscle.replace("_", " ").replace(".", ", "), "dose": dose, "label": label}
            yield chart.finding("muscle_dose", group[0].key("dose"), entry=name, **words)


def _settled(chart: Chart, judged: dict[str, list[Finding]], doubted: set[str]) -> set[str]:
    """Regions whose excess has been told already, by a stop or against the very same label total."""
    total = chart.limit("label_total")
    if total is None:
        return set()
    found = {region for region, findings in judged.items() if any(one.verdict == "stop" for one in findings)}
    for region, findings in judged.items():
        name = chart.limit(f"label_{region}")
        if findings and name is not None and chart.number(name) >= chart.number(total):
            found.add(region)
    return found | doubted


def _total(chart: Chart, points: Sequence[Point], settled: set[str]) -> Iterator[Finding]:
    name = chart.limit("label_total")
    left = _units([point for point in points if point.region not in settled])
    if name is None or not above(left, label := chart.number(name)):
        return
    dose, key = _units(points), points[0].session_key
    rule = "gross_dose" if left >= chart.number("gross_excess") * label else "label_total"
    yield chart.finding(rule, key, entry=name, region=_WHOLE, dose=dose, label=label, times=dose / label)
