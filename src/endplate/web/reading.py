"""Bodies of requests: read within limits, and JSON taken at its word only where it is strict."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Coroutine, Iterator, Sequence
from math import isfinite
from typing import Any, TypeVar, cast

from starlette.requests import ClientDisconnect, Request

from endplate.errors import Fault
from endplate.web.refusal import JSON, Refused
from endplate.web.settings import Settings

__all__ = ["TOML", "Gone", "case_in", "parse_json", "read_document", "read_json", "read_text", "unless_gone"]

T = TypeVar("T")

TOML = ("text/plain", "application/toml")
# The TOML reader's time and memory grow with the square of the parts of a dotted key, so their number is bounded first.
_PLAIN_PARTS = re.compile(r"""[\w.\-"' \t]*+""", re.ASCII)
_QUOTED_PART = re.compile(r"""["'][ \t]*+\.|\.[ \t]*+["']""")
_MOST_PLAIN, _MOST_QUOTED = 32, 8
_WRITE_JSON = 'send a JSON object such as {"case": {…}}'


class Gone(Exception):
    """The client has left."""


async def read_document(request: Request, settings: Settings) -> dict[str, Any]:
    """The case in the body ``{"case": …}`` of a request."""
    return case_in(await read_json(request, settings), settings)


async def read_json(request: Request, settings: Settings) -> bytes:
    """The body of a request that says it is JSON, as it came."""
    return await _body(request, settings, (JSON,))


def case_in(raw: bytes, settings: Settings) -> dict[str, Any]:
    """The case in a body."""
    document = parse_json(raw, settings)
    if not isinstance(document, dict) or set(cast("dict[str, object]", document)) != {"case"}:
        raise Refused(422, Fault("the body is not an object with the one key 'case'", remedy=_WRITE_JSON))
    case = cast("dict[str, object]", document)["case"]
    if not isinstance(case, dict):
        raise Refused(422, Fault("the case is not a table", remedy="send the tables of a case file as an object"))
    return cast("dict[str, Any]", case)


async def read_text(request: Request, settings: Settings) -> str:
    """The TOML text in the body of a request."""
    raw = await _body(request, settings, TOML)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Refused(422, Fault("is not UTF-8 text", line=line, remedy="send UTF-8 text")) from None
    _check_keys(text)
    return text


def parse_json(raw: bytes, settings: Settings) -> Any:
    """Strict JSON: no NaN, no key twice, not too deep, not too many values, no null.

    Raises
    ------
    Refused
        With the fault.
    """
    try:
        document = json.loads(
            raw.decode("utf-8"), parse_constant=_no_number, parse_float=_finite, object_pairs_hook=_once
        )
    except RecursionError:
        raise _too_deep(settings) from None
    except json.JSONDecodeError as error:
        words = f"is not JSON: {error.msg}"
        raise Refused(422, Fault(words, line=error.lineno, remedy="correct the line")) from None
    except ValueError as error:
        words = "is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else f"is not JSON: {error}"[:200]
        raise Refused(422, Fault(words, remedy=_WRITE_JSON)) from None
    _check_tree(document, settings)
    return document


async def unless_gone(request: Request, wanted: Coroutine[Any, Any, T]) -> T:
    """What a coroutine gives, which is cancelled when the client leaves.

    Raises
    ------
    Gone
        If the client has left.
    """
    task, leaving = asyncio.create_task(wanted), asyncio.create_task(_left(request))
    try:
        await asyncio.wait([task, leaving], return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise Gone
        return task.result()
    finally:
        task.cancel()
        leaving.cancel()
        await asyncio.gather(task, leaving, return_exceptions=True)


async def _left(request: Request) -> None:
    """Wait until the client leaves; its body has been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _body(request: Request, settings: Settings, kinds: Sequence[str]) -> bytes:
    _check_kind(request, kinds)
    too_large = Refused(
        413, Fault(f"the body is larger than {settings.body} bytes", remedy="a case is a few kilobytes of text")
    )
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length[:20]) > settings.body:
        raise too_large
    found = bytearray()
    try:
        async with asyncio.timeout(settings.upload):
            async for part in request.stream():
                found += part
                if len(found) > settings.body:
                    raise too_large
    except TimeoutError:
        words = f"the body did not arrive within {settings.upload:g} s"
        raise Refused(408, Fault(words, remedy="send it again"), headers={"Connection": "close"}) from None
    except ClientDisconnect:
        raise Gone from None
    return bytes(found)


def _check_kind(request: Request, kinds: Sequence[str]) -> None:
    """Refuse a body of another kind: a form of another site cannot send these."""
    kind, *options = (part.strip() for part in request.headers.get("content-type", "").casefold().split(";"))
    coding = request.headers.get("content-encoding", "identity").casefold()
    charset = [one.partition("=")[2].strip('"') for one in options if one.startswith("charset=")]
    if kind not in kinds or coding != "identity" or any(one not in ("utf-8", "utf8") for one in charset):
        given = "; ".join([kind or "nothing", *options])[:80]
        remedy = f"send {' or '.join(kinds)} in UTF-8, not compressed"
        raise Refused(415, Fault(f"a body of {given!r} cannot be read", key="Content-Type", remedy=remedy))


def _check_keys(text: str) -> None:
    """Refuse keys of very many parts before the TOML reader meets them."""
    for number, line in enumerate(text.split("\n"), 1):
        plain = max(found.count(".") for found in _PLAIN_PARTS.findall(line))
        if plain > _MOST_PLAIN or len(_QUOTED_PART.findall(line)) > _MOST_QUOTED:
            remedy = f"a key of a case has a few parts; write fewer than {_MOST_PLAIN} dots in a row of words"
            raise Refused(422, Fault("too many parts are joined by dots", line=number, remedy=remedy))


def _check_tree(document: object, settings: Settings) -> None:
    """Refuse what is too large or too deep, and null, which no case file can hold."""
    level: list[tuple[str, object]] = [("", document)]
    count, faults = 0, list[Fault]()
    for _ in range(settings.depth):
        count += len(level)
        if count > settings.values:
            words = f"the document holds more than {settings.values} values"
            raise Refused(413, Fault(words, remedy="a case holds a few hundred"))
        faults += [
            Fault("null cannot stand here", key=key.removeprefix(".case."), remedy="leave the key out")
            for key, value in level
            if value is None
        ]
        level = [below for key, value in level for below in _below(key, value)]
    if level:
        raise _too_deep(settings)
    if faults:
        raise Refused(422, *faults)


def _below(key: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for name, one in cast("dict[str, object]", value).items():
            yield f"{key}.{name!r}" if not name.isidentifier() else f"{key}.{name}", one
    elif isinstance(value, list):
        for index, one in enumerate(cast("list[object]", value)):
            yield f"{key}[{index}]", one


def _too_deep(settings: Settings) -> Refused:
    words = f"lists or tables are nested more than {settings.depth} deep"
    return Refused(422, Fault(words, remedy="a case needs only a few levels"))


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is not a number")


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"{text[:40]} is not a finite number")
    return number


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found
