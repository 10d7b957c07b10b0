"""One window of time, from one possible session to the next: the stages of a course, begun where the last one ended."""

from __future__ import annotations

import math
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from endplate.course import Parameters
from endplate.kinetics.sprouting import sprouted, sprouts
from endplate.kinetics.terminal import SafetyFactor, intact_step
from endplate.life.body import Body, Hazard
from endplate.life.offers import Offered
from endplate.muscle import force_fraction, trophic_state
from endplate.outcome import EFFORTS, latent_severity, severity_of_depth
from endplate.skin import Crease, changed, crease_use, days_per_year, effective_age, engrave, furrow_depth, younger
from endplate.solve.exponential import Path
from endplate.solve.quadrature import LOG_NODES

__all__ = ["Asked", "Now", "Seen", "State", "begun", "through"]

_REST, _MAXIMUM = EFFORTS.index("rest"), EFFORTS.index("maximum")


class State(NamedTuple):
    """Where a person stands when a window begins.

    modes: of the light chain per unit dose (4, P); intact: SNARE protein at the nodes of ln(dose) (K, P); parent: share
    of fibres whose own terminal transmits, value and slope (G, P); sprout, trophic: see their stages (G, P); crease:
    of the untreated and the treated twin (2, R, P) [mm].
    severity: at maximum effort of the region that is looked at (P,) [grade]; since: last session (P,) [day]; hazard:
    sum so far (P,); met: sessions that met antibodies (P,).
    """

    modes: Array
    intact: Array
    parent: Path
    sprout: Array
    trophic: Array
    crease: Crease
    severity: Array
    since: Array
    hazard: Array
    met: Array


class Now(NamedTuple):
    """A window: steps (N,) [day], days since the beginning (), and what holds in it, see `Clock` and `Offered`."""

    steps: Array
    begins: Array
    allowed: Array
    factor: Array
    habit: Array
    offered: Offered | None = None


class Asked(NamedTuple):
    """When a session is given: from which severity on, row of the region, least interval [day]; hazard."""

    grade: float
    row: int
    least: float
    hazard: Hazard


class Seen(NamedTuple):
    """What is seen at the ends of the N steps of a window.

    effort: force that folds each region, over untreated (N, R, P) [1]; mass: of the muscles that fold it, over
    untreated (N, R, P) [1]. Of the untreated and the treated twin: depth_effort, depth_rest (N, 2, R, P) [mm],
    severity_effort, severity_rest (N, 2, R, P) [grade].
    dose: given at the beginning, over that of the plan (P,); hazard, met: as they are then, see `State` (P,).
    """

    effort: Array
    mass: Array
    depth_effort: Array
    depth_rest: Array
    severity_effort: Array
    severity_rest: Array
    dose: Array
    hazard: Array
    met: Array


def begun(body: Body) -> State:
    """A person before any session."""
    one = body.strain[0] * 0
    groups = jnp.zeros((body.folding.shape[1], 1), one.dtype) + one
    return State(
        modes=0 * body.gains * (1 + one),
        intact=jnp.ones((len(LOG_NODES), 1), one.dtype) + one,
        parent=Path(1 + groups, groups),
        sprout=groups,
        trophic=1 + groups,
        crease=Crease(*(jnp.stack([part, part]) for part in body.start)),
        severity=one - jnp.inf,
        since=one + jnp.inf,
        hazard=one,
        met=one,
    )


def through(state: State, now: Now, *, body: Body, p: Parameters, asked: Asked) -> tuple[State, Seen]:
    """A window.

    Parameters
    ----------
    state
        Where the person stands.
    now
        The window.
    body
        The person.
    p
        Their parameters, those of skin with the regions of the body alone.
    asked
        When a session is given.
    """
    dose, free, state = _session(state, now, asked=asked, threshold=body.threshold)
    modes = state.modes + body.gains * dose * free
    # Behind barriers each part is worked out once, not again for every use of it.
    moved = _muscles(state._replace(modes=modes), now.steps, body=body, p=p)
    force, trophic, state = jax.lax.optimization_barrier(moved)
    effort, mass = (jnp.einsum("rg,ngp->nrp", body.folding, part) for part in (force, trophic))
    crease, depth = jax.lax.optimization_barrier(_lines(state.crease, effort, now, body=body, p=p))
    quiet = _seen(crease.structural + crease.viscoelastic, now.offered)
    grade = _severity(depth, quiet, body=body, p=p)
    after = state._replace(
        crease=Crease(*(part[:, -1] for part in crease)),
        severity=grade[1, -1, _MAXIMUM, asked.row],
        since=state.since + jnp.sum(now.steps),
    )
    four = (jnp.moveaxis(part[:, 1:], 0, 1) for part in (depth, quiet, grade[:, :, _MAXIMUM], grade[:, :, _REST]))
    return after, Seen(effort[1:], mass[1:], *four, dose=dose, hazard=state.hazard, met=state.met)


def _session(state: State, now: Now, *, asked: Asked, threshold: Array) -> tuple[Array, Array, State]:
    """Dose over that of the plan (P,), the share of it that is free, and the state after it.

    The first session is given when it may be. Who has lost the response gets one more session.
    """
    known, lost = asked.hazard, state.hazard >= threshold
    due = now.allowed & (state.severity >= asked.grade) & (state.since >= asked.least) & (state.met < 1)
    due |= now.allowed & jnp.isinf(state.since)
    dose = jnp.where(due, now.factor, 0)
    # Summed steps may fall short of an interval by their rounding.
    close = jnp.where(state.since < known.least - 0.5, known.short, 1)
    hazard = state.hazard + jnp.where(lost, 0, known.session * dose**known.power * close)
    after = state._replace(
        since=jnp.where(due, 0, state.since), hazard=hazard, met=state.met + jnp.where(due & lost, 1, 0)
    )
    return dose, jnp.where(lost, known.free, 1), after


