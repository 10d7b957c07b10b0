"""What a hand that misses makes of a plan: needle tips, depths, doses and the dilution scattered at random.

Needles scatter as they do between patients, by `scatter` with the errors of the hand, and reach what the design in
layered tissue says; patient, anatomy and tissue are the typical ones, so that what differs is the hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import equinox
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.special import ndtri
from numpy.typing import NDArray

from endplate.case import Patient, Plan
from endplate.course import TissueSettings, cohort_of, default_parameters, simulate
from endplate.course.parameters import parameters_for
from endplate.course.responses import solved_build
from endplate.course.scene import muscles_of
from endplate.errors import InvalidRequest
from endplate.evidence import Library
from endplate.population.adverse import session_alone
from endplate.population.crowd import uniform
from endplate.population.design import Design, Misplaced, solve_design
from endplate.population.effects import default_effect_parameters
from endplate.population.happening import EFFECTS, Record, join, record, signs
from endplate.population.placement import FACTORS, Placement, Scatter, default_placement, scatter
from endplate.population.remainder import default_remainder

__all__ = ["OPERATORS", "Complication", "Hand", "Point", "Quantiles", "Technique", "hand_of", "technique"]

Floats = NDArray[np.float64]

OPERATORS = ("novice", "expert")
_LAST_DAY, _STEP = 92.0, 4.0
_QUANTILES = (0.05, 0.5, 0.95)
_SMALLEST = 0.05  # a dose is at least this share of the planned one
_SIDES = ("left", "right")
_LOST = 0.01  # share of force that is worth telling
_CHUNK = 64
# Streams of random numbers that neither patients nor needles use: the dilution, then the dose of each injection.
_DILUTION = 1 << 12
# What a hand can bring about beside the aim; a lifted brow is none.
_COMPLICATIONS = tuple(name for name in EFFECTS if name != "brow_lift")


@dataclass(frozen=True, slots=True)
class Hand:
    """How far a hand misses: standard deviations.

    Parameters
    ----------
    across, depth : [mm]
        Of the needle tip, in each of two directions along the skin, and into it.
    dose, dilution
        Of the units at each point, and of the concentration of the whole session, relative to the plan.
    """

    across: float
    depth: float
    dose: float
    dilution: float


class Quantiles(NamedTuple):
    """5 %, median and 95 % over draws."""

    low: float
    middle: float
    high: float


class Point(NamedTuple):
    """One injection: what scatters if it alone is missed.

    name: its site, or its number; scatter: root mean square of the change of force over muscles and draws [1].
    """

    name: str
    scatter: float


class Complication(NamedTuple):
    """What a hand brings about beside the aim, as shares of draws.

    name: of `EFFECTS`; share: by spread as modelled; remainder: further, by the empirical term of lid and throat.
    """

    name: str
    share: float
    remainder: float


class Technique(NamedTuple):
    """What a plan becomes in a hand.

    operator, hand: whose.
    losses: largest loss of force by muscle, of those that lose any in the plan or in the draws [1].
    planned: the same without any error.
    asymmetry: difference of the mean loss between the sides, over pairs of muscles that the plan is meant for [1].
    lid: largest fall of either upper lid [mm]; brow: largest fall of any part of either brow [mm].
    complications: those that any draw has, the likeliest first.
    points: the most error-sensitive first.
    draws: how many.
    """

    operator: str
    hand: Hand
    losses: dict[str, Quantiles]
    planned: dict[str, float]
    asymmetry: Quantiles
    lid: Quantiles
    brow: Quantiles
    complications: tuple[Complication, ...]
    points: tuple[Point, ...]
    draws: int


class _Seen(NamedTuple):
    """Of each draw: largest loss of every muscle (J, P), falls of lid and brow (P,), records of complications."""

    losses: Floats
    lid: Floats
    brow: Floats
    records: dict[str, Record]


class _Errors(NamedTuple):
    """Needles across, up and deep (N, 3, P) [mm], and factors of doses (N, P)."""

    offset: Array
    factor: Array

    def only(self, index: int) -> _Errors:
        """The same with all points as planned but one."""
        alone = jnp.arange(len(self.offset)) == index
        return _Errors(self.offset * alone[:, None, None], jnp.where(alone[:, None], self.factor, 1.0))


class _Room(NamedTuple):
    """A session, its patient and the design."""

    plan: Plan
    patient: Patient
    design: Design


def hand_of(operator: str, library: Library) -> Hand:
    """The hand of a novice or an expert.

    Examples
    --------
    >>> from endplate.evidence import load
    >>> hand_of("expert", load()).across
    1.5
    """
    if operator not in OPERATORS:
        raise InvalidRequest(f"no operator {operator!r}; give one of {', '.join(OPERATORS)}")
    names = ("across", "depth", "dose", "dilution")
    return Hand(*(library[f"technique.{operator}.{name}"].value for name in names))


def technique(
    plan: Plan,
    patient: Patient,
    *,
    operator: str,
    library: Library,
    draws: int = 128,
    seed: int = 0,
    settings: TissueSettings | None = None,
) -> Technique:
    """What the first session of a plan becomes in a hand that misses.

    Parameters
    ----------
    plan, patient
        What is injected, and into whom.
    operator
        ``novice`` or ``expert``.
    library
        For the errors of the hand.
    draws
        How often the session is given.
    seed
        Of the draws.
    settings
        How tissue is solved; as for `effects` if None.

    Raises
    ------
    InvalidRequest
        If the operator is not known, or there are too few draws.
    """
    least = 2
    if draws < least:
        raise InvalidRequest(f"{draws} draws; give at least {least}")
    hand, first = hand_of(operator, library), session_alone(plan, 0)
    how, typical = _placement(hand), default_parameters(first.product)
    spread = parameters_for(first, typical).spread
    used = settings or TissueSettings(build=solved_build(patient))
    room = _Room(first, patient, solve_design(first, placement=how, parameters=spread, settings=used))
    errors = _errors(first, hand, how, draws=draws, seed=seed)
    exact = _follow(room, _Errors(0 * errors.offset[..., :1], jnp.ones_like(errors.factor[..., :1])))
    return _told(hand, operator, room, (exact, errors))


def _told(hand: Hand, operator: str, room: _Room, both: tuple[_Seen, _Errors]) -> Technique:
    exact, errors = both
    drawn, muscles = _follow(room, errors), tuple(one.name for one in muscles_of(room.plan))
    planned, losses = exact.losses[:, 0], drawn.losses
    shown = [j for j, _ in enumerate(muscles) if max(planned[j], np.median(losses[j])) >= _LOST]
    return Technique(
        operator,
        hand,
        losses={muscles[j]: _quantiles(losses[j]) for j in shown},
        planned={muscles[j]: float(planned[j]) for j in shown},
        asymmetry=_quantiles(_asymmetry(muscles, losses, planned)),
        lid=_quantiles(drawn.lid),
        brow=_quantiles(drawn.brow),
        complications=_complications(drawn.records),
        points=_points(room, errors, planned=planned),
        draws=len(drawn.lid),
    )


def _placement(hand: Hand) -> Placement:
    """Needles that scatter as this hand does, over an anatomy that lies where the map has it."""
    known = default_placement()
    sizes = [jnp.asarray(one, known.needle_across.dtype) for one in (hand.across, hand.depth, 0.0)]
    return equinox.tree_at(lambda p: (p.needle_across, p.needle_depth, p.anatomy_shift), known, sizes)


def _errors(plan: Plan, hand: Hand, how: Placement, *, draws: int, seed: int) -> _Errors:
    counters, count = jnp.arange(draws, dtype=jnp.uint32), len(plan.injections)
    normal = ndtri(jnp.stack([uniform(seed, counters, stream=_DILUTION + one) for one in range(count + 1)]))
    factor = (1 + hand.dilution * normal[0]) * (1 + hand.dose * normal[1:])
    return _Errors(scatter(how, counters, injections=count, seed=seed).offset, jnp.maximum(factor, _SMALLEST))


def _follow(room: _Room, errors: _Errors) -> _Seen:
    """All draws, in chunks of one size so that one program serves them."""
    count, parts = errors.factor.shape[-1], list[_Seen]()
    for first in range(0, count, _CHUNK):
        rows = np.minimum(np.arange(first, first + _CHUNK), count - 1)
        parts.append(_followed(room, _Errors(*(part[..., rows] for part in errors)), min(_CHUNK, count - first)))
    return _Seen(
        losses=np.concatenate([part.losses for part in parts], axis=1),
        lid=np.concatenate([part.lid for part in parts]),
        brow=np.concatenate([part.brow for part in parts]),
        records={name: join([part.records[name] for part in parts]) for name in parts[0].records},
    )


def _followed(room: _Room, errors: _Errors, size: int) -> _Seen:
    days, people = np.arange(0.0, _LAST_DAY + 1.0, _STEP), errors.factor.shape[-1]
    used = parameters_for(room.plan, default_parameters(room.plan.product))
    drawn = Scatter(errors.offset, jnp.zeros((len(FACTORS), people)))
    spread = Misplaced(room.design.at(drawn) * errors.factor[:, None, None])
    course = simulate(room.plan, cohort_of([room.patient] * people), parameters=used, days=days, spread=spread)
    lid, counted = np.asarray(course.lid, float), np.arange(people) < size
    found = signs(course, parameters=default_effect_parameters())
    return _Seen(
        losses=(1.0 - np.asarray(course.force, float).min(axis=0))[:, counted],
        lid=(lid[0].max(axis=0) - lid.min(axis=(0, 1)))[counted],
        brow=-np.asarray(course.brow, float).min(axis=(0, 1, 2))[counted],
        records={name: record(course, room.plan, name=name, sign=found[name]).only(counted) for name in _COMPLICATIONS},
    )


def _complications(records: dict[str, Record]) -> tuple[Complication, ...]:
    rest = default_remainder()
    found: list[Complication] = []
    for name, seen in records.items():
        further = np.where(seen.has, 0.0, -np.expm1(-rest.hazard(name, seen.exposed)))
        found.append(Complication(name, float(seen.has.mean()), float(further.mean())))
    some = (one for one in found if one.share or one.remainder)
    return tuple(sorted(some, key=lambda one: -(one.share + one.remainder)))


def _asymmetry(names: tuple[str, ...], losses: Floats, planned: Floats) -> Floats:
    """Difference of mean loss between the sides over pairs that lose at least half of the most (P,)."""
    most = planned.max(initial=0.0)
    sides = [
        np.array([j for j, name in enumerate(names) if name.endswith(f".{side}") and 2 * planned[j] >= most], dtype=int)
        for side in _SIDES
    ]
    if not all(len(one) for one in sides):
        return np.zeros(losses.shape[-1])
    left, right = (losses[one].mean(axis=0) for one in sides)
    return np.abs(left - right)


def _points(room: _Room, errors: _Errors, *, planned: Floats) -> tuple[Point, ...]:
    """Scatter of forces if one point alone is missed, the largest first."""
    found: list[Point] = []
    for index, one in enumerate(room.plan.injections):
        losses = _follow(room, errors.only(index)).losses
        scatter_of = np.sqrt(((losses - planned[:, None]) ** 2).sum(axis=0).mean())
        found.append(Point(one.name or f"point {index + 1}", float(scatter_of)))
    return tuple(sorted(found, key=lambda one: -one.scatter))


def _quantiles(values: Floats) -> Quantiles:
    return Quantiles(*(float(one) for one in np.quantile(values, _QUANTILES)))
