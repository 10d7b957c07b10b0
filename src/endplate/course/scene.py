"""Everything that a plan, a patient and the anatomy say, as arrays: made once on the host, traced afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple, cast

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.core import Tracer
from jax.typing import DTypeLike

from endplate.case import Muscle, Plan, anatomy, endplates
from endplate.case.innervation import ACROSS, DEEP
from endplate.case.region import SIDES, brow_pull, folding
from endplate.course.cohort import Cohort
from endplate.kinetics import Schedule
from endplate.skin import Changes, Person
from endplate.solve.grid import time_grid

__all__ = ["Anatomy", "Body", "Clock", "Scene", "Setting", "Syringe", "muscles_of", "place", "set_scene"]


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
    mass: of the muscles, relative to the map (P,).
    size: of the head, across and up, relative to the map (2, P).
    free: share of the toxin that antibodies leave free (P,).
    """

    endplates: Array
    density: Array
    area: Array
    folding: Array
    synergy: Array
    lid: Array
    brow: Array
    mass: Array
    size: Array
    free: Array


class Anatomy(NamedTuple):
    """What the anatomy says of a set of muscles; core and offset (J, I, 3) add up to the places of end plates [mm].

    density (J, I), area (J,) [mm²], thickness of the muscles that fold each region (R,) [mm],
    folding (R, J), synergy (J, J), lid (2, side, J) and brow (2, side, column, J): see `Body`.
    head: 1 for muscles of the head, 0 for those of limbs (J,).
    """

    core: Any
    offset: Any
    density: Any
    area: Any
    thickness: Any
    folding: Any
    synergy: Any
    lid: Any
    brow: Any
    head: Any


class Clock(NamedTuple):
    """The output days (T,) and their nodes of the time grid (T,), and what happens on the grid.

    start: day of the first session; treated: 1 on the days after it, else 0 (T,).
    changes: what other offers change on the days, None for none.
    """

    days: Array
    output: Array
    schedule: Schedule
    start: Array
    treated: Array
    changes: Changes | None = None


class Setting(NamedTuple):
    """What patients share: syringe, anatomy of the adult default, and clock."""

    syringe: Syringe
    anatomy: Anatomy
    clock: Clock


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
    plan: Plan, *, days: np.ndarray, antitoxin_day: float | None, dtype: DTypeLike, coarsest: float = 1.0
) -> Setting:
    """Arrays of a plan, the anatomy and the time grid, whose largest step is `coarsest` [day]."""
    muscles, kind = muscles_of(plan), np.dtype(dtype)
    clock = _clock(tuple(plan.days), np.asarray(days, float).tobytes(), antitoxin_day, kind, coarsest)
    return Setting(_syringe(plan, muscles, kind), _anatomy(muscles, kind), clock)


@jax.jit
def place(setting: Setting, cohort: Cohort) -> Scene:
    """Patients in a setting. May be traced: it uses no value, only arrays."""
    dtype = setting.anatomy.area.dtype
    cohort = Cohort(*(jnp.asarray(field, dtype) for field in cohort))
    known, mass = setting.anatomy, cohort.muscle_mass
    # At fixed length a heavier muscle is wider and thicker by the square root of its mass.
    width = jnp.sqrt(mass)
    body = Body(
        _sized(known.core[..., None] + known.offset[..., None] * width, cohort.size, known.head),
        known.density,
        known.area[:, None] * mass,
        *(known.folding, known.synergy, known.lid, known.brow),
        mass=mass,
        size=cohort.size,
        free=cohort.antibody_free_fraction,
    )
    thickness = known.thickness[:, None] * width
    person = Person(
        *(cohort.age, cohort.female, cohort.skin_thickness, cohort.sun, cohort.smoking, cohort.habit),
        muscle_thickness=thickness,
        resting_depth=jnp.full_like(thickness, jnp.nan),
        proneness=cohort.proneness,
        moisture=cohort.moisture,
        menopause=cohort.menopause,
    )
    return Scene(body, person, cohort.baseline, setting.clock)


def _sized(places: Array, size: Array, head: Array) -> Array:
    """Places (J, I, 3, P) in heads of these sizes; see `Build.from_map`."""
    across, up = (1 + head[:, None, None] * (one - 1) for one in size)
    x, y, z = jnp.moveaxis(places, 2, 0)
    return jnp.stack([x * across, jnp.where(y > 0, y * up, y), z * jnp.ones_like(across)], axis=2)


def _stack(values: list[Any], dtype: DTypeLike) -> Array:
    """Numbers, or rows of numbers, as one array; if one of them is traced, so is the array."""
    flat = [value for row in values for value in (row if isinstance(row, tuple) else (row,))]
    traced = any(isinstance(value, Tracer) for value in flat)
    array: Any = jnp.stack([jnp.asarray(value, dtype) for value in flat]) if traced else np.asarray(flat, dtype)
    return array.reshape(len(values), -1) if isinstance(values[0], tuple) else array


def _syringe(plan: Plan, muscles: Sequence[Muscle], dtype: DTypeLike) -> Syringe:
    # Numbers stay on the host until a program takes them all at once.
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
        cast(Array, session.astype(dtype)),
        cast(Array, np.asarray(reach, dtype)),
    )


@cache
def _anatomy(muscles: tuple[Muscle, ...], dtype: np.dtype[Any]) -> Anatomy:
    # They are kept, so they must not belong to a program that is being traced.
    with jax.ensure_compile_time_eval():
        return Anatomy(*(jnp.asarray(array, dtype) for array in _map(muscles)))


@cache
def _map(muscles: tuple[Muscle, ...]) -> Anatomy:
    places, shares = zip(*(endplates(muscle) for muscle in muscles), strict=True)
    points = np.stack(places)
    station = points.reshape(len(muscles), -1, ACROSS * DEEP, 3).mean(axis=2)
    core = np.repeat(station, ACROSS * DEEP, axis=1)
    area = np.array([muscle.pcsa for muscle in muscles])
    fold = folding(muscles)
    thickness = fold @ np.array([muscle.thickness for muscle in muscles])
    brow = np.stack(brow_pull(muscles))
    synergy, lid = _synergy(muscles, area), _lid(muscles)
    head = np.array([float(muscle.frame == "head") for muscle in muscles])
    return Anatomy(core, points - core, np.stack(shares), area, thickness, fold, synergy, lid, brow, head)


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


@lru_cache(maxsize=64)
def _clock(
    treated_on: tuple[float, ...], shown: bytes, antitoxin_day: float | None, dtype: np.dtype[Any], coarsest: float
) -> Clock:
    treated, days = np.asarray(treated_on, float), np.frombuffer(shown)
    events = np.unique(np.append(treated, [] if antitoxin_day is None else antitoxin_day))
    grid = time_grid(days, events, coarsest=coarsest)
    session = np.append(np.where(np.isin(events, treated), np.searchsorted(treated, events), -1), -1)
    first = treated[0] if len(treated) else np.inf
    with jax.ensure_compile_time_eval():
        late = None if antitoxin_day is None else jnp.asarray(grid.times >= antitoxin_day)
        return Clock(
            jnp.asarray(days, dtype),
            jnp.asarray(grid.output),
            Schedule(jnp.asarray(grid.steps, dtype), jnp.asarray(session[grid.event]), late),
            jnp.asarray(first if len(treated) else 0.0, dtype),
            jnp.asarray(days > first, dtype),
        )
