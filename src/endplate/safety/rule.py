"""The rules of the checks as data, read from ``rules.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from endplate.case import anatomy
from endplate.errors import EvidenceError, Fault
from endplate.safety.finding import VERDICTS, Verdict

__all__ = ["Region", "Rule", "parse_rules", "regions", "rules"]

_FILE = Path(__file__).with_name("rules.toml")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule in our own words.

    Parameters
    ----------
    key
        Its name.
    verdict
        What it says of a plan that breaks it.
    title, message, remedy
        In words; braces in the message are filled in.
    source
        What it rests on.
    """

    key: str
    verdict: Verdict
    title: str
    message: str
    remedy: str
    source: str


@dataclass(frozen=True, slots=True)
class Region:
    """A region of a label: its name, whose minimum age holds there, and stems of its muscles."""

    name: str
    age: str
    muscles: tuple[str, ...]


def rules() -> Mapping[str, Rule]:
    """All rules by key.

    Examples
    --------
    >>> rules()["orbit"].verdict
    'stop'
    """
    return _packaged()[0]


def regions() -> Mapping[str, Region]:
    """All regions of labels by name.

    Examples
    --------
    >>> regions()["platysma"].muscles
    ('platysma',)
    """
    return _packaged()[1]


@cache
def _packaged() -> tuple[Mapping[str, Rule], Mapping[str, Region]]:
    return parse_rules(_FILE.read_text(encoding="utf-8"), file=_FILE.name)


def parse_rules(text: str, *, file: str | None = None) -> tuple[Mapping[str, Rule], Mapping[str, Region]]:
    """Rules and regions of the text of a rule file.

    Raises
    ------
    EvidenceError
        With every fault of the text.
    """
    try:
        tables = tomllib.loads(text)
    except ValueError as error:
        raise EvidenceError([Fault(f"is not TOML: {error}", file, remedy="correct the syntax")]) from None
    found, named = tables.get("rule", {}), tables.get("region", {})
    faults = [fault for key, table in found.items() for fault in _rule_faults(key, table, file)]
    faults += [fault for key, table in named.items() for fault in _region_faults(key, table, file)]
    faults += [Fault("unknown table", file, key=key, remedy="use rule or region") for key in {*tables} - _TABLES]
    if faults:
        raise EvidenceError(faults)
    read = {key: Rule(key=key, **table) for key, table in found.items()}
    areas = {key: Region(key, table["age"], tuple(table["muscles"])) for key, table in named.items()}
    return MappingProxyType(read), MappingProxyType(areas)


_TABLES = {"rule", "region"}
_WORDS = tuple(field.name for field in fields(Rule) if field.name != "key")


def _rule_faults(key: str, table: dict[str, Any], file: str | None) -> list[Fault]:
    place = f"rule.{key}"
    found = [
        Fault("is not a text", file, key=f"{place}.{name}", remedy="write a sentence")
        for name in _WORDS
        if not isinstance(table.get(name), str) or not table[name].strip()
    ]
    found += [
        Fault("unknown key", file, key=f"{place}.{name}", remedy=f"use {', '.join(_WORDS)}")
        for name in table
        if name not in _WORDS
    ]
    if isinstance(table.get("verdict"), str) and table["verdict"] not in VERDICTS:
        message, remedy = f"unknown verdict {table['verdict']!r}", f"use {', '.join(VERDICTS)}"
        found.append(Fault(message, file, key=f"{place}.verdict", remedy=remedy))
    return found


def _region_faults(key: str, table: dict[str, Any], file: str | None) -> list[Fault]:
    place = f"region.{key}"
    if not isinstance(table.get("age"), str) or not isinstance(table.get("muscles"), list):
        return [Fault("needs age and muscles", file, key=place, remedy="write a text and a list of muscles")]
    known = {muscle.stem for muscle in anatomy().muscles}
    return [
        Fault(f"no muscle {stem!r}", file, key=f"{place}.muscles", remedy="see the map of muscles")
        for stem in cast("list[object]", table["muscles"])
        if stem not in known
    ]