def _muscles(state: State, steps: Array, *, body: Body, p: Parameters) -> tuple[Array, Array, State]:
    """Force and trophic state of the groups at all nodes (N + 1, G, P), and the state at the last one."""
    parent, intact, modes = _terminals(state, steps, body=body, p=p)
    grown = sprouts(parent, steps, parameters=p.kinetics, start=state.sprout)
    whole = sprouted(parent, grown, parameters=p.kinetics)
    trophic = trophic_state(whole, steps, parameters=p.muscle, start=state.trophic).value
    after = state._replace(
        modes=modes,
        intact=intact,
        parent=Path(parent.value[-1], parent.slope[-1]),
        sprout=grown.value[-1],
        trophic=trophic[-1],
    )
    return force_fraction(whole.value, trophic), trophic, after


def _terminals(state: State, steps: Array, *, body: Body, p: Parameters) -> tuple[Path, Array, Array]:
    """Transmission of parent terminals at all nodes (N + 1, G, P); intact protein and modes at the last one."""
    release, turnover = SafetyFactor.of(p.kinetics), math.log(2) / p.kinetics.snare_half_life
    level, area, modes = _light(state.modes, steps, rates=body.rates)
    scale = jnp.exp(jnp.asarray(LOG_NODES, level.dtype))[:, None]

    def advance(intact: Array, now: tuple[Array, ...]) -> tuple[Array, tuple[Array, Array]]:
        step, area, rise, light = (now[0], *(scale * part for part in now[1:]))
        intact = intact_step(intact, step, turnover=turnover, area=area, rise=rise)
        left = jnp.maximum(intact, jnp.finfo(intact.dtype).eps)
        missing, bell = release.deficit(left)
        return intact, (missing, bell * (1 / left - 1 - light))

    inputs = (steps, area, jnp.diff(level, axis=0), level[1:])
    intact, means = jax.lax.scan(advance, state.intact, inputs)
    missing, change = (jnp.einsum("kgp,nkp->ngp", body.weight, part) for part in means)
    blocked, slope = release.fails_on_average(missing, turnover * change)
    value = jnp.concatenate([state.parent.value[None], 1 - blocked])
    return Path(value, jnp.concatenate([state.parent.slope[None], slope])), intact, modes


def _light(modes: Array, steps: Array, *, rates: Array) -> tuple[Array, Array, Array]:
    """Light chain at all nodes (N + 1, P), its integral over each step (N, P), and the modes at the last node."""
    past = jnp.concatenate([jnp.zeros(1, steps.dtype), jnp.cumsum(steps)])
    each = modes * jnp.exp(-rates * past[:, None, None])
    held = -jnp.expm1(-rates * steps[:, None, None]) / jnp.where(rates > 0, rates, 1)
    held = jnp.where(rates > 0, held, steps[:, None, None])
    return jnp.sum(each, axis=1), jnp.sum(each[:-1] * held, axis=1), each[-1]


def _lines(start: Crease, effort: Array, now: Now, *, body: Body, p: Parameters) -> tuple[Crease, Array]:
    """Creases and furrows of both twins at all nodes (2, N + 1, R, P) [mm]."""
    past = jnp.concatenate([jnp.zeros(1, now.steps.dtype), jnp.cumsum(now.steps)])
    years = past / days_per_year()
    lived = body.person.age + now.begins / days_per_year() + years[:, None, None]
    person = body.person._replace(habit=body.person.habit * now.habit[:, None])
    age = effective_age(lived, person, parameters=p.skin)

    def twin(effort: Array, start: Crease, offered: Offered | None) -> tuple[Crease, Array]:
        aged, whose, skin = age, person, p.skin
        if offered is not None:
            aged = younger(age, offered.spared, person=person, parameters=skin)
            whose, skin = changed(person, skin, changes=offered.changes)
        depth = jax.lax.optimization_barrier(furrow_depth(effort * body.strain, aged, person=whose, parameters=skin))
        use = jax.lax.optimization_barrier(crease_use(depth, person, parameters=p.skin))
        return engrave(use, years, age=aged, start=start, person=person, parameters=p.skin), depth

    age = jax.lax.optimization_barrier(age)
    untreated, treated = (Crease(*(part[one] for part in start)) for one in (0, 1))
    both = twin(jnp.ones_like(effort), untreated, None), twin(effort, treated, now.offered)
    return jax.tree.map(lambda *pair: jnp.stack(pair), *both)


def _seen(quiet: Array, offered: Offered | None) -> Array:
    """Depth at rest of both twins as it is seen: filled or moist in the treated one (2, N + 1, R, P) [mm]."""
    if offered is None:
        return quiet
    return quiet.at[1].multiply(offered.changes.crease * offered.changes.hydration)


def _severity(depth: Array, quiet: Array, *, body: Body, p: Parameters) -> Array:
    """Severity of both twins (2, N + 1, effort, R, P): the untreated one is the measure of the treated."""
    whole = jnp.clip(severity_of_depth(depth[0], p.outcome) + body.offset, 0, p.outcome.severity_limit)
    return latent_severity(depth, quiet, parameters=p.outcome, maximum=whole)
