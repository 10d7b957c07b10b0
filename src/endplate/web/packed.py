"""Answers kept as compressed bytes, the oldest unused ones forgotten first."""

from __future__ import annotations

import gzip
from collections import OrderedDict

from starlette.datastructures import Headers
from starlette.responses import Response

__all__ = ["Answers", "pack", "respond"]

_LEVEL = 6


def pack(raw: bytes) -> bytes:
    """Compressed bytes; the same for the same content.

    Examples
    --------
    >>> pack(b"a" * 1000) == pack(b"a" * 1000)
    True
    """
    return gzip.compress(raw, _LEVEL, mtime=0)


def respond(packed: bytes, kind: str, *, asked: Headers, headers: dict[str, str] | None = None) -> Response:
    """An answer of compressed bytes, for those who read them and those who do not."""
    more = {"Vary": "Accept-Encoding", **(headers or {})}
    if takes_gzip(asked):
        return Response(packed, headers=more | {"Content-Encoding": "gzip"}, media_type=kind)
    return Response(gzip.decompress(packed), headers=more, media_type=kind)


def takes_gzip(headers: Headers) -> bool:
    """Whether a client reads gzip.

    Examples
    --------
    >>> takes_gzip(Headers({"accept-encoding": "br, gzip;q=0.5"})), takes_gzip(Headers({"accept-encoding": "gzip;q=0"}))
    (True, False)
    """
    for part in headers.get("accept-encoding", "").casefold().split(","):
        coding, *options = (piece.strip().replace(" ", "") for piece in part.split(";"))
        if coding == "gzip":
            return not any(option.startswith("q=0") and not option.strip("q=0.") for option in options)
    return False


class Answers:
    """Compressed answers by key, as many as fit into a number of bytes.

    Examples
    --------
    >>> kept = Answers(10)
    >>> for key in "abc":
    ...     kept.put(key, b"12345")
    >>> kept.get("a"), kept.get("c"), kept.size
    (None, b'12345', 10)
    """

    def __init__(self, limit: int) -> None:
        self._limit, self._kept, self.size = limit, OrderedDict[str, bytes](), 0

    def get(self, key: str) -> bytes | None:
        """The answer, if it is kept."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: str, answer: bytes) -> None:
        """Keep an answer."""
        self.size += len(answer) - len(self._kept.pop(key, b""))
        self._kept[key] = answer
        while self.size > self._limit:
            self.size -= len(self._kept.popitem(last=False)[1])
