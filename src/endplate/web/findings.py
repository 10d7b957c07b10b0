"""Findings of the safety check in the shape of faults, which the page shows where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from endplate.case import Case
from endplate.case.keys import injection_keys
from endplate.evidence import load
from endplate.evidence.rule import VERDICTS, rules
from endplate.safety import check_plan
from endplate.web.refusal import JSON, Refused, as_json

__all__ = ["Stopped", "findings_of", "unless_stopped"]

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
    return [
        {"severity": "finding", "file": None, "line": None, "title": rules()[one.rule].title} | one.to_dict()
        for one in check_plan(case, load(), keys=injection_keys(tree))
    ]


def unless_stopped(case: Case, tree: Mapping[str, Any]) -> None:
    """Refuse a case that a rule stops, unless the case overrides the rule with a reason.

    Raises
    ------
    Stopped
        With every finding that stops it.
    """
    stops = [one for one in findings_of(case, tree) if one["verdict"] == VERDICTS[0] and one["overridden"] is None]
    if stops:
        way = [one | {"remedy": f"{one['remedy']} {_WAY.format(rule=one['rule'])}"} for one in stops]
        raise Stopped(way)
