"""Read the evidence library: every entry checked, all faults reported at once."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from endplate.errors import EvidenceError, Fault
from endplate.evidence.bibliography import parse_sources
from endplate.evidence.check import complaints, nearest
from endplate.evidence.locate import lines
from endplate.evidence.quantity import Quantity

__all__ = ["Library", "UnknownEntry", "load"]

_PACKAGED = Path(__file__).parent
_DEEPEST = 6
_SYNTAX_LINE = re.compile(r"at line (\d+)")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_NUMBERS = ("value", "sd", "low", "high")
Table = dict[str, Any]


class UnknownEntry(EvidenceError, KeyError):
    """A name the library does not hold; the nearest names are the remedy."""

    __str__ = Exception.__str__


@dataclass(frozen=True, eq=False)
class Library(Mapping[str, Quantity]):
    """All entries by name, with their sources.

    Parameters
    ----------
    entries
        Name to quantity.
    sources
        Key to fields of the source, from ``sources.bib``.
    stages
        Name of an entry to the file that holds it, such as ``kinetics``.
    hash
        SHA-256 of the content, whatever the order and layout of the files.
    """

    entries: Mapping[str, Quantity]
    sources: Mapping[str, Mapping[str, str]]
    stages: Mapping[str, str]
    hash: str

    def __getitem__(self, name: str) -> Quantity:
        if name not in self.entries:
            raise UnknownEntry([self.unknown(name)])
        return self.entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def unknown(self, name: str, what: str = "entry") -> Fault:
        """The fault of asking for `name`, with the nearest names."""
        return Fault(f"{what} {name!r} is not in the evidence library", key=name, remedy=nearest(name, self.entries))

    def filter(
        self, text: str | None = None, *, grade: str | None = None, use: str | None = None, stage: str | None = None
    ) -> list[Quantity]:
        """Entries that hold `text` (in name, meaning, system or source) and match the rest."""
        return [
            found
            for found in self.entries.values()
            if grade in (None, found.grade)
            and use in (None, found.use)
            and stage in (None, self.stages[found.name])
            and (text is None or text.casefold() in _searched(found))
        ]


def _searched(found: Quantity) -> str:
    return " ".join((found.name, found.meaning, found.system, *found.source)).casefold()


def load(folder: Path | None = None) -> Library:
    """Read and check a library.

    Parameters
    ----------
    folder
        Holds ``sources.bib`` and ``library/*.toml``; the packaged library if not given,
        which is read once.

    Raises
    ------
    EvidenceError
        With every fault of every file: file, line, key and remedy.

    Examples
    --------
    >>> load()["t_LC.A"].value
    45.0
    """
    return _packaged() if folder is None else _read(folder, f"{folder}/")


@cache
def _packaged() -> Library:
    return _read(_PACKAGED, "")


class _Page:
    """One file of the library, and the faults found in it."""

    def __init__(self, path: Path, shown: str) -> None:
        self.file = shown
        self.faults: list[Fault] = []
        try:
            self.text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as fault:
            self.text = ""
            self.faults.append(Fault(f"cannot be read: {fault}", shown, remedy="give a readable UTF-8 file"))

    @cached_property
    def places(self) -> dict[tuple[str | int, ...], int]:
        return lines(self.text)

    def fault(self, keys: tuple[str, ...], message: str, remedy: str) -> None:
        line = self.places.get(keys, self.places.get(keys[:-1]))
        self.faults.append(Fault(message, self.file, line, ".".join(keys), remedy))

    def tables(self) -> Table:
        try:
            return tomllib.loads(self.text)
        except (ValueError, RecursionError) as fault:
            found = _SYNTAX_LINE.search(str(fault))
            line = int(found[1]) if found else max(1, len(self.text.splitlines()))
            self.faults.append(Fault(f"not TOML: {fault}", self.file, line, remedy="correct the syntax"))
            return {}

    def entries(self, sources: Mapping[str, object]) -> Iterator[Quantity]:
        """Sound entries; the others leave their faults."""
        for keys, table in _tables((), self.tables()):
            found = complaints(table, sources)
            if not 0 < len(keys) < _DEEPEST or not all(map(_NAME.fullmatch, keys)):
                self.fault(
                    (*keys, *list(table)[:1]),
                    "no entry can stand here",
                    "write [symbol] or [symbol.variant] above the fields",
                )
            elif found:
                for one in found:
                    self.fault((*keys, one.field), one.message, one.remedy)
            else:
                yield _quantity(".".join(keys), table)


def _read(folder: Path, shown: str) -> Library:
    bib = _Page(folder / "sources.bib", f"{shown}sources.bib")
    sources, faults = parse_sources(bib.text, bib.file)
    faults = bib.faults + faults
    entries: dict[str, Quantity] = {}
    stages: dict[str, str] = {}
    for path in sorted((folder / "library").glob("*.toml")):
        page = _Page(path, f"{shown}library/{path.name}")
        for quantity in page.entries(sources):
            if quantity.name in entries:
                also = f"also stands in {stages[quantity.name]}.toml"
                page.fault(tuple(quantity.name.split(".")), also, "keep one of the two")
            entries[quantity.name] = quantity
            stages[quantity.name] = path.stem
        faults += page.faults
    if not entries and not faults:
        faults.append(Fault("no entries found", f"{shown}library", remedy="a library holds library/*.toml"))
    if faults:
        raise EvidenceError(faults)
    return Library(
        MappingProxyType(dict(sorted(entries.items()))),
        MappingProxyType({key: MappingProxyType(fields) for key, fields in sources.items()}),
        MappingProxyType(stages),
        _hash(entries, sources),
    )


def _tables(keys: tuple[str, ...], table: Table) -> Iterator[tuple[tuple[str, ...], Table]]:
    """Every table that holds anything but tables, with its path."""
    nested = {key: cast("Table", value) for key, value in table.items() if isinstance(value, dict)}
    own = {key: value for key, value in table.items() if key not in nested}
    if own or (keys and not nested) or len(keys) == _DEEPEST:
        yield keys, own
    if len(keys) < _DEEPEST:
        for key, value in nested.items():
            yield from _tables((*keys, key), value)


def _quantity(name: str, table: Table) -> Quantity:
    source = cast("str | list[str]", table["source"])
    written: Table = {"name": name, "source": (source,) if isinstance(source, str) else tuple(source)}
    written |= {key: float(table[key]) for key in _NUMBERS if key in table}
    return Quantity(**(table | written))


def _hash(entries: Mapping[str, Quantity], sources: Mapping[str, Mapping[str, str]]) -> str:
    content = {"entries": {name: entries[name].to_dict() for name in entries}, "sources": sources}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
