"""`sample_trial`: one trial as it might be reported, with raters and drop-out drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.special import ndtri

from endplate.errors import EndplateError
from endplate.population import uniform
from endplate.trial.block import BLOCK, Asked, asked_of, followed, prepared, raters_of
from endplate.trial.endpoints import Share, endpoint
from endplate.trial.parameters import RATERS, TrialParameters
from endplate.trial.trial import Trial
from endplate.trial.view import sample_of

__all__ = ["Enrolled", "ReportedArm", "sample_trial"]

# Streams of random numbers from here on: drop-out, then raters.
_STREAM = 256
_MOST_BLOCKS = 4096


class Enrolled(NamedTuple):
    """Patients of an arm, in the order in which they were let in; K raters in the order of `RATERS`.

    before: latent severity before treatment (P,); severity: the same on each day of the trial (T, P) [grade];
    first: grade at baseline (K, P); grades: at each visit (K, visits, P); last_day: when each leaves, infinity for
    never (P,) [day].
    """

    before: np.ndarray
    severity: np.ndarray
    first: np.ndarray
    grades: np.ndarray
    last_day: np.ndarray

    def best_change(self, rater: int, visits: tuple[float, ...]) -> np.ndarray:
        """Largest fall of a rater's grade at the visits that each patient came to, negative for a rise (P,)."""
        fall = self.first[rater] - self.grades[rater]
        came = np.asarray(visits)[:, None] <= self.last_day
        return np.max(np.where(came, fall, -np.inf), axis=0)


@dataclass(frozen=True, slots=True)
class ReportedArm:
    """An arm as it might be reported.

    Parameters
    ----------
    name
        Of the arm.
    counts, sizes
        By endpoint, hits and patients who count on each of its days.
    rates
        By endpoint: counts over sizes, or the Kaplan-Meier estimate of those who still have the effect.
    patients
        The patients one by one.
    """

    name: str
    counts: Mapping[str, np.ndarray]
    sizes: Mapping[str, np.ndarray]
    rates: Mapping[str, np.ndarray]
    patients: Enrolled


def sample_trial(trial: Trial, *, number: int = 0) -> tuple[ReportedArm, ...]:
    """One trial of the size that was asked for: patients, grades and drop-out are drawn.

    Candidates are graded by all raters and let in until each arm is full. The trial's own
    effect is not drawn.

    Parameters
    ----------
    trial
        What is asked.
    number
        Each gives another trial.

    Raises
    ------
    EndplateError
        If hardly any candidate is let in.
    """
    work = prepared(trial)
    asked = asked_of(trial)
    reported = []
    for place, arm in enumerate(trial.arms):
        seed = int(np.random.SeedSequence([trial.seed, number, place]).generate_state(1)[0] >> 1)
        pieces: list[_Piece] = []
        while sum(len(one.leaves) for one in pieces) < arm.size:
            if len(pieces) == _MOST_BLOCKS:
                raise EndplateError(f"arm {arm.name!r}: hardly any candidate is let in; let in milder ones")
            indices = np.arange(len(pieces) * BLOCK, (len(pieces) + 1) * BLOCK)
            crowd, severity, before = followed(work, indices, arm=place, seed=seed)
            raters = raters_of(work, crowd, seed=seed)
            found, lets_in = _graded(severity.value, before, crowd.index, seed=seed, parameters=raters, asked=asked)
            rows = np.flatnonzero(np.asarray(lets_in & severity.solved))
            pieces.append(jax.tree.map(lambda part, rows=rows: np.asarray(part)[..., rows], found))
        reported.append(_reported(arm.name, pieces, trial=trial, size=arm.size))
    return tuple(reported)


class _Piece(NamedTuple):
    """Some candidates: hits by endpoint, grades as in `Enrolled`, and a number that decides when each leaves (P,)."""

    hits: dict[str, Share]
    before: Array
    severity: Array
    first: Array
    grades: Array
    leaves: Array


@partial(jax.jit, static_argnames="asked")
def _graded(
    severity: Array, before: Array, counters: Array, *, seed: int, parameters: TrialParameters, asked: Asked
) -> tuple[_Piece, Array]:
    """Candidates as they are graded, and who of them is let in."""
    count = len(RATERS) * (len(asked.days) + 2)
    numbers = jnp.stack([ndtri(uniform(seed, counters, stream=_STREAM + 1 + one)) for one in range(count)])
    normal = numbers.reshape(len(RATERS), len(asked.days) + 2, -1)
    sample = sample_of(severity, before, days=asked.days, normal=normal, parameters=parameters)
    lets_in = jnp.all(sample.first >= jnp.asarray(asked.least)[:, None], axis=0)
    found = {name: endpoint(name).seen(sample, asked.timing) for name in asked.names}
    grades = sample.grades[:, sample.place(asked.timing.visits)]
    return _Piece(found, before, severity, sample.first, grades, uniform(seed, counters, stream=_STREAM)), lets_in


def _last_days(numbers: np.ndarray, trial: Trial) -> np.ndarray:
    """Day on which each patient leaves; infinity without drop-out."""
    if not trial.dropout:
        return np.full(len(numbers), np.inf)
    return trial.timing.visits[-1] * np.log(numbers) / np.log(1 - trial.dropout)


def _reported(name: str, pieces: list[_Piece], *, trial: Trial, size: int) -> ReportedArm:
    whole: _Piece = jax.tree.map(lambda *parts: np.concatenate(parts, axis=-1)[..., :size], *pieces)
    last_day = _last_days(np.asarray(whole.leaves), trial)
    counts, sizes, rates = {}, {}, {}
    for one in trial.told:
        hits, among = (np.asarray(part) for part in whole.hits[one.name])
        there = np.asarray(one.days(trial.timing))[:, None] <= last_day
        counts[one.name] = np.sum(hits & among & there, axis=1)
        sizes[one.name] = np.sum(among & there, axis=1)
        with np.errstate(invalid="ignore"):
            plain = counts[one.name] / sizes[one.name]
        rates[one.name] = _kaplan_meier(hits, among & there) if one.lasts else plain
    before, severity, first, grades = (
        np.asarray(part) for part in (whole.before, whole.severity, whole.first, whole.grades)
    )
    patients = Enrolled(before, severity, first, grades, last_day)
    return ReportedArm(name, counts, sizes, rates, patients)


def _kaplan_meier(stays: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Share who still have the effect (T,), from flags (T, P) of the effect and of being in the trial."""
    before = np.concatenate([np.ones_like(stays[:1]), stays[:-1]])
    at_risk = np.sum(before & there, axis=1)
    ends = np.sum(before & ~stays & there, axis=1)
    with np.errstate(invalid="ignore"):
        return np.cumprod(np.where(at_risk > 0, 1 - ends / np.maximum(at_risk, 1), 1))
