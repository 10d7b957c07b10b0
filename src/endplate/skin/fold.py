"""The whole skin stage: a course of force becomes a course of lines."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

from endplate.skin.ageing import effective_age
from endplate.skin.crease import Crease, crease_use, days_per_year, engrave, settle
from endplate.skin.offer import Changes, changed, spared_years, younger
from endplate.skin.parameters import Person, SkinParameters
from endplate.skin.strain import skin_strain
from endplate.skin.wrinkle import furrow_depth

__all__ = ["Skin", "begin", "fold", "live"]

# Nodes of the life before treatment; twice as many change the depth by less than 0.1 µm.
_NODES = 2 ** (2 + 2 + 2)


class Skin(NamedTuple):
    """Course of the skin of each region, every field (T, R, P).

    strain: compression at maximum effort [1].
    depth_effort: depth of the furrow at maximum effort [mm].
    depth_rest: depth of the line at rest, both parts [mm].
    structural, viscoelastic: the parts of the depth at rest [mm].
    """

    strain: Array
    depth_effort: Array
    depth_rest: Array
    structural: Array
    viscoelastic: Array


def fold(
    effort: Array, days: Array, *, person: Person, parameters: SkinParameters, changes: Changes | None = None
) -> Skin:
    """Lines of the face over the simulated days.

    The first day counts as untreated: its effort is taken for the life before. A known
    resting depth replaces that life's result.

    Parameters
    ----------
    effort
        Remaining force of the muscles that fold each region at maximum effort, over
        untreated, shape (T, R, P) [1].
    days
        Shape (T,) [day].
    person
        Whose skin it is.
    parameters
        Skin parameters.
    changes
        What other offers change on these days; None for none. They begin after the first day.
    """
    years = (days - days[0]) / days_per_year()
    age = effective_age(person.age + years[:, None, None], person, parameters=parameters)
    strain = skin_strain(effort, person, parameters=parameters)
    skin, p = person, parameters
    if changes is not None:
        age = younger(age, spared_years(years[:, None, None], changes=changes), person=person, parameters=parameters)
        skin, p = changed(person, parameters, changes=changes)
    depth = furrow_depth(strain, age, person=skin, parameters=p)
    use = crease_use(depth, person, parameters=parameters)
    start = begin(strain[0], use[0], person=person, parameters=parameters)
    crease = engrave(use, years, age=age, start=start, person=person, parameters=parameters)
    if changes is not None:
        crease = Crease(*(part * changes.crease * changes.hydration for part in crease))
    return Skin(strain, depth, crease.structural + crease.viscoelastic, *crease)


def live(strain: Array, person: Person, *, parameters: SkinParameters) -> Crease:
    """Creases that the years from adolescence to the present age have left.

    Parameters
    ----------
    strain
        Untreated strain at maximum effort, constant over life, shape (R, P) [1].
    person
        Whose skin it is.
    parameters
        Skin parameters.

    Returns
    -------
    Crease
        At the present age, (R, P).
    """
    p = parameters
    first = jnp.minimum(p.crease_start, person.age)
    part = jnp.linspace(0, 1, _NODES + 1, dtype=strain.dtype)[:, None]
    lived = first + (person.age - first) * part
    age = effective_age(lived[:, None, :], person, parameters=p)
    depth = furrow_depth(strain[None], age, person=person, parameters=p)
    use = crease_use(depth, person, parameters=p)
    nothing = Crease(0 * use[0], 0 * use[0])
    course = engrave(use, lived, age=age, start=nothing, person=person, parameters=p)
    return Crease(*(value[-1] for value in course))


def begin(strain: Array, use: Array, *, person: Person, parameters: SkinParameters) -> Crease:
    """The crease at the first day (R, P): as measured where a depth is known, else as life left it.

    Parameters
    ----------
    strain
        As for `live`.
    use
        u on the first day, shape (R, P) [1].
    person
        Whose skin it is.
    parameters
        Skin parameters.
    """
    before = live(strain, person, parameters=parameters)
    unknown = jnp.isnan(person.resting_depth)
    measured = settle(jnp.where(unknown, 0, person.resting_depth), use, parameters=parameters)
    return Crease(*(jnp.where(unknown, a, b) for a, b in zip(before, measured, strict=True)))
