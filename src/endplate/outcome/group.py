"""What a group of muscles has lost together: closing of the eye, swallowing, holding the head."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

__all__ = ["weighted_loss"]


def weighted_loss(force: Array, area: Array) -> Array:
    """Share of force that a group of muscles has lost, by their cross-sections.

    Parameters
    ----------
    force
        Force of each muscle over untreated, shape (J, …) [1].
    area
        Cross-section of each, shape (J,) [mm²]; their sum must be > 0.

    Examples
    --------
    >>> import jax.numpy as jnp
    >>> float(weighted_loss(jnp.asarray([0.5, 1.0]), jnp.asarray([3.0, 1.0])))
    0.375
    """
    return 1 - jnp.tensordot(area / jnp.sum(area), force, axes=1)
