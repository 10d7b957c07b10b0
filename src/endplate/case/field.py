"""Single values of a case file: how each kind is read from TOML, and its JSON Schema.

Each kind is an annotation for pydantic. Every fault carries a message and a remedy.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Any, cast

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from endplate.case.nearest import nearest
from endplate.case.show import show
from endplate.errors import UnitError
from endplate.units import PRODUCTS, parse

__all__ = ["Dose", "Measure", "NameOf", "Place", "Title", "Whole", "Yes", "fault"]

_LONGEST_TITLE = 200
_LONGEST_QUANTITY = 60
_DIGITS = 12  # a converted number is rounded to these, so that the same time in another unit is the same number
_BARE_UNIT = re.compile(r"(?<=[\d.\s])U\s*$")
_NAMED_UNIT = re.compile(r"U_([a-z]+)\s*$")


def fault(message: str, remedy: str, *, key: str | None = None) -> PydanticCustomError:
    """An error for pydantic that carries a message and a remedy, and the key beside it that is at fault."""
    return PydanticCustomError("endplate", "{message}", {"message": message, "remedy": remedy, "key": key})


class _Described(ABC):
    """A kind of value: `schema` describes it."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return self.schema()

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """The kind as JSON Schema."""


class _Kind(_Described):
    """A kind of value that `read` makes of what TOML gives."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    @abstractmethod
    def read(self, value: object) -> object:
        """The value, or an error for pydantic."""


@dataclass(frozen=True, slots=True)
class Measure(_Kind):
    """A finite number between bounds; with a `unit`, also text such as ``"12 weeks"``."""

    low: float
    high: float
    unit: str = ""
    above: bool = False

    def read(self, value: object) -> float:
        """The number in `unit`."""
        return self.bounded(_quantity(value, self.unit) if self.unit else _number(value))

    def bounded(self, number: float) -> float:
        """The number, if it lies between the bounds."""
        if self.low < number <= self.high or (number == self.low and not self.above):
            return number
        first = f"more than {self.low:g}" if self.above else f"at least {self.low:g}"
        raise fault(
            f"{number:g} {self.unit}".strip() + " is out of range",
            f"give {first} and at most {self.high:g} {self.unit}".strip(),
        )

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the value."""
        lowest = "exclusiveMinimum" if self.above else "minimum"
        number = {"type": "number", lowest: self.low, "maximum": self.high}
        if not self.unit:
            return number
        words = f"a number in {self.unit}, or text with a unit"
        return {"anyOf": [number, {"type": "string"}], "description": words}


@dataclass(frozen=True, slots=True)
class Dose(_Described):
    """Units of the plan's product, which the context names; a unit of another product is a fault."""

    high: float

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self.read_units)

    def read_units(self, value: object, info: ValidationInfo) -> float:
        """The number of units."""
        return self.units_of(value, getattr(info.context, "product", None), whose="the plan's product")

    def units_of(self, value: object, code: str | None, *, whose: str) -> float:
        """The number of units of the product `code`; `whose` says in words which product that is."""
        limits = Measure(0.0, self.high, "U", above=True)
        if not isinstance(value, str):
            return limits.bounded(_number(value))
        named = _NAMED_UNIT.search(value)
        if named is not None and code is not None and named[1] != code and named[1] in PRODUCTS:
            raise fault(
                f"{show(value)} is in units of {named[1]}, but {whose} is {code}",
                f"units of different products are not interchangeable: give the dose in units of {code}",
            )
        unit = f"U_{code or (named[1] if named and named[1] in PRODUCTS else PRODUCTS[0])}"
        return limits.bounded(_quantity(_BARE_UNIT.sub(unit, value), unit))

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the value."""
        return Measure(0.0, self.high, "U", above=True).schema()


@dataclass(frozen=True, slots=True)
class Whole(_Kind):
    """A whole number between bounds."""

    low: int
    high: int

    def read(self, value: object) -> int:
        """The number."""
        if isinstance(value, bool) or not isinstance(value, int) or not self.low <= value <= self.high:
            raise fault(f"{show(value)} cannot stand here", f"write a whole number from {self.low} to {self.high}")
        return value

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the value."""
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, slots=True)
class Yes(_Kind):
    """True or false, and nothing that is only like it."""

    def read(self, value: object) -> bool:
        """The truth."""
        if isinstance(value, bool):
            return value
        raise fault(f"{show(value)} cannot stand here", "write true or false, without quotes")

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the value."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class NameOf(_Kind):
    """A text that must be one of the known names."""

    what: str
    known: Callable[[], Iterable[str]]

    def read(self, value: object) -> str:
        """The name."""
        if isinstance(value, str) and value in self.known():
            return value
        remedy = nearest(value, self.known()) if isinstance(value, str) else "write the name between quotes"
        raise fault(f"no {self.what} {show(value)}", remedy)

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the value."""
        return {"type": "string", "enum": list(self.known())}


@dataclass(frozen=True, slots=True)
class Title(_Kind):
    """One line of printable text."""

    def read(self, value: object) -> str:
        """The text."""
        if isinstance(value, str) and value.strip() and value.isprintable() and len(value) <= _LONGEST_TITLE:
            return value
        raise fault(f"{show(value)} cannot stand here", f"write 1 to {_LONGEST_TITLE} printable characters in one line")

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the value."""
        return {"type": "string", "minLength": 1, "maxLength": _LONGEST_TITLE}


@dataclass(frozen=True, slots=True)
class Place(_Kind):
    """A point: x and y on the skin, or x, y and z of the needle tip [mm]."""

    farthest: float

    def read(self, value: object) -> tuple[float, ...]:
        """The two or three coordinates."""
        given: object = value
        items = cast("list[object]", value) if isinstance(value, list) else []
        if len(items) not in (len("xy"), len("xyz")):
            remedy = "write [x, y] on the skin with a depth, or [x, y, z] of the needle tip, in mm"
            raise fault(f"{show(given)} is not a point", remedy)
        limits = Measure(-self.farthest, self.farthest, "mm")
        return tuple(limits.bounded(_quantity(item, "mm")) for item in items)

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the value."""
        item = Measure(-self.farthest, self.farthest, "mm").schema()
        return {"type": "array", "items": item, "minItems": len("xy"), "maxItems": len("xyz")}


def _number(value: object) -> float:
    """A finite number; a boolean is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise fault(f"{show(value)} is not a number", "write a number")
    try:
        number = float(value) + 0.0
    except OverflowError:
        number = float("inf")
    if isfinite(number):
        return number
    raise fault(f"{show(value)} is not a finite number", "write a finite number")


def _quantity(value: object, unit: str) -> float:
    """A number in `unit`, or a text with a unit that converts to it."""
    if not isinstance(value, str):
        return _number(value)
    remedy = f"write a number, or a number and a unit such as '4 {unit}'"
    if len(value) > _LONGEST_QUANTITY:
        raise fault(f"{show(value)} is too long", remedy)
    try:
        return _number(float(f"{parse(value, unit):.{_DIGITS}g}"))
    except UnitError as error:
        raise fault(str(error), remedy) from None
