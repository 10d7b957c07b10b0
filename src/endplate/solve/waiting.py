"""Gamma-distributed waiting times."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import gamma

__all__ = ["begun_and_not_ended", "mean_of", "range_of"]

_PARTS = 1000


def begun_and_not_ended(
    times: NDArray[np.float64], *, begin: float, length: float, shape: float
) -> NDArray[np.float64]:
    """Probability that something has begun and has not ended, at times since zero.

    Parameters
    ----------
    times
        Shape (T,).
    begin, length
        Medians of the time until it begins, and of how long it lasts.
    shape
        Of both gamma distributions.

    Examples
    --------
    >>> begun_and_not_ended(np.array([0.0, 5.0]), begin=1.0, length=100.0, shape=4.0).round(2).tolist()
    [0.0, 1.0]
    """
    middle = gamma(shape).ppf(0.5)
    shares = (np.arange(_PARTS) + 0.5) / _PARTS
    since = times[:, None] - gamma(shape, scale=begin / middle).ppf(shares)
    there = (since > 0.0) * gamma(shape, scale=length / middle).sf(np.maximum(since, 0.0))
    return there.mean(axis=1)


def range_of(median: float, shape: float, *, tail: float) -> tuple[float, float, float]:
    """A quantile, the median and the opposite quantile of a gamma distribution with this median.

    Examples
    --------
    >>> [round(one, 1) for one in range_of(10.0, 4.0, tail=0.05)]
    [3.7, 10.0, 21.1]
    """
    low, middle, high = (float(one) for one in gamma(shape).ppf([tail, 0.5, 1.0 - tail]))
    return median * low / middle, median, median * high / middle


def mean_of(median: float, shape: float) -> float:
    """Mean of a gamma distribution with this median.

    Examples
    --------
    >>> round(mean_of(10.0, 4.0), 1)
    10.9
    """
    return float(median * shape / gamma(shape).ppf(0.5))
