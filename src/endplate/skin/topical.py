"""What of a cream gets from the surface of the skin to the end plates below it."""

from __future__ import annotations

import equinox
from jax import Array

from endplate.evidence import entry

__all__ = ["TopicalParameters", "concentration_below", "permeation_for"]


class TopicalParameters(equinox.Module):
    """A cream and the skin's barrier. Every field is () or (P,)."""

    film: Array = equinox.field(metadata=entry("topical.film"))
    applications: Array = equinox.field(metadata=entry("topical.applications"))
    content: Array = equinox.field(metadata=entry("topical.content"))
    reaches_epidermis: Array = equinox.field(metadata=entry("topical.reaches_epidermis"))
    reaches_dermis: Array = equinox.field(metadata=entry("topical.reaches_dermis"))
    accessible_fraction: Array = equinox.field(metadata=entry("phi"))
    clearance_rate: Array = equinox.field(metadata=entry("k_clr"))


def concentration_below(content: Array, permeation: Array, *, depth: Array, parameters: TopicalParameters) -> Array:
    """Concentration of a peptide in the fluid between the surface and the end plates, in steady use.

    What permeates in a day, ``n w x ϕ``, is spread over the fluid ``φ H`` and leaves it at k_clr:
    ``c = n w x ϕ/(k_clr φ H)``. Nothing is lost on the way, so it is an upper bound.

    Parameters
    ----------
    content
        Share by mass of the peptide in the cream, x [1].
    permeation
        Share of the applied peptide that gets below the surface, ϕ [1].
    depth
        From the surface to the end plates, H [mm].
    parameters
        Film w, applications n, fluid φ and clearance.

    Returns
    -------
    Array
        Share by mass in the fluid, in the shape of all together [1].
    """
    return permeation * content / _dilution(depth, parameters)


def permeation_for(concentration: Array, content: Array, *, depth: Array, parameters: TopicalParameters) -> Array:
    """Share of the applied peptide that would have to permeate: the inverse of `concentration_below`.

    More than 1 where even all of it would not do.

    Parameters
    ----------
    concentration
        Share by mass in the fluid at the end plates [1].
    content, depth, parameters
        As for `concentration_below`.
    """
    return concentration * _dilution(depth, parameters) / content


def _dilution(depth: Array, parameters: TopicalParameters) -> Array:
    """Fluid that a day's film is spread over before it leaves, over that film [1]."""
    p = parameters
    return p.clearance_rate * p.accessible_fraction * depth / (p.applications * p.film)
