"""From plan and patient to a course of treatment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import equinox
import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import ArrayLike

from endplate import kinetics, muscle, outcome, skin, spread
from endplate.case import REGIONS, Patient, Plan
from endplate.course.parameters import Parameters, default_parameters
from endplate.course.result import Course, Durations
from endplate.course.scene import Body, Clock, Scene, Syringe, muscles_of, set_scene
from endplate.errors import InvalidRequest
from endplate.evidence import load
from endplate.solve.exponential import Path

__all__ = ["simulate"]


def simulate(
    plan: Plan,
    patient: Patient | Sequence[Patient],
    *,
    parameters: Parameters | None = None,
    days: ArrayLike | None = None,
    antitoxin_day: float | None = None,
) -> Course:
    """Simulate a treatment.

    Pure and differentiable in doses, volumes, sites and parameters; patients are a batch axis.

    Parameters
    ----------
    plan
        Injections of one product, in any number of sessions.
    patient
        One patient or several; they are the last axis of every array of the result.
    parameters
        The evidence library's values if None; leaves may be (P,).
    days
        Increasing output times [day]; each day of a year if None.
    antitoxin_day
        When antitoxin begins to clear free toxin [day].

    Raises
    ------
    InvalidRequest
        If `days` cannot be used or there is no patient.

    Examples
    --------
    >>> from endplate.case import Patient, parse_case, write_template
    >>> case = parse_case(write_template("glabella-20u"))
    >>> course = simulate(case.plan, case.patient, days=[0.0, 14.0, 120.0])
    >>> course.force.shape[0], bool(course.force[1].min() < 0.3)
    (3, True)
    """
    people = [patient] if isinstance(patient, Patient) else list(patient)
    used = default_parameters(plan.product) if parameters is None else parameters
    asked = np.arange(366.0) if days is None else np.asarray(days, float)
    _refuse(asked, people)
    # Skin and durations follow every day from the untreated day 0 on, whatever days are asked for.
    daily = np.union1d(np.arange(np.ceil(asked[-1]) + 1), asked)
    dtype = jnp.asarray(used.kinetics.potency).dtype
    scene = set_scene(plan, people, days=daily, antitoxin_day=antitoxin_day, dtype=dtype)
    shown = jnp.asarray(np.searchsorted(daily, asked))
    names = tuple(one.name for one in muscles_of(plan))
    labels = {"muscles": names, "regions": REGIONS, "sessions": plan.days, "product": plan.product.code}
    return Course(**_run(scene, used, shown), **labels, evidence=load().hash)


def _refuse(days: np.ndarray, people: Sequence[Patient]) -> None:
    if days.ndim != 1 or not len(days) or not np.isfinite(days).all() or days[0] < 0 or np.any(np.diff(days) <= 0):
        raise InvalidRequest("days must be finite, ≥ 0 and increasing; give at least one, such as range(366)")
    if not people:
        raise InvalidRequest("no patient was given; give at least one")


@equinox.filter_jit
def _run(scene: Scene, parameters: Parameters, shown: Array) -> dict[str, Any]:
    """The five stages in order; `shown` days stand in the result."""
    body, clock, p = scene.body, scene.clock, parameters
    captured = _captured(scene.syringe, body, p)
    ends = _endplates(captured, scene, p)
    power = _power(ends.whole, body, clock, p)
    lines = _lines(power.force, scene, p)
    seen = _seen(power, lines, scene, p)
    arms = jnp.einsum("sjip,ji->sjp", captured * p.kinetics.potency, body.density)
    at = clock.output
    timed = {
        "days": clock.days,
        "light_chain": ends.light_chain[at],
        "snare": ends.intact[at],
        "transmission": ends.whole.value[at],
        **power._asdict(),
        "strain": lines.strain,
        "depth_effort": lines.depth_effort,
        "depth_rest": lines.depth_rest,
        **seen.pop("timed"),
    }
    status = _status((scene.syringe, scene.body, scene.person._replace(resting_depth=scene.person.age), p), timed)
    return {name: value[shown] for name, value in timed.items()} | seen | {"captured": arms, "status": status}


class Power(NamedTuple):
    """What the muscles can do, every field (T, J, P): see `Course`."""

    trophic: Array
    force: Array
    newtons: Array


def _captured(syringe: Syringe, body: Body, p: Parameters) -> Array:
    """Dose captured from each session at every end plate (S, J, I, P) [U/mm³]."""
    each = spread.capture(
        body.endplates, syringe.sites, doses=syringe.doses, volumes=syringe.volumes, parameters=p.spread
    )
    return jnp.einsum("sn,nj,njip->sjip", syringe.session, syringe.reach, each) * body.free


def _endplates(captured: Array, scene: Scene, p: Parameters) -> kinetics.Transmission:
    """What the end plates do, at the nodes of the grid.

    Each end plate is divided among the patterns of the plan by the dose that it got from
    each; a group shares the mean history of its members, weighted by dose.
    """
    density, pattern = scene.body.density, scene.syringe.pattern
    total = jnp.sum(captured, axis=0)
    if pattern.shape[0] == 1:
        group, given = None, jnp.sum(captured, axis=(1, 2), keepdims=True)
    else:
        group = _part(jnp.einsum("gs,sjip->gjip", pattern, captured), total)
        given = jnp.einsum("sjip,gjip,ji->sjgp", captured, group, density)
    share = _part(given, jnp.sum(given, axis=0))
    schedule = scene.clock.schedule
    return kinetics.transmit(total, share, density=density, schedule=schedule, parameters=p.kinetics, group=group)


def _part(piece: Array, whole: Array) -> Array:
    """Piece over whole, 0 where the whole is 0."""
    return jnp.where(whole > 0, piece / jnp.where(whole > 0, whole, 1), 0)


def _power(transmission: Path, body: Body, clock: Clock, p: Parameters) -> Power:
    """Force of every muscle on the output days."""
    trophic = muscle.trophic_state(transmission, clock.schedule.steps, parameters=p.muscle).value[clock.output]
    force = muscle.force_fraction(transmission.value[clock.output], trophic)
    return Power(
        trophic, force, muscle.active_force(jnp.ones_like(force[:1]), force, area=body.area, parameters=p.muscle)
    )


def _lines(force: Array, scene: Scene, p: Parameters) -> skin.Skin:
    """The skin of every region on the output days."""
    effort = jnp.einsum("rj,tjp->trp", scene.body.folding, force)
    depth = outcome.depth_of_severity(scene.baseline[0], p.outcome)
    person = scene.person._replace(resting_depth=depth)
    return skin.fold(effort, scene.clock.days, person=person, parameters=p.skin)


def _seen(power: Power, lines: skin.Skin, scene: Scene, p: Parameters) -> dict[str, Any]:
    """What patient and investigator see, under the names of `Course`."""
    clock, q = scene.clock, p.outcome
    severity = outcome.latent_severity(
        lines.depth_effort, lines.depth_rest, parameters=q, maximum=scene.baseline[1], rest=scene.baseline[0]
    )
    grade = outcome.grade_probability(severity, q, treated=clock.treated)
    since = {"days": clock.days, "probability": grade, "start": clock.start}
    durations = Durations(
        outcome.onset_of_effect(**since),
        outcome.duration_none_or_mild(**since),
        outcome.duration_to_baseline(**since),
        outcome.duration_one_grade(**since),
    )
    lid, brow = _lid(power.force, scene.body, p), _brow(power, scene.body, p)
    return {
        "timed": {"severity": severity, "grade": grade, "lid": lid, "brow": brow},
        "milestones": outcome.find_milestones(power.force, clock.days, parameters=q),
        "durations": durations,
    }


def _lid(force: Array, body: Body, p: Parameters) -> Array:
    levator, pretarsal = jnp.einsum("lsj,tjp->ltsp", body.lid, force)
    return outcome.lid_position(levator, pretarsal, parameters=p.outcome).margin_distance


def _brow(power: Power, body: Body, p: Parameters) -> Array:
    """Brow at half of maximum effort, the effort of everyday life, where synergists compensate."""
    half = jnp.asarray(0.5, power.force.dtype)
    drive = muscle.activation(half, power.force / power.trophic, synergy=body.synergy, parameters=p.muscle)
    tone = 2 * drive * power.force
    raising, lowering = jnp.einsum("bscj,tjp->btscp", body.brow, tone)
    return outcome.brow_change(raising, lowering, parameters=p.outcome)


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
