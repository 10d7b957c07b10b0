"""The document of a course: what the command line prints, and what the page draws besides."""

from __future__ import annotations

from typing import Any

from endplate.case import Case, case_notes
from endplate.course import Course
from endplate.evidence import load
from endplate.report.document import finite, plain
from endplate.report.summary import summarise
from endplate.safety import check_plan
from endplate.web.fields import fields
from endplate.web.places import doses, places

__all__ = ["course_document"]


def course_document(case: Case, course: Course, *, keys: list[str] | None = None) -> dict[str, Any]:
    """The document of `endplate simulate --json`, with places, doses and maps.

    Examples
    --------
    >>> from endplate.case.file import parse_case, write_template
    >>> from endplate.course.case import simulate_case
    >>> case = parse_case(write_template("glabella-20u"))
    >>> course_document(case, simulate_case(case))["doses"]["label"]["pattern"]
    'glabella-20u'
    """
    more = {"places": places(case, keys), "doses": doses(case.plan)}
    summary, notes = summarise(course, case.patient.baseline), case_notes(case, load())
    content = plain(case, course, summary=summary, notes=notes, findings=check_plan(case, load(), keys=keys))
    return content | finite(more) | {"fields": list(fields(case))}
