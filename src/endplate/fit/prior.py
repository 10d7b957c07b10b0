"""What a fit may move: named entries of the evidence library on an unbounded scale, with their priors."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import ArrayLike, NDArray

from endplate.evidence import load

__all__ = ["Prior", "Priors", "packaged_priors"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Prior:
    """One entry: a normal distribution on a scale.

    Parameters
    ----------
    name
        Of the entry.
    scale
        ``log``, ``logit`` or ``identity``.
    value
        Median; of the ratio to the entry `of` if there is one.
    sd
        Standard deviation on the scale.
    reason
        Why.
    of
        Entry that the value is a ratio to.
    """

    name: str
    scale: str
    value: float
    sd: float
    reason: str
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Priors:
    """All entries that a fit moves; a point of the fit is the deviation from the medians in units of sd, (K,)."""

    entries: tuple[Prior, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Of the entries, in the order of a point."""
        return tuple(one.name for one in self.entries)

    def values(self, point: ArrayLike) -> dict[str, Array]:
        """The entries' values at a point, in the library's units."""
        found: dict[str, Array] = {}
        for one, place in zip(self.entries, jnp.asarray(point), strict=True):
            value = _BACK[one.scale](_THERE[one.scale](one.value) + one.sd * place)
            found[one.name] = value if one.of is None else value * found.get(one.of, load()[one.of].value)
        return found

    def only(self, names: tuple[str, ...]) -> Priors:
        """Some of the entries."""
        return Priors(tuple(one for one in self.entries if one.name in names))


@cache
def packaged_priors() -> Priors:
    """The priors of facial lines.

    Examples
    --------
    >>> float(packaged_priors().values(np.zeros(len(packaged_priors().names)))["trial.half_life"])
    1.0
    """
    text = (resources.files("endplate.fit") / "priors.toml").read_text(encoding="utf-8")
    table: Mapping[str, dict[str, str | float]] = tomllib.loads(text)
    return Priors(tuple(Prior(name=name, **fields) for name, fields in table.items()))  # pyright: ignore[reportArgumentType]


_THERE = {"log": np.log, "logit": lambda x: np.log(x / (1 - x)), "identity": lambda x: x}
_BACK = {"log": jnp.exp, "logit": jax.nn.sigmoid, "identity": lambda x: x}
