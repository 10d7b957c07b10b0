"""A bolus in homogeneous tissue: ball, diffusion, clearance and uptake in closed form."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from endplate.solve.geometry import ball_radius, blurred_ball
from endplate.solve.quadrature import exponential_average
from endplate.spread.parameters import SpreadParameters
from endplate.units import CUBIC_MM_PER_ML

__all__ = ["capture"]


def capture(endplates: Array, sites: Array, *, doses: Array, volumes: Array, parameters: SpreadParameters) -> Array:
    """Toxin captured by the end plates from each injection.

    A volume V fills a ball of tissue of volume V/φ, blurred by dispersion of the front
    (Gaussian, σ along each axis). It diffuses (D) while clearance and uptake remove it, so
    the captured dose is ``E = k_up ∫ c dt``, here a Gauss–Laguerre average of the heat
    kernel on a ball over the time of removal.

    Parameters
    ----------
    endplates
        Positions, shape (..., 3, P or 1) [mm].
    sites
        Needle tips, shape (N, 3) [mm].
    doses, volumes
        Shape (N,) [U of one product] and [mL].
    parameters
        Spread parameters, each () or (P,).

    Returns
    -------
    Array
        Shape (N, ..., P) [U/mm³]: units captured per volume of tissue at unit density of end plates.

    Notes
    -----
    Linear in dose, so injections superpose; volume acts on spread only. The closed form
    ignores fascia, fibre direction and depletion by uptake.
    """
    p = parameters
    lead = (1,) * (endplates.ndim - 2)
    offset = endplates - sites.reshape(-1, *lead, sites.shape[-1], 1)
    # Half a thousandth of the blur keeps the closed form away from its removable 0/0 at the centre.
    nearest = (0.5 * p.front_dispersion / CUBIC_MM_PER_ML) ** 2
    distance = jnp.sqrt(jnp.sum(offset * offset, axis=-2) + nearest)
    tissue = (CUBIC_MM_PER_ML * volumes).reshape(-1, *lead, 1) / p.accessible_fraction
    removal = p.clearance_rate + p.uptake_rate
    radius, square = ball_radius(tissue), p.front_dispersion**2
    profile = jnp.zeros_like(distance * radius)
    for time, weight in zip(*exponential_average(), strict=True):
        profile += weight * blurred_ball(distance, radius, blur=jnp.sqrt(square + 2 * p.diffusivity * time / removal))
    # Far from the ball, what is left of differences of erf may round below 0.
    return doses.reshape(-1, *lead, 1) / tissue * (p.uptake_rate / removal) * jnp.maximum(profile, 0)
