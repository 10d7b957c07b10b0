"""How skin changes with age: stiffer, thinner, less taut, easier to crease; and what habits and menopause do to it."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array

from endplate.skin.parameters import Person, SkinParameters, by_region

__all__ = [
    "after_menopause",
    "effective_age",
    "modulus",
    "natural_strain",
    "susceptibility",
    "thickness",
]


def effective_age(age: Array, person: Person, *, parameters: SkinParameters) -> Array:
    """Age of typical skin that is like this person's at `age`.

    ``a_eff = a [1 + c_sun (sun − 1) + c_smoke · pack-years / age now] + (c_m/c − 1) (y − y_usual)``: sun and
    smoking add effective years, spread evenly over life. In the first years y after menopause collagen is
    lost at c_m instead of c, so each of them counts as c_m/c; typical skin holds the usual menopause, and a
    person's own acts by how far it departs from that.

    Parameters
    ----------
    age
        Shape (…, P) [year].
    person
        Who; `sun`, `smoking`, `age`, `female` and `menopause` are used.
    parameters
        Skin parameters.
    """
    p = parameters
    rate = 1 + p.sun_ageing * (person.sun - 1) + p.smoking_ageing * person.smoking / person.age
    usual = after_menopause(age, person._replace(menopause=p.menopause_age), parameters=p)
    ahead = after_menopause(age, person, parameters=p) - usual
    return age * rate + (p.collagen_loss_menopause / p.collagen_loss - 1) * ahead


def after_menopause(age: Array, person: Person, *, parameters: SkinParameters) -> Array:
    """Years of the faster loss that follows menopause, up to `menopause_years`; none for men, shape (…, P) [year].

    Parameters
    ----------
    age
        Shape (…, P) [year].
    person
        Who; `female` and `menopause` are used.
    parameters
        Skin parameters.
    """
    p = parameters
    begins = jnp.where(jnp.isnan(person.menopause), p.menopause_age, person.menopause)
    return person.female * jnp.clip(age - begins, 0, p.menopause_years)


def modulus(age: Array, person: Person, *, parameters: SkinParameters) -> Array:
    """In-plane modulus [MPa], doubling every `modulus_doubling` years from `ageing_start` on.

    The horny layer bears the share s of it, and water softens that layer: ``E [1 − s + s c^(1 − m)]``
    with the moisture m of the person.

    Parameters
    ----------
    age
        Effective age, shape (…, P) [year].
    person
        Who; `moisture` is used.
    parameters
        Skin parameters.
    """
    p = parameters
    horny = p.corneum_share * (p.corneum_softening ** (1 - person.moisture) - 1)
    return p.skin_modulus * jnp.exp2(_years_aged(age, p) / p.modulus_doubling) * (1 + horny)


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
