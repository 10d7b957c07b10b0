"""Reading a function from evenly spaced rows, by the cubic through the four nearest."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

__all__ = ["Rows", "cubic_rows"]


class Rows(NamedTuple):
    """First of four neighbouring rows, whole numbers (…), and the weight of each of the four (4, …)."""

    first: Array
    weight: Array


def cubic_rows(place: Array) -> Rows:
    """Rows around a place, and their weights.

    Parameters
    ----------
    place
        Where to read, in rows from the first one; the error falls with the fourth power of their distance.

    Examples
    --------
    >>> rows = cubic_rows(jnp.asarray(5.25))
    >>> int(rows.first), float(rows.weight @ (rows.first + jnp.arange(4)))
    (4, 5.25)
    """
    left = jnp.floor(place)
    x = place - left
    weight = (
        -x * (x - 1) * (x - 2) / 6,
        (x + 1) * (x - 1) * (x - 2) / 2,
        -(x + 1) * x * (x - 2) / 2,
        (x + 1) * x * (x - 1) / 6,
    )
    return Rows(left.astype(int) - 1, jnp.stack(weight))
