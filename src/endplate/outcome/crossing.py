"""When a course first reaches a level."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

__all__ = ["Crossing", "first_crossing"]


class Crossing(NamedTuple):
    """When a level is reached.

    day: by straight lines between nodes; infinity for never (…) [day].
    node: first node at or above the level; 0 for never (…).
    """

    day: Array
    node: Array


def first_crossing(days: Array, value: Array, *, level: Array | float, after: Array | None = None) -> Crossing:
    """First day on which `value` is at or above `level`.

    Parameters
    ----------
    days
        Shape (T,) [day].
    value
        Shape (T, …).
    level
        A number or shape (…).
    after
        Count only nodes after this one, shape (…).
    """
    reached = value >= level
    if after is not None:
        reached = reached & (jnp.arange(days.shape[0]).reshape(-1, *(1,) * after.ndim) > after)
    node = jnp.argmax(reached, axis=0)
    before = jnp.maximum(node - 1, 0)
    low, high = (jnp.take_along_axis(value, index[None], axis=0)[0] for index in (before, node))
    rises = high > low
    share = jnp.where(rises, (level - low) / jnp.where(rises, high - low, 1), 1)
    day = days[before] + jnp.clip(share, 0, 1) * (days[node] - days[before])
    return Crossing(jnp.where(jnp.any(reached, axis=0), day, jnp.inf), node)
