"""The door: who may ask under which name, how many at a time, and the headers of every answer."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from endplate.errors import Fault
from endplate.web.refusal import Refused
from endplate.web.settings import Settings

__all__ = ["HEADERS", "Guard", "is_loopback"]

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
_READING = ("GET", "HEAD")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Guard:
    """Lets in what may come in, and puts the headers on all that goes out.

    A page of another site can make a browser ask this server, even under a name of its own that leads here.
    So the name in Host must be one of the server's, and the Origin of whatever is no mere reading must be its page.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app, self._settings, self._inside = app, settings, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refused = self._refused(scope["method"], Headers(scope=scope))
        if refused is not None:
            await refused.response()(scope, receive, send_with_headers)
            return
        self._inside += 1
        try:
            await self._app(scope, receive, send_with_headers)
        finally:
            self._inside -= 1

    def _refused(self, method: str, headers: Headers) -> Refused | None:
        """Why a request may not come in."""
        host = headers.get("host", "")
        if len(headers.getlist("host")) != 1 or not self._is_own(host):
            remedy = "ask under the address that `endplate serve` prints"
            return Refused(421, Fault(f"this server is not {host[:80]!r}", key="Host", remedy=remedy))
        origin = headers.get("origin")
        foreign = origin is not None and urlsplit_netloc(origin) != host.casefold()
        if method not in _READING and (foreign or headers.get("sec-fetch-site", "same-origin") not in _OWN_SITE):
            shown = f"{origin or 'another site'}"[:80]
            return Refused(403, Fault(f"a page of {shown!r} may not write here", key="Origin", remedy=_OWN_PAGE))
        if self._inside >= self._settings.requests:
            words = f"{self._settings.requests} requests are being answered"
            return Refused(429, Fault(words, remedy="ask again in a moment"), headers={"Retry-After": "1"})
        return None

    def _is_own(self, host: str) -> bool:
        """Whether a Host header names this server; the port may be that of a tunnel."""
        name = _name(host)
        if name in _LOOPBACK or name in (one.casefold() for one in self._settings.names):
            return True
        return self._settings.remote and _is_address(name)


_OWN_SITE = ("same-origin", "none")
_OWN_PAGE = "use the page that this server serves"


def is_loopback(host: str) -> bool:
    """Whether a name or address leads to this machine only.

    Examples
    --------
    >>> is_loopback("127.0.0.2"), is_loopback("0.0.0.0")
    (True, False)
    """
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def urlsplit_netloc(origin: str) -> str | None:
    """Host and port of an Origin header, or None where it names no site."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return None
    return parts.netloc.casefold() if parts.scheme in ("http", "https") else None


def _name(host: str) -> str:
    """The name in a Host header, without its port; empty if there is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").casefold()
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
