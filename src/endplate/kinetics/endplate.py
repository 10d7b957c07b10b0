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
    measure: Array, share: Array, *, density: Array, schedule: Schedule, parameters: KineticsParameters
) -> Transmission:
    """Transmission of every muscle after doses captured at its end plates.

    The dose of single end plates scatters log-normally around the local mean; a uniform
    grid in ln(dose) carries the cloud. Where every session has the same pattern, all end
    plates share one history and one set of terminals serves all muscles, which are weights
    on it; else every point has a history and terminals of its own.

    Parameters
    ----------
    measure
        Dose by which sessions are measured at each point, such as the largest one, shape (J, I, P) [U/mm³].
    share
        What each session gives, relative to it, shape (S, 1, 1, P) or (S, J, I, P).
    density
        Share of the muscle's end plates at each point, shape (J, I), rows sum to 1.
    schedule
        Steps, sessions and antitoxin on the time grid.
    parameters
        Kinetic parameters.
    """
    dose = measure * parameters.potency
    cloud = jnp.log(jnp.maximum(dose, jnp.finfo(dose.dtype).tiny))
    weight = lognormal_weights(cloud, parameters.dose_spread) * density[..., None]
    mass = dose * density[..., None]
    if share.shape[2] == 1:
        weight, mass = jnp.sum(weight, axis=2, keepdims=True), jnp.sum(mass, axis=1, keepdims=True)
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
        Light chain per unit of the measure of dose, value (N, J or 1, I or 1, P).
    weight
        Share of end plates at each node of ln(dose), shape (K, J, I or 1, P).
    steps
        Shape (N − 1,) or (N − 1, P) [day].
    parameters
        Kinetic parameters.

    Returns
    -------
    tuple
        intact (N, J, P), parent transmission with slope (N, J, P).
    """
    shape, turnover = level.value.shape[1:], math.log(2) / parameters.snare_half_life
    release = SafetyFactor.of(parameters)
    scale = jnp.exp(jnp.asarray(LOG_NODES, level.value.dtype))[:, None]
    ones = jnp.ones_like(scale[:, 0])
    # One set of terminals for all muscles: their sums are one product of matrices after the scan.
    shared = shape[0] == shape[1] == 1

    def flat(part: Array) -> Array:
        # XLA is fast where all histories are one axis, and sums over nodes a product with ones.
        wide = part.reshape(part.shape[0], *(1,) * (len(shape) - part.ndim + 1), *part.shape[1:])
        return jnp.broadcast_to(wide, (part.shape[0], *shape)).reshape(part.shape[0], -1)

    def total(part: Array) -> Array:
        return part if shared else jnp.einsum("k,kjip->jp", ones, weight * part.reshape(-1, *shape))

    def advance(intact: Array, now: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        step, area, rise, after = now
        intact = intact_step(intact, step, turnover=turnover, area=scale * area, rise=scale * rise)
        lost, gain = release.fails(intact, intact_slope(intact, scale * after, turnover=turnover))
        return intact, (total(1 - intact), total(lost), total(gain))

    release, turnover = jax.tree.map(lambda part: flat(jnp.atleast_1d(part)[None])[0], (release, turnover))
    light = flat(level.value)
    inputs = (flat(steps), flat(level.area), jnp.diff(light, axis=0), light[1:])
    start = jnp.ones((scale.shape[0], light.shape[1]), light.dtype)
    _, later = jax.lax.scan(jax.checkpoint(advance), start, inputs)
    if shared:
        later = tuple(jnp.einsum("kjp,tkp->tjp", weight[:, :, 0], part) for part in later)
    # Nothing is blocked at the first node, where no toxin has had time to act.
    cleaved, blocked, slope = (jnp.concatenate([jnp.zeros_like(part[:1]), part]) for part in later)
    return 1 - cleaved, Path(1 - blocked, slope)
