"""Findings of the safety check in the shape of faults, which the page shows where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from endplate.case import Case
from endplate.case.keys import injection_keys
from endplate.evidence import load
from endplate.evidence.rule import rules
from endplate.safety import check_plan

__all__ = ["findings_of"]


def findings_of(case: Case, tree: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Findings of a case, the gravest first; unlike faults they keep nothing from being simulated.

    Examples
    --------
    >>> from endplate.case.file import parse_tree, write_template
    >>> case, tree = parse_tree(write_template("glabella-20u").replace("age = 45", "age = 12"))
    >>> [(one["severity"], one["rule"], one["key"]) for one in findings_of(case, tree)]
    [('finding', 'minimum_age', 'patient.age')]
    """
    return [
        {"severity": "finding", "file": None, "line": None, "title": rules()[one.rule].title} | one.to_dict()
        for one in check_plan(case, load(), keys=injection_keys(tree))
    ]
