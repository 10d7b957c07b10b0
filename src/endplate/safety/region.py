"""Regions of labels, read from ``regions.toml``: their muscles, and whose minimum age holds there."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

__all__ = ["Region", "regions"]

_FILE = Path(__file__).with_name("regions.toml")


@dataclass(frozen=True, slots=True)
class Region:
    """A region of a label: its name, whose minimum age holds there, and stems of its muscles."""

    name: str
    age: str
    muscles: tuple[str, ...]


@cache
def regions() -> Mapping[str, Region]:
    """All regions of labels by name.

    Examples
    --------
    >>> regions()["platysma"].muscles
    ('platysma',)
    """
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return MappingProxyType({key: Region(key, one["age"], tuple(one["muscles"])) for key, one in tables.items()})
