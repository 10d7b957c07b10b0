"""Follow a life with treatment, and its untreated twin."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from endplate.evidence import load
from endplate.life import check_life, follow_life
from endplate.life.file import Read, years_of
from endplate.report.document import finite
from endplate.report.years_document import years_document
from endplate.web.desk import Stop
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
    responses={200: {"model": YearsAnswer}} | refusals(403, 408, 413, 415, 422, 503),
    summary="Follow a life",
)
async def years(request: Request) -> Response:
    """A life and its untreated twin: what `endplate years --json` prints; the case has the tables of a years file."""
    house = house_of(request)
    tree = await read_document(request, house.settings)
    read = await house.aside(lambda: years_of(tree))
    answer = await unless_gone(request, house.desk.answer(answer_key("years", tree), partial(_follow, read)))
    return respond(answer, JSON, asked=request.headers)


def _follow(read: Read, stop: Stop) -> bytes:
    """The document of a life, compressed."""
    found = follow_life(read.life)
    stop()
    findings = check_life(read.life, load(), keys=read.keys)
    return pack(as_json(finite(years_document(read.life, found, findings=findings))))
