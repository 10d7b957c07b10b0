"""Canonical units (day, mm, mL, U, N, MPa) and the only place that converts.

Each product's unit is its own base dimension, so adding two products' units fails.
"""

from __future__ import annotations

import re
from functools import cache

import pint

from endplate.errors import UnitError

__all__ = ["CUBIC_MM_PER_ML", "PRODUCTS", "convert", "parse", "registry"]

PRODUCTS = ("ona", "abo", "inco", "prabo", "daxi", "leti", "rela", "nivo", "hbtx", "rima", "treni")
CUBIC_MM_PER_ML = 1000.0
_TEXT = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)\s*([A-Za-zµμ][A-Za-zµμ_]*)\s*")


@cache
def registry() -> pint.UnitRegistry[float]:
    """The unit registry, with one base dimension per product (`U_ona`, `U_abo`) and one for grades."""
    units: pint.UnitRegistry[float] = pint.UnitRegistry(cache_folder=None)
    for product in PRODUCTS:
        units.define(f"U_{product} = [unit_of_{product}]")
    # Pint's own grade is an angle; here it is a step of a clinical scale and mixes with nothing.
    units.define("grade = [clinical_grade]")
    return units


def convert(value: float, unit: str, *, to: str) -> float:
    """Convert `value` from `unit` to the unit `to`.

    Raises
    ------
    UnitError
        If a unit is unknown or the dimensions differ.

    Examples
    --------
    >>> convert(24.0, "hour", to="day")
    1.0
    """
    if unit == to:
        return value
    try:
        return float(registry().convert(value, unit, to))  # pyright: ignore[reportUnknownMemberType]  pint is half typed
    except (pint.PintError, AttributeError, ValueError, TypeError) as fault:
        raise UnitError(f"cannot convert {value:g} {unit!r} to {to!r}: {fault}") from None


def parse(text: str, to: str) -> float:
    """Read a number with a unit, such as ``"12 weeks"``, in the unit `to`.

    Raises
    ------
    UnitError
        If the text is not a number followed by one unit of the right dimension.

    Examples
    --------
    >>> parse("12 weeks", "day")
    84.0
    """
    match = _TEXT.fullmatch(text)
    if match is None:
        raise UnitError(f"{text!r} is not a number followed by a unit such as {to!r}")
    return convert(float(match[1]), match[2], to=to)
