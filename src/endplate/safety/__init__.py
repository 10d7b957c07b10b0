"""Who should not be treated, with how much, and what can go wrong: findings before a plan is simulated."""

from __future__ import annotations

from endplate.evidence.rule import Rule, rules
from endplate.safety.antibody import Antibodies, antibodies
from endplate.safety.check import check_plan
from endplate.safety.finding import VERDICTS, Finding, Verdict
from endplate.safety.joined import Answer, Event, join
from endplate.safety.region import Region, regions
from endplate.safety.rescue import Window, antitoxin_window, overdose_words
from endplate.safety.risk import Risk, risks, treated
from endplate.safety.unchecked import unchecked
from endplate.safety.vial import Preparation, preparation

__all__ = [
    "VERDICTS",
    "Answer",
    "Antibodies",
    "Event",
    "Finding",
    "Preparation",
    "Region",
    "Risk",
    "Rule",
    "Verdict",
    "Window",
    "antibodies",
    "antitoxin_window",
    "check_plan",
    "join",
    "overdose_words",
    "preparation",
    "regions",
    "risks",
    "rules",
    "treated",
    "unchecked",
]
