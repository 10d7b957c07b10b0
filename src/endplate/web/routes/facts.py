"""What does not depend on a case."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from endplate import __version__
from endplate.case.file import case_schema
from endplate.evidence import load
from endplate.report.words import DISCLAIMER
from endplate.web.facts import anatomy_document, evidence_document
from endplate.web.house import house_of, refusals
from endplate.web.packed import pack, respond
from endplate.web.refusal import JSON, as_json
from endplate.web.shapes import Anatomy, Entry, Health

__all__ = ["router"]

router = APIRouter(prefix="/api")

_SCHEMA = {"description": "A JSON Schema.", "content": {JSON: {"schema": {"type": "object"}}}}


@router.get("/health", responses={200: {"model": Health}} | refusals(), summary="What answers")
async def health(request: Request) -> Response:
    """Version, evidence, whether the page is built and the first plan is compiled."""
    house = house_of(request)
    content = {"version": __version__, "evidence_hash": load().hash, "disclaimer": DISCLAIMER}
    content |= {"page": house.settings.page, "ready": house.desk.ready}
    return Response(as_json(content), media_type=JSON)


@router.get("/anatomy", responses={200: {"model": Anatomy}} | refusals(), summary="Where things are")
async def anatomy(request: Request) -> Response:
    """Muscles, sites, patterns, products, regions and skin."""
    return await _fixed(request, anatomy_document)


@router.get("/schema", responses={200: _SCHEMA} | refusals(), summary="What a case may hold")
async def schema(request: Request) -> Response:
    """JSON Schema of a case."""
    return await _fixed(request, case_schema)


@router.get("/evidence", responses={200: {"model": list[Entry]}} | refusals(), summary="Every number and its source")
async def evidence(request: Request) -> Response:
    """The entries of the evidence library, their sources spelled out."""
    return await _fixed(request, evidence_document)


async def _fixed(request: Request, document: Callable[[], object]) -> Response:
    packed = await house_of(request).aside(lambda: _packed(document))
    return respond(packed, JSON, asked=request.headers)


@cache
def _packed(document: Callable[[], object]) -> bytes:
    return pack(as_json(document()))
