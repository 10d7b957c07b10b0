"""Who should not be treated, with how much, and what can go wrong: findings before a plan is simulated."""

from __future__ import annotations

from endplate.evidence.rule import Rule, rules
from endplate.safety.check import check_plan
from endplate.safety.finding import VERDICTS, Finding, Verdict
from endplate.safety.region import Region, regions
from endplate.safety.unchecked import unchecked
from endplate.safety.vial import Preparation, preparation

__all__ = [
    "VERDICTS",
    "Finding",
    "Preparation",
    "Region",
    "Rule",
    "Verdict",
    "check_plan",
    "preparation",
    "regions",
    "rules",
    "unchecked",
]
