"""A botulinum-toxin product: one brand name's substance with its own unit."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from endplate.case.nearest import nearest
from endplate.errors import InvalidRequest

__all__ = ["Product", "product", "products"]

_FILE = Path(__file__).with_name("products.toml")


@dataclass(frozen=True, slots=True)
class Product:
    """A product. Its unit is its own: units of two products are never added, compared or converted.

    Parameters
    ----------
    code
        Code in the evidence tables, e.g. ``ona``.
    name
        Name of the substance.
    serotype
        ``A``, ``B`` or ``E``.
    unit
        Its unit in `endplate.units`, e.g. ``U_ona``.
    snare
        The protein its light chain cuts.
    status
        Where it is on the market, in words.
    """

    code: str
    name: str
    serotype: str
    unit: str
    snare: str
    status: str


@cache
def products() -> Mapping[str, Product]:
    """All products by code.

    Examples
    --------
    >>> products()["rima"].snare
    'VAMP'
    """
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return MappingProxyType({code: Product(code=code, **fields) for code, fields in table.items()})


def product(code: str) -> Product:
    """The product with this code.

    Raises
    ------
    InvalidRequest
        If no product has the code; the message names the nearest one.

    Examples
    --------
    >>> product("ona").unit
    'U_ona'
    """
    try:
        return products()[code]
    except KeyError:
        raise InvalidRequest(f"no product {code!r}; {nearest(code, products())}") from None
