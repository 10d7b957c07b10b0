"""Follow a life with treatment, and its untreated twin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from endplate.evidence import load
from endplate.life import Life, check_life, follow_life
from endplate.life.file import years_of
from endplate.report.document import finite
from endplate.report.years_document import years_document
from endplate.safety import Finding
from endplate.web.desk import Stop
from endplate.web.findings import as_faults, unless_stopped
from endplate.web.house import body_of, house_of, refusals
from endplate.web.packed import pack, respond
from endplate.web.plans import answer_key
from endplate.web.reading import read_document, unless_gone
from endplate.web.refusal import JSON, as_json
from endplate.web.shapes import YearsAnswer

__all__ = ["router"]

router = APIRouter(prefix="/api")

_BODY = body_of({"$ref": "#/components/schemas/YearsBody"}, JSON)


@router.post(
    "/years",
    openapi_extra=_BODY,
    responses={200: {"model": YearsAnswer}} | refusals(403, 408, 409, 413, 415, 422, 503),
    summary="Follow a life",
)
async def years(request: Request) -> Response:
    """A life and its untreated twin: what `endplate years --json` prints; the case has the tables of a years file."""
    house = house_of(request)
    tree = await read_document(request, house.settings)
    asked = await house.aside(lambda: _allowed(tree))
    answer = await unless_gone(request, house.desk.answer(answer_key("years", tree), partial(_follow, *asked)))
    return respond(answer, JSON, asked=request.headers)


def _allowed(tree: Mapping[str, Any]) -> tuple[Life, Sequence[Finding]]:
    """The life and its findings, if no rule stops it."""
    read = years_of(tree)
    findings = check_life(read.life, load(), keys=read.keys)
    unless_stopped(as_faults(findings))
    return read.life, findings


def _follow(life: Life, findings: Sequence[Finding], stop: Stop) -> bytes:
    """The document of a life, compressed."""
    found = follow_life(life)
    stop()
    return pack(as_json(finite(years_document(life, found, findings=findings))))
