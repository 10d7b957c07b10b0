"""The lines of one region only, which is what a trial looks at: the same stages over fewer muscles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from endplate.case import REGIONS, Patient, Plan
from endplate.course import stages
from endplate.course.cloud import Cloud, cloud_of, cloud_weights
from endplate.course.cohort import Cohort, cohort_of
from endplate.course.parameters import Parameters, parameters_for
from endplate.course.responses import MASSES, Responses, default_spread
from endplate.course.scene import Anatomy, Scene, Setting, place, set_scene
from endplate.course.simulate import checked_days
from endplate.kinetics import transmit_weighted
from endplate.outcome import EFFORTS, latent_severity
from endplate.skin import SkinParameters
from endplate.solve.exponential import Path
from endplate.solve.grid import time_grid
from endplate.solve.table import Rows, cubic_rows

__all__ = [
    "Lines",
    "Severity",
    "follow_effort",
    "follow_lines",
    "prepare_lines",
    "see_effort",
    "tabulated",
    "weights_of",
]

_MAXIMUM = EFFORTS.index("maximum")
# Masses between which the captured dose is read, and how many.
_MASSES, _NODES = (0.1, 10.0), 48
_FLOOR = 1e-8
# Largest step, and days after a treatment on which steps grow towards it [day].
_COARSEST, _GROWING = 6.0, (8.0, 10.5, 14.0, 18.5, 24.0)


class Severity(NamedTuple):
    """Latent severity at maximum effort of one region (T, P) [grade], and whether each patient was solved (P,)."""

    value: Array
    solved: Array


class Lines(NamedTuple):
    """What patients with the same plan share, for one region.

    setting: with the muscles that fold the region, and that region alone.
    shown: where the days that are asked for stand on its clock (T,).
    mass: muscle masses, evenly spaced in their logarithm (M,).
    captured: ln of the dose that patients of these masses capture (S, J, I, M) [ln(U/mm³)].
    cloud: the same summed over end plates, see `tabulated`; None where each end plate is followed.
    """

    setting: Setting
    shown: Array
    mass: Array
    captured: Array
    cloud: Cloud | None = None


def prepare_lines(
    plan: Plan,
    *,
    region: str,
    days: Sequence[float],
    p: Parameters,
    spread: stages.SpreadModel | None = None,
) -> Lines:
    """What all patients share.

    Where end plates lie follows muscle mass alone, so the dose they capture is worked out for
    some masses once, and read between them for each patient.

    Parameters
    ----------
    plan
        What is injected.
    region
        One of `REGIONS`.
    days
        Increasing output times [day].
    p
        Parameters; those of spread are shared by all patients.
    spread
        As for `simulate`.

    Raises
    ------
    InvalidRequest
        If `days` cannot be used or an injection does not lie in tissue.
    """
    p, dtype = parameters_for(plan, p), jnp.asarray(p.kinetics.potency).dtype
    asked = checked_days(days)
    nodes = _nodes(asked, np.asarray(plan.days, float))
    setting = set_scene(plan, days=nodes, antitoxin_day=None, dtype=dtype, coarsest=_COARSEST)
    row = REGIONS.index(region)
    pulls = np.flatnonzero(np.asarray(setting.anatomy.folding[row]) > 0)
    setting, shown = _restricted(setting, row, pulls), jnp.asarray(np.searchsorted(nodes, asked))
    mass = np.geomspace(*_MASSES, _NODES)
    people = cohort_of([Patient(muscle_mass=float(one)) for one in mass], dtype=dtype)
    model = default_spread(plan, np.array(MASSES), p=p.spread) if spread is None else spread
    if isinstance(model, Responses):
        model = model.take(pulls)
    captured = stages.spread(setting.syringe, place(setting, people).body, p=p, model=model)
    # Without a floor the cubic would swing where doses vanish; what lies below it has no effect.
    floor = jnp.maximum(_FLOOR * jnp.max(captured), jnp.finfo(dtype).tiny)
    logarithm = jnp.log(jnp.maximum(captured, floor))
    return Lines(setting, shown, jnp.asarray(mass, dtype), logarithm)


def _nodes(days: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Times that the lines are followed on: close after a treatment, days apart later [day]."""
    growing = (treated[:, None] + np.array(_GROWING)).ravel()
    known = np.unique(np.concatenate([[0.0], days, growing[growing < days[-1]]]))
    return np.unique(time_grid(known, treated, coarsest=_COARSEST).times)


def tabulated(lines: Lines, *, spread: float) -> Lines:
    """The same with doses summed over end plates, for sessions of one pattern: much faster for many patients.

    Parameters
    ----------
    lines
        From `prepare_lines`.
    spread
        Standard deviation of ln(dose) over end plates, which the table is made for [1].
    """
    return lines._replace(cloud=cloud_of(lines.captured, lines.setting.anatomy.density, spread=spread))


@partial(jax.jit, static_argnames=("one_pattern", "region"))
def follow_lines(lines: Lines, people: Cohort, *, p: Parameters, one_pattern: bool, region: str) -> Severity:
    """The lines of the region: what `follow` gives for it as severity at maximum effort.

    Parameters
    ----------
    lines
        From `prepare_lines`.
    people
        Patients with all regions.
    p
        Their parameters.
    one_pattern
        Of the plan.
    region
        The one that was prepared.
    """
    effort = follow_effort(lines, people, p=p, one_pattern=one_pattern, region=region)
    severity = see_effort(effort, lines, people=people, p=p, region=region)
    return Severity(severity[lines.shown], jnp.all(jnp.isfinite(severity), axis=0))


