"""How a stage's parameters name their evidence, and get their defaults from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Literal

from endplate.errors import EvidenceError, Fault, InvalidRequest
from endplate.evidence.read import Library

__all__ = ["Per", "defaults", "entry"]

Per = Literal["serotype", "product", "region"]


def entry(symbol: str, *, per: Per | None = None) -> dict[str, Any]:
    """Metadata of a dataclass field whose default is an entry of the library.

    Parameters
    ----------
    symbol
        Name of the entry, or its first part where it differs by `per`.
    per
        What the entry differs by: ``k_tr`` per serotype is ``k_tr.A``, ``k_tr.B`` …

    Examples
    --------
    >>> entry("k_tr", per="serotype")
    {'evidence': 'k_tr', 'per': 'serotype'}
    """
    return {"evidence": symbol, "per": per}


def defaults(cls: type, library: Library, **variant: str | Sequence[str]) -> dict[str, float | list[float]]:
    """Default of every field of `cls` that names an entry, in canonical units.

    Parameters
    ----------
    cls
        A dataclass whose fields carry `entry` metadata.
    library
        The evidence library.
    **variant
        ``serotype="A"``, ``product="ona"``, ``regions=(...)``: which entry to take.

    Returns
    -------
    dict
        Field name to value; a list in the order of ``regions`` where the entry is per region.

    Raises
    ------
    EvidenceError
        If entries are missing; names all of them.
    InvalidRequest
        If a variant that a field needs was not given.
    """
    values: dict[str, float | list[float]] = {}
    faults: list[Fault] = []
    for field in fields(cls):
        if "evidence" not in field.metadata:
            continue
        names = _names(field.metadata["evidence"], field.metadata.get("per"), variant)
        wanted = [names] if isinstance(names, str) else names
        missing = [name for name in wanted if name not in library]
        faults += [library.unknown(name, f"default of {cls.__name__}.{field.name}") for name in missing]
        if not missing:
            values[field.name] = library[names].value if isinstance(names, str) else [library[n].value for n in names]
    if faults:
        raise EvidenceError(faults)
    return values


def _names(symbol: str, per: Per | None, variant: dict[str, str | Sequence[str]]) -> str | list[str]:
    """Name of the entry, or names where it is per region."""
    if per is None:
        return symbol
    chosen = variant.get("regions" if per == "region" else per)
    if chosen is None:
        raise InvalidRequest(f"{symbol!r} differs by {per}: say which {per} is meant")
    return f"{symbol}.{chosen}" if isinstance(chosen, str) else [f"{symbol}.{one}" for one in chosen]
