"""Doses over the end plates of a region's muscles, tabulated once for a crowd that shares a plan.

How end plates share out over the nodes of ln(dose) follows muscle mass and sensitivity alone. Summed
over end plates once, it is read from a table for each patient; muscles that are mirrored twins in the
plan are followed once.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from endplate.solve.quadrature import LOG_NODES, node_share, share_above
from endplate.solve.table import Rows, cubic_rows

__all__ = ["Cloud", "cloud_of", "cloud_weights"]

_STEP = float(LOG_NODES[1] - LOG_NODES[0])
# Rows of the table from node to node, and how many standard deviations it reaches beyond the doses.
_FINE, _REACH = 8, 6.0
# Twins differ by rounding only.
_ALIKE = 1e-5


class Cloud(NamedTuple):
    """Shares of end plates by how far a node of ln(dose) lies above unit sensitivity.

    lowest: distance of the first row ().
    inner, top: share that a node stands for, and that of the top node with all that lies above it, for M masses,
    N distances and G groups of muscles (M, N, G).
    group: 1 where a muscle belongs to a group, else 0 (G, J).
    share: what each session gives over the largest one (S, 1, 1, 1).
    """

    lowest: Array
    inner: Array
    top: Array
    group: Array
    share: Array


def cloud_of(captured: Array, density: Array, *, spread: float) -> Cloud:
    """The table of a plan whose sessions have one pattern.

    Parameters
    ----------
    captured
        ln of the dose that patients of some masses capture (S, J, I, M) [ln(U/mm³)].
    density
        Share of a muscle's end plates at each point (J, I).
    spread
        Standard deviation of ln(dose) over end plates [1].
    """
    centre = np.asarray(captured, np.float64).max(axis=0)
    low, high = centre.min() - _REACH * spread, centre.max() + _REACH * spread
    distance = low + _STEP / _FINE * np.arange(int(np.ceil((high - low) * _FINE / _STEP)) + 1)
    rows = [_shares(one, density, distance, spread) for one in centre.T]
    inner, top = (np.stack([np.asarray(part) for part in both]) for both in zip(*rows, strict=True))
    group = _groups(np.concatenate([inner, top]).reshape(-1, len(density)))
    first = group.argmax(axis=1)
    session = np.asarray(captured, np.float64).max(axis=(1, 2, 3), keepdims=True)
    arrays = (low, inner[..., first], top[..., first], group, np.exp(session - session.max()))
    return Cloud(*(jnp.asarray(part, captured.dtype) for part in arrays))


@jax.jit
def _shares(centre: Array, density: Array, distance: Array, spread: Array) -> tuple[Array, Array]:
    """Rows (N, J) of both tables for end plates with these ln(dose) (I, J)."""
    beyond = distance[:, None, None] - centre
    inner = node_share(beyond, spread)
    both = (inner, inner + share_above(beyond, spread))
    first, second = (jnp.einsum("nij,ji->nj", part, density) for part in both)
    return first, second


def _groups(table: np.ndarray) -> np.ndarray:
    """Muscles (G, J) whose columns agree."""
    groups: list[list[int]] = []
    for muscle, column in enumerate(table.T):
        twin = next((one for one in groups if np.allclose(table[:, one[0]], column, rtol=0, atol=_ALIKE)), None)
        twin.append(muscle) if twin is not None else groups.append([muscle])
    return np.array([[float(muscle in one) for muscle in range(table.shape[1])] for one in groups])


def cloud_weights(cloud: Cloud, mass: Rows, *, shift: Array) -> Array:
    """Share of end plates at each node of ln(dose), for each group of muscles (K, G, 1, P).

    Parameters
    ----------
    cloud
        The table.
    mass
        Where each patient stands among the masses, (P,).
    shift
        ln of each patient's sensitivity (P,) [ln(mm³/U)].
    """
    (masses, distances, groups), nodes = cloud.inner.shape, np.arange(len(LOG_NODES))
    row = cubic_rows((float(LOG_NODES[0]) - shift - cloud.lowest) / (_STEP / _FINE))
    four = np.arange(4)
    column = row.first + four[:, None, None] + _FINE * nodes[:, None]
    column = jnp.clip(column, 0, distances - 1)
    at = jnp.clip(mass.first + four[:, None], 0, masses - 1)[:, None, None] * distances + column
    weight = (mass.weight[:, None] * row.weight)[..., None]
    parts = [
        jnp.sum(weight[:, :, None] * table.reshape(-1, groups)[at[:, :, chosen]], axis=(0, 1))
        for table, chosen in ((cloud.inner, nodes[:-1]), (cloud.top, nodes[-1:]))
    ]
    return jnp.moveaxis(jnp.concatenate(parts), -1, 1)[:, :, None]
