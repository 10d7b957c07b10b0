"""Skin on soft fat folds when it is compressed beyond a critical strain."""

from __future__ import annotations

import math
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from endplate.skin.ageing import modulus, natural_strain, thickness
from endplate.skin.parameters import Person, SkinParameters, by_region

__all__ = ["Buckling", "buckling", "furrow_depth"]


class Buckling(NamedTuple):
    """When and how a skin folds.

    wavelength: distance from line to line (…, R, P) [mm].
    critical_strain: compression at which it folds (…, R, P) [1].
    """

    wavelength: Array
    critical_strain: Array


def buckling(age: Array, person: Person, *, parameters: SkinParameters) -> Buckling:
    """Wavelength and critical strain of a stiff sheet on a soft layer.

    ``B = E h³/9``, ``K = 3 E_f/H``, ``λ = 2π (B/K)^¼``, ``ε_c = 2 √(B K)/(E h) + ε₀(age)``.

    Parameters
    ----------
    age
        Effective age, shape (…, 1, P) [year].
    person
        Who; sex, relative skin thickness and moisture are used.
    parameters
        Skin parameters.
    """
    p = parameters
    stretching = modulus(age, person, parameters=p) * thickness(age, person, parameters=p)
    bending = stretching * thickness(age, person, parameters=p) ** 2 / p.bending_divisor
    foundation = p.foundation_factor * p.fat_modulus / by_region(p.fat_thickness)
    wavelength = 2 * math.pi * jnp.sqrt(jnp.sqrt(bending / foundation))
    return Buckling(wavelength, 2 * jnp.sqrt(bending * foundation) / stretching + natural_strain(age, p))


def furrow_depth(strain: Array, age: Array, *, person: Person, parameters: SkinParameters) -> Array:
    """Depth of the furrow at a compressive strain.

    ``D = 0.6 (2λ/π) √(δ softplus((κ ε − ε_c)/δ))``: the height of an inextensible fold,
    blunted, with a start softened over the strain δ.

    Parameters
    ----------
    strain
        Shape (…, R, P) [1].
    age
        Effective age, shape (…, 1, P) [year].
    person
        Who.
    parameters
        Skin parameters.

    Returns
    -------
    Array
        Shape (…, R, P) [mm].
    """
    fold = buckling(age, person, parameters=parameters)
    width = parameters.buckling_width
    beyond = by_region(parameters.strain_concentration) * strain - fold.critical_strain
    folded = width * jax.nn.softplus(beyond / width)
    # A floor keeps the slope of the root finite far below the critical strain.
    folded = jnp.maximum(folded, jnp.finfo(folded.dtype).tiny)
    return parameters.depth_ratio * (2 * fold.wavelength / math.pi) * jnp.sqrt(folded)
