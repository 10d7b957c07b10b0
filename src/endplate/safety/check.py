"""The check of a plan: every rule that a case file can be held against."""

from __future__ import annotations

from collections.abc import Sequence

from endplate.case import Case
from endplate.evidence import Library
from endplate.safety.amount import amounts, concentrations
from endplate.safety.candidate import candidates
from endplate.safety.chart import chart_of
from endplate.safety.child import children
from endplate.safety.confusion import confusions
from endplate.safety.distance import distances
from endplate.safety.finding import Finding
from endplate.safety.label import labels
from endplate.safety.patient import ages
from endplate.safety.repeat import repeats
from endplate.safety.vial import vials

__all__ = ["check_plan"]

_BORROWED = "borrowed_label"


def check_plan(case: Case, library: Library, *, keys: Sequence[str] | None = None) -> list[Finding]:
    """Hold a case against the rules.

    Parameters
    ----------
    case
        The case.
    library
        The evidence library, for limits and thresholds.
    keys
        Where each injection stands in the case file; see `injection_keys`. Without them only
        findings of the patient and the vial have a key.

    Returns
    -------
    list of Finding
        The gravest first; equal ones in the order of rules and plan. A plan is clean if it
        holds nothing but notes.

    Examples
    --------
    >>> from endplate.case.file import parse_case, write_template
    >>> from endplate.evidence import load
    >>> check_plan(parse_case(write_template("glabella-20u")), load())
    []
    """
    chart = chart_of(case, library, keys=keys)
    confused = list(confusions(chart))
    doubted = [where for where, one in confused if one.rule != _BORROWED]
    found = [
        *(one for _, one in confused),
        *candidates(chart),
        *ages(chart),
        *children(chart),
        *amounts(chart, doubted),
        *distances(chart),
        *repeats(chart),
        *vials(chart),
        *concentrations(chart),
        *labels(chart),
    ]
    return sorted(found, key=lambda one: one.severity)
