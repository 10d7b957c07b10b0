"""Units of a session, by the muscle that each site is meant for."""

from __future__ import annotations

from endplate.case.anatomy import anatomy
from endplate.case.injection import Injection
from endplate.case.plan import Plan

__all__ = ["BY_COORDINATES", "dose_by_muscle"]

BY_COORDINATES = "by coordinates"


def dose_by_muscle(plan: Plan, session: int) -> dict[str, float]:
    """Dose of each muscle in one session [U of the product], in the order of the plan.

    An injection counts for the muscle that its named site is meant for, or in whose own frame
    it lies; one that is given by coordinates of the head is meant for no muscle in particular.

    Parameters
    ----------
    plan
        The plan.
    session
        Index of the session.

    Examples
    --------
    >>> from endplate.case.file import parse_case, write_template
    >>> dose_by_muscle(parse_case(write_template("glabella-20u")).plan, 0)["procerus"]
    4.0
    """
    found: dict[str, float] = {}
    for one in plan.session_injections(session):
        name = _meant(one)
        found[name] = found.get(name, 0.0) + one.dose
    return found


def _meant(one: Injection) -> str:
    site = None if one.name is None else anatomy().sites.get(one.name)
    if site is not None:
        return site.muscle
    return BY_COORDINATES if one.frame == "head" else one.frame
