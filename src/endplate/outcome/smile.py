"""The smile between the muscles of both corners of the mouth."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from endplate.outcome.thresholds import EffectParameters

__all__ = ["smile_asymmetry"]


def smile_asymmetry(pull: Array, *, parameters: EffectParameters) -> Array:
    """How much less far one corner of the mouth moves in a full smile.

    The corner's way follows the force of the muscles that pull it, so ``a = e |F_left − F_right|``.

    Parameters
    ----------
    pull
        Force of the muscles of each corner over untreated, shape (T, side, P) [1].
    parameters
        Effect parameters.

    Returns
    -------
    Array
        Shape (T, P) [mm].
    """
    return parameters.smile_excursion * jnp.abs(pull[:, 0] - pull[:, 1])
