"""A case followed day by day, for those who have a case and want its course."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from endplate.case import Case
from endplate.course.result import Course
from endplate.course.simulate import simulate
from endplate.errors import EndplateError

__all__ = ["simulate_case"]


def simulate_case(case: Case) -> Course:
    """The course of a case on every whole day, and on its last one.

    Raises
    ------
    EndplateError
        If the case cannot be simulated; the message says why.

    Examples
    --------
    >>> from endplate.case.file import parse_case, write_template
    >>> simulate_case(parse_case(write_template("glabella-20u"))).days.shape
    (366,)
    """
    whole = np.arange(math.floor(case.days) + 1.0)
    days = whole if whole[-1] == case.days else np.append(whole, case.days)
    also: dict[str, Any] = {"antitoxin_day": case.antitoxin_day, "offers": case.offers}
    course = simulate(case.plan, case.patient, days=days, **also)
    if int(np.asarray(course.status)[0]):
        raise EndplateError(f"the case cannot be simulated: {course.status_text()[0]}")
    return course
