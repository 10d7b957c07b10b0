"""Rules of the safety check as data: when each speaks, with which verdict, in our words, and what it rests on."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, cast, get_args

from endplate.errors import EvidenceError, Fault

__all__ = ["VERDICTS", "Rule", "Verdict", "When", "parse_rules", "rules"]

Verdict = Literal["stop", "refer", "caution", "note"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

_FILE = Path(__file__).with_name("rules.toml")
_WORDS = ("verdict", "title", "message", "remedy", "source", "approval")
_GROUPS = ("conditions", "medicines", "allergies", "surgery", "skin", "expectations", "state")
_WHERE = ("products", "regions", "elsewhere")


@dataclass(frozen=True, slots=True)
class When:
    """What of a candidate calls for a rule.

    Parameters
    ----------
    asks
        Group of what a case tells of the candidate, such as ``conditions``, to the names of which one is enough.
    products
        Products that the rule is about; all if empty.
    regions
        Regions of treatment that the rule is about; all if empty.
    elsewhere
        Regions of treatment that it is not about.
    """

    asks: Mapping[str, tuple[str, ...]]
    products: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()


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
    approval
        Where that holds: a region of approval, or ``ours`` for a rule of the project.
    when
        For a rule of the candidate alone: what calls for it.
    """

    key: str
    verdict: Verdict
    title: str
    message: str
    remedy: str
    source: str
    approval: str
    when: When | None = field(default=None)


@cache
def rules() -> Mapping[str, Rule]:
    """All rules by key.

    Examples
    --------
    >>> rules()["orbit"].verdict
    'stop'
    """
    return parse_rules(_FILE.read_text(encoding="utf-8"), file=_FILE.name)


def parse_rules(text: str, *, file: str | None = None) -> Mapping[str, Rule]:
    """Rules of the text of a rule file.

    Raises
    ------
    EvidenceError
        With every fault of the text.
    """
    try:
        tables = tomllib.loads(text)
    except ValueError as error:
        raise EvidenceError([Fault(f"is not TOML: {error}", file, remedy="correct the syntax")]) from None
    given: object = tables.get("rule", {})
    found: dict[str, Any] = cast("dict[str, Any]", given) if isinstance(given, dict) else {"": given}
    faults = [fault for key, table in found.items() for fault in _faults(key, table, file)]
    faults += [Fault("unknown table", file, key=key, remedy="use rule") for key in tables if key != "rule"]
    if faults:
        raise EvidenceError(faults)
    return MappingProxyType({key: _rule(key, table) for key, table in found.items()})


def _rule(key: str, table: Mapping[str, Any]) -> Rule:
    words = {name: table[name] for name in _WORDS}
    return Rule(key=key, **words, when=_when(table["when"]) if "when" in table else None)


def _when(table: Mapping[str, list[str]]) -> When:
    asks = {name: tuple(table[name]) for name in _GROUPS if name in table}
    return When(MappingProxyType(asks), **{name: tuple(table[name]) for name in _WHERE if name in table})


def _faults(key: str, table: object, file: str | None) -> list[Fault]:
    place = f"rule.{key}".removesuffix(".")
    if not isinstance(table, dict):
        return [Fault("is not a table", file, key=place, remedy="write [rule.name]")]
    fields = cast("dict[str, object]", table)
    found = [
        Fault("is not a text", file, key=f"{place}.{name}", remedy="write a sentence")
        for name in _WORDS
        if not isinstance(value := fields.get(name), str) or not value.strip()
    ]
    found += [
        Fault("unknown key", file, key=f"{place}.{name}", remedy=f"use {', '.join(_WORDS)} or when")
        for name in fields
        if name not in (*_WORDS, "when")
    ]
    if isinstance(fields.get("verdict"), str) and fields["verdict"] not in VERDICTS:
        message, remedy = f"unknown verdict {fields['verdict']!r}", f"use {', '.join(VERDICTS)}"
        found.append(Fault(message, file, key=f"{place}.verdict", remedy=remedy))
    return found + _when_faults(place, fields.get("when", {}), file)


def _when_faults(place: str, when: object, file: str | None) -> list[Fault]:
    known = (*_GROUPS, *_WHERE)
    if not isinstance(when, dict):
        return [Fault("is not a table", file, key=f"{place}.when", remedy="write lists of names")]
    return [
        Fault("no list of names can stand here", file, key=f"{place}.when.{name}", remedy=f"use {', '.join(known)}")
        for name, names in cast("dict[str, object]", when).items()
        if name not in known or not isinstance(names, list) or not names
    ]
