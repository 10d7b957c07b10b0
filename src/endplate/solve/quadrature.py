"""Quadrature nodes that carry no biology."""

from __future__ import annotations

import math
from functools import reduce

import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.special import ndtr

__all__ = [
    "LOG_NODES",
    "at_nodes",
    "exponential_average",
    "lognormal_weights",
    "node_share",
    "over_nodes",
    "share_above",
]

_STEP = 0.48
LOG_NODES = np.arange(-2.6, 7.25, _STEP)


def exponential_average(count: int = 3) -> tuple[list[float], list[float]]:
    """Gauss–Laguerre nodes and weights for ``∫ f(x) e⁻ˣ dx`` from 0 to infinity."""
    nodes, weights = np.polynomial.laguerre.laggauss(count)
    return nodes.tolist(), weights.tolist()


def lognormal_weights(centre: Array, spread: Array) -> Array:
    """Share of a log-normal cloud that each node of `LOG_NODES` stands for.

    The trapezoid rule on a uniform grid in ln(dose) converges faster than any power of its
    step for a smooth cloud. Mass beyond the top node is counted at it; mass below the
    bottom node is dropped, since such a dose has no effect.

    Parameters
    ----------
    centre
        ln of the local dose, any shape.
    spread
        Standard deviation of ln(dose) [1].

    Returns
    -------
    Array
        Shape (K, *centre.shape).
    """
    nodes = jnp.asarray(LOG_NODES, centre.dtype).reshape(-1, *(1,) * centre.ndim)
    inner = node_share(nodes - centre, spread)
    return inner.at[-1].add(share_above(float(LOG_NODES[-1]) - centre, spread))


def node_share(distance: Array, spread: Array) -> Array:
    """Share of a cloud that a node of `LOG_NODES` stands for, by its distance from the centre, any shape."""
    z = distance / spread
    return _STEP / (spread * math.sqrt(2 * math.pi)) * jnp.exp(-0.5 * z * z)


def share_above(distance: Array, spread: Array) -> Array:
    """Share of a cloud that nodes above one at this distance from the centre would stand for, any shape.

    Their sum is its integral and two Euler-Maclaurin terms at the edge.
    """
    edge, width = (distance + 0.5 * _STEP) / spread, _STEP / spread
    bend = width**2 * edge / 24 - 7 * width**4 * (edge**3 - 3 * edge) / 5760
    return ndtr(-edge) - jnp.exp(-0.5 * edge * edge) / math.sqrt(2 * math.pi) * bend


def at_nodes(value: Array, count: int) -> Array:
    """The same value at each of some nodes, along a new leading axis.

    A concatenation, because its transpose is a chain of additions: inside a loop XLA does
    that several times faster than a sum over a leading axis. So it is with `over_nodes`.
    """
    return jnp.concatenate([value[None]] * count)


def over_nodes(parts: Array) -> Array:
    """Sum over the leading axis."""
    return reduce(jnp.add, jnp.split(parts, len(parts)))[0]
