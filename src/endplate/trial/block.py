"""One block of virtual patients: who they are, their course in each arm, and what raters would see of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple, TypeVar

import equinox
import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.special import ndtri

from endplate.case import REGIONS, Plan, products
from endplate.course import Parameters, default_parameters
from endplate.course.lines import Lines, Severity, follow_lines, prepare_lines, tabulated
from endplate.population import Crowd, Population, default_population, draw, uniform
from endplate.population.crowd import Rates, with_rates
from endplate.trial.endpoints import Share, Timing, endpoint
from endplate.trial.parameters import TrialParameters, default_trial_parameters
from endplate.trial.trial import Trial
from endplate.trial.view import view_of

__all__ = [
    "BLOCK",
    "Asked",
    "Counts",
    "Seen",
    "Work",
    "asked_of",
    "followed",
    "patients_of",
    "prepared",
    "raters_of",
    "rates_of",
    "seen",
    "severity_before",
]

# Patients are computed in blocks of one size and summed block by block, so that no other size changes a bit.
BLOCK = 256
_KIND = jnp.float32
# The streams of random numbers that place patients within their grade, and say what subjects expect.
_STREAM, _EXPECTING = 128, 129
# The population grades frown lines; another region takes the same grades.
_GRADED = REGIONS.index("glabella")

Module = TypeVar("Module", bound=equinox.Module)


class Counts(NamedTuple):
    """Shares by endpoint of a block of patients, and how many of them were solved."""

    shares: dict[str, Share]
    solved: Array


class Seen(NamedTuple):
    """A block of patients in an arm: what is counted, their severity on each day, and that before treatment (P,)."""

    counts: Counts
    severity: Severity
    before: Array


class Asked(NamedTuple):
    """What a program is compiled for."""

    names: tuple[str, ...]
    timing: Timing
    days: tuple[float, ...]
    least: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """A trial made ready: typical parameters, and what patients share, by arm; both None for placebo.

    `effect` is on everybody's sensitivity, as a factor.
    """

    trial: Trial
    population: Population
    parameters: TrialParameters
    typical: tuple[Parameters | None, ...]
    lines: tuple[Lines | None, ...]
    effect: Array | None = None


def prepared(trial: Trial) -> Work:
    """A trial made ready."""
    population = _with(default_population(dtype=_KIND), trial.population)
    parameters = _with(default_trial_parameters(dtype=_KIND), trial.raters)
    plans = [arm.plan for arm in trial.arms]
    typical = tuple(None if plan is None else default_parameters(plan.product, dtype=_KIND) for plan in plans)
    lines = tuple(_tabulated(plan, trial, p) for plan, p in zip(plans, typical, strict=True))
    return Work(trial, population, parameters, typical, lines)


def _with(module: Module, values: tuple[tuple[str, float], ...]) -> Module:
    """The module with some numbers set."""
    set_ = {name: jnp.asarray(value, getattr(module, name).dtype) for name, value in values}
    return replace(module, **set_)


def _tabulated(plan: Plan | None, trial: Trial, p: Parameters | None) -> Lines | None:
    if plan is None or p is None:
        return None
    lines = prepare_lines(plan, region=trial.region, days=trial.days, p=p)
    return tabulated(lines, spread=float(p.kinetics.dose_spread)) if plan.one_pattern else lines


def asked_of(trial: Trial) -> Asked:
    """What the program of a trial is compiled for."""
    return Asked(trial.endpoints, trial.timing, trial.days, trial.inclusion.least)


def seen(work: Work, crowd: Crowd, *, arm: int, counted: Array) -> Seen:
    """What raters would see of patients in an arm.

    Parameters
    ----------
    work
        From `prepared`.
    crowd
        From `patients_of`.
    arm
        Number of the arm.
    counted
        Which of the patients exist, (P,).
    """
    severity, before = _course(work, crowd, arm)
    raters = raters_of(work, crowd, seed=work.trial.seed)
    counts = _counts(severity, before, counted, parameters=raters, asked=asked_of(work.trial))
    return Seen(counts, severity, before)


def followed(work: Work, indices: np.ndarray, *, arm: int, seed: int) -> tuple[Crowd, Severity, Array]:
    """Some virtual patients in an arm: who they are, their severity on each day, and that before treatment.

    Parameters
    ----------
    work
        From `prepared`.
    indices
        Which patients.
    arm
        Number of the arm.
    seed
        Of the draw.
    """
    crowd = patients_of(work, indices, seed=seed)
    return crowd, *_course(work, crowd, arm)


def _course(work: Work, crowd: Crowd, number: int) -> tuple[Severity, Array]:
    """Severity of patients in an arm on the days of the trial, and before treatment."""
    trial, lines, plan, typical = work.trial, work.lines[number], work.trial.arms[number].plan, work.typical[number]
    before = severity_before(crowd, trial.region)
    if plan is None or lines is None or typical is None:
        return Severity(jnp.broadcast_to(before, (len(trial.days), len(before))), jnp.ones(len(before), bool)), before
    p = with_rates(typical, rates_of(work, crowd, arm=number))
    own = {"one_pattern": plan.one_pattern, "region": trial.region}
    return follow_lines(lines, crowd.cohort, p=p, **own), before


def patients_of(work: Work, indices: np.ndarray, *, seed: int) -> Crowd:
    """Virtual patients whose severity is spread within their grade, in the region that is rated."""
    typical = default_parameters(next(iter(products().values())), dtype=_KIND)
    crowd = draw(work.population, indices, typical=typical, seed=seed)
    row = REGIONS.index(work.trial.region)
    baseline = _spread(crowd, work.parameters.severity_width, seed=seed, row=row)
    return replace(crowd, cohort=crowd.cohort._replace(baseline=baseline))


def rates_of(work: Work, crowd: Crowd, *, arm: int) -> Rates:
    """Sensitivity and half-life of patients, with what trials of the region and of serotype A were fitted to need."""
    known, plan = work.parameters, work.trial.arms[arm].plan
    fitted = plan is not None and plan.product.serotype == "A"
    half_life = known.half_life if fitted else jnp.ones_like(known.half_life)
    sensitivity = crowd.rates.sensitivity * known.captured(work.trial.region)
    if work.effect is not None:
        sensitivity = sensitivity * work.effect.astype(_KIND)
    return Rates(sensitivity, crowd.rates.half_life * half_life)


def raters_of(work: Work, crowd: Crowd, *, seed: int) -> TrialParameters:
    """Raters of these patients: subjects differ in what they expect."""
    number = uniform(seed, crowd.index, stream=_EXPECTING)
    return work.parameters.of_subjects(ndtri(number).astype(_KIND))


def severity_before(crowd: Crowd, region: str) -> Array:
    """Latent severity at maximum effort before treatment (P,) [grade]."""
    return crowd.cohort.baseline[1, REGIONS.index(region)]


@partial(jax.jit, static_argnames="row")
def _spread(crowd: Crowd, width: Array, *, seed: int, row: int) -> Array:
    """Baseline severities (2, R, P), that at maximum effort somewhere in the range of the patient's grade."""
    place = uniform(seed, crowd.index, stream=_STREAM)
    rest, grade = crowd.cohort.baseline[:, _GRADED]
    severity = grade + width * (place - 0.5)
    return crowd.cohort.baseline.at[:, row].set(jnp.stack([rest / grade * severity, severity]))


@partial(jax.jit, static_argnames="asked")
def _counts(severity: Severity, before: Array, counted: Array, *, parameters: TrialParameters, asked: Asked) -> Counts:
    """Hits and those who count by endpoint, 0 for patients who do not exist or were not solved; how many were."""
    good = counted & severity.solved
    seen = jnp.where(good, severity.value, before)
    view = view_of(seen, before, days=asked.days, least=asked.least, parameters=parameters)
    found = {name: endpoint(name).share(view, asked.timing) for name in asked.names}
    enrolled = jnp.prod(jnp.sum(view.enrolled, axis=1), axis=0)[None]
    found[""] = Share(enrolled, enrolled)
    zeroed: dict[str, Share] = jax.tree.map(lambda part: jnp.where(good, part, 0), found)
    return Counts(zeroed, jnp.sum(good))
