"""How far a reported share may lie from the expected one."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import binom

__all__ = ["Interval", "confidence_interval", "prediction_interval", "trial_rates"]

_NODES = 41


class Interval(NamedTuple):
    """Lower and upper edge."""

    low: float
    high: float


def confidence_interval(rate: float, size: float, *, level: float = 0.95) -> Interval:
    """The interval that a trial of this size would report around this rate, by Wilson's formula.

    Parameters
    ----------
    rate
        Expected share [1].
    size
        Number of patients; need not be whole.
    level
        Of confidence.

    Examples
    --------
    >>> low, high = confidence_interval(299 / 405, 405)
    >>> round(100 * low, 1), round(100 * high, 1)
    (69.3, 77.9)
    """
    if not size > 0 or not np.isfinite(rate):
        return Interval(float("nan"), float("nan"))
    z = float(ndtri(0.5 + 0.5 * level))
    pull = z * z / size
    middle = (rate + 0.5 * pull) / (1 + pull)
    half = np.sqrt(pull * rate * (1 - rate) + (0.5 * pull) ** 2) / (1 + pull)
    return Interval(max(float(middle - half), 0.0), min(float(middle + half), 1.0))


def prediction_interval(rate: float, size: float, *, spread: float, level: float = 0.9) -> Interval:
    """The interval in which the share of a new trial of this size lies.

    Its own rate differs from the expected one, on the probit scale by a normal number of
    this spread around a middle that keeps the expected rate; its count is binomial.

    Parameters
    ----------
    rate
        Expected share [1].
    size
        Number of patients; rounded, at least 1.
    spread
        Standard deviation between trials, on the probit scale [1].
    level
        Share of trials inside.

    Examples
    --------
    >>> narrow, wide = (prediction_interval(0.7, 200, spread=spread) for spread in (0.0, 0.25))
    >>> wide.low < narrow.low < narrow.high < wide.high
    True
    """
    if not size > 0 or not np.isfinite(rate):
        return Interval(float("nan"), float("nan"))
    whole = max(round(size), 1)
    own, weight = trial_rates(rate, spread=spread)

    def below(count: int) -> float:
        return float(weight @ binom.cdf(count, whole, own))

    parts = (0.5 - 0.5 * level, 0.5 + 0.5 * level)
    return Interval(*(min(bisect_left(range(whole), part, key=below), whole) / whole for part in parts))


def trial_rates(rate: float, *, spread: float) -> tuple[np.ndarray, np.ndarray]:
    """Rates of single trials around an expected rate, and their weights (N,)."""
    nodes, weight = _normal_nodes()
    middle = ndtri(min(max(rate, 0.0), 1.0)) * np.sqrt(1 + spread**2)
    return ndtr(middle + spread * nodes), weight


@cache
def _normal_nodes() -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of a mean over the normal distribution."""
    nodes, weight = np.polynomial.hermite_e.hermegauss(_NODES)
    return nodes, weight / weight.sum()
