"""Lines at rest: a part engraved over years and a part that follows use over weeks."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

from endplate.skin.ageing import susceptibility
from endplate.skin.parameters import Person, SkinParameters
from endplate.solve.exponential import Path, linear_path
from endplate.units import convert

__all__ = ["Crease", "crease_use", "days_per_year", "engrave", "settle"]


@cache
def days_per_year() -> float:
    """Length of a year [day]."""
    return convert(1, "year", to="day")


class Crease(NamedTuple):
    """Parts of the depth of a line at rest.

    structural: engraved in the dermis, changes over years (…, R, P) [mm].
    viscoelastic: what repeated folding leaves, changes over weeks (…, R, P) [mm].
    """

    structural: Array
    viscoelastic: Array


def crease_use(depth: Array, person: Person, *, parameters: SkinParameters) -> Array:
    """How much a crease is worked, ``u = (n/n₀)(D/1 mm)^1.5``, shape (…, R, P) [1]."""
    # A logarithm and an exponential take a tenth of the time of a power.
    return person.habit * jnp.exp(parameters.crease_exponent * jnp.log(depth / parameters.crease_depth))


def engrave(
    use: Array, years: Array, *, age: Array, start: Crease, person: Person, parameters: SkinParameters
) -> Crease:
    """Course of a crease that is worked by `use`.

    ``dS/dt = k u P Sus(a) (1 − S) − S/τ_repair``, ``dV/dt = (c S min(1, u) − V)/τ``, with growth k, volatile
    share c and volatile time τ. Both equations are linear in their own state; between nodes `use` runs straight.

    Parameters
    ----------
    use
        u at the nodes, shape (N, R, P) [1].
    years
        Times of the nodes, shape (N,) or (N, P) [year].
    age
        Effective age at the nodes, shape (N, 1, P) [year].
    start
        State at the first node, (R, P).
    person
        Who; the proneness P is used.
    parameters
        Skin parameters.

    Returns
    -------
    Crease
        Shape (N, R, P).
    """
    p, steps = parameters, jnp.diff(years, axis=0)
    growth = p.crease_growth * use * susceptibility(age, p) * person.proneness
    decay = growth + 1 / p.crease_repair_time
    structural = linear_path(steps, _straight(growth), decay=_straight(decay), start=start.structural).value
    rate = days_per_year() / p.volatile_time + 0 * use
    target = rate * p.volatile_share * structural * jnp.minimum(use, 1)
    return Crease(
        structural, linear_path(steps, _straight(target), decay=_straight(rate), start=start.viscoelastic).value
    )


def settle(depth: Array, use: Array, *, parameters: SkinParameters) -> Crease:
    """Split a known depth at rest into its parts, for a line in steady use.

    Parameters
    ----------
    depth
        Shape (R, P) [mm].
    use
        u, shape (R, P) [1].
    parameters
        Skin parameters.
    """
    structural = depth / (1 + parameters.volatile_share * jnp.minimum(use, 1))
    return Crease(structural, depth - structural)


def _straight(value: Array) -> Path:
    return Path(value, 0 * value)
