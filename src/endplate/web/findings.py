"""Findings of the safety check in the shape of faults, which the page shows where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from endplate.case import Case
from endplate.case.keys import injection_keys
from endplate.evidence import load
from endplate.evidence.rule import VERDICTS, rules
from endplate.safety import Finding, check_plan
from endplate.web.refusal import JSON, Refused, as_json

__all__ = ["Stopped", "as_faults", "findings_of", "unless_stopped"]

_WAY = 'To simulate it all the same, give the reason in the case: "override": {{"{rule}": "…"}}.'


class Stopped(Refused):
    """The safety check stops a plan, and no reason is given to go on.

    Parameters
    ----------
    findings
        Those that stop it, in the shape of faults.
    """

    def __init__(self, findings: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(409)
        self.findings = findings

    def response(self) -> Response:
        """The answer."""
        return Response(as_json({"faults": self.findings}), self.status, self.headers, JSON)


def findings_of(case: Case, tree: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Findings of a case, the gravest first; unlike faults they keep nothing from being simulated.

    Examples
    --------
    >>> from endplate.case.file import parse_tree, write_template
    >>> case, tree = parse_tree(write_template("glabella-20u").replace("age = 45", "age = 12"))
    >>> [(one["severity"], one["rule"], one["key"]) for one in findings_of(case, tree)]
    [('finding', 'minimum_age', 'patient.age')]
    """
    return as_faults(check_plan(case, load(), keys=injection_keys(tree)))


def as_faults(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings in the shape of faults."""
    return [
        {"severity": "finding", "file": None, "line": None, "title": rules()[one.rule].title} | one.to_dict()
        for one in findings
    ]


def unless_stopped(found: Sequence[Mapping[str, Any]]) -> None:
    """Refuse what a rule stops, unless the case overrides the rule with a reason.

    Parameters
    ----------
    found
        Findings in the shape of faults.

    Raises
    ------
    Stopped
        With every finding that stops it.
    """
    stops = [one for one in found if one["verdict"] == VERDICTS[0] and one["overridden"] is None]
    if stops:
        raise Stopped([{**one, "remedy": f"{one['remedy']} {_WAY.format(rule=one['rule'])}"} for one in stops])
