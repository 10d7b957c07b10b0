"""The library of saved cases."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from endplate.web.house import body_of, file_of, house_of, refusals
from endplate.web.reading import TOML, read_text
from endplate.web.refusal import JSON, as_json
from endplate.web.shapes import Row
from endplate.web.shelf import NAME

__all__ = ["router"]

router = APIRouter(prefix="/api/library")

Name = Annotated[str, Path(pattern=NAME)]


@router.get("", responses={200: {"model": list[Row]}} | refusals(), summary="List the library")
async def contents(request: Request) -> Response:
    """Name, title and time of every saved case, the newest first."""
    house = house_of(request)
    return Response(as_json(await house.aside(house.shelf.contents)), media_type=JSON)


@router.get(
    "/{name}",
    responses={200: file_of(TOML[0], "The text of a case file.")} | refusals(404, 422),
    response_class=Response,
    summary="Open a saved case",
)
async def read(request: Request, name: Name) -> Response:
    """The text of a saved case."""
    house = house_of(request)
    return Response(await house.aside(lambda: house.shelf.read(name)), media_type=f"{TOML[0]}; charset=utf-8")


@router.put(
    "/{name}",
    openapi_extra=body_of({"type": "string"}, *TOML),
    responses={204: {"description": "It is saved."}} | refusals(403, 404, 408, 409, 413, 415, 422),
    status_code=204,
    response_class=Response,
    summary="Save a case",
)
async def write(request: Request, name: Name) -> Response:
    """Save the text of a case file, which is checked; one of the same name is replaced."""
    house = house_of(request)
    text = await read_text(request, house.settings)
    await house.aside(lambda: house.shelf.write(name, text))
    return Response(status_code=204)


@router.delete(
    "/{name}",
    responses={204: {"description": "It is deleted."}} | refusals(403, 404, 422),
    status_code=204,
    response_class=Response,
    summary="Delete a saved case",
)
async def delete(request: Request, name: Name) -> Response:
    """Delete a saved case."""
    house = house_of(request)
    await house.aside(lambda: house.shelf.delete(name))
    return Response(status_code=204)
