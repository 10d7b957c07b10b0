"""`sample_cycles`: patients who are treated again by a rule, cycle by cycle, with raters and drop-out drawn.

Any patient may be treated at any check, so all share the checks as sessions, and each gets the arm's whole
dose or nothing there. Doses add up exactly in the light chain, so patients stay one batch; the course is
followed anew after each check at which somebody was treated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from math import isfinite
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from endplate.case import Plan
from endplate.course.lines import follow_lines
from endplate.errors import EndplateError, InvalidRequest
from endplate.population import Crowd
from endplate.population.crowd import with_rates
from endplate.trial.block import BLOCK, Work, patients_of, prepared, raters_of, rates_of, severity_before
from endplate.trial.endpoints import Timing
from endplate.trial.interval import Interval, confidence_interval
from endplate.trial.parameters import RATERS, TrialParameters
from endplate.trial.rule import Retreatment
from endplate.trial.trial import Arm, Trial
from endplate.trial.view import sample_of

__all__ = ["ArmCycles", "Cycle", "plain_cycles", "sample_cycles"]

# JAX leaves parts of its interface without types.
_JAX: Any = jax
# Sets drop-out and noise of raters apart from other draws of the same seed.
_STREAM = 4096
_MOST_BLOCKS = 4096
_RESPONSE = "inv_none_mild"


@dataclass(frozen=True, slots=True)
class Cycle:
    """What follows a treatment, up to the next one.

    Parameters
    ----------
    number
        1 for the first treatment.
    treated
        Patients who got it.
    assessed, responders, confidence
        Those who were seen at the response visit after it, those with grade 0 or 1 by the investigator there,
        and the 95 % interval of their share.
    again
        Those who were treated again.
    days, waiting
        Times since the treatment [day], and the Kaplan-Meier share who have not been treated again by then; who
        leaves, or reaches the last day, is censored.
    median
        First of these times by which half have been treated again; infinity for none [day].
    """

    number: int
    treated: int
    assessed: int
    responders: int
    confidence: Interval
    again: int
    days: tuple[float, ...]
    waiting: tuple[float, ...]
    median: float


@dataclass(frozen=True, slots=True)
class ArmCycles:
    """An arm of one drawn trial with retreatment: its cycles, and how many patients got 1, 2, … treatments."""

    name: str
    size: int
    cycles: tuple[Cycle, ...]
    treatments: tuple[int, ...]


def plain_cycles(rule: Retreatment, arms: Sequence[ArmCycles]) -> dict[str, Any]:
    """Plain data for JSON; what is not finite becomes None."""
    told = [asdict(arm) for arm in arms]
    for arm in told:
        for cycle in arm["cycles"]:
            cycle["confidence"] = dict(zip(("low", "high"), map(_finite, cycle["confidence"]), strict=True))
            cycle["median"] = _finite(cycle["median"])
    return {"rule": rule.words, "drawn_trial": told}


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None


class _Drawn(NamedTuple):
    """A block: who is let in, treated at each check (S, P), rated mild on each day (T, P), and last days (P,)."""

    lets_in: np.ndarray
    treated: np.ndarray
    mild: np.ndarray
    last_day: np.ndarray


def sample_cycles(trial: Trial, *, number: int = 0) -> tuple[ArmCycles, ...]:
    """One trial of the size that was asked for, whose patients are treated again by its rule.

    Parameters
    ----------
    trial
        What is asked, with a retreatment; arms without one treatment at the start alone cannot be used.
    number
        Each gives another trial.

    Raises
    ------
    InvalidRequest
        If the trial has no retreatment, or an arm has other sessions of its own.
    EndplateError
        If hardly any candidate is let in.
    """
    rule = trial.retreatment
    if rule is None:
        raise InvalidRequest("the trial has no [retreatment]; give a rule, or several days of treatment to an arm")
    with _JAX.enable_x64(True):
        work = prepared(_with_checks(trial, rule))
        return tuple(_arm(work, trial, place, number=number) for place in range(len(trial.arms)))


def _with_checks(trial: Trial, rule: Retreatment) -> Trial:
    """The trial with a session at every check, looked at on the checks and when responders are told after them."""
    looked = {day for check in rule.checks for day in (check, check + trial.timing.response) if 0 < day <= rule.until}
    timing = Timing(tuple(sorted(looked)), min(looked))
    arms = tuple(_repeated(arm, rule.checks) for arm in trial.arms)
    return replace(trial, arms=arms, timing=timing, endpoints=(_RESPONSE,))


def _repeated(arm: Arm, checks: tuple[float, ...]) -> Arm:
    if arm.plan is None:
        return arm
    if arm.plan.days != (0.0,):
        raise InvalidRequest(f"arm {arm.name!r} has days of treatment of its own beside [retreatment]; leave out one")
    given = tuple(replace(one, day=day) for day in checks for one in arm.plan.injections)
    return replace(arm, plan=Plan(arm.plan.product, given))


def _arm(work: Work, trial: Trial, place: int, *, number: int) -> ArmCycles:
    arm, rule = trial.arms[place], trial.retreatment
    assert rule is not None
    seed = int(np.random.SeedSequence([trial.seed, number, place]).generate_state(1)[0] >> 1)
    pieces: list[_Drawn] = []
    while sum(int(one.lets_in.sum()) for one in pieces) < arm.size:
        if len(pieces) == _MOST_BLOCKS:
            raise EndplateError(f"arm {arm.name!r}: hardly any candidate is let in; let in milder ones")
        pieces.append(_block(work, place, len(pieces), rule=rule, seed=seed))
    parts = zip(*pieces, strict=True)
    whole = _Drawn(*(np.concatenate(part, axis=-1) for part in parts))
    kept = np.flatnonzero(whole.lets_in)[: arm.size]
    treated, mild, last_day = (part[..., kept] for part in whole[1:])
    count = treated.sum(axis=0)
    cycles = tuple(
        _cycle(one, treated, mild, last_day, timing=(work.trial.days, trial.timing.response), rule=rule)
        for one in range(1, int(count.max()) + 1)
    )
    return ArmCycles(arm.name, arm.size, cycles, tuple(int(np.sum(count == one.number)) for one in cycles))


def _block(work: Work, arm: int, block: int, *, rule: Retreatment, seed: int) -> _Drawn:
    """A block of candidates, check by check; noise follows patient and day, so no check changes an earlier one."""
    trial, checks, row = work.trial, np.array(rule.checks), RATERS.index(rule.rater)
    crowd = patients_of(work, np.arange(block * BLOCK, (block + 1) * BLOCK), seed=seed)
    random = np.random.default_rng([seed, _STREAM, block])
    last_day = np.full(BLOCK, np.inf)
    if trial.dropout:
        last_day = rule.until * random.standard_exponential(BLOCK) / -np.log(1 - trial.dropout)
    normal = jnp.asarray(random.standard_normal((len(RATERS), len(trial.days) + 2, BLOCK)), jnp.float32)
    treated = np.zeros((len(checks), BLOCK), bool)
    treated[0] = True
    first, grades, solved = _graded(work, arm, crowd, treated=treated, normal=normal, seed=seed)
    latest = np.zeros(BLOCK)
    for check, day in enumerate(checks[1:], start=1):
        since, grade = day - latest, grades[row, trial.days.index(float(day))]
        may = (since >= rule.least) & (treated.sum(axis=0) < rule.most) & (day <= last_day)
        treated[check] = may & rule.rule.due(grade, first[row], since=since)
        if treated[check].any():
            latest = np.where(treated[check], day, latest)
            first, grades, solved = _graded(work, arm, crowd, treated=treated, normal=normal, seed=seed)
    lets_in = np.all(first >= np.array(trial.inclusion.least)[:, None], axis=0) & solved
    return _Drawn(lets_in, treated, grades[RATERS.index("investigator")] <= 1, last_day)


def _graded(
    work: Work, arm: int, crowd: Crowd, *, treated: np.ndarray, normal: Array, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Grades before treatment (K, P) and on each day (K, T, P) after these treatments, and who was solved (P,)."""
    trial, lines, typical = work.trial, work.lines[arm], work.typical[arm]
    before = severity_before(crowd, trial.region)
    value, solved = jnp.broadcast_to(before, (len(trial.days), BLOCK)), np.ones(BLOCK, bool)
    if lines is not None and lines.cloud is not None and typical is not None:
        share = jnp.asarray(treated, lines.cloud.share.dtype)[:, None, None]
        own = lines._replace(cloud=lines.cloud._replace(share=share))
        p = with_rates(typical, rates_of(work, crowd, arm=arm))
        value, good = follow_lines(own, crowd.cohort, p=p, one_pattern=True, region=trial.region)
        solved = np.asarray(good)
    raters = raters_of(work, crowd, seed=seed)
    first, grades = _rated(value, before, normal, parameters=raters, days=trial.days)
    return np.asarray(first), np.asarray(grades), solved


