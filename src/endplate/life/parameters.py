"""What lives need beyond a course."""

from __future__ import annotations

import equinox
import jax.numpy as jnp
from jax import Array

from endplate.evidence import defaults, entry, load

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
    values = defaults(LifeParameters, load())
    return LifeParameters(**{name: jnp.asarray(value) for name, value in values.items()})
