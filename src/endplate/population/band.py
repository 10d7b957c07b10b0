"""Bands over patients: how far patients who look alike differ in a treatment."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import equinox
import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import ArrayLike

from endplate.case import REGIONS, Patient, Plan
from endplate.course import Cohort, Parameters, default_parameters, follow, prepare
from endplate.course.parameters import parameters_for
from endplate.course.responses import default_spread
from endplate.course.scene import Setting, muscles_of
from endplate.course.stages import SpreadModel
from endplate.errors import InvalidRequest
from endplate.evidence import load
from endplate.population.crowd import Crowd, Rates, like, with_rates
from endplate.population.population import Population

__all__ = ["Band", "Bands", "band_over", "simulate_band"]

_TIMED = ("force", "depth_effort", "depth_rest", "lid", "brow")
_DURATIONS = ("onset", "none_or_mild", "to_baseline", "one_grade")


class Band(NamedTuple):
    """Quantiles over patients: the lower edge, the median and the upper edge of the same shape."""

    low: np.ndarray
    median: np.ndarray
    high: np.ndarray


class Bands(equinox.Module):
    """How a treatment differs between patients.

    T days, J muscles, R regions. A band of a field holds for each day and each muscle or region
    on its own; its edges are the course of no single patient. Patients who could not be solved
    are left out and counted.

    Parameters
    ----------
    days
        (T,) [day].
    force
        Share of maximum force, bands of (T, J).
    depth_effort, depth_rest
        Depth of lines, bands of (T, R) [mm].
    lid, brow
        MRD1, bands of (T, side), and change of brow height, bands of (T, side, column) [mm].
    onset, none_or_mild, to_baseline, one_grade
        Onset and durations of effect, bands of (R,); infinity for "not within the simulated days" [day].
    grade
        Probability of a grade for the next patient, the mean over patients (T, R, effort, rater, grade).
    status
        0 or a key of `STATUS` for each patient (P,).
    level
        Share of patients inside a band.
    """

    days: np.ndarray
    force: Band
    depth_effort: Band
    depth_rest: Band
    lid: Band
    brow: Band
    onset: Band
    none_or_mild: Band
    to_baseline: Band
    one_grade: Band
    grade: np.ndarray
    status: np.ndarray
    level: float = equinox.field(static=True)
    muscles: tuple[str, ...] = equinox.field(static=True)
    regions: tuple[str, ...] = equinox.field(static=True)
    evidence: str = equinox.field(static=True)

    @property
    def solved(self) -> int:
        """How many patients the bands rest on."""
        return int(np.sum(self.status == 0))

    @property
    def failed(self) -> int:
        """How many patients could not be solved."""
        return len(self.status) - self.solved


def simulate_band(
    plan: Plan,
    patient: Patient,
    *,
    count: int = 64,
    level: float = 0.9,
    seed: int = 0,
    days: ArrayLike | None = None,
    population: Population | None = None,
) -> Bands:
    """A band over patients like this one, whose sensitivity and rates are not known.

    Parameters
    ----------
    plan, patient
        What is injected, and what is known of whom.
    count
        How many patients are drawn.
    level
        Share of patients inside the band.
    seed
        Of the draw.
    days
        As for `simulate`.
    population
        The evidence library's if None.

    Raises
    ------
    InvalidRequest
        If `level`, `count` or `days` cannot be used.

    Examples
    --------
    >>> from endplate.case.file import parse_case, write_template
    >>> case = parse_case(write_template("glabella-20u"))
    >>> bands = simulate_band(case.plan, case.patient, count=16, days=[0.0, 30.0, 120.0])
    >>> bands.solved, bool(np.all(bands.force.low <= bands.force.high))
    (16, True)
    """
    typical = default_parameters(plan.product)
    crowd = like(patient, range(count), typical=typical, population=population, seed=seed)
    return band_over(plan, crowd, level=level, days=days)


def band_over(
    plan: Plan,
    crowd: Crowd,
    *,
    level: float = 0.9,
    days: ArrayLike | None = None,
    chunk: int = 64,
    spread: SpreadModel | None = None,
) -> Bands:
    """A band over any patients.

    Parameters
    ----------
    plan
        What is injected.
    crowd
        From `draw` or `like`.
    level
        Share of patients inside the band.
    days
        As for `simulate`.
    chunk
        How many patients are followed at a time; memory grows with it. What is kept of each
        patient is what bands are made of, on the days that are asked for.
    spread
        As for `simulate`.

    Raises
    ------
    InvalidRequest
        If `level` or `days` cannot be used.
    """
    if not 0 < level < 1:
        raise InvalidRequest(f"level must lie between 0 and 1, not {level!r}; 0.9 holds nine patients of ten")
    count = len(crowd.index)
    setting, shown = prepare(plan, days=days, dtype=crowd.typical.kinetics.potency.dtype)
    people, typical = crowd.cohort, parameters_for(plan, crowd.typical)
    model = default_spread(plan, people.muscle_mass, p=typical.spread, size=people.size) if spread is None else spread
    # The last chunk is filled up with the first patient, who is not counted again: chunks of one size, one program.
    rows = np.pad(np.arange(count), (0, -count % chunk)).reshape(-1, chunk)
    counted = np.arange(rows.size).reshape(rows.shape) < count
    pieces = jax.tree.map(lambda part: _chunks(part, rows, count), (crowd.cohort, crowd.rates))
    shared = (setting, typical, shown, model)
    kept, grades, days_shown = _followed(shared, (*pieces, jnp.asarray(counted)), one_pattern=plan.one_pattern)
    each = {name: _in_a_row(np.asarray(value), count) for name, value in kept.items()}
    status = each.pop("status")
    bands = {name: _band(value, status == 0, level) for name, value in each.items()}
    with np.errstate(invalid="ignore"):
        grade = np.asarray(grades) / np.sum(status == 0)
    names = tuple(muscle.name for muscle in muscles_of(plan))
    labels = {"level": level, "muscles": names, "regions": REGIONS, "evidence": load().hash}
    return Bands(days=np.asarray(days_shown), **bands, grade=grade, status=status, **labels)


@partial(jax.jit, static_argnames="one_pattern")
def _followed(
    shared: tuple[Setting, Parameters, Array, SpreadModel], pieces: tuple[Cohort, Rates, Array], *, one_pattern: bool
) -> tuple[dict[str, Array], Array, Array]:
    """What bands are made of (chunk, …, P), the summed grade probabilities of the solved patients, and the days."""
    setting, typical, shown, model = shared

    def piece(now: tuple[Cohort, Rates, Array]) -> tuple[dict[str, Array], Array]:
        cohort, rates, counted = now
        p = with_rates(typical, rates)
        arrays: dict[str, Any] = follow(setting, cohort, p=p, one_pattern=one_pattern, shown=shown, model=model)
        kept = {name: arrays[name] for name in (*_TIMED, "status")}
        kept |= {name: getattr(arrays["durations"], name) for name in _DURATIONS}
        solved = counted & (arrays["status"] == 0)
        return kept, jnp.sum(jnp.where(solved, arrays["grade"], 0), axis=-1)

    kept, grades = jax.lax.map(piece, pieces)
    return kept, jnp.sum(grades, axis=0), setting.clock.days[shown]


def _chunks(part: Array, rows: np.ndarray, count: int) -> Array:
    """Patients on the last axis to (chunk, …, P); what all of them share stays 1 wide."""
    if part.shape[-1] == count:
        return jnp.moveaxis(part[..., rows], -2, 0)
    return jnp.broadcast_to(part, (len(rows), *part.shape))


def _in_a_row(value: np.ndarray, count: int) -> np.ndarray:
    """Patients of all chunks on the last axis, (chunk, …, P) to (…, count)."""
    return np.moveaxis(value, 0, -2).reshape(*value.shape[1:-1], -1)[..., :count]


def _band(value: np.ndarray, solved: np.ndarray, level: float) -> Band:
    """Quantiles over the solved patients; not a number where there are none."""
    if not solved.any():
        return Band(*(np.full(value.shape[:-1], np.nan, value.dtype) for _ in Band._fields))
    ranked = np.sort(value[..., solved], axis=-1)
    return Band(*(_quantile(ranked, part) for part in (0.5 - 0.5 * level, 0.5, 0.5 + 0.5 * level)))


def _quantile(ranked: np.ndarray, part: float) -> np.ndarray:
    """By straight lines between ranks; equal neighbours, infinite ones too, give themselves."""
    place = part * (ranked.shape[-1] - 1)
    below = int(place)
    low, high = ranked[..., below], ranked[..., min(below + 1, ranked.shape[-1] - 1)]
    with np.errstate(invalid="ignore"):
        return np.where(low == high, low, low + np.asarray(place - below, low.dtype) * (high - low))
