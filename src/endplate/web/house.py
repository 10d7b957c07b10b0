"""What the routes of one server share, and how they describe their answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request

from endplate.web.desk import Desk
from endplate.web.settings import Settings
from endplate.web.shapes import Faults
from endplate.web.shelf import Shelf

__all__ = ["House", "Responses", "body_of", "file_of", "house_of", "refusals"]

T = TypeVar("T")
_MOST_SPELLINGS = 4096
Responses = dict[int | str, dict[str, Any]]

_WHY = {
    403: "A page of another site asks.",
    404: "There is no such case.",
    408: "The body did not arrive in time.",
    409: "The safety check stops the plan and no reason is given to go on; or the library cannot take it.",
    413: "The body is too large.",
    415: "The body is of another kind.",
    421: "The server is asked for under a foreign name.",
    422: "The document cannot be used; every fault is told.",
    429: "Too many requests or plans wait; see Retry-After.",
    500: "A fault of the server itself.",
    503: "The answer took too long; see Retry-After.",
}


@dataclass(frozen=True, slots=True)
class House:
    """Settings, desk, library, the threads that check cases and read files, and keys of bodies by their hash."""

    settings: Settings
    desk: Desk
    shelf: Shelf
    threads: CapacityLimiter
    spellings: dict[bytes, str] = field(default_factory=dict[bytes, str])

    def remember(self, spelling: bytes, key: str) -> None:
        """Keep the key of a body that was answered, so that the same body need not be read again."""
        if len(self.spellings) >= _MOST_SPELLINGS:
            self.spellings.clear()
        self.spellings[spelling] = key

    async def aside(self, work: Callable[[], T]) -> T:
        """What a function gives, run off the event loop."""
        return await to_thread.run_sync(work, limiter=self.threads)


def house_of(request: Request) -> House:
    """The house of the server that got a request."""
    return cast("House", request.app.state.house)


def refusals(*more: int) -> Responses:
    """How refusals look, for OpenAPI: those that any request may meet, and `more`."""
    return {code: {"model": Faults, "description": _WHY[code]} for code in sorted({421, 429, 500, *more})}


def body_of(schema: dict[str, Any], *kinds: str) -> dict[str, Any]:
    """A required body, for OpenAPI."""
    return {"requestBody": {"required": True, "content": {kind: {"schema": schema} for kind in kinds}}}


def file_of(kind: str, words: str) -> dict[str, Any]:
    """An answer that is a text, for OpenAPI."""
    return {"description": words, "content": {kind: {"schema": {"type": "string"}}}}
