"""`run_trial`: virtual patients, arm by arm, and what the trial would report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple, TypeVar

import equinox
import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.special import ndtri

from endplate.case import REGIONS, products
from endplate.course import default_parameters
from endplate.course.lines import Lines, Severity, follow_lines, prepare_lines
from endplate.errors import InvalidRequest
from endplate.evidence import load
from endplate.population import Crowd, Population, default_population, draw, uniform
from endplate.population.crowd import Rates, with_rates
from endplate.trial.endpoints import Share, Timing, endpoint
from endplate.trial.parameters import TrialParameters, default_trial_parameters
from endplate.trial.result import Sums, TrialResult, arm_result
from endplate.trial.trial import Arm, Trial
from endplate.trial.view import view_of

__all__ = ["BLOCK", "Asked", "Work", "expecting", "followed", "prepared", "run_trial"]

# Patients are computed in blocks of one size and summed block by block, so that no other size changes a bit.
BLOCK = 256
_KIND = jnp.float32
# The streams of random numbers that place patients within their grade, and say what subjects expect.
_STREAM, _EXPECTING = 128, 129
# The population grades frown lines; another region takes the same grades.
_GRADED = REGIONS.index("glabella")

Module = TypeVar("Module", bound=equinox.Module)
Progress = Callable[[int, int], object]


class _Block(NamedTuple):
    """Shares by endpoint of a block of patients, and how many of them were solved."""

    shares: dict[str, Share]
    solved: Array


class Asked(NamedTuple):
    """What a program is compiled for."""

    names: tuple[str, ...]
    timing: Timing
    days: tuple[float, ...]
    least: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """A trial made ready: what the patients of each arm share is None for placebo."""

    trial: Trial
    population: Population
    parameters: TrialParameters
    lines: tuple[Lines | None, ...]


def run_trial(trial: Trial, *, chunk: int = 4096, progress: Progress | None = None) -> TrialResult:
    """What a trial would report.

    Expected rates are means over virtual patients of smooth probabilities; no rater is drawn.
    All arms have the same patients, so that their differences rest on treatment alone.

    Parameters
    ----------
    trial
        What is asked.
    chunk
        How many patients are in work at a time, rounded up to whole blocks; memory grows with
        it, and no number of the result follows it.
    progress
        Called after each chunk with the number of patients done and of all, over all arms; may
        raise to stop.

    Raises
    ------
    InvalidRequest
        If `chunk` is not positive.
    """
    if chunk < 1:
        raise InvalidRequest(f"chunk must be at least 1, not {chunk}")
    work = prepared(trial)
    totals = [_Total(trial) for _ in trial.arms]
    blocks = -(-trial.patients // BLOCK)
    at_once = -(-chunk // BLOCK)
    for first in range(0, blocks, at_once):
        held = list(_started(work, range(first, min(first + at_once, blocks))))
        for number, found in held:
            totals[number].add(found)
        if progress is not None:
            done = min((first + at_once) * BLOCK, trial.patients)
            progress(done * len(trial.arms), trial.patients * len(trial.arms))
    spread = float(work.parameters.between_spread)
    arms = tuple(
        arm_result(arm, total.sums(), trial=trial, drawn=total.solved, spread=spread)
        for arm, total in zip(trial.arms, totals, strict=True)
    )
    failed = sum(trial.patients - total.solved for total in totals)
    return TrialResult(
        trial.title, trial.region, trial.seed, trial.patients, failed, arms, spread, evidence=load().hash
    )


class _Total:
    """Sums of one arm in float64, added block by block."""

    def __init__(self, trial: Trial) -> None:
        lengths = {"": 1} | {one.name: len(one.days(trial.timing)) for one in trial.told}
        self._parts = {name: np.zeros((5, length)) for name, length in lengths.items()}
        self.solved = 0

    def add(self, found: _Block) -> None:
        """Add a block."""
        shares, solved = found
        for name, value in shares.items():
            hits, among = np.asarray(value, np.float64)
            products_ = (hits, among, hits * hits, among * among, hits * among)
            self._parts[name] += np.stack([part.sum(axis=-1) for part in products_])
        self.solved += int(solved)

    def sums(self) -> dict[str, Sums]:
        """By endpoint."""
        return {name: Sums(*parts) for name, parts in self._parts.items()}


def prepared(trial: Trial) -> Work:
    """A trial made ready."""
    population = _with(default_population(dtype=_KIND), trial.population)
    parameters = _with(default_trial_parameters(dtype=_KIND), trial.raters)
    return Work(trial, population, parameters, tuple(_lines(arm, trial) for arm in trial.arms))


def _with(module: Module, values: tuple[tuple[str, float], ...]) -> Module:
    """The module with some numbers set."""
    set_ = {name: jnp.asarray(value, getattr(module, name).dtype) for name, value in values}
    return replace(module, **set_)


def _lines(arm: Arm, trial: Trial) -> Lines | None:
    if arm.plan is None:
        return None
    typical = default_parameters(arm.plan.product, dtype=_KIND)
    return prepare_lines(arm.plan, region=trial.region, days=trial.days, p=typical)


def _started(work: Work, blocks: range) -> Iterator[tuple[int, _Block]]:
    """Every arm of every block, set to work: the number of the arm and what it will have found."""
    trial = work.trial
    asked = Asked(trial.endpoints, trial.timing, trial.days, trial.inclusion.least)
    for block in blocks:
        indices = np.arange(block * BLOCK, (block + 1) * BLOCK)
        counted = jnp.asarray(indices < trial.patients)
        crowd = _patients(work, indices, trial.seed)
        for number in range(len(trial.arms)):
            severity, before = _course(work, crowd, number)
            raters = expecting(work, crowd, seed=trial.seed)
            yield number, _shares(severity, before, counted, parameters=raters, asked=asked)


def expecting(work: Work, crowd: Crowd, *, seed: int) -> TrialParameters:
    """Raters of these patients: subjects differ in what they expect."""
    number = uniform(seed, crowd.index, stream=_EXPECTING)
    return work.parameters.of_subjects(ndtri(number).astype(_KIND))


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
    crowd = _patients(work, indices, seed)
    return crowd, *_course(work, crowd, arm)


def _course(work: Work, crowd: Crowd, number: int) -> tuple[Severity, Array]:
    """Severity of patients in an arm on the days of the trial, and before treatment."""
    trial, lines, plan = work.trial, work.lines[number], work.trial.arms[number].plan
    before = crowd.cohort.baseline[1, REGIONS.index(trial.region)]
    if plan is None or lines is None:
        return Severity(jnp.broadcast_to(before, (len(trial.days), len(before))), jnp.ones(len(before), bool)), before
    captured, half_life = work.parameters.captured(trial.region), work.parameters.half_life
    rates = Rates(crowd.rates.sensitivity * captured, crowd.rates.half_life * half_life)
    p = with_rates(default_parameters(plan.product, dtype=_KIND), rates)
    own = {"one_pattern": plan.one_pattern, "region": trial.region}
    return follow_lines(lines, crowd.cohort, p=p, **own), before


def _patients(work: Work, indices: np.ndarray, seed: int) -> Crowd:
    """Virtual patients whose severity is spread within their grade, in the region that is rated."""
    typical = default_parameters(next(iter(products().values())), dtype=_KIND)
    crowd = draw(work.population, indices, typical=typical, seed=seed)
    row = REGIONS.index(work.trial.region)
    baseline = _spread(crowd, work.parameters.severity_width, seed=seed, row=row)
    return replace(crowd, cohort=crowd.cohort._replace(baseline=baseline))


@partial(jax.jit, static_argnames="row")
def _spread(crowd: Crowd, width: Array, *, seed: int, row: int) -> Array:
    """Baseline severities (2, R, P), that at maximum effort somewhere in the range of the patient's grade."""
    place = uniform(seed, crowd.index, stream=_STREAM)
    rest, grade = crowd.cohort.baseline[:, _GRADED]
    severity = grade + width * (place - 0.5)
    return crowd.cohort.baseline.at[:, row].set(jnp.stack([rest / grade * severity, severity]))


@partial(jax.jit, static_argnames="asked")
def _shares(severity: Severity, before: Array, counted: Array, *, parameters: TrialParameters, asked: Asked) -> _Block:
    """Hits and those who count by endpoint, 0 for patients who do not exist or were not solved; how many were."""
    good = counted & severity.solved
    seen = jnp.where(good, severity.value, before)
    view = view_of(seen, before, days=asked.days, least=asked.least, parameters=parameters)
    found = {name: endpoint(name).share(view, asked.timing) for name in asked.names}
    enrolled = jnp.prod(jnp.sum(view.enrolled, axis=1), axis=0)[None]
    found[""] = Share(enrolled, enrolled)
    zeroed: dict[str, Share] = jax.tree.map(lambda part: jnp.where(good, part, 0), found)
    return _Block(zeroed, jnp.sum(good))
