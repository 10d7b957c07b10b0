"""How skin changes with age: stiffer, thinner, less taut, easier to crease."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array

from endplate.skin.parameters import Person, SkinParameters, by_region

__all__ = ["effective_age", "modulus", "natural_strain", "susceptibility", "thickness"]


def effective_age(age: Array, person: Person, *, parameters: SkinParameters) -> Array:
    """Age of typical skin that is like this person's at `age`.

    ``a_eff = a [1 + c_sun (sun − 1) + c_smoke · pack-years / age now]``: sun and smoking add
    effective years, spread evenly over life.

    Parameters
    ----------
    age
        Shape (…, P) [year].
    person
        Who; `sun`, `smoking` and `age` are used.
    parameters
        Skin parameters.
    """
    sun = parameters.sun_ageing * (person.sun - 1)
    return age * (1 + sun + parameters.smoking_ageing * person.smoking / person.age)


def modulus(age: Array, parameters: SkinParameters) -> Array:
    """In-plane modulus, doubling every `modulus_doubling` years from `ageing_start` on [MPa]."""
    return parameters.skin_modulus * 2 ** (_years_aged(age, parameters) / parameters.modulus_doubling)


def thickness(age: Array, person: Person, *, parameters: SkinParameters) -> Array:
    """Thickness of epidermis and dermis, shape (…, R, P) [mm].

    Parameters
    ----------
    age
        Effective age, shape (…, 1, P) [year].
    person
        Who; `female` and `dermis` are used.
    parameters
        Skin parameters.
    """
    sex = person.female + (1 - person.female) * parameters.male_thickness
    left = jnp.exp(-parameters.dermis_loss * _years_aged(age, parameters))
    return by_region(parameters.skin_thickness) * (sex * person.dermis * left)


def natural_strain(age: Array, parameters: SkinParameters) -> Array:
    """Strain that skin gives up before it is compressed: ``ε₀ e^{−(a − a₀)/τ}`` [1]."""
    return parameters.natural_strain * jnp.exp(-(age - parameters.natural_strain_age) / parameters.natural_strain_time)


def susceptibility(age: Array, parameters: SkinParameters) -> Array:
    """How easily folding engraves a crease, rising from a floor to 1 in middle age [1]."""
    floor = parameters.susceptibility_floor
    rise = jax.nn.sigmoid((age - parameters.susceptibility_age) / parameters.susceptibility_width)
    return floor + (1 - floor) * rise


def _years_aged(age: Array, parameters: SkinParameters) -> Array:
    return jnp.maximum(age - parameters.ageing_start, 0)
