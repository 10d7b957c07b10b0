"""The five stages, each between the arrays of a scene and what the next one needs.

Each is compiled on its own, so that a plan with another number of sites compiles the first stage only.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple, Protocol

import equinox
import jax
import jax.numpy as jnp
from jax import Array

from endplate.course.parameters import Parameters
from endplate.course.result import Course, Durations
from endplate.course.scene import Body, Scene, Syringe
from endplate.kinetics import Transmission, transmit
from endplate.muscle import activation, active_force, force_fraction, trophic_state
from endplate.outcome import (
    MERZ,
    Lid,
    Milestones,
    brow_change,
    depth_of_severity,
    duration_none_or_mild,
    duration_one_grade,
    duration_to_baseline,
    find_milestones,
    grade_probability,
    latent_severity,
    lid_position,
    onset_of_effect,
)
from endplate.skin import Skin, fold
from endplate.solve.exponential import Path
from endplate.spread import capture

__all__ = [
    "ClosedForm",
    "Ends",
    "Power",
    "Seen",
    "SpreadModel",
    "collect",
    "kinetics",
    "muscle",
    "outcome",
    "skin",
    "spread",
    "unaged",
]

_MUSCLES_AT_A_TIME = 10


class SpreadModel(Protocol):
    """How injections reach end plates: a pytree that can be called."""

    def __call__(self, syringe: Syringe, body: Body, *, p: Parameters) -> Array:
        """Dose captured from each injection at every end plate (N, J, I, P) [U/mm³]."""
        ...


class Ends(NamedTuple):
    """What the end plates do (T, J, P), see `Course`; and the path of transmission over the whole time grid."""

    light_chain: Array
    snare: Array
    transmission: Array
    path: Path


class Power(NamedTuple):
    """What the muscles can do (T, J, P), see `Course`."""

    trophic: Array
    force: Array
    newtons: Array


class Lines(NamedTuple):
    """The skin of every region (T, R, P), and that of an untreated twin: see `Skin`."""

    treated: Skin
    untreated: Skin


class Seen(NamedTuple):
    """What is seen of a treatment, see `Course`."""

    severity: Array
    grade: Array
    merz: Array
    lid: Array
    ptosis: Array
    brow: Array
    milestones: Milestones
    durations: Durations


class ClosedForm(equinox.Module):
    """Spread in homogeneous tissue, see `endplate.spread.capture`."""

    def __call__(self, syringe: Syringe, body: Body, *, p: Parameters) -> Array:
        """Dose captured from each injection at every end plate (N, J, I, P) [U/mm³]."""
        given = {"doses": syringe.doses, "volumes": syringe.volumes}
        return capture(body.endplates, syringe.sites, **given, parameters=p.spread)


@jax.jit
def spread(syringe: Syringe, body: Body, *, p: Parameters, model: SpreadModel) -> Array:
    """Dose captured from each session at every end plate (S, J, I, P) [U/mm³]."""
    each = model(syringe, body, p=p)
    return jnp.einsum("sn,nj,njip->sjip", syringe.session, syringe.reach, each) * body.free


@partial(jax.jit, static_argnames="one_pattern")
def kinetics(captured: Array, scene: Scene, *, p: Parameters, one_pattern: bool) -> Ends:
    """What the end plates do.

    Doses are measured by the largest session of each end plate, so that many sessions stay
    on the grid of doses. If all sessions have one pattern, end plates share their history;
    else they are solved one by one, some muscles at a time to save memory.
    """
    density, schedule, at = scene.body.density, scene.clock.schedule, scene.clock.output

    def solve(given: Array, density: Array, share: Array | None = None) -> Transmission:
        measure = jnp.max(given, axis=0)
        part = _part(given, measure) if share is None else share
        return transmit(measure, part, density=density, schedule=schedule, parameters=p.kinetics)

    if one_pattern:
        whole = jnp.sum(captured, axis=(1, 2), keepdims=True)
        done = solve(captured, density, _part(whole, jnp.max(whole, axis=0)))
    else:
        each = jax.lax.map(
            lambda muscle: solve(muscle[0][:, None], muscle[1][None]),
            (jnp.moveaxis(captured, 1, 0), density),
            batch_size=_MUSCLES_AT_A_TIME,
        )
        done = jax.tree.map(lambda part: jnp.moveaxis(part[:, :, 0], 0, 1), each)
    return Ends(done.light_chain[at], done.intact[at], done.whole.value[at], done.whole)


def _part(piece: Array, whole: Array) -> Array:
    """Piece over whole, 0 where the whole is 0."""
    return jnp.where(whole > 0, piece / jnp.where(whole > 0, whole, 1), 0)


@jax.jit
def muscle(transmission: Path, scene: Scene, *, p: Parameters) -> Power:
    """Force of every muscle."""
    at = scene.clock.output
    trophic = trophic_state(transmission, scene.clock.schedule.steps, parameters=p.muscle).value[at]
    force = force_fraction(transmission.value[at], trophic)
    newtons = active_force(jnp.ones_like(force[:1]), force, area=scene.body.area, parameters=p.muscle)
    return Power(trophic, force, newtons)


@jax.jit
def skin(force: Array, scene: Scene, *, p: Parameters) -> Lines:
    """The skin of every region, with and without treatment."""
    effort = jnp.einsum("rj,tjp->trp", scene.body.folding, force)
    depth = depth_of_severity(scene.baseline[0], p.outcome)
    person = scene.person._replace(resting_depth=depth)
    whose: dict[str, Any] = {"person": person, "parameters": p.skin}
    treated = fold(effort, scene.clock.days, **whose, changes=scene.clock.changes)
    return Lines(treated, fold(jnp.ones_like(effort), scene.clock.days, **whose))


def unaged(lines: Lines) -> tuple[Array, Array]:
    """Depth in effort and at rest without what ageing within the simulated time adds to the untreated twin."""
    effort, quiet = (
        part * _part(jnp.broadcast_to(twin[:1], twin.shape), twin) + jnp.where(twin > 0, 0, part)
        for part, twin in zip(lines.treated[1:3], lines.untreated[1:3], strict=True)
    )
    return effort, quiet


@jax.jit
def outcome(power: Power, lines: Lines, *, scene: Scene, p: Parameters) -> Seen:
    """What patient and investigator see.

    Grades follow depth over that of the untreated twin, so that ageing within the simulated
    time moves no grade. Raters expect an effect where as much force is lost as counts for onset.
    """
    clock, q, (rest, maximum) = scene.clock, p.outcome, scene.baseline
    effort, quiet = unaged(lines)
    # Behind barriers severity and grades are worked out once, not again for every use of them.
    severity = jax.lax.optimization_barrier(latent_severity(effort, quiet, parameters=q, maximum=maximum, rest=rest))
    lost = 1 - lines.treated.strain / lines.untreated.strain
    noticed = jnp.max(lost, axis=0) >= q.onset_loss
    treated = (clock.treated[:, None, None] * noticed)[:, :, None]
    grade = jax.lax.optimization_barrier(grade_probability(severity, q, treated=treated))
    merz = grade_probability(severity, q, scale=MERZ, treated=treated)
    durations = Durations(
        onset_of_effect(clock.days, grade, start=clock.start),
        duration_none_or_mild(clock.days, grade, start=clock.start),
        duration_to_baseline(clock.days, grade, start=clock.start),
        duration_one_grade(clock.days, grade, start=clock.start),
    )
    milestones = find_milestones(power.force, clock.days, parameters=q, start=clock.start)
    lid, brow = _lid(power.force, scene.body, p), _brow(power, scene.body, p)
    return Seen(severity, grade, merz, lid.margin_distance, lid.ptosis, brow, milestones, durations)


@jax.jit
def collect(
    shown: Array, found: tuple[Array, Ends, Power, Lines, Seen], *, scene: Scene, p: Parameters
) -> dict[str, Any]:
    """The arrays of a `Course` on the days that were asked for, and its status."""
    captured, ends, power, lines, seen = found
    timed = {"days": scene.clock.days}
    for part in (ends, power, lines.treated, seen):
        timed |= {name: value for name, value in part._asdict().items() if name in Course.__annotations__}
    untimed = {"milestones": timed.pop("milestones"), "durations": timed.pop("durations")}
    known = scene.person._replace(resting_depth=scene.person.age, menopause=scene.person.age)
    status = _status((captured, scene.body, known, p), timed)
    mean = jnp.einsum("sjip,ji->sjp", captured * p.kinetics.potency, scene.body.density)
    return {name: value[shown] for name, value in timed.items()} | untimed | {"captured": mean, "status": status}


def _lid(force: Array, body: Body, p: Parameters) -> Lid:
    levator, pretarsal = jnp.einsum("lsj,tjp->ltsp", body.lid, force)
    return lid_position(levator, pretarsal, parameters=p.outcome)


def _brow(power: Power, body: Body, p: Parameters) -> Array:
    """Brow at half of maximum effort, the effort of everyday life, where synergists compensate."""
    half = jnp.asarray(0.5, power.force.dtype)
    drive = activation(half, power.force / power.trophic, synergy=body.synergy, parameters=p.muscle)
    tone = 2 * drive * power.force
    raising, lowering = jnp.einsum("bscj,tjp->btscp", body.brow, tone)
    return brow_change(raising, lowering, parameters=p.outcome)


def _status(inputs: Any, timed: dict[str, Array]) -> Array:
    """Key of `STATUS` for each patient (P,): whether what went in and what came out is finite."""
    patients = timed["force"].shape[-1]
    given = [_finite(leaf, patients) for leaf in jax.tree.leaves(inputs) if jnp.issubdtype(leaf.dtype, jnp.floating)]
    found = [_finite(value, patients) for name, value in timed.items() if name != "days"]
    good_in, good_out = (jnp.all(jnp.stack(part), axis=0) for part in (given, found))
    return jnp.where(good_in, jnp.where(good_out, 0, 2), 1)


def _finite(value: Array, patients: int) -> Array:
    """Whether all numbers of each patient are finite (P,); what patients share counts for all."""
    good = jnp.isfinite(value)
    own = value.ndim and value.shape[-1] == patients
    return jnp.broadcast_to(jnp.all(good, axis=tuple(range(value.ndim - 1)) if own else None), (patients,))
