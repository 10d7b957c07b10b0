"""From captured dose to the transmission of a muscle, over all classes of its end plates."""

from __future__ import annotations

import math
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from endplate.kinetics.light_chain import light_chain
from endplate.kinetics.parameters import KineticsParameters
from endplate.kinetics.sprouting import with_sprouts
from endplate.kinetics.terminal import SafetyFactor, intact_slope, intact_step
from endplate.solve.chain import Level
from endplate.solve.exponential import Path
from endplate.solve.quadrature import LOG_NODES, lognormal_weights

__all__ = ["Schedule", "Transmission", "transmit"]


class Schedule(NamedTuple):
    """When things happen on the time grid.

    steps: lengths (N − 1,) or (N − 1, P) [day].
    event: session index at each node, −1 for none (N,).
    antitoxin: flags (N,), true from the time of antitoxin on; None for no antitoxin.
    """

    steps: Array
    event: Array
    antitoxin: Array | None = None


class Transmission(NamedTuple):
    """What the end plates of each muscle do at the nodes of the grid.

    light_chain: mean active light chain (N, J, P) [half-cleaving levels].
    intact: mean intact SNARE protein (N, J, P) [1].
    parent: share of fibres whose own terminal transmits (N, J, P) [1].
    whole: share of fibres that transmit, sprouts included, with its slope in time.
    """

    light_chain: Array
    intact: Array
    parent: Array
    whole: Path


def transmit(
    total: Array,
    share: Array,
    *,
    density: Array,
    schedule: Schedule,
    parameters: KineticsParameters,
    group: Array | None = None,
) -> Transmission:
    """Transmission of every muscle after doses captured at its end plates.

    The dose of single end plates scatters log-normally around the local mean; a uniform
    grid in ln(dose) carries the cloud of all end plates of a muscle, so terminals are
    solved once per node of that grid and weighted per muscle. Where sessions have different
    patterns, the end plates of a muscle are divided among groups of common history.

    Parameters
    ----------
    total
        Dose captured over all sessions at each point, shape (J, I, P) [U/mm³].
    share
        Share of it that each session gives to each group, shape (S, J, G, P); J and G are 1
        where every session has the same pattern, and one set of terminals serves all muscles.
    density
        Share of the muscle's end plates at each point, shape (J, I), rows sum to 1.
    schedule
        Steps, sessions and antitoxin on the time grid.
    parameters
        Kinetic parameters.
    group
        How each point is divided among groups, shape (G, J, I, P), sums to 1; None for one group.
    """
    dose = total * parameters.potency
    cloud = jnp.log(jnp.maximum(dose, jnp.finfo(dose.dtype).tiny))
    part = density[..., None] * (jnp.ones_like(dose)[None] if group is None else group)
    weight = jnp.einsum("kjip,gjip->kjgp", lognormal_weights(cloud, parameters.dose_spread), part)
    mass = jnp.einsum("jip,gjip->jgp", dose, part)
    share = jnp.broadcast_to(share, (*share.shape[:-1], dose.shape[-1]))
    given = jnp.concatenate([share, 0 * share[:1]])[schedule.event]
    level = light_chain(given, schedule.steps, parameters=parameters, antitoxin=schedule.antitoxin)
    intact, parent = terminals(level, weight, steps=schedule.steps, parameters=parameters)
    mean = jnp.sum(level.value * mass, axis=2)
    return Transmission(mean, intact, parent.value, with_sprouts(parent, schedule.steps, parameters=parameters))


def terminals(level: Level, weight: Array, *, steps: Array, parameters: KineticsParameters) -> tuple[Array, Path]:
    """Mean intact protein and parent transmission over the cloud of end plates.

    Parameters
    ----------
    level
        Light chain per unit of captured dose, value (N, J or 1, G or 1, P).
    weight
        Share of end plates at each node of ln(dose), shape (K, J, G, P).
    steps
        Shape (N − 1,) or (N − 1, P) [day].
    parameters
        Kinetic parameters.

    Returns
    -------
    tuple
        intact (N, J, P), parent transmission with slope (N, J, P).
    """
    dtype = level.value.dtype
    scale = jnp.exp(jnp.asarray(LOG_NODES, dtype)).reshape(-1, 1, 1, 1)
    turnover = math.log(2) / parameters.snare_half_life
    release = SafetyFactor.of(parameters)

    def lost(intact: Array, now: Array) -> tuple[Array, Array, Array]:
        slope = intact_slope(intact, scale * now, turnover=turnover)
        transmits, gain = release.transmits(intact, slope)
        cleaved, blocked, slope = (jnp.sum(weight * part, axis=(0, 2)) for part in (1 - intact, 1 - transmits, gain))
        return cleaved, blocked, slope

    def advance(intact: Array, now: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        step, area, before, after = now
        intact = intact_step(intact, step, turnover=turnover, area=scale * area, rise=scale * (after - before))
        return intact, lost(intact, after)

    start = jnp.ones((len(LOG_NODES), *level.value.shape[1:]), dtype)
    inputs = (steps, level.area, level.value[:-1], level.value[1:])
    _, later = jax.lax.scan(advance, start, inputs)
    first = lost(start, level.value[0])
    cleaved, blocked, slope = (jnp.concatenate([a[None], b]) for a, b in zip(first, later, strict=True))
    return 1 - cleaved, Path(1 - blocked, slope)
