"""What the desk computes: the course of a case as a document, and its report."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from endplate import __version__
from endplate.case import Case, Injection
from endplate.case.file import case_of
from endplate.case.keys import injection_keys
from endplate.course import Course
from endplate.course.case import simulate_case
from endplate.course.field import first_fields
from endplate.errors import CaseError, Fault
from endplate.evidence import load
from endplate.report.adverse import risks_document
from endplate.report.document import finite
from endplate.report.html import report_html
from endplate.report.told import Told
from endplate.safety import check_plan
from endplate.web.bands import bands
from endplate.web.desk import Stop
from endplate.web.document import course_document
from endplate.web.packed import pack
from endplate.web.programs import note_kind
from endplate.web.refusal import as_json
from endplate.web.settings import Settings

__all__ = ["answer_key", "case_within", "course_answer", "report_answer", "risks_answer"]

_PORTION = 8


def case_within(tree: Mapping[str, Any], settings: Settings) -> Case:
    """The case that a document says, within what a server allows.

    Raises
    ------
    CaseError
        With the faults of `case_of`, or what is too much for the server.
    """
    case = case_of(tree)
    beyond = [
        Fault(f"{given:g} {what} are more than this server takes", key=key, remedy=f"give at most {most:g}")
        for given, most, what, key in (
            (len(case.plan.days), settings.sessions, "sessions", "plan.session"),
            (len(case.plan.injections), settings.injections, "injections", "plan.session"),
            (case.days, settings.days, "days", "simulation.days"),
        )
        if given > most
    ]
    if beyond:
        raise CaseError(beyond)
    return case


def answer_key(kind: str, tree: Mapping[str, Any]) -> str:
    """The same key for the same question: kind of answer, case, evidence and version.

    Examples
    --------
    >>> answer_key("course", {"a": 1, "b": 2}) == answer_key("course", {"b": 2.0, "a": 1.0})
    True
    """
    text = json.dumps(_one_spelling(tree), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256("\n".join([kind, __version__, load().hash, text]).encode()).hexdigest()


def course_answer(case: Case, tree: Mapping[str, Any], *, stop: Stop, patients: int = 0) -> bytes:
    """The document of a case's course, compressed; with bands over so many virtual patients."""
    course = _follow(case)
    stop()
    document = course_document(case, course, keys=injection_keys(tree))
    stop()
    found = bands(_filled(case), course, patients=patients)
    stop()
    return pack(as_json(document | ({} if found is None else {"bands": finite(found)})))


def report_answer(case: Case, tree: Mapping[str, Any], *, stop: Stop, patients: int = 0) -> bytes:  # noqa: ARG001
    """The report of a case, compressed."""
    course = _follow(case)
    stop()
    maps = first_fields(case.plan, case.patient)
    stop()
    text = json.dumps(_one_spelling(tree), sort_keys=True, ensure_ascii=False)
    made = {
        "SHA-256 of the case": hashlib.sha256(text.encode()).hexdigest(),
        "evidence library": load().hash,
        "endplate": __version__,
        "seed": str(case.seed),
        "command": "endplate serve",
    }
    found = check_plan(case, load(), keys=injection_keys(tree))
    return pack(report_html(case, course, fields=maps, library=load(), made=made, told=Told(findings=found)).encode())


def risks_answer(case: Case, tree: Mapping[str, Any], *, stop: Stop, patients: int = 0) -> bytes:
    """Adverse events of a case, compressed; the model follows so many virtual patients."""

    def told(_done: int, _whole: int) -> None:
        stop()

    content = risks_document(case, patients=patients, told=told)
    stop()
    found = check_plan(case, load(), keys=injection_keys(tree))
    return pack(as_json(content | {"findings": [one.to_dict() for one in found]}))


def _follow(case: Case) -> Course:
    """The course of a case; filled up with empty injections, so that plans of about one size share programs."""
    plan = case.plan
    sizes = tuple(len(plan.session_injections(index)) // _PORTION for index in range(len(plan.days)))
    note_kind((sizes, case.days, plan.one_pattern, case.antitoxin_day is None))
    return simulate_case(_filled(case))


def _filled(case: Case) -> Case:
    """Every session filled up to whole portions with injections of nothing; their toxin adds up to the same."""
    plan = case.plan
    more: list[Injection] = []
    for index in range(len(plan.days)):
        given = plan.session_injections(index)
        more += [replace(given[0], dose=0.0)] * (-len(given) % _PORTION)
    return replace(case, plan=replace(plan, injections=(*plan.injections, *more)))


def _one_spelling(value: Any) -> Any:
    """The same tree with whole numbers written one way."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: _one_spelling(one) for key, one in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, list):
        return [_one_spelling(one) for one in cast("list[Any]", value)]
    return value
