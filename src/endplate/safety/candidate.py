"""Rules of the candidate that are data alone: illness, allergies, medicines, surgery, skin, expectations."""

from __future__ import annotations

from collections.abc import Iterator

from endplate.case import vocabulary
from endplate.evidence.rule import When, rules
from endplate.safety.chart import Chart
from endplate.safety.finding import Finding

__all__ = ["candidates"]

_STATE = "state"


def candidates(chart: Chart) -> Iterator[Finding]:
    """One finding for each rule that something told of the candidate calls for."""
    for rule in rules().values():
        if rule.when is None or not _concerns(chart, rule.when):
            continue
        told = [(group, name) for group in rule.when.asks for name in _told(chart, rule.when, group)]
        if told:
            what = " and ".join(vocabulary()[group][name] for group, name in told if group != _STATE)
            yield chart.finding(rule.key, _key(*told[0]), entry=None, what=what)


def _concerns(chart: Chart, when: When) -> bool:
    """Whether the product and the treated regions are those of the rule."""
    of_product = not when.products or chart.product in when.products
    of_region = not when.regions or not chart.treated.isdisjoint(when.regions)
    return of_product and of_region and (not when.elsewhere or not chart.treated <= set(when.elsewhere))


def _told(chart: Chart, when: When, group: str) -> list[str]:
    return [name for name in chart.case.patient.health.names(group) if name in when.asks[group]]


def _key(group: str, name: str) -> str:
    return f"patient.health.{name if group == _STATE else group}"