@partial(jax.jit, static_argnames=("one_pattern", "region"))
def follow_effort(lines: Lines, people: Cohort, *, p: Parameters, one_pattern: bool, region: str) -> Array:
    """Remaining force of the muscles that fold the region, over untreated, on all days of the clock (T, P).

    Parameters
    ----------
    lines, people, p, one_pattern, region
        As for `follow_lines`.
    """
    scene = place(lines.setting, _own(people, REGIONS.index(region)))
    if lines.cloud is None:
        captured = _captured(lines, people.muscle_mass) * scene.body.free
        path = stages.kinetics(captured, scene, p=p, one_pattern=one_pattern).path
    else:
        path = _from_table(lines, people, scene=scene, p=p)
        scene = _grouped(scene, lines.cloud.group)
    power = stages.muscle(path, scene, p=p)
    return jnp.einsum("j,tjp->tp", scene.body.folding[0], power.force)


@partial(jax.jit, static_argnames="region")
def see_effort(effort: Array, lines: Lines, *, people: Cohort, p: Parameters, region: str) -> Array:
    """Severity at maximum effort of the region, from the force that folds it, shape (T, P) [grade].

    Parameters
    ----------
    effort
        From `follow_effort`, or on the days of another clock in `lines`.
    lines, people, p, region
        As for `follow_lines`.
    """
    row = REGIONS.index(region)
    p, scene = _of_region(p, row), place(lines.setting, _own(people, row))
    scene = scene._replace(body=scene.body._replace(folding=jnp.ones((1, 1), effort.dtype)))
    effort, quiet = stages.unaged(stages.skin(effort[:, None], scene, p=p))
    rest, maximum = scene.baseline
    return latent_severity(effort, quiet, parameters=p.outcome, maximum=maximum, rest=rest)[:, 0, _MAXIMUM]


def _restricted(setting: Setting, row: int, pulls: np.ndarray) -> Setting:
    """The setting with one region and the muscles that fold it."""
    known = setting.anatomy
    anatomy = Anatomy(
        *(part[pulls] for part in known[:4]),
        thickness=known.thickness[row : row + 1],
        folding=known.folding[row : row + 1, pulls],
        synergy=known.synergy[np.ix_(pulls, pulls)],
        lid=known.lid[..., pulls],
        brow=known.brow[..., pulls],
        head=known.head[pulls],
    )
    return Setting(setting.syringe._replace(reach=setting.syringe.reach[:, pulls]), anatomy, setting.clock)


def _own(people: Cohort, row: int) -> Cohort:
    """The same people, with one region."""
    return people._replace(habit=people.habit[row : row + 1], baseline=people.baseline[:, row : row + 1])


def _captured(lines: Lines, mass: Array) -> Array:
    """Captured dose (S, J, I, P), by the cubic through the four nearest masses."""
    rows = _rows(lines, mass)
    nodes = jnp.arange(len(lines.mass))[:, None]
    weight = sum(jnp.where(nodes == rows.first + place_, part, 0) for place_, part in enumerate(rows.weight))
    return jnp.exp(jnp.einsum("sjim,mp->sjip", lines.captured, weight))


def _rows(lines: Lines, mass: Array) -> Rows:
    """Where patients stand among the masses."""
    first, step = jnp.log(lines.mass[0]), jnp.log(lines.mass[1] / lines.mass[0])
    # Within the second and the last step but one, so that all four neighbours exist.
    return cubic_rows(jnp.clip((jnp.log(mass) - first) / step, 1, len(lines.mass) - 2.001))


def weights_of(lines: Lines, people: Cohort, *, p: Parameters) -> tuple[Array, Array]:
    """Share of end plates at each node of ln(dose) for groups of muscles (K, G, 1, P), and how these fold (1, G).

    Parameters
    ----------
    lines
        From `tabulated`.
    people, p
        As for `follow_lines`.
    """
    cloud, known, free = lines.cloud, p.kinetics, people.antibody_free_fraction
    assert cloud is not None
    shift = jnp.log(jnp.maximum(known.potency * free, jnp.finfo(cloud.inner.dtype).tiny))
    shift = jnp.broadcast_to(shift, people.muscle_mass.shape).astype(cloud.inner.dtype)
    weight = cloud_weights(cloud, _rows(lines, people.muscle_mass), shift=shift)
    return weight, lines.setting.anatomy.folding @ cloud.group.T


def _from_table(lines: Lines, people: Cohort, *, scene: Scene, p: Parameters) -> Path:
    """Transmission of groups of muscles (N, G, P)."""
    assert lines.cloud is not None
    weight, _ = weights_of(lines, people, p=p)
    share = lines.cloud.share
    share = jnp.broadcast_to(share, (*share.shape[:-1], weight.shape[-1]))
    return transmit_weighted(weight, share, schedule=scene.clock.schedule, parameters=p.kinetics)


def _grouped(scene: Scene, group: Array) -> Scene:
    """The scene with a group's muscles as one."""
    body = scene.body
    return scene._replace(body=body._replace(area=group @ body.area, folding=body.folding @ group.T))


def _of_region(p: Parameters, row: int) -> Parameters:
    """The same parameters, for one region where they differ by region."""
    own = [field.name for field in fields(SkinParameters) if field.metadata.get("per") == "region"]
    chosen = {name: getattr(p.skin, name)[row : row + 1] for name in own}
    return replace(p, skin=replace(p.skin, **chosen))
