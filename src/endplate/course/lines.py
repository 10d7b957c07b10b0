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
from endplate.course.cohort import Cohort, cohort_of
from endplate.course.parameters import Parameters, parameters_for
from endplate.course.responses import MASSES, Responses, default_spread
from endplate.course.scene import Anatomy, Setting, place
from endplate.course.simulate import prepare
from endplate.outcome import EFFORTS, latent_severity
from endplate.skin import SkinParameters

__all__ = ["Lines", "Severity", "follow_lines", "prepare_lines"]

_MAXIMUM = EFFORTS.index("maximum")
# Masses between which the captured dose is read, and how many.
_MASSES, _NODES = (0.1, 10.0), 48
_FLOOR = 1e-8


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
    """

    setting: Setting
    shown: Array
    mass: Array
    captured: Array


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
    setting, shown = prepare(plan, days=days, dtype=dtype)
    row = REGIONS.index(region)
    pulls = np.flatnonzero(np.asarray(setting.anatomy.folding[row]) > 0)
    setting = _restricted(setting, row, pulls)
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
    row = REGIONS.index(region)
    own = people._replace(habit=people.habit[row : row + 1], baseline=people.baseline[:, row : row + 1])
    p = _of_region(p, row)
    scene = place(lines.setting, own)
    captured = _captured(lines, own.muscle_mass) * scene.body.free
    ends = stages.kinetics(captured, scene, p=p, one_pattern=one_pattern)
    power = stages.muscle(ends.path, scene, p=p)
    skin = stages.skin(power.force, scene, p=p)
    effort, quiet = (
        part * (twin[:1] / twin) for part, twin in zip(skin.treated[1:3], skin.untreated[1:3], strict=True)
    )
    rest, maximum = scene.baseline
    severity = latent_severity(effort, quiet, parameters=p.outcome, maximum=maximum, rest=rest)[:, 0, _MAXIMUM]
    return Severity(severity[lines.shown], jnp.all(jnp.isfinite(severity), axis=0))


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


def _captured(lines: Lines, mass: Array) -> Array:
    """Captured dose (S, J, I, P), by the cubic through the four nearest masses."""
    first, step = jnp.log(lines.mass[0]), jnp.log(lines.mass[1] / lines.mass[0])
    place_ = jnp.clip((jnp.log(mass) - first) / step, 0, len(lines.mass) - 1)
    left = jnp.clip(jnp.floor(place_), 1, len(lines.mass) - 3)
    x = place_ - left
    cubic = (
        -x * (x - 1) * (x - 2) / 6,
        (x + 1) * (x - 1) * (x - 2) / 2,
        -(x + 1) * x * (x - 2) / 2,
        (x + 1) * x * (x - 1) / 6,
    )
    nodes = jnp.arange(len(lines.mass), dtype=x.dtype)[:, None]
    weight = sum(jnp.where(nodes == left + offset - 1, part, 0) for offset, part in enumerate(cubic))
    return jnp.exp(jnp.einsum("sjim,mp->sjip", lines.captured, weight))


def _of_region(p: Parameters, row: int) -> Parameters:
    """The same parameters, for one region where they differ by region."""
    own = [field.name for field in fields(SkinParameters) if field.metadata.get("per") == "region"]
    chosen = {name: getattr(p.skin, name)[row : row + 1] for name in own}
    return replace(p, skin=replace(p.skin, **chosen))
