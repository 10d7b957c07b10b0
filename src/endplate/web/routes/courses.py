"""Check a case, simulate it, report it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from endplate.case import Case
from endplate.errors import CaseError
from endplate.web.desk import Stop
from endplate.web.findings import findings_of, unless_stopped
from endplate.web.house import body_of, file_of, house_of, refusals
from endplate.web.packed import respond
from endplate.web.plans import answer_key, case_within, course_answer, report_answer, risks_answer
from endplate.web.reading import case_in, read_document, read_json, unless_gone
from endplate.web.refusal import JSON, as_json, refusal_of
from endplate.web.settings import Settings
from endplate.web.shapes import Checked, Course, Risks

__all__ = ["router"]

router = APIRouter(prefix="/api")

_CASE = body_of({"$ref": "#/components/schemas/CaseBody"}, JSON)
_REFUSED = refusals(403, 408, 413, 415, 422)
_SIMULATED = _REFUSED | refusals(409, 503)
_HTML = "text/html"
# The report is one file with its styles inside; it may run nothing and ask for nothing.
_REPORT_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
    "Content-Disposition": 'attachment; filename="report.html"',
}

Answer = Callable[..., bytes]


@router.post("/check", openapi_extra=_CASE, responses={200: {"model": Checked}} | _REFUSED, summary="Check a case")
async def check(request: Request) -> Response:
    """Every fault of a case that keeps it from being simulated here; else findings of the safety check."""
    house = house_of(request)
    tree = await read_document(request, house.settings)
    try:
        found = await house.aside(lambda: findings_of(case_within(tree, house.settings), tree))
    except CaseError as error:
        return Response(as_json(refusal_of(error.faults)), media_type=JSON)
    return Response(as_json({"faults": found}), media_type=JSON)


@router.post(
    "/course",
    openapi_extra=_CASE,
    responses={200: {"model": Course}} | _SIMULATED,
    summary="Simulate a case",
)
async def course(request: Request, bands: bool = True) -> Response:
    """The course of a case: what `endplate simulate --json` prints, with places, doses, maps and bands."""
    patients = house_of(request).settings.patients if bands else 0
    answer = await _answer(request, "course", course_answer, patients=patients)
    return respond(answer, JSON, asked=request.headers)


@router.post(
    "/report",
    openapi_extra=_CASE,
    responses={200: file_of(_HTML, "The report.")} | _SIMULATED,
    response_class=Response,
    summary="Report a case",
)
async def report(request: Request) -> Response:
    """The report of a case as one file that opens anywhere."""
    answer = await _answer(request, "report", report_answer)
    return respond(answer, f"{_HTML}; charset=utf-8", asked=request.headers, headers=_REPORT_HEADERS)


@router.post(
    "/risks",
    openapi_extra=_CASE,
    responses={200: {"model": Risks}} | _SIMULATED,
    summary="Adverse events of a case",
)
async def risks(request: Request) -> Response:
    """Adverse events by the model and by counts of trials, as `endplate risks --json` prints them.

    A new plan takes up to a minute; tissue that was solved is kept, so that asking again after 503 goes on from there.
    """
    answer = await _answer(request, "risks", risks_answer, patients=house_of(request).settings.followed)
    return respond(answer, JSON, asked=request.headers)


async def _answer(request: Request, kind: str, make: Answer, *, patients: int = 0) -> bytes:
    """The kept answer to a request, or one from the desk; the client may leave at any time."""
    house = house_of(request)
    raw = await read_json(request, house.settings)
    kind = f"{kind} of {patients}"
    spelling = hashlib.sha256(kind.encode() + raw).digest()
    kept = house.desk.kept(house.spellings.get(spelling, ""))
    if kept is not None:
        return kept
    tree = case_in(raw, house.settings)
    key = answer_key(kind, tree)
    case = await house.aside(lambda: _allowed(tree, house.settings))
    answer = await unless_gone(request, house.desk.answer(key, partial(_make, make, (case, tree), patients)))
    house.remember(spelling, key)
    return answer


def _allowed(tree: Mapping[str, Any], settings: Settings) -> Case:
    """The case, if it is within limits and no rule stops it."""
    case = case_within(tree, settings)
    unless_stopped(findings_of(case, tree))
    return case


def _make(make: Answer, question: tuple[Case, Mapping[str, Any]], patients: int, stop: Stop) -> bytes:
    return make(*question, stop=stop, patients=patients)
