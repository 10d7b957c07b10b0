"""What a written entry must hold, and what is wrong with one that does not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from math import isfinite
from typing import Any, cast, get_args

from endplate.evidence.quantity import Confidence, Grade, Quantity, Use

__all__ = ["Complaint", "complaints", "nearest"]

_FIELDS = tuple(field.name for field in fields(Quantity) if field.name != "name")
_REQUIRED = ("meaning", "value", "unit", "source", "where", "system", "grade", "confidence", "use")
_NUMBERS = ("value", "sd", "low", "high")
_CHOICES = {"grade": get_args(Grade), "confidence": get_args(Confidence), "use": get_args(Use)}
_NEEDS = {
    "derived": ("how", "say how the value follows from its sources"),
    "fitted": ("script", "name the script that fitted it"),
    "assumed": ("reason", "say why this value was chosen"),
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with one field of an entry, and what to do."""

    field: str
    message: str
    remedy: str


def nearest(word: str, known: Collection[str]) -> str:
    """A remedy that names the entries of `known` closest to `word`."""
    folded: dict[str, list[str]] = {}
    for name in known:
        folded.setdefault(name.casefold(), []).append(name)
    close = [name for match in get_close_matches(word.casefold(), list(folded), n=3) for name in folded[match]]
    return f"did you mean {', '.join(map(repr, close))}?" if close else "see the list of known names"


def complaints(table: Mapping[str, Any], sources: Collection[str]) -> list[Complaint]:
    """Everything wrong with one entry.

    Parameters
    ----------
    table
        The entry as read, without its nested entries.
    sources
        Known source keys.
    """
    found = [Complaint(name, "unknown field", nearest(name, _FIELDS)) for name in table if name not in _FIELDS]
    found += [Complaint(name, "field is missing", f"add '{name} = …'") for name in _REQUIRED if name not in table]
    for name in _FIELDS:
        if name in table:
            found += _field(name, table[name], sources)
    return found + _grade(table) + ([] if found else _range(table))


def _field(name: str, value: object, sources: Collection[str]) -> list[Complaint]:
    if name in _NUMBERS:
        return [] if _number(value) else [Complaint(name, f"{value!r} is not a finite number", "write a finite number")]
    if name == "source":
        return _source(value, sources)
    if not isinstance(value, str) or not value.strip():
        return [Complaint(name, f"{value!r} is not a text", "write a text in quotes")]
    if name in _CHOICES and value not in _CHOICES[name]:
        return [Complaint(name, f"unknown {name} {value!r}", f"choose one of {', '.join(_CHOICES[name])}")]
    return []


def _number(value: object) -> bool:
    try:
        return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    except OverflowError:
        return False


def _source(value: object, sources: Collection[str]) -> list[Complaint]:
    keys = cast("list[object]", value if isinstance(value, list) else [value])
    if not keys or not all(isinstance(key, str) for key in keys):
        return [Complaint("source", f"{value!r} is not a key or a list of keys", "write keys of sources.bib")]
    unknown = [str(key) for key in keys if key not in sources]
    return [
        Complaint("source", f"unknown source {key!r}", f"add it to sources.bib; {nearest(key, sources)}")
        for key in unknown
    ]


def _grade(table: Mapping[str, Any]) -> list[Complaint]:
    grade = table.get("grade")
    if not isinstance(grade, str) or grade not in _NEEDS:
        return []
    field, remedy = _NEEDS[grade]
    found = [] if field in table else [Complaint(field, f"{grade} without {field!r}", remedy)]
    if grade == "assumed" and "sd" not in table and not {"low", "high"} <= table.keys():
        found.append(Complaint("sd", "assumed without 'sd' or 'low' and 'high'", "give a wide uncertainty"))
    return found


def _range(table: Mapping[str, Any]) -> list[Complaint]:
    """Order of low, value and high, for an entry whose numbers are sound."""
    value, low, high = table["value"], table.get("low"), table.get("high")
    if low is not None and high is not None and low > high:
        return [Complaint("low", f"low {low:g} is above high {high:g}", "exchange them")]
    if (low is not None and value < low) or (high is not None and value > high):
        return [Complaint("value", f"value {value:g} lies outside its range", "correct the value or the range")]
    if table.get("sd", 0) < 0:
        return [Complaint("sd", f"sd {table['sd']:g} is negative", "write a positive number")]
    return []
