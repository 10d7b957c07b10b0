"""How the server listens: HTTP/1.1 and nothing else, within limits."""

from __future__ import annotations

import uvicorn

from endplate.web.app import create_app
from endplate.web.settings import Settings

__all__ = ["CONNECTIONS", "config_of"]

CONNECTIONS = 512
_KEEP_ALIVE, _FAREWELL = 15, 3  # seconds
_HEADER_BYTES = 16_384


def config_of(settings: Settings) -> uvicorn.Config:
    """The configuration of a server.

    Examples
    --------
    >>> config_of(Settings(warm=False)).ws
    'none'
    """
    return uvicorn.Config(
        create_app(settings),
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_FAREWELL,
        h11_max_incomplete_event_size=_HEADER_BYTES,
    )
