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
from endplate.kinetics.terminal import SafetyFactor, intact_step
from endplate.solve.chain import Level
from endplate.solve.exponential import Path
from endplate.solve.quadrature import LOG_NODES, at_nodes, lognormal_weights, over_nodes

__all__ = ["Schedule", "Transmission", "transmit", "transmit_weighted"]


class Schedule(NamedTuple):
    """When things happen on the time grid.

    steps: lengths (N − 1,) or (N − 1, P) [day].
    event: session index at each node, −1 for none (N,).
    antitoxin: flags (N,), true from the time of antitoxin on; None for no antitoxin.
    held: share of SNARE protein that a competing peptide leaves free, see `held_snare` (N, 1) or (N, P); None for none.
    """

    steps: Array
    event: Array
    antitoxin: Array | None = None
    held: Array | None = None


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
    level, intact, parent = _responses(weight, share, schedule, parameters)
    mean = jnp.sum(level.value * mass, axis=2)
    return Transmission(mean, intact, parent.value, with_sprouts(parent, schedule.steps, parameters=parameters))


def transmit_weighted(weight: Array, share: Array, *, schedule: Schedule, parameters: KineticsParameters) -> Path:
    """Transmission of every muscle, sprouts included, where the cloud of its end plates is known.

    Parameters
    ----------
    weight
        Share of the end plates at each node of ln(dose), shape (K, J, 1, P).
    share
        What each session gives, relative to the largest one, shape (S, 1, 1, P).
    schedule, parameters
        As for `transmit`.
    """
    _, _, parent = _responses(weight, share, schedule, parameters)
    return with_sprouts(parent, schedule.steps, parameters=parameters)


def _responses(
    weight: Array, share: Array, schedule: Schedule, parameters: KineticsParameters
) -> tuple[Level, Array, Path]:
    """Light chain per unit dose, mean intact protein and parent transmission."""
    given = jnp.concatenate([share, 0 * share[:1]])[schedule.event]
    level = light_chain(given, schedule.steps, parameters=parameters, antitoxin=schedule.antitoxin)
    return level, *terminals(level, weight, schedule=schedule, parameters=parameters)


def terminals(level: Level, weight: Array, *, schedule: Schedule, parameters: KineticsParameters) -> tuple[Array, Path]:
    """Mean intact protein and parent transmission over the cloud of end plates.

    Parameters
    ----------
    level
        Light chain per unit of the measure of dose, value (N, J or 1, I or 1, P).
    weight
        Share of end plates at each node of ln(dose), shape (K, J, I or 1, P).
    schedule
        Steps of the time grid, and what a competing peptide leaves free.
    parameters
        Kinetic parameters.

    Returns
    -------
    tuple
        intact (N, J, P), parent transmission with slope (N, J, P).
    """
    release, turnover = SafetyFactor.of(parameters), math.log(2) / parameters.snare_half_life
    cleaved, missing, change = _followed(level, weight, schedule=schedule, release=release, turnover=turnover)
    if schedule.held is not None:
        missing += _spared(weight) * release.deficit(schedule.held[1:, None])[0]
    blocked, slope = release.fails_on_average(missing, turnover * change)
    # Nothing is blocked at the first node, where no toxin has had time to act.
    cleaved, blocked, slope = (jnp.concatenate([jnp.zeros_like(part[:1]), part]) for part in (cleaved, blocked, slope))
    return 1 - cleaved, Path(1 - blocked, slope)


def _spared(weight: Array) -> Array:
    """Share of the end plates that no toxin reaches, which have no node of the cloud, shape (J, P)."""
    return 1 - jnp.sum(weight, axis=(0, 2))


def _followed(
    level: Level, weight: Array, *, schedule: Schedule, release: SafetyFactor, turnover: Array
) -> tuple[Array, Array, Array]:
    """Means over the cloud of 1 − S, ``erf z₀ − erf z`` and ``exp(−z²) (ln S)'/k_s`` after each step, (N − 1, J, P)."""
    shape = level.value.shape[1:]
    scale = jnp.exp(jnp.asarray(LOG_NODES, level.value.dtype))[:, None]
    # Where several muscles share one set of terminals, their means are one product of matrices after the scan.
    shared = shape[0] == shape[1] == 1 and weight.shape[1] > 1

    def flat(part: Array) -> Array:
        """All histories as one axis, where XLA is much faster than on axes of length one."""
        wide = part.reshape(part.shape[0], *(1,) * (len(shape) - part.ndim + 1), *part.shape[1:])
        return jnp.broadcast_to(wide, (part.shape[0], *shape)).reshape(part.shape[0], -1)

    def every(part: Array) -> Array:
        return at_nodes(part, scale.shape[0])

    def total(part: Array) -> Array:
        return part if shared else jnp.sum(over_nodes(weight * part.reshape(-1, *shape)), axis=1)

    def advance(intact: Array, now: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        step, held, *lights = now
        area, rise, light = (scale * every(part) for part in lights)
        intact = intact_step(intact, step, turnover=turnover, area=area, rise=rise)
        # Levels far above any dose would carry a step below 0; nothing is left then.
        left = jnp.maximum(intact, jnp.finfo(intact.dtype).eps)
        missing, bell = release.deficit(left if held is None else left * held)
        return intact, (total(1 - left), total(missing), total(bell * (1 / left - 1 - light)))

    # One value per node, so that the gradient is summed over nodes once and not in every step.
    release, turnover = jax.tree.map(lambda part: every(flat(jnp.atleast_1d(part)[None])[0]), (release, turnover))
    light = flat(level.value)
    held = None if schedule.held is None else flat(schedule.held[1:])
    inputs = (flat(schedule.steps), held, flat(level.area), jnp.diff(light, axis=0), light[1:])
    start = jnp.ones((scale.shape[0], light.shape[1]), light.dtype)
    found: tuple[Array, Array, Array] = jax.lax.scan(jax.checkpoint(advance), start, inputs)[1]
    if not shared:
        return found
    cleaved, missing, change = (jnp.einsum("kjp,tkp->tjp", weight[:, :, 0], part) for part in found)
    return cleaved, missing, change
