"""The server put together."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from anyio import CapacityLimiter
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from endplate import __version__
from endplate.case.file import parse_case, write_template
from endplate.course.engine import prepare
from endplate.errors import EndplateError, Fault
from endplate.report.words import DISCLAIMER
from endplate.web import page
from endplate.web.bodies import case_components
from endplate.web.desk import Desk, Stop
from endplate.web.guard import HEADERS, Guard
from endplate.web.house import House
from endplate.web.plans import course_answer
from endplate.web.reading import Gone
from endplate.web.refusal import Refused
from endplate.web.routes import cases, courses, facts, library, years
from endplate.web.settings import Settings
from endplate.web.shelf import Shelf

__all__ = ["create_app"]

_LEFT = 499
_LOG = logging.getLogger("endplate.web")
_FIRST = "glabella-20u"


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application of a server, to be run by any ASGI server on the loopback.

    Parameters
    ----------
    settings
        Limits and places; the defaults if None.

    Examples
    --------
    >>> create_app(Settings(warm=False)).title
    'endplate'
    """
    used = settings or Settings()

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncGenerator[None]:
        prepare()
        async with Desk(used) as desk:
            app.state.house = House(used, desk, Shelf(used), CapacityLimiter(used.checks))
            if used.warm:
                desk.warm_up(partial(_warm, used.patients))
            yield

    # The usual pages of documentation would load scripts from another host.
    app = FastAPI(
        title="endplate",
        version=__version__,
        description=DISCLAIMER,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=living,
    )
    for part in (facts.router, courses.router, years.router, cases.router, library.router, page.router):
        app.include_router(part)
    app.add_middleware(Guard, settings=used)
    _tell_faults(app)
    app.openapi = lambda: _described(app)
    return app


def _tell_faults(app: FastAPI) -> None:
    """Whatever goes wrong is told as faults."""

    @app.exception_handler(Refused)
    async def refused(_: Request, error: Refused) -> Response:
        return error.response()

    @app.exception_handler(EndplateError)
    async def unusable(_: Request, error: EndplateError) -> Response:
        return Refused.of(error).response()

    @app.exception_handler(RequestValidationError)
    async def misnamed(_: Request, error: RequestValidationError) -> Response:
        faults = [
            Fault(str(one["msg"]), key=str(one["loc"][-1]), remedy="see /api/openapi.json") for one in error.errors()
        ]
        return Refused(422, *faults).response()

    @app.exception_handler(HTTPException)
    async def plain(_: Request, error: HTTPException) -> Response:
        fault = Fault(str(error.detail), remedy="see /api/openapi.json")
        return Refused(error.status_code, fault, headers=error.headers).response()

    @app.exception_handler(Gone)
    async def gone(_: Request, __: Gone) -> Response:
        return Response(status_code=_LEFT)

    @app.exception_handler(Exception)
    async def broken(_: Request, error: Exception) -> Response:
        _LOG.error("a request failed", exc_info=error)
        words = f"a fault of the server itself: {type(error).__name__}"
        return Refused(500, Fault(words, remedy="report what the server printed"), headers=HEADERS).response()


def _described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with the tables of a case file."""
    if app.openapi_schema is None:
        found = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        found["components"]["schemas"] |= case_components()
        app.openapi_schema = found
    return app.openapi_schema


def _warm(patients: int, stop: Stop) -> bytes:
    """Simulate a usual plan, for the compiler's sake."""
    case = parse_case(write_template(_FIRST))
    return course_answer(case, {"plan": {"session": [{"pattern": _FIRST}]}}, stop=stop, patients=patients)
