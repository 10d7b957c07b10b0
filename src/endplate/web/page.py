"""The built page: its files with the right kind, kept by browsers as long as they may be."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from endplate.errors import Fault
from endplate.web.house import house_of
from endplate.web.packed import takes_gzip
from endplate.web.refusal import Refused

__all__ = ["HOW_TO_BUILD", "router"]

HOW_TO_BUILD = "the page is not built: run `make web` in a checkout (needs npm); the API works without it"

router = APIRouter()

_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_HASHED = "assets"
_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
_OTHER = "application/octet-stream"


class _PageFile(Convertor[str]):
    """Any path outside the API."""

    regex = "(?!api(?:/|$)).*"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("page_file", _PageFile())


@router.api_route("/{path:page_file}", methods=["GET", "HEAD"], include_in_schema=False)
async def page(request: Request, path: str) -> Response:
    """A file of the page."""
    house = house_of(request)
    found = await house.aside(lambda: _file(house.settings.static, path or "index.html"))
    if found is None:
        remedy = None if house.settings.page else HOW_TO_BUILD
        raise Refused(404, Fault(f"there is no {path[:80]!r} here", remedy=remedy))
    kind = _KINDS.get(found.suffix, _OTHER)
    keep = _FOREVER if found.parent.name == _HASHED else _ASK_AGAIN
    headers = {"Cache-Control": keep, "Vary": "Accept-Encoding"}
    packed = found.with_name(f"{found.name}.gz")
    if takes_gzip(request.headers) and packed.is_file():
        return FileResponse(packed, headers=headers | {"Content-Encoding": "gzip"}, media_type=kind)
    return FileResponse(found, headers=headers, media_type=kind)


def _file(static: Path, path: str) -> Path | None:
    """The file of an address, if it lies in the folder of the page."""
    parts = path.split("/")
    if any(part in ("", ".", "..") or "\\" in part or ":" in part or "\0" in part for part in parts):
        return None
    found = static.joinpath(*parts)
    try:
        inside = found.resolve().is_relative_to(static.resolve())
        return found if inside and found.is_file() else None
    except (OSError, ValueError):
        return None
