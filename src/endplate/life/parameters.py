"""What lives need beyond a course."""

from __future__ import annotations

import equinox
from jax import Array

from endplate.course.parameters import from_library
from endplate.evidence import entry

__all__ = ["LifeParameters", "life_parameters"]


class LifeParameters(equinox.Module):
    """Constants of lives. Every field is ().

    Examples
    --------
    >>> 0 <= float(life_parameters().neutralised_free) < 1
    True
    """

    antibody_prone: Array = equinox.field(metadata=entry("life.antibody_prone"))
    neutralised_free: Array = equinox.field(metadata=entry("life.neutralised_free"))
    proneness_spread: Array = equinox.field(metadata=entry("life.proneness_spread"))


def life_parameters() -> LifeParameters:
    """The evidence library's values."""
    return from_library(LifeParameters)
