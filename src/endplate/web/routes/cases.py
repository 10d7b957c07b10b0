"""Cases between TOML text and documents."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from endplate.case.file import case_of, parse_tree
from endplate.web.house import body_of, file_of, house_of, refusals
from endplate.web.reading import TOML, read_document, read_text
from endplate.web.refusal import JSON, as_json
from endplate.web.shapes import CaseAnswer
from endplate.web.write import case_text

__all__ = ["router"]

router = APIRouter(prefix="/api/case")

_REFUSED = refusals(403, 408, 413, 415, 422)


@router.post(
    "/read",
    openapi_extra=body_of({"type": "string"}, *TOML),
    responses={200: {"model": CaseAnswer}} | _REFUSED,
    summary="Read a case file",
)
async def read(request: Request) -> Response:
    """The tables of a case file, which is checked; faults have lines."""
    house = house_of(request)
    text = await read_text(request, house.settings)
    _, tree = await house.aside(lambda: parse_tree(text))
    return Response(as_json({"case": tree}), media_type=JSON)


@router.post(
    "/write",
    openapi_extra=body_of({"$ref": "#/components/schemas/CaseBody"}, JSON),
    responses={200: file_of(TOML[0], "The text of a case file.")} | _REFUSED,
    response_class=Response,
    summary="Write a case file",
)
async def write(request: Request) -> Response:
    """A case file that reads back to the same case."""
    house = house_of(request)
    tree = await read_document(request, house.settings)
    await house.aside(lambda: case_of(tree))
    return Response(case_text(tree), media_type=f"{TOML[0]}; charset=utf-8")
