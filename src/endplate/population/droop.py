"""How a lid that droops by the empirical remainder comes and goes: the levator's own course, at a dose that droops it.

The remainder tells how often a lid droops, not when. Here the model's own exposure of the levators is made larger by
one factor for all patients, until as many lids droop as the remainder says; what becomes of that toxin, of the
force and of the lid day by day is the model's.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from endplate.case import Plan
from endplate.course import simulate
from endplate.course.scene import muscles_of, set_scene
from endplate.population.crowd import Crowd, with_rates
from endplate.population.design import Design, Misplaced
from endplate.population.placement import Placement, scatter

__all__ = ["Droop", "drooping", "levator_exposure"]

Floats = NDArray[np.float64]

_LEVATOR, _SIDES = "levator_palpebrae_superioris", ("left", "right")
_PEOPLE, _PORTION = 64, 1024
# Captured by every end plate of the levator, by halves of a factor of ten [U/mm³].
_DOSES = np.geomspace(1e-6, 1e-2, 9)
_STEPS = 60
_LAST = 365.0


class Droop(NamedTuple):
    """Lids that droop, M of them.

    days: (T,) [day]; fall: of the lid margin (T, M) [mm].
    first, held: first day with the least fall that counts, and days with it (M,) [day].
    largest: fall (M,) [mm].
    factor: by which the exposure of the levator had to be made larger [1].
    """

    days: Floats
    fall: Floats
    first: Floats
    held: Floats
    largest: Floats
    factor: float


def drooping(
    plan: Plan, crowd: Crowd, *, design: Design, exposed: Floats, share: float, threshold: float
) -> Droop | None:
    """The lids of a plan that droop by the remainder; None if there are none.

    Parameters
    ----------
    plan, design
        One session, and its design.
    crowd
        Patients; the first 64 lend their half-lives.
    exposed
        Exposure of patients (E,) [half-cleaving levels]; the more, the less the few with the largest decide. See
        `levator_exposure`.
    share
        Of patients whose lid droops, below 1.
    threshold
        Fall from which it counts [mm].
    """
    e = exposed[exposed > 0]
    if share <= 0 or not len(e):
        return None
    days, level, fall = _by_level(plan, crowd, design)
    peak = fall.max(axis=1)
    low, high = np.log(level.min() / e.max()), np.log(level.max() / e.min())
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        many = (_between(level, peak, np.exp(middle) * e) >= threshold).sum() > share * len(exposed)
        low, high = (low, middle) if many else (middle, high)
    factor = float(np.exp(high))
    has = _between(level, peak, factor * e) >= threshold
    curves = np.stack([_between(level, fall[:, day], factor * e)[has] for day in range(len(days))])
    there = curves >= threshold
    return Droop(
        days,
        curves,
        first=days[there.argmax(axis=0)],
        held=there.sum(axis=0).astype(float),
        largest=curves.max(axis=0),
        factor=factor,
    )


def levator_exposure(plan: Plan, crowd: Crowd, *, design: Design, placement: Placement, seed: int = 0) -> Floats:
    """Exposure of the levators of any number of patients, without following them (P,) [half-cleaving levels].

    The same as `exposure` of a course; 0 for none. Of one session.
    """
    names = [one.name for one in muscles_of(plan)]
    rows = np.array([names.index(f"{_LEVATOR}.{side}") for side in _SIDES])
    lids = Design(design.base[:, rows], design.moved[..., rows, :], design.varied[..., rows, :])
    clock = np.array([0.0, 1.0])
    setting = set_scene(plan, days=clock, antitoxin_day=None, dtype=design.base.dtype)
    density, doses = np.asarray(setting.anatomy.density)[rows], np.array([one.dose for one in plan.injections])
    found: list[Floats] = []
    for first in range(0, len(crowd.index), _PORTION):
        index = crowd.index[first : first + _PORTION]
        drawn = scatter(placement, index, injections=len(plan.injections), seed=seed)
        found.append(np.einsum("n,njip,ji->p", doses, np.asarray(lids.at(drawn), float), density))
    potency = float(np.asarray(crowd.typical.kinetics.potency))
    return np.maximum(np.concatenate(found), 0.0) * potency * np.asarray(crowd.rates.sensitivity, float)


def _by_level(plan: Plan, crowd: Crowd, design: Design) -> tuple[Floats, Floats, Floats]:
    """Days (T,), levels that the levator captures (G, P), and falls of the lid (G, T, P)."""
    some = crowd.take(jnp.arange(min(_PEOPLE, len(crowd.index))))
    row, size = [one.name for one in muscles_of(plan)].index(f"{_LEVATOR}.left"), len(some.index)
    days, p = np.arange(0.0, _LAST + 1.0), with_rates(some.typical, some.rates)
    levels: list[Floats] = []
    falls: list[Floats] = []
    for dose in _DOSES:
        per_unit = np.zeros((*design.base.shape, size))
        per_unit[0, row] = dose / plan.injections[0].dose
        course = simulate(plan, some.cohort, parameters=p, days=days, spread=Misplaced(jnp.asarray(per_unit)))
        lid = np.asarray(course.lid, float)[:, 0]
        captured = np.asarray(course.captured, float).sum(axis=0)[course.muscle(f"{_LEVATOR}.left")]
        levels.append(np.broadcast_to(captured, (size,)))
        falls.append(lid[:1] - lid)
    return days, np.stack(levels), np.stack(falls)


def _between(level: Floats, value: Floats, at: Floats) -> Floats:
    """Values (G, P) at levels (G, P), read at E levels by straight lines over the logarithm; people take turns (E,)."""
    who = np.arange(len(at)) % level.shape[1]
    found = np.empty(len(at))
    for one in range(level.shape[1]):
        found[who == one] = np.interp(np.log(at[who == one]), np.log(level[:, one]), value[:, one])
    return found
