"""From plan and patient to a course of treatment."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import DTypeLike
from numpy.typing import ArrayLike

from endplate.case import REGIONS, Given, Patient, Plan
from endplate.course import stages
from endplate.course.cohort import Cohort, cohort_of
from endplate.course.offers import with_offers
from endplate.course.parameters import Parameters, default_parameters, parameters_for
from endplate.course.responses import default_spread
from endplate.course.result import Course
from endplate.course.scene import Setting, muscles_of, place, set_scene
from endplate.errors import InvalidRequest
from endplate.evidence import load
from endplate.solve.grid import time_grid

__all__ = ["checked_days", "follow", "prepare", "simulate"]


def simulate(
    plan: Plan,
    patient: Patient | Sequence[Patient] | Cohort,
    *,
    parameters: Parameters | None = None,
    days: ArrayLike | None = None,
    antitoxin_day: float | None = None,
    spread: stages.SpreadModel | None = None,
    offers: Sequence[Given] = (),
) -> Course:
    """Simulate a treatment.

    Pure and differentiable in doses, sites, volumes and parameters; patients are a batch axis.

    Parameters
    ----------
    plan
        Injections of one product, in any number of sessions.
    patient
        One patient or several, or a cohort; they are the last axis of every array of the result.
    parameters
        The evidence library's values if None; leaves may be (P,).
    days
        Increasing output times [day]; each day of a year if None.
    antitoxin_day
        When antitoxin begins to clear free toxin, and only that, to the end [day].
    spread
        How injections reach end plates: layered tissue if None; `ClosedForm` for homogeneous tissue.
    offers
        What else is done: creams, filler, laser and the like; the twin by which grades are counted has none of it.

    Raises
    ------
    InvalidRequest
        If `days` or `antitoxin_day` cannot be used, there is no patient, or an injection does not lie in tissue.

    Notes
    -----
    Layered tissue is solved once for each site and volume and kept. Where a site, a volume or a parameter of spread is
    traced it is solved within the program, a tenth of a second and more for each injection and call, and nothing is
    kept (`endplate.course.traced.TracedTissue`); the first such program takes a minute to compile.

    Examples
    --------
    >>> from endplate.case.file import parse_case, write_template
    >>> case = parse_case(write_template("glabella-20u"))
    >>> course = simulate(case.plan, case.patient, days=[0.0, 14.0, 120.0])
    >>> course.force.shape[0], bool(course.force[1].min() < 0.3)
    (3, True)
    """
    used = parameters_for(plan, default_parameters(plan.product) if parameters is None else parameters)
    dtype = jnp.asarray(used.kinetics.potency).dtype
    people = _gathered(patient, dtype)
    setting, shown = prepare(plan, days=days, antitoxin_day=antitoxin_day, dtype=dtype)
    setting = setting._replace(clock=with_offers(setting.clock, offers, p=used))
    model = default_spread(plan, people.muscle_mass, p=used.spread, size=people.size) if spread is None else spread
    arrays = follow(setting, people, p=used, one_pattern=plan.one_pattern, shown=shown, model=model)
    names = tuple(muscle.name for muscle in muscles_of(plan))
    labels = {"muscles": names, "regions": REGIONS, "sessions": plan.days, "product": plan.product.code}
    return Course(**arrays, **labels, evidence=load().hash, antitoxin_day=antitoxin_day)


def prepare(
    plan: Plan, *, days: ArrayLike | None, antitoxin_day: float | None = None, dtype: DTypeLike
) -> tuple[Setting, Array]:
    """What all patients share, and where the days that are asked for stand on its clock, shape (T,).

    Raises
    ------
    InvalidRequest
        If `days` or `antitoxin_day` cannot be used.
    """
    asked = checked_days(days, antitoxin_day=antitoxin_day)
    daily, shown = _nodes(tuple(plan.days), asked.tobytes())
    return set_scene(plan, days=daily, antitoxin_day=antitoxin_day, dtype=dtype), shown


@lru_cache(maxsize=64)
def _nodes(treated: tuple[float, ...], asked: bytes) -> tuple[np.ndarray, Array]:
    """The days that are followed, and where those that are asked for stand among them."""
    days = np.frombuffer(asked)
    # Skin and durations follow every node of the grid from the untreated day 0 on, whatever days are asked for.
    daily = np.unique(time_grid(np.append(0.0, days), np.asarray(treated)).times)
    with jax.ensure_compile_time_eval():
        return daily, jnp.asarray(np.searchsorted(daily, days))


def follow(
    setting: Setting,
    people: Cohort,
    *,
    p: Parameters,
    one_pattern: bool,
    shown: Array,
    model: stages.SpreadModel,
) -> dict[str, Any]:
    """The arrays of a `Course`: the order of the stages. May be traced as a whole."""
    scene = place(setting, people)
    captured = stages.spread(setting.syringe, scene.body, p=p, model=model)
    ends = stages.kinetics(captured, scene, p=p, one_pattern=one_pattern)
    power = stages.muscle(ends.path, scene, p=p)
    lines = stages.skin(power.force, scene, p=p)
    seen = stages.outcome(power, lines, scene=scene, p=p)
    return stages.collect(shown, (captured, ends, power, lines, seen), scene=scene, p=p)


def _gathered(patient: Patient | Sequence[Patient] | Cohort, dtype: DTypeLike) -> Cohort:
    if isinstance(patient, Cohort):
        return patient
    people = [patient] if isinstance(patient, Patient) else list(patient)
    if not people:
        raise InvalidRequest("no patient was given; give at least one")
    if len(people) == 1:
        return _alone(people[0], np.dtype(dtype))
    # Also within a program that is being traced, so that tissue can be solved for these patients.
    with jax.ensure_compile_time_eval():
        return cohort_of(people, dtype=dtype)


@lru_cache(maxsize=64)
def _alone(patient: Patient, dtype: np.dtype[Any]) -> Cohort:
    with jax.ensure_compile_time_eval():
        return cohort_of([patient], dtype=dtype)


def checked_days(days: ArrayLike | None, *, antitoxin_day: float | None = None) -> np.ndarray:
    """The days that are asked for; each day of a year if None.

    Raises
    ------
    InvalidRequest
        If `days` or `antitoxin_day` cannot be used.
    """
    asked = np.arange(366.0) if days is None else np.asarray(days, float)
    if asked.ndim != 1 or not len(asked) or not np.isfinite(asked).all() or asked[0] < 0 or np.any(np.diff(asked) <= 0):
        raise InvalidRequest("days must be finite, ≥ 0 and increasing; give at least one, such as range(366)")
    if antitoxin_day is not None and not 0 <= antitoxin_day < np.inf:
        raise InvalidRequest(f"antitoxin_day is {antitoxin_day}; give a finite day ≥ 0, or None for no antitoxin")
    return asked
