"""What can go wrong with a plan: its findings against labels and the map, before it is simulated."""

from __future__ import annotations

from endplate.safety.check import check_plan
from endplate.safety.finding import VERDICTS, Finding, Verdict
from endplate.safety.rule import Region, Rule, regions, rules

__all__ = [
    "VERDICTS",
    "Finding",
    "Region",
    "Rule",
    "Verdict",
    "check_plan",
    "regions",
    "rules",
]
