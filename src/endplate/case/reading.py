"""Reading a TOML file of tables: its text, its tables, or every fault at once with its place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from endplate.case.nearest import nearest
from endplate.case.show import show
from endplate.errors import Fault, FaultyFile
from endplate.evidence.locate import lines

__all__ = ["Kind", "refusing", "schema_of", "text_of", "toml_of"]

_SCHEMA = "https://json-schema.org/draft/2020-12/schema"
_LARGEST_FILE = 1_000_000
_LINE = re.compile(r"at line (\d+)")
_PLAIN = {
    "missing": ("missing", "add it"),
    "model_type": ("is not a table", "write a table here"),
    "list_type": ("is not a list", 'write a list here, such as ["name"] or [[…]] tables'),
    "bool_type": ("is neither true nor false", "write true or false, without quotes"),
    "too_long": ("too many entries", "shorten the list"),
    "too_short": ("an empty list", "add at least one entry"),
}

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file.

    Parameters
    ----------
    name
        ``case``, say.
    new
        How to get one to start from, in words.
    table
        The whole file.
    error
        What is raised.
    """

    name: str
    new: str
    table: type[BaseModel]
    error: type[FaultyFile]


def text_of(path: Path, kind: Kind) -> str:
    """The text of a regular, small UTF-8 file.

    Raises
    ------
    FaultyFile
        Of the kind's own class, if there is no such text.
    """
    file = str(path)
    try:
        if not path.is_file():
            what = "is a directory" if path.is_dir() else "is not a file" if path.exists() else "does not exist"
            raise _error(kind, what, f"give the path of a {kind.name} file, or {kind.new}", file=file)
        with path.open("rb") as stream:
            raw = stream.read(_LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        raise _error(
            kind, f"cannot be read: {error}", f"give the path of a readable {kind.name} file", file=file
        ) from None
    if len(raw) > _LARGEST_FILE:
        raise _error(
            kind, f"is larger than {_LARGEST_FILE} bytes", f"a {kind.name} file is a few kilobytes of text", file=file
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _error(kind, "is not UTF-8 text", "save the file as UTF-8", file=file, line=line) from None


def toml_of(text: str, kind: Kind, *, file: str | None = None) -> dict[str, Any]:
    """The tables of a text.

    Raises
    ------
    FaultyFile
        Of the kind's own class, if it is not TOML.
    """
    if not text.strip():
        raise _error(kind, "the file is empty", kind.new, file=file)
    try:
        return tomllib.loads(text)
    except RecursionError:
        remedy = f"a {kind.name} needs only a few levels"
        raise _error(kind, "lists or tables are nested too deeply", remedy, file=file) from None
    except ValueError as error:
        found = _LINE.search(str(error))
        last = len(text.splitlines())
        message = f"is not valid TOML: {str(error)[:200]}"
        line = int(found[1]) if found else last
        raise _error(kind, message, "correct the line", file=file, line=line) from None


def _error(kind: Kind, message: str, remedy: str, *, file: str | None, line: int | None = None) -> FaultyFile:
    return kind.error([Fault(message, file=file, line=line, remedy=remedy)])


@contextmanager
def refusing(kind: Kind, *, text: str | None = None, file: str | None = None) -> Generator[None]:
    """One error of the kind, a fault for each of pydantic's, in the order of the file; without a text, as they come."""
    try:
        yield
    except ValidationError as error:
        where = None if text is None else lines(text)
        found = [_fault(one, kind, where=where, file=file) for one in error.errors(include_url=False)]
        if where is not None:
            found.sort(key=lambda one: (one.line or 0, one.key or ""))
        raise kind.error(found) from None


def schema_of(kind: Kind) -> dict[str, Any]:
    """JSON Schema of a kind of file."""
    return {"$schema": _SCHEMA} | kind.table.model_json_schema() | {"title": f"endplate {kind.name}"}


def _fault(error: ErrorDetails, kind: Kind, *, where: dict[Path_, int] | None, file: str | None) -> Fault:
    path = _path(error)
    message, remedy = _words(error, kind)
    line = None if where is None else _line(path, where)
    return Fault(message, file=file, line=line, key=_key(path), remedy=remedy)


def _line(path: Path_, where: dict[Path_, int]) -> int:
    """The line of a key, or else of the nearest table around it."""
    known = next((path[:end] for end in range(len(path), 0, -1) if path[:end] in where), ())
    return where.get(known, 1)


def _path(error: ErrorDetails) -> Path_:
    """The path of the key at fault; the fault may name one beside the checked one."""
    path, key = error["loc"], error.get("ctx", {}).get("key")
    if path and path[-1] == "[key]":  # so pydantic marks the key of a table of free names
        path = path[:-1]
    return path if key is None else (*path[:-1], *str(key).split(".")) if key else path[:-1]


def _words(error: ErrorDetails, kind: Kind) -> tuple[str, str]:
    """Message and remedy of an error of pydantic."""
    what, context = error["type"], error.get("ctx", {})
    if what == "endplate":
        return str(context["message"]), str(context["remedy"])
    if what == "extra_forbidden":
        return "unknown key", nearest(str(error["loc"][-1]), _keys_beside(error["loc"], kind.table))
    message, remedy = _PLAIN.get(what, (error["msg"], "correct the value"))
    return f"{show(error['input'])} {message}" if what.endswith("_type") else message, remedy


def _key(path: Path_) -> str:
    """A path as text, such as ``plan.session[0].at``."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{show(part)[1:-1]}" for part in path)
    return "".join(parts).removeprefix(".")


def _keys_beside(path: Path_, table: type[BaseModel]) -> list[str]:
    """The known keys of the table in which `path` stands."""
    for part in path[:-1]:
        if isinstance(part, str):
            table = next(_tables(table.model_fields[part].annotation), table)
    return list(table.model_fields)


def _tables(annotation: object) -> Iterator[type[BaseModel]]:
    """Tables within a type such as ``list[SessionTable]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _tables(part)
