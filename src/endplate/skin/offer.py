"""How creams, fillers, lasers and the like change named parameters of the skin, and for how long."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from equinox import tree_at
from jax import Array

from endplate.skin.parameters import Person, SkinParameters

__all__ = ["Changes", "Effect", "changed", "effect_strength", "spared_years", "younger"]


class Effect(NamedTuple):
    """How one change comes and goes, every field () or of one shape [day], but size.

    size: relative change in full effect; −0.2 takes away a fifth [1].
    start: first day.
    grows_until: last day of use; infinity after a single treatment.
    fades_from: day from which it fades.
    onset, fade: time constants.
    """

    size: Array
    start: Array
    grows_until: Array
    fades_from: Array
    onset: Array
    fade: Array


class Changes(NamedTuple):
    """Parameters of the skin relative to those without any offer, every field (T, R, 1) [1].

    thickness, modulus, natural_strain: of the skin that folds.
    crease: depth of lines at rest, by what is filled or resurfaced.
    hydration: depth of lines at rest, by the water of the horny layer.
    sun: ultraviolet dose.
    """

    thickness: Array
    modulus: Array
    natural_strain: Array
    crease: Array
    hydration: Array
    sun: Array


def effect_strength(days: Array, effect: Effect) -> Array:
    """Share of its size that a change has reached: ``(1 − e^{−t/τ_on}) e^{−t'/τ_off}``, 0 before the start.

    Parameters
    ----------
    days
        Any shape [day].
    effect
        Its course.

    Returns
    -------
    Array
        Between 0 and 1, in the shape of both [1].
    """
    used = jnp.clip(days, effect.start, effect.grows_until) - effect.start
    fading = jnp.maximum(days - effect.fades_from, 0)
    return -jnp.expm1(-used / effect.onset) * jnp.exp(-fading / effect.fade)


def changed(person: Person, parameters: SkinParameters, *, changes: Changes) -> tuple[Person, SkinParameters]:
    """The skin that folds, with its thickness, modulus and natural strain as they are changed."""
    thicker = person._replace(dermis=person.dermis * changes.thickness)
    stiffness = (parameters.skin_modulus * changes.modulus, parameters.natural_strain * changes.natural_strain)
    return thicker, tree_at(lambda p: (p.skin_modulus, p.natural_strain), parameters, stiffness)


def spared_years(years: Array, *, changes: Changes) -> Array:
    """Years of the usual ultraviolet dose that have been kept off: ``∫ (1 − f) dt``.

    Parameters
    ----------
    years
        Times, shape (T, 1, 1) [year].
    changes
        On these times.

    Returns
    -------
    Array
        Shape (T, R, 1) [year].
    """
    kept = 1 - changes.sun
    steps = jnp.diff(years, axis=0) * (kept[1:] + kept[:-1]) / 2
    return jnp.concatenate([0 * kept[:1], jnp.cumsum(steps, axis=0)])


def younger(age: Array, spared: Array, *, person: Person, parameters: SkinParameters) -> Array:
    """Effective age of skin from which ultraviolet was kept: ``a − c_sun sun ∫ (1 − f) dt``.

    Parameters
    ----------
    age
        Effective age without that, shape (…, 1, P) [year].
    spared
        From `spared_years`, shape (…, R, 1) [year].
    person
        Who; `sun` is used.
    parameters
        Skin parameters.
    """
    return age - parameters.sun_ageing * person.sun * spared
