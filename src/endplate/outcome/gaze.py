"""The eyes between their straight muscles, and when a deviation can no longer be fused."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from endplate.outcome.thresholds import EffectParameters

__all__ = ["RECTI", "unfused"]

# The order of the muscle axis.
RECTI = ("medial_rectus", "lateral_rectus", "superior_rectus", "inferior_rectus")


def unfused(recti: Array, *, parameters: EffectParameters) -> Array:
    """Deviation of the eyes over what their fusion can make up for; from 1 on the picture is double.

    A weak lateral rectus turns its eye inwards, which fusion meets by diverging; a weak medial
    one outwards, met by converging. The deviations of both eyes add up; upwards they subtract,
    as both eyes may look down together.

    Parameters
    ----------
    recti
        Force over untreated in the order of `RECTI`, shape (4, T, side, P) [1].
    parameters
        Effect parameters.

    Returns
    -------
    Array
        Shape (T, P) [1].
    """
    p = parameters
    medial, lateral, superior, inferior = recti
    inward = p.gaze_horizontal * jnp.sum(medial - lateral, axis=1)
    downward = p.gaze_vertical * (inferior - superior)
    apart = jnp.abs(downward[:, 0] - downward[:, 1])
    sideways = jnp.maximum(inward / p.fusion_divergence, -inward / p.fusion_convergence)
    return jnp.maximum(sideways, apart / p.fusion_vertical)
