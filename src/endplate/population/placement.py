"""How needles and tissue differ between patients: drawn by counters, like the patients themselves."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import equinox
import jax
import jax.numpy as jnp
from jax import Array
from jax.scipy.special import ndtri
from jax.typing import DTypeLike

from endplate.course.parameters import from_library
from endplate.evidence import Library, entry

__all__ = ["FACTORS", "Placement", "Scatter", "default_placement", "scatter"]

# Parameters of tissue that differ, in the order of the factor axis.
FACTORS = ("septum_detour", "front_dispersion", "clearance_rate")
# Streams of random numbers that no trait of `crowd` uses: factors, anatomy, then three for each injection.
_FIRST_STREAM, _DIRECTIONS, _BITS = 1 << 16, 3, 23


class Placement(equinox.Module):
    """Standard deviations between patients: of places [mm], and of the logarithm of what tissue does [1]."""

    needle_across: Array = equinox.field(metadata=entry("placement.across"))
    needle_depth: Array = equinox.field(metadata=entry("placement.depth"))
    anatomy_shift: Array = equinox.field(metadata=entry("placement.anatomy"))
    septum_spread: Array = equinox.field(metadata=entry("tissue.septum_spread"))
    front_spread: Array = equinox.field(metadata=entry("tissue.front_spread"))
    clearance_spread: Array = equinox.field(metadata=entry("tissue.clearance_spread"))

    @property
    def spreads(self) -> Array:
        """Spreads of `FACTORS`."""
        return jnp.stack([self.septum_spread, self.front_spread, self.clearance_spread])


class Scatter(NamedTuple):
    """What is drawn for each patient.

    offset: needle tip against the anatomy, across, up and deep (N, 3, P) [mm].
    factor: `FACTORS` in standard deviations (3, P).
    """

    offset: Array
    factor: Array


def default_placement(library: Library | None = None, *, dtype: DTypeLike | None = None) -> Placement:
    """The evidence library's spreads.

    Examples
    --------
    >>> float(default_placement().needle_across)
    2.0
    """
    return from_library(Placement, library, dtype=dtype)


@partial(jax.jit, static_argnames="injections")
def scatter(placement: Placement, counters: Array, *, injections: int, seed: int | Array) -> Scatter:
    """Draw needles and tissue.

    Deep structures lie off by the same way for all injections of a patient; each needle adds
    an error of its own.

    Parameters
    ----------
    placement
        How much they differ.
    counters
        `Crowd.index`, shape (P,).
    injections
        How many, N.
    seed
        As for `draw`.
    """
    dtype = placement.needle_across.dtype
    count = len(FACTORS) + _DIRECTIONS * (1 + injections)
    normal = _normals(seed, counters, _FIRST_STREAM + jnp.arange(count, dtype=jnp.uint32)).astype(dtype)
    factor, places = normal[: len(FACTORS)], normal[len(FACTORS) :].reshape(1 + injections, _DIRECTIONS, -1)
    own = jnp.stack([placement.needle_across, placement.needle_across, placement.needle_depth])
    return Scatter(placement.anatomy_shift * places[0] + own[:, None] * places[1:], factor)


def _normals(seed: int | Array, counters: Array, streams: Array) -> Array:
    """Standard normal numbers (streams, P), the same in both precisions and for any number of patients."""
    key = jax.random.key(jnp.asarray(seed), impl="threefry2x32")

    def one(counter: Array, stream: Array) -> Array:
        own = jax.random.fold_in(jax.random.fold_in(key, counter), stream)
        return jax.random.bits(own, (), jnp.uint32)

    bits = jax.vmap(lambda stream: jax.vmap(lambda counter: one(counter, stream))(counters))(streams)
    return ndtri(((bits >> (32 - _BITS)).astype(jnp.float32) + 0.5) / 2**_BITS)
