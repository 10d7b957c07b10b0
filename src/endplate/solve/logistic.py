"""Logistic regression with normal priors: its mode and spread by Newton's steps, and Laplace's marginal likelihood."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, gammaln

__all__ = ["LogisticFit", "chance", "fit_logistic"]

Floats = NDArray[np.float64]
_STEPS = 60
_SMALL = 1e-10


class LogisticFit(NamedTuple):
    """Mode and covariance of the terms, and the logarithm of the marginal likelihood of the counts."""

    evidence: float
    mean: Floats
    covariance: Floats


def chance(log_odds: Floats) -> Floats:
    """Probability of log-odds.

    Examples
    --------
    >>> chance(np.array([0.0])).tolist()
    [0.5]
    """
    return expit(log_odds)


def fit_logistic(design: Floats, *, trials: Floats, successes: Floats, mean: Floats, precision: Floats) -> LogisticFit:
    """Fit ``logit p = X b`` to counts, with normal priors on b.

    Parameters
    ----------
    design
        X, shape (N, K).
    trials, successes
        Shape (N,).
    mean, precision
        Of the priors, shape (K,).

    Examples
    --------
    >>> one = np.ones(1)
    >>> found = fit_logistic(np.ones((1, 1)), trials=4e6 * one, successes=1e6 * one, mean=0 * one, precision=one)
    >>> round(float(chance(found.mean)[0]), 4)
    0.25
    """
    terms, hessian = mean.copy(), np.diag(precision)
    for _ in range(_STEPS):
        rate = expit(design @ terms)
        slope = design.T @ (successes - trials * rate) - precision * (terms - mean)
        hessian = (design.T * (trials * rate * (1.0 - rate))) @ design + np.diag(precision)
        step = np.linalg.solve(hessian, slope)
        # A step of more than one in log-odds may overshoot where counts are zero.
        terms = terms + step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < _SMALL:
            break
    odds = design @ terms
    choose = gammaln(trials + 1) - gammaln(successes + 1) - gammaln(trials - successes + 1)
    likely = float((choose + successes * odds - trials * np.logaddexp(0.0, odds)).sum())
    shrink = 0.5 * float((np.log(precision) - precision * (terms - mean) ** 2).sum())
    evidence = likely + shrink - 0.5 * float(np.linalg.slogdet(hessian)[1])
    return LogisticFit(evidence, terms, np.asarray(np.linalg.inv(hessian), dtype=np.float64))
