"""What a hand that misses makes of a plan: needle tips, depths, doses and the dilution scattered at random.

How far a missed needle still reaches follows the closed form of homogeneous tissue, so that every scattered needle has
its own answer; how much the end plates capture of it in all is that of the planned needle in layered tissue.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import equinox
import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from endplate.case import Injection, Patient, Plan, anatomy
from endplate.course import Course, Parameters, cohort_of, default_parameters, simulate
from endplate.course.parameters import parameters_for
from endplate.course.responses import default_spread
from endplate.course.scene import Body, Syringe
from endplate.course.stages import ClosedForm, SpreadModel
from endplate.errors import InvalidRequest
from endplate.evidence import Library

__all__ = ["OPERATORS", "Hand", "Point", "Quantiles", "Technique", "hand_of", "technique"]

Floats = NDArray[np.float64]

OPERATORS = ("novice", "expert")
_HEAD = "head"
_LAST_DAY, _STEP = 92.0, 4.0
_QUANTILES = (0.05, 0.5, 0.95)
_SMALLEST = 0.05  # a dose is at least this share of the planned one
_SIDES = ("left", "right")
_LOST = 0.01  # share of force that is worth telling


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


class Technique(NamedTuple):
    """What a plan becomes in a hand.

    operator, hand: whose.
    losses: largest loss of force by muscle, of those that lose any in the plan or in the draws [1].
    planned: the same without any error.
    asymmetry: difference of the mean loss between the sides, over pairs of muscles that the plan is meant for [1].
    lid: largest fall of either upper lid [mm]; ptosis: share of draws in which one falls by what counts as ptosis.
    brow: largest fall of any part of either brow [mm].
    points: the most error-sensitive first.
    draws: how many.
    """

    operator: str
    hand: Hand
    losses: dict[str, Quantiles]
    planned: dict[str, float]
    asymmetry: Quantiles
    lid: Quantiles
    ptosis: float
    brow: Quantiles
    points: tuple[Point, ...]
    draws: int


class _Scattered(equinox.Module):
    """Needles (N, 3, P) [mm] and doses (N, P) that differ between draws; `planned` tells the capture of the plan."""

    planned: SpreadModel
    offset: Array
    factor: Array

    def __call__(self, syringe: Syringe, body: Body, *, p: Parameters) -> Array:
        """Dose captured from each injection at every end plate (N, J, I, P) [U/mm³]."""

        def one(site: Array, dose: Array, volume: Array, offset: Array) -> Array:
            # In homogeneous tissue a needle that is off is a body that is off the other way.
            moved = body._replace(endplates=body.endplates - offset)
            alone = syringe._replace(sites=site[None], doses=dose[None], volumes=volume[None])
            return ClosedForm()(alone, moved, p=p)[0]

        reach = syringe.reach[..., None, None]
        layered = (reach * self.planned(syringe, body, p=p)).sum((1, 2))
        still = (reach * ClosedForm()(syringe, body, p=p)).sum((1, 2))
        missed = jax.vmap(one)(syringe.sites, syringe.doses, syringe.volumes, self.offset)
        share = layered / jnp.maximum(still, jnp.finfo(still.dtype).tiny)
        return missed * (share * self.factor)[:, None, None]


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
    plan: Plan, patient: Patient, *, operator: str, library: Library, draws: int = 128, seed: int = 0
) -> Technique:
    """What the first session of a plan becomes in a hand that misses.

    Parameters
    ----------
    plan, patient
        What is injected, and into whom.
    operator
        ``novice`` or ``expert``.
    library
        For the errors of the hand, and what counts as ptosis.
    draws
        How often the session is given.
    seed
        Of the draws.

    Raises
    ------
    InvalidRequest
        If the operator is not known, or there are too few draws.
    """
    least = 2
    if draws < least:
        raise InvalidRequest(f"{draws} draws; give at least {least}")
    hand, first = hand_of(operator, library), _first(plan)
    offset, factor = _errors(first, hand, draws=draws, seed=seed)
    # As many draws without error as with: a program of one shape serves all.
    exact = _follow(first, patient, np.zeros_like(offset), np.ones_like(factor))
    drawn = _follow(first, patient, offset, factor)
    planned, losses = _losses(exact)[:, 0], _losses(drawn)
    shown = [j for j, _ in enumerate(drawn.muscles) if max(planned[j], np.median(losses[j])) >= _LOST]
    fall = np.asarray(drawn.lid)[0].max(axis=0) - np.asarray(drawn.lid).min(axis=(0, 1))
    return Technique(
        operator,
        hand,
        losses={drawn.muscles[j]: _quantiles(losses[j]) for j in shown},
        planned={drawn.muscles[j]: float(planned[j]) for j in shown},
        asymmetry=_quantiles(_asymmetry(drawn.muscles, losses, planned)),
        lid=_quantiles(fall),
        ptosis=float(np.mean(fall >= library["ptosis_threshold"].value)),
        brow=_quantiles(-np.asarray(drawn.brow).min(axis=(0, 1, 2))),
        points=_points(first, patient, (offset, factor), planned=planned),
        draws=draws,
    )


def _first(plan: Plan) -> Plan:
    given = plan.session_injections(0)
    return replace(plan, injections=tuple(replace(one, day=0.0) for one in given))


def _errors(plan: Plan, hand: Hand, *, draws: int, seed: int) -> tuple[Floats, Floats]:
    """Offsets of tips (N, 3, P) [mm] and factors of doses (N, P)."""
    rng, count = np.random.default_rng(seed), len(plan.injections)
    sizes = np.array([hand.across, hand.across, hand.depth])
    own = sizes[:, None] * rng.standard_normal((count, 3, draws))
    axes = np.stack([_axes(one) for one in plan.injections])
    dose = 1.0 + hand.dose * rng.standard_normal((count, draws))
    dilution = 1.0 + hand.dilution * rng.standard_normal(draws)
    return np.einsum("nij,njp->nip", axes, own), np.maximum(dose * dilution, _SMALLEST)


def _axes(one: Injection) -> Floats:
    """Two directions along the skin and one into it, as columns."""
    inward = anatomy().surface.inward(np.asarray(one.site, float)) if one.frame == _HEAD else np.array([0.0, 0.0, -1.0])
    up = np.array([0.0, 1.0, 0.0])
    across = np.cross(up, inward)
    across = across / np.linalg.norm(across)
    return np.stack([across, np.cross(inward, across), inward], axis=1)


def _follow(
    plan: Plan, patient: Patient, offset: Floats, factor: Floats, *, planned: SpreadModel | None = None
) -> Course:
    days = np.arange(0.0, _LAST_DAY + 1.0, _STEP)
    people = cohort_of([patient] * offset.shape[-1])
    used = parameters_for(plan, default_parameters(plan.product))
    model = default_spread(plan, people.muscle_mass, p=used.spread, size=people.size) if planned is None else planned
    return simulate(plan, people, days=days, spread=_Scattered(model, jnp.asarray(offset), jnp.asarray(factor)))


def _losses(course: Course) -> Floats:
    """Largest loss of force of each muscle (J, P) [1]."""
    return 1.0 - np.asarray(course.force).min(axis=0)


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


def _points(plan: Plan, patient: Patient, errors: tuple[Floats, Floats], *, planned: Floats) -> tuple[Point, ...]:
    """Scatter of forces if one point alone is missed, the largest first."""
    offset, factor = errors
    found: list[Point] = []
    for index, one in enumerate(plan.injections):
        alone = np.arange(len(plan.injections)) == index
        course = _follow(plan, patient, offset * alone[:, None, None], np.where(alone[:, None], factor, 1.0))
        scatter = np.sqrt(((_losses(course) - planned[:, None]) ** 2).sum(axis=0).mean())
        found.append(Point(one.name or f"point {index + 1}", float(scatter)))
    return tuple(sorted(found, key=lambda one: -one.scatter))


def _quantiles(values: Floats) -> Quantiles:
    return Quantiles(*(float(one) for one in np.quantile(values, _QUANTILES)))
