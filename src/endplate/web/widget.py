"""`view`: the page's head in a notebook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from endplate.case import Case, Patient, Plan, product
from endplate.course import Course
from endplate.errors import EndplateError, InvalidRequest
from endplate.web.document import course_document
from endplate.web.facts import anatomy_document
from endplate.web.settings import STATIC

if TYPE_CHECKING:
    from endplate.web.notebook import CourseView

try:
    from endplate.web import notebook
except ModuleNotFoundError:  # the extra is not installed
    notebook = None

__all__ = ["view"]

_SCRIPT, _STYLES, _HEAD = "widget.js", "widget.css", "head"


def view(course: Course, case: Case | None = None, *, static: Path | None = None) -> CourseView:
    """Show a course on the head, in a notebook.

    Parameters
    ----------
    course
        What `simulate` gave; its first patient is shown.
    case
        What was simulated. A course does not hold its plan: without the case the head shows no injections, doses and
        toxin, is that of a woman of 45, and the summary does not tell of baseline grades.
    static
        Folder of the built page; the installed one if None.

    Returns
    -------
    CourseView
        A widget.

    Raises
    ------
    EndplateError
        If anywidget is not installed, or the page is not built.
    InvalidRequest
        If the case is of another product or other days of treatment than the course.
    """
    if notebook is None:
        raise EndplateError("a view needs the package anywidget; install it: pip install 'endplate[notebook]'")
    folder = STATIC if static is None else static
    if not (folder / _SCRIPT).is_file():
        raise EndplateError(f"{_SCRIPT} is not built; run `make web` in a checkout (needs npm), or install a wheel")
    if case is not None and (case.plan.product.code != course.product or case.plan.days != course.sessions):
        raise InvalidRequest(
            "the case has another product or other sessions than the course; give the case of the course"
        )
    return notebook.CourseView.of(
        folder / _SCRIPT,
        folder / _STYLES,
        course=_document(course, case),
        anatomy=anatomy_document(),
        assets=_assets(folder / _HEAD),
    )


def _document(course: Course, case: Case | None) -> dict[str, Any]:
    """The course's document, and who is drawn."""
    if case is None:
        return course_document(_alone(course), course)
    person = case.patient
    told = {"age": person.age, "sex": person.sex, "skin": {"fitzpatrick": person.skin.fitzpatrick}}
    return course_document(case, course) | {"patient": told}


def _alone(course: Course) -> Case:
    """What is known of the case of a course: nothing but product and length."""
    days = float(np.asarray(course.days)[-1])
    return Case("Course of treatment", Plan(product(course.product), ()), Patient(), days=days)


def _assets(folder: Path) -> dict[str, Any]:
    """The files of the head by name, without their compressed twins."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".gz")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
