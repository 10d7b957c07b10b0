"""What raters would see of patients: probabilities of grades, given each patient's latent course."""

from __future__ import annotations

import math
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from endplate.outcome import FWS
from endplate.trial.parameters import RATERS, Rater, TrialParameters

__all__ = ["GRADES", "Sample", "View", "normal_below", "sample_of", "view_of"]

GRADES = len(FWS)


class View(NamedTuple):
    """Patients of one arm as raters may grade them; T days, K raters in the order of `RATERS`, P patients.

    days: days after treatment, known when compiled (T,).
    severity: latent severity (T, P) [grade].
    before: latent severity before treatment (P,) [grade].
    enrolled: probability of each grade at baseline and of being enrolled with it (K, grade, P).
    graded: probability of each grade on each day (K, T, grade, P).
    parameters: of the trial.
    """

    days: tuple[float, ...]
    severity: Array
    before: Array
    enrolled: Array
    graded: Array
    parameters: TrialParameters

    def place(self, days: tuple[float, ...]) -> Array:
        """Where some of the days stand."""
        return _place(self.days, days)


class Sample(NamedTuple):
    """Patients of one arm as raters have graded them, orders as in `View`.

    days, severity, before, parameters: see `View`.
    first: grade at baseline (K, P).
    grades: grade on each day (K, T, P).
    noise, own_noise: standard normal numbers of each rater, of each day (K, T, P) and for good (K, P).
    """

    days: tuple[float, ...]
    severity: Array
    before: Array
    first: Array
    grades: Array
    noise: Array
    own_noise: Array
    parameters: TrialParameters

    def place(self, days: tuple[float, ...]) -> Array:
        """Where some of the days stand."""
        return _place(self.days, days)


def sample_of(
    severity: Array, before: Array, *, days: tuple[float, ...], normal: Array, parameters: TrialParameters
) -> Sample:
    """What raters see, drawn.

    Parameters
    ----------
    severity, before, days, parameters
        As for `view_of`.
    normal
        Standard normal numbers: at baseline, on each day, and for good, (K, T + 2, P).
    """
    raters = [parameters.rater(name) for name in RATERS]
    first = jnp.stack([_nearest(before, one, normal[k, 0], expects=0) for k, one in enumerate(raters)])
    later = jnp.stack([_nearest(severity, one, normal[k, 1:-1], expects=1) for k, one in enumerate(raters)])
    return Sample(days, severity, before, first, later, normal[:, 1:-1], normal[:, -1], parameters)


def _nearest(severity: Array, rater: Rater, normal: Array, *, expects: int) -> Array:
    """The grade that is given."""
    seen = severity + rater.bias + expects * rater.expectation + rater.noise * normal
    return jnp.clip(jnp.round(seen), 0, GRADES - 1).astype(int)


def _place(known: tuple[float, ...], days: tuple[float, ...]) -> Array:
    return jnp.asarray([known.index(day) for day in days], int)


def view_of(
    severity: Array, before: Array, *, days: tuple[float, ...], least: tuple[int, ...], parameters: TrialParameters
) -> View:
    """What raters would see; a grade is the whole number nearest to severity, bias, expectation and noise together.

    Parameters
    ----------
    severity, before
        Latent severity on each day (T, P) and before treatment (P,) [grade].
    days
        Days after treatment, (T,).
    least
        Least grade with which each rater lets a patient in, in the order of `RATERS`; 0 for any.
    parameters
        Raters.
    """
    raters = [parameters.rater(name) for name in RATERS]
    lets_in = (jnp.arange(GRADES) >= jnp.asarray(least)[:, None]).astype(before.dtype)
    first = jnp.stack([_grades(before, rater, expects=0) for rater in raters])
    later = jnp.stack([_grades(severity, rater, expects=1) for rater in raters])
    return View(days, severity, before, first * lets_in[..., None], later, parameters)


def _grades(severity: Array, rater: Rater, *, expects: int) -> Array:
    """Probability of each grade (…, grade, P)."""
    mean = severity + rater.bias + expects * rater.expectation
    edges = (jnp.arange(GRADES - 1, dtype=severity.dtype) + 0.5)[:, None]
    below = normal_below((edges - mean[..., None, :]) / rater.noise)
    none, whole = jnp.zeros_like(below[..., :1, :]), jnp.ones_like(below[..., :1, :])
    return jnp.diff(jnp.concatenate([none, below, whole], axis=-2), axis=-2)


def normal_below(z: Array) -> Array:
    """The normal distribution function."""
    return 0.5 * jax.lax.erfc(-z / math.sqrt(2))
