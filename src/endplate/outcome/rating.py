"""Raters see the latent severity through noise and bias and give a grade."""

from __future__ import annotations

import math

import jax
import jax.numpy as jnp
from jax import Array

from endplate.outcome.parameters import OutcomeParameters

__all__ = ["FWS", "MERZ", "RATERS", "expected_grade", "grade_probability"]

# The order of the rater axis.
RATERS = ("investigator", "subject")
# Facial wrinkle scale and Merz scale, grade 0 first.
FWS = ("none", "mild", "moderate", "severe")
MERZ = ("no lines", "mild", "moderate", "severe", "very severe")


def grade_probability(
    severity: Array,
    parameters: OutcomeParameters,
    *,
    scale: tuple[str, ...] = FWS,
    treated: Array | None = None,
) -> Array:
    """Probability of each grade by each rater.

    The grade is the whole number nearest to ``severity + bias + expectation + noise``, so
    its probability is a difference of normal distribution functions with thresholds
    half-way between grades. A scale with more grades divides the same range of severity.

    Parameters
    ----------
    severity
        Latent severity, shape (T, R, effort, P) [grade of FWS].
    parameters
        Outcome parameters.
    scale
        `FWS` or `MERZ`.
    treated
        1 where raters expect an effect of a treatment or placebo, else 0, of a shape that meets
        (T, R, effort, P); None for no expectation.

    Returns
    -------
    Array
        Shape (T, R, effort, rater, grade, P), orders `EFFORTS` and `RATERS`; sums to 1
        over grades.
    """
    p = parameters
    expects = jnp.zeros(()) if treated is None else treated
    expects = expects.astype(severity.dtype)
    seen = [
        (severity + p.investigator_bias + p.investigator_expectation * expects, p.investigator_noise),
        (severity + p.subject_bias + p.subject_expectation * expects, p.subject_noise),
    ]
    step = (len(FWS) - 1) / (len(scale) - 1)
    edges = [step * (grade - 0.5) for grade in range(1, len(scale))]
    by_rater = jax.lax.optimization_barrier(jnp.stack([_between(edges, mean, noise) for mean, noise in seen]))
    return jnp.moveaxis(by_rater, (0, 1), (severity.ndim - 1, severity.ndim))


def expected_grade(probability: Array) -> Array:
    """Mean grade, shape (…, grade, P) to (…, P) [grade]."""
    grades = jnp.arange(probability.shape[-2], dtype=probability.dtype)
    return jnp.sum(grades[:, None] * probability, axis=-2)


def _between(edges: list[float], mean: Array, noise: Array) -> Array:
    """Probability between neighbouring edges, the outer grades open; shape (grade, …, P)."""
    # A third of the time of jax.scipy.special.ndtr, which takes two branches for every number. With grades in front,
    # behind a barrier, each is worked out once.
    below = [0.5 * jax.lax.erfc((mean - edge) / (math.sqrt(2) * noise)) for edge in edges]
    whole = jax.lax.optimization_barrier(jnp.stack([jnp.zeros_like(mean), *below, jnp.ones_like(mean)]))
    return whole[1:] - whole[:-1]
