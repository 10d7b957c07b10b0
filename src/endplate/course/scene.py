"""Everything that a plan, a patient and the anatomy say, as arrays: made once on the host, traced afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.core import Tracer
from jax.typing import DTypeLike

from endplate.case import Muscle, Patient, Plan, anatomy, endplates
from endplate.case.innervation import ACROSS, DEEP
from endplate.case.region import SIDES, brow_pull, folding, regions
from endplate.kinetics import Schedule
from endplate.skin import Person
from endplate.solve.grid import time_grid

__all__ = ["Body", "Clock", "Scene", "Syringe", "muscles_of", "set_scene"]


class Syringe(NamedTuple):
    """The injections: sites (N, 3) [mm], doses (N,) [U], volumes (N,) [mL], session (S, N), reach (N, J) as 0 or 1."""

    sites: Array
    doses: Array
    volumes: Array
    session: Array
    reach: Array


class Body(NamedTuple):
    """The muscles: endplates (J, I, 3, P) [mm], density (J, I), area (J, P) [mm²], folding (R, J), synergy (J, J).

    lid: levator and pretarsal orbicularis of each side (2, side, J).
    brow: elevators and depressors of each column (2, side, column, J).
    free: share of the toxin that antibodies leave free (P,).
    """

    endplates: Array
    density: Array
    area: Array
    folding: Array
    synergy: Array
    lid: Array
    brow: Array
    free: Array


class Clock(NamedTuple):
    """The output days (T,) and their nodes of the time grid (T,), and what happens on the grid.

    start: day of the first session; treated: 1 on the days after it, else 0 (T,).
    """

    days: Array
    output: Array
    schedule: Schedule
    start: Array
    treated: Array


class Scene(NamedTuple):
    """Body, person and clock as arrays; baseline grades (2, R, P), rest then maximum, NaN where unknown."""

    body: Body
    person: Person
    baseline: Array
    clock: Clock


def muscles_of(plan: Plan) -> tuple[Muscle, ...]:
    """The muscles that are followed: all of the head, and those whose own frame is injected."""
    frames = {"head", *(injection.frame for injection in plan.injections)}
    return _muscles_in(frozenset(frames))


@cache
def _muscles_in(frames: frozenset[str]) -> tuple[Muscle, ...]:
    return tuple(muscle for muscle in anatomy().muscles if muscle.frame in frames)


def set_scene(
    plan: Plan,
    patients: Sequence[Patient],
    *,
    days: np.ndarray,
    antitoxin_day: float | None,
    dtype: DTypeLike,
) -> tuple[Syringe, Scene]:
    """Arrays of a plan and its patients."""
    muscles = muscles_of(plan)
    mass = np.array([patient.muscle_mass for patient in patients])
    return _syringe(plan, muscles, dtype), Scene(
        _body(muscles, mass, np.array([patient.antibody_free_fraction for patient in patients]), dtype),
        _person(patients, muscles, mass, dtype),
        jnp.asarray(np.moveaxis(np.asarray([_grades(patient) for patient in patients]), 0, -1), dtype),
        _clock(plan, days, antitoxin_day, dtype),
    )


def _stack(values: list[Any], dtype: DTypeLike) -> Array:
    """Numbers, or rows of numbers, as one array; if one of them is traced, so is the array."""
    flat = [value for row in values for value in (row if isinstance(row, tuple) else (row,))]
    traced = any(isinstance(value, Tracer) for value in flat)
    array = jnp.stack([jnp.asarray(value, dtype) for value in flat]) if traced else np.asarray(flat)
    return jnp.asarray(array.reshape(len(values), -1) if isinstance(values[0], tuple) else array, dtype)


def _syringe(plan: Plan, muscles: Sequence[Muscle], dtype: DTypeLike) -> Syringe:
    given = plan.injections
    if not given:
        none, nothing = jnp.zeros(0, dtype), jnp.zeros((1, 0), dtype)
        reach = jnp.zeros((0, len(muscles)), dtype)
        return Syringe(jnp.zeros((0, 3), dtype), none, none, nothing, reach)
    session = np.asarray(plan.session)[None, :] == np.arange(len(plan.days))[:, None]
    reach = [[float(one.frame == muscle.frame) for muscle in muscles] for one in given]
    return Syringe(
        _stack([tuple(one.site) for one in given], dtype),
        _stack([one.dose for one in given], dtype),
        _stack([one.volume for one in given], dtype),
        jnp.asarray(session, dtype),
        jnp.asarray(reach, dtype),
    )


def _body(muscles: tuple[Muscle, ...], mass: np.ndarray, free: np.ndarray, dtype: DTypeLike) -> Body:
    plan = _map(muscles)
    # At fixed length a heavier muscle is wider and thicker by the square root of its mass.
    points = plan.core[..., None] + plan.offset[..., None] * np.sqrt(mass)
    arrays = (points, plan.density, plan.area[:, None] * mass, plan.folding, plan.synergy, plan.lid, plan.brow, free)
    return Body(*(jnp.asarray(array, dtype) for array in arrays))


class _Map(NamedTuple):
    """What the anatomy says of a set of muscles; core and offset (J, I, 3) add up to the places of end plates."""

    core: np.ndarray
    offset: np.ndarray
    density: np.ndarray
    area: np.ndarray
    thickness: np.ndarray
    folding: np.ndarray
    synergy: np.ndarray
    lid: np.ndarray
    brow: np.ndarray


@cache
def _map(muscles: tuple[Muscle, ...]) -> _Map:
    places, shares = zip(*(endplates(muscle) for muscle in muscles), strict=True)
    points = np.stack(places)
    station = points.reshape(len(muscles), -1, ACROSS * DEEP, 3).mean(axis=2)
    core = np.repeat(station, ACROSS * DEEP, axis=1)
    area = np.array([muscle.pcsa for muscle in muscles])
    fold = folding(muscles)
    thickness = fold @ np.array([muscle.thickness for muscle in muscles])
    brow = np.stack(brow_pull(muscles))
    synergy, lid = _synergy(muscles, area), _lid(muscles)
    return _Map(core, points - core, np.stack(shares), area, thickness, fold, synergy, lid, brow)


def _synergy(muscles: Sequence[Muscle], area: np.ndarray) -> np.ndarray:
    """Partners share an action unit and a side; each counts by its cross-section, rows sum to 1 or 0."""
    units = [set(muscle.action_units) - {"head", "limb"} for muscle in muscles]
    same = np.array([[bool(a & b) for b in units] for a in units])
    side = np.array([muscle.side for muscle in muscles])
    near = (side[:, None] == side[None, :]) | (side == "midline")[:, None] | (side == "midline")[None, :]
    pull = (same & near & ~np.eye(len(muscles), dtype=bool)) * area
    total = pull.sum(axis=1, keepdims=True)
    return np.divide(pull, total, out=np.zeros_like(pull), where=total > 0)


def _lid(muscles: Sequence[Muscle]) -> np.ndarray:
    stems = ("levator_palpebrae_superioris", "orbicularis_oculi_pretarsal")
    return np.array([[[muscle.name == f"{stem}.{side}" for muscle in muscles] for side in SIDES] for stem in stems])


def _person(patients: Sequence[Patient], muscles: tuple[Muscle, ...], mass: np.ndarray, dtype: DTypeLike) -> Person:
    thickness = _map(muscles).thickness
    habit = [[_habit(patient, region.habit) for patient in patients] for region in regions()]
    fields = (
        [patient.age for patient in patients],
        [float(patient.sex == "female") for patient in patients],
        [patient.skin.thickness for patient in patients],
        [patient.habits.sun for patient in patients],
        [patient.habits.smoking for patient in patients],
        habit,
        thickness[:, None] * np.sqrt(mass),
        np.full((len(thickness), len(patients)), np.nan),
    )
    return Person(*(jnp.asarray(field, dtype) for field in fields))


def _habit(patient: Patient, name: str | None) -> float:
    """How often an expression is made; as often as typical where nobody is asked."""
    return 1.0 if name is None else float(getattr(patient.habits, name))


def _grades(patient: Patient) -> list[list[float]]:
    grades = (patient.baseline.rest, patient.baseline.maximum)
    return [[float("nan") if value is None else float(value) for value in row] for row in grades]


def _clock(plan: Plan, days: np.ndarray, antitoxin_day: float | None, dtype: DTypeLike) -> Clock:
    treated = np.asarray(plan.days, float)
    events = np.unique(np.append(treated, [] if antitoxin_day is None else antitoxin_day))
    grid = time_grid(days, events)
    session = np.append(np.where(np.isin(events, treated), np.searchsorted(treated, events), -1), -1)
    late = None if antitoxin_day is None else jnp.asarray(grid.times >= antitoxin_day)
    first = treated[0] if len(treated) else np.inf
    return Clock(
        jnp.asarray(days, dtype),
        jnp.asarray(grid.output),
        Schedule(jnp.asarray(grid.steps, dtype), jnp.asarray(session[grid.event]), late),
        jnp.asarray(first if len(treated) else 0.0, dtype),
        jnp.asarray(days > first, dtype),
    )