@partial(jax.jit, static_argnames="days")
def _rated(
    severity: Array, before: Array, normal: Array, *, parameters: TrialParameters, days: tuple[float, ...]
) -> tuple[Array, Array]:
    sample = sample_of(severity, before, days=days, normal=normal, parameters=parameters)
    return sample.first, sample.grades


def _cycle(
    number: int,
    treated: np.ndarray,
    mild: np.ndarray,
    last_day: np.ndarray,
    *,
    timing: tuple[tuple[float, ...], float],
    rule: Retreatment,
) -> Cycle:
    """What follows the treatment of this number."""
    checks, (days, response) = np.array(rule.checks), timing
    order = np.cumsum(treated, axis=0) * treated
    has = np.flatnonzero((order == number).any(axis=0))
    begin = checks[(order == number).argmax(axis=0)][has]
    end = np.minimum(last_day, rule.until)[has]
    next_ = (order == number + 1).any(axis=0)[has]
    until = np.where(next_, checks[(order == number + 1).argmax(axis=0)][has], end) - begin
    came = begin + response <= end
    rows = np.searchsorted(days, (begin + response)[came])
    responders = int(mild[rows, has[came]].sum())
    assessed = int(came.sum())
    rate = responders / assessed if assessed else float("nan")
    times = np.unique(until[next_])
    waiting = np.cumprod([1 - np.sum(next_ & (until == one)) / np.sum(until >= one) for one in times])
    median = next((float(one) for one, left in zip(times, waiting, strict=True) if left <= 0.5), float("inf"))
    counts = (number, len(has), assessed, responders, confidence_interval(rate, assessed), int(next_.sum()))
    return Cycle(*counts, tuple(times.tolist()), tuple(waiting.tolist()), median)
