"""Force of a muscle at a given effort, with synergists that work harder when their partners fail."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from endplate.muscle.parameters import MuscleParameters

__all__ = ["activation", "active_force", "force_fraction"]


def activation(effort: Array, transmission: Array, *, synergy: Array, parameters: MuscleParameters) -> Array:
    """Activation with compensation by synergists.

    ``a_j = clip(u_j [1 + g_c Σ_k s_jk (1 − r_k)], 0, 1)``: nothing is left to add at
    maximum effort, more at rest and in everyday expression.

    Parameters
    ----------
    effort
        u, voluntary drive of each muscle, shape (J, 1) or () [1].
    transmission
        r, share of fibres that transmit, shape (T, J, P) [1].
    synergy
        s_jk, weight of partner k for muscle j, shape (J, J), rows sum to ≤ 1 [1].
    parameters
        Muscle parameters.
    """
    missing = jnp.einsum("jk,tkp->tjp", synergy, 1 - transmission)
    return jnp.clip(effort * (1 + parameters.compensation_gain * missing), 0, 1)


def force_fraction(transmission: Array, trophic: Array) -> Array:
    """Share of the untreated maximum force that is left: r · M, shape (T, J, P) [1]."""
    return transmission * trophic


def active_force(activation: Array, fraction: Array, *, area: Array, parameters: MuscleParameters) -> Array:
    """Force ``F_j = a_j · r_j M_j · σ0 · PCSA_j · f_L``.

    Parameters
    ----------
    activation, fraction
        Shape (T, J, P) [1].
    area
        Physiological cross-section of the patient's muscles, shape (J, P) [mm²].
    parameters
        Muscle parameters.

    Returns
    -------
    Array
        Shape (T, J, P) [N].
    """
    return activation * fraction * area * parameters.specific_tension * parameters.length_factor
